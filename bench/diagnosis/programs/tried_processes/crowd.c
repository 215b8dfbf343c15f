/* Twelve processes compute at once. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    for (int worker = 0; worker < 12; worker++)
        if (fork() == 0) {
            volatile double value = worker;
            for (long step = 0; step < 160000000; step++)
                value = value * 1.0000001 + 0.5;
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    puts("done");
    return 0;
}

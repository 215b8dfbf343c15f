/* Maps a block for every message, and gives it back. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
    long sum = 0;
    for (int message = 0; message < 250000; message++) {
        char *block = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        block[message % 4096] = 1;
        sum += block[0];
        munmap(block, 65536);
    }
    printf("%ld\n", sum);
    return 0;
}

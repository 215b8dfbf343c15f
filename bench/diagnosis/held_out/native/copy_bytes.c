/* Copies a file and counts its lines on the way. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SIZE 3000000

static int make_file(const char *name) {
    FILE *file = fopen(name, "w");
    unsigned seed = 5;
    for (int i = 0; i < SIZE; i++) {
        seed = seed * 1664525u + 1013904223u;
        fputc((seed >> 20) % 40 ? 'x' : '\n', file);
    }
    return fclose(file);
}

static long copy(int source, int target) {
    char letter;
    long lines = 0;
    while (read(source, &letter, 1) == 1) { /* cause */
        if (letter == '\n')
            lines++;
        if (write(target, &letter, 1) != 1) /* cause */
            return -1;
    }
    return lines;
}

int main(void) {
    char from[] = "/tmp/copyXXXXXX", to[] = "/tmp/copyXXXXXX";
    close(mkstemp(from));
    int target = mkstemp(to);
    make_file(from);
    int source = open(from, O_RDONLY);
    printf("%ld lines\n", copy(source, target));
    close(source);
    close(target);
    unlink(from);
    unlink(to);
    return 0;
}

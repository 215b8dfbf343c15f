/* Hands a block of data from stage to stage. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZE (4 << 20)

int main(void)
{
    char *from = calloc(1, SIZE), *to = malloc(SIZE);
    unsigned long sum = 0;
    for (int round = 0; round < 9000; round++) {
        memcpy(to, from, SIZE);
        from[round] = (char)round;
        sum += (unsigned char)to[round / 2];
    }
    printf("%lu\n", sum);
    return 0;
}

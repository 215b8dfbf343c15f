/* Primes by the sieve, in one pass through memory after another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT 12000000

static int sieve(unsigned char *crossed) {
    int primes = 0;
    memset(crossed, 0, LIMIT);
    for (long number = 2; number < LIMIT; number++) {
        if (crossed[number])
            continue;
        primes++;
        for (long multiple = number * number; multiple < LIMIT; multiple += number)
            crossed[multiple] = 1;
    }
    return primes;
}

static unsigned mix(const unsigned char *crossed) {
    unsigned hash = 2166136261u;
    for (long i = 0; i < LIMIT; i++)
        hash = (hash ^ crossed[i]) * 16777619u;
    return hash;
}

int main(void) {
    unsigned char *crossed = malloc(LIMIT);
    unsigned total = 0;
    for (int round = 0; round < 70; round++)
        total += (unsigned)sieve(crossed) + mix(crossed);
    printf("%u\n", total);
    free(crossed);
    return 0;
}

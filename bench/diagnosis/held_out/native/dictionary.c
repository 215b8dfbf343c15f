/* Counts words against a dictionary that is kept as a plain list. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 5000
#define LOOKUPS 450000

static char *words[WORDS];
static long hits[WORDS];

static unsigned next(unsigned *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void fill(void) {
    char text[40];
    for (int i = 0; i < WORDS; i++) {
        snprintf(text, sizeof text, "commonprefix-%08d", i * 7919 % 100003);
        words[i] = strdup(text);
    }
}

static int find(const char *word) {
    for (int i = 0; i < WORDS; i++)
        if (strcmp(words[i], word) == 0) /* cause */
            return i;
    return -1;
}

static int busiest(void) {
    int best = 0;
    for (int i = 1; i < WORDS; i++)
        if (hits[i] > hits[best])
            best = i;
    return best;
}

int main(void) {
    unsigned seed = 3;
    fill();
    for (int i = 0; i < LOOKUPS; i++) {
        char text[40];
        snprintf(text, sizeof text, "%s", words[next(&seed) % WORDS]);
        int place = find(text);
        if (place >= 0)
            hits[place]++;
    }
    int best = busiest();
    printf("%s %ld\n", words[best], hits[best]);
    return 0;
}

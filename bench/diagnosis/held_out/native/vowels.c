/* Counts vowels and words of long lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES 280
#define LENGTH 40000

typedef struct {
    long vowels;
    long words;
} counts;

static char *make_line(unsigned seed) {
    char *line = malloc(LENGTH + 1);
    for (int i = 0; i < LENGTH; i++) {
        seed = seed * 1103515245u + 12345u;
        unsigned letter = (seed >> 16) % 30;
        line[i] = letter < 26 ? (char)('a' + letter) : ' ';
    }
    line[LENGTH] = '\0';
    return line;
}

static int is_vowel(char letter) {
    return letter == 'a' || letter == 'e' || letter == 'i' || letter == 'o' || letter == 'u';
}

static void count_line(char *line, counts *total) {
    int inside = 0;
    for (size_t i = 0; i < strlen(line); i++) { /* cause */
        if (is_vowel(line[i]))
            total->vowels++;
        if (line[i] == ' ') {
            inside = 0;
            line[i] = '_';
        } else if (!inside) {
            inside = 1;
            total->words++;
        }
    }
}

int main(void) {
    counts total = {0, 0};
    for (unsigned number = 0; number < LINES; number++) {
        char *line = make_line(number);
        count_line(line, &total);
        free(line);
    }
    printf("%ld vowels, %ld words\n", total.vowels, total.words);
    return 0;
}

/* Splits text into tokens and counts the long ones. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct token {
    char *text;
    struct token *next;
} token;

static char *make_text(size_t size) {
    char *text = malloc(size + 1);
    unsigned seed = 7;
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1664525u + 1013904223u;
        unsigned pick = (seed >> 20) % 32;
        text[i] = pick < 26 ? (char)('a' + pick) : ' ';
    }
    text[size] = '\0';
    return text;
}

static token *split(const char *text) {
    token *head = NULL;
    while (*text) {
        while (*text == ' ')
            text++;
        const char *start = text;
        while (*text && *text != ' ')
            text++;
        if (text > start) {
            token *one = malloc(sizeof *one); /* cause */
            one->text = malloc((size_t)(text - start) + 1); /* cause */
            memcpy(one->text, start, (size_t)(text - start));
            one->text[text - start] = '\0';
            one->next = head;
            head = one;
        }
    }
    return head;
}

static long count_and_free(token *head) {
    long longs = 0;
    while (head) {
        token *next = head->next;
        longs += head->text[0] && head->text[1] && head->text[2];
        free(head->text);
        free(head);
        head = next;
    }
    return longs;
}

int main(void) {
    char *text = make_text(3000000);
    long longs = 0;
    for (int round = 0; round < 140; round++)
        longs += count_and_free(split(text));
    printf("%ld long tokens\n", longs);
    free(text);
    return 0;
}

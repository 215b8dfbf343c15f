/* Sums of the columns of a large table. */
#include <stdio.h>
#include <stdlib.h>

#define ROWS 6000
#define COLUMNS 6000

static float *make_table(void) {
    float *table = malloc(sizeof(float) * ROWS * COLUMNS);
    for (size_t i = 0; i < (size_t)ROWS * COLUMNS; i++)
        table[i] = (float)(i % 97);
    return table;
}

static void column_sums(const float *table, double *sums) {
    for (int column = 0; column < COLUMNS; column++) {
        double total = 0;
        for (int row = 0; row < ROWS; row++)
            total += table[(size_t)row * COLUMNS + column]; /* cause */
        sums[column] += total;
    }
}

static int largest(const double *sums) {
    int best = 0;
    for (int i = 1; i < COLUMNS; i++)
        if (sums[i] > sums[best])
            best = i;
    return best;
}

int main(void) {
    float *table = make_table();
    double *sums = calloc(COLUMNS, sizeof(double));
    for (int round = 0; round < 30; round++)
        column_sums(table, sums);
    int best = largest(sums);
    printf("column %d: %.0f\n", best, sums[best]);
    free(sums);
    free(table);
    return 0;
}

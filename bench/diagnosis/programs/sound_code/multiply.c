/* A plain product of matrices in C. */
#include <stdio.h>

static double a[700][700], b[700][700], c[700][700];

__attribute__((noinline)) static void multiply(void) {
  for (int i = 0; i < 700; i++)
    for (int k = 0; k < 700; k++)
      for (int j = 0; j < 700; j++)
        c[i][j] += a[i][k] * b[k][j];
}

int main(void) {
  for (int i = 0; i < 700; i++)
    for (int j = 0; j < 700; j++)
      a[i][j] = b[j][i] = i + j;
  for (int turn = 0; turn < 25; turn++)
    multiply();
  printf("%f\n", c[3][4]);
  return 0;
}

/* Turn a long text into capitals. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static void capitals(char *text) {
  for (size_t i = 0; i < strlen(text); i++) /* cause */
    text[i] = (char)toupper((unsigned char)text[i]);
}

int main(void) {
  size_t length = 900000;
  char *text = malloc(length + 1);
  memset(text, 'a', length);
  text[length] = 0;
  capitals(text);
  printf("%c\n", text[length - 1]);
  return 0;
}

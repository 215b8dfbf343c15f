/* Build and forget many small lists. */
#include <stdio.h>
#include <stdlib.h>

struct node {
  struct node *next;
  long value;
};

__attribute__((noinline)) static long list_of(long count) {
  struct node *head = NULL;
  long total = 0;
  for (long i = 0; i < count; i++) {
    struct node *one = malloc(sizeof *one); /* cause */
    one->next = head;
    one->value = i;
    head = one;
  }
  while (head) {
    struct node *next = head->next;
    total += head->value;
    free(head);
    head = next;
  }
  return total;
}

int main(void) {
  long total = 0;
  for (int i = 0; i < 12000; i++)
    total += list_of(12000);
  printf("%ld\n", total);
  return 0;
}

/* Says how far it has come: a runtime that fails to start lets no call come back. */
#include <stdio.h>
#include <stdlib.h>

#include "libstart.h"

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  puts("main");
  char *text = Describe();
  puts(text);
  free(text);
  printf("%lld\n", (long long)Sum(1000));
  return 0;
}

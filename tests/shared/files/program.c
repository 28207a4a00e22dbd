/* Calls the library that it is linked with. */
#include "calls.h"
#include <stdio.h>

int main(void) {
  plugin_start();
  long long call = plugin_next();
  printf("call %lld, %s\n", call, plugin_works() ? "works" : "fails");
  fflush(stdout);
  plugin_describe();
  return 0;
}

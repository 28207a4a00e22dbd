/* load LIBRARY [start]: loads a library, calls it and closes it, again and again. With the second
 * word Go is started by a call. */
#define _GNU_SOURCE
#include "calls.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static void *need(void *found) {
  if (found == NULL) {
    fprintf(stderr, "load: %s\n", dlerror());
    exit(1);
  }
  return found;
}

#define FUNCTION(library, name) __typeof__(&(name)) name##_found = need(dlsym(library, #name))

int main(int argc, char **argv) {
  setenv("SHARED_TIME", "before dlopen", 1);
  for (int round = 1; round <= 3; round++) {
    void *library = need(dlopen(argv[1], RTLD_NOW | RTLD_LOCAL));
    setenv("SHARED_TIME", "after dlopen", 1);
    FUNCTION(library, plugin_start);
    FUNCTION(library, plugin_next);
    FUNCTION(library, plugin_works);
    FUNCTION(library, plugin_describe);
    if (argc > 2)
      plugin_start_found();
    long long call = plugin_next_found();
    printf("round %d: call %lld, %s\n", round, call, plugin_works_found() ? "works" : "fails");
    fflush(stdout);
    if (round == 1)
      plugin_describe_found();
    if (dlclose(library) != 0)
      need(NULL);
  }
  /* Go's threads and signal handlers are still there, so its code has to be. */
  bool stays = dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) != NULL;
  printf("closed: the library %s\n", stays ? "stays" : "is gone");
  return 0;
}

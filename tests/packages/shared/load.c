/* Loads a library, calls it and closes it, again and again.
 *
 * load LIBRARY [start]: with the second word Go is started by a call. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static void *need(void *found) {
  if (found == NULL) {
    fprintf(stderr, "load: %s\n", dlerror());
    exit(1);
  }
  return found;
}

int main(int argc, char **argv) {
  setenv("SHARED_LATE", "set before dlopen", 1);
  for (int round = 1; round <= 3; round++) {
    void *library = need(dlopen(argv[1], RTLD_NOW | RTLD_LOCAL));
    long long (*next)(void) = need(dlsym(library, "plugin_next"));
    bool (*works)(void) = need(dlsym(library, "plugin_works"));
    void (*describe)(void) = need(dlsym(library, "plugin_describe"));
    void (*start)(void) = need(dlsym(library, "plugin_start"));
    if (argc > 2)
      start();
    printf("round %d: call %lld, %s\n", round, next(), works() ? "works" : "fails");
    fflush(stdout);
    if (round == 1)
      describe();
    if (dlclose(library) != 0)
      need(NULL);
  }
  /* Its goroutines and signal handlers are still there, so its code has to be. */
  bool kept = dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) != NULL;
  printf("closed: the library %s\n", kept ? "stays" : "is gone");
  return 0;
}

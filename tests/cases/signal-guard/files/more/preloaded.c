/* A library that watches `sigaction`, as profilers and JVMs (libjsig) do. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int sigaction(int number, const struct sigaction *action, struct sigaction *old) {
  static const char words[] = "preloaded: SIGUSR1\n";
  int (*next)(int, const struct sigaction *, struct sigaction *) =
      (int (*)(int, const struct sigaction *, struct sigaction *))dlsym(RTLD_NEXT, "sigaction");
  if (number == SIGUSR1 && action != NULL)
    write(STDERR_FILENO, words, sizeof words - 1);
  return next(number, action, old);
}

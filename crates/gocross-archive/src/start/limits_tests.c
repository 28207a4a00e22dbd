/* limits.c as a program: `limits ROOT` prints the variables of Go's that it makes of its own
 * environment and of the files below ROOT, on a machine with 64 CPUs. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static const char *root;
#define GOCROSS_ROOT root
#define sched_getaffinity(process, size, set) (memset(set, 0, size), memset(set, 255, 8), 0)

static void *need(void *memory) {
  if (memory == NULL)
    abort();
  return memory;
}

static int count_texts(char **texts) {
  int count = 0;
  while (texts[count] != NULL)
    count++;
  return count;
}

#include "limits.c"

int main(int argc, char **argv) {
  int count = count_texts(environ);
  char **env = need(calloc((size_t)count + 1, sizeof *env));
  if (argc != 2)
    return 2;
  root = argv[1];
  for (int i = 0; i < count; i++)
    env[i] = need(strdup(environ[i]));
  env = with_settings(env, &count);
  for (int i = 0; i < count; i++)
    if (strncmp(env[i], "GO", 2) == 0)
      puts(env[i]);
  return env[count] != NULL || count_texts(environ) > count;
}

/* Calls Go in the child of a fork, and says how the child ended. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libstart.h"

int main(void) {
  printf("parent %lld\n", (long long)Sum(1000));
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    /* A call that waits for ever is ended by this. */
    alarm(5);
    _exit(Sum(1000) == 500500 ? 0 : 1);
  }
  int status;
  if (child < 0 || waitpid(child, &status, 0) != child)
    return 1;
  if (WIFSIGNALED(status))
    printf("child signal %d\n", WTERMSIG(status));
  else
    printf("child status %d\n", WEXITSTATUS(status));
  printf("parent %lld\n", (long long)Sum(1000));
  return 0;
}

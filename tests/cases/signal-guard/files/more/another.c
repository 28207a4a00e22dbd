/* Another owner of the function. */
#include <signal.h>

int sigaction(int number, const struct sigaction *action, struct sigaction *old) {
  (void)number, (void)action, (void)old;
  return -1;
}

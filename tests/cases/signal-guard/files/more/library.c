/* A library that the program loads while it runs, and that installs a handler. */
#include <signal.h>
#include <string.h>

static void on_signal(int number) { (void)number; }

int installs(int number) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  return sigaction(number, &action, NULL);
}

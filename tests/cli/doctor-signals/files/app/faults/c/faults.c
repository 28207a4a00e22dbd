/* Tells of faults, and of nothing else: sigaction(SIGINT, ...) in a comment is no call. */
#include <signal.h>
#include <unistd.h>

static void on_fault(int number) {
  (void)number;
  _exit(1);
}

void guard_faults(void) {
  struct sigaction action = {.sa_handler = on_fault};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGUSR2, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
}

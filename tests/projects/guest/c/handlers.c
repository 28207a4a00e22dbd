/* Handlers of C's, installed as C libraries do: without SA_ONSTACK. */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>

static volatile sig_atomic_t count;

/* Takes some stack, as a handler that formats a line does. */
static void on_signal(int number) {
  volatile char line[4096];
  memset((void *)line, number, sizeof line);
  count++;
}

int c_handles_by_signal(int number) { return signal(number, on_signal) == SIG_ERR ? -1 : 0; }

int c_handles_by_sigaction(int number) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  return sigaction(number, &action, NULL);
}

int c_count(void) { return count; }

#ifdef __x86_64__
#include <sys/syscall.h>
#include <unistd.h>

/* Whether the kernel has SA_ONSTACK for a signal, whatever the C library tells. */
int c_is_on_stack(int number) {
  struct {
    void *handler;
    unsigned long flags;
    void *restorer;
    unsigned long mask;
  } action;
  if (syscall(SYS_rt_sigaction, number, NULL, &action, sizeof action.mask) != 0)
    return -1;
  return (action.flags & SA_ONSTACK) != 0;
}
#else
int c_is_on_stack(int number) {
  (void)number;
  return -1;
}
#endif

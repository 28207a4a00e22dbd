/* The signal handlers of a program with Go in it.
 *
 * The code of a goroutine runs on a stack of a few KiB in Go's heap. A handler that is installed
 * without SA_ONSTACK runs there as well, and its frame overwrites what lies below (golang/go#53806,
 * tokio-rs/tokio#3520). Faults and SIGURG are Go's: it makes panics of the former and preempts
 * goroutines by the latter, and dies where another handler takes its place.
 *
 * So the program's `sigaction`, `signal` and `sigaltstack` are those of this file. They hand on to
 * the C library, or to whoever else defines them, and see to it that
 *   - each handler has SA_ONSTACK;
 *   - signal stacks have room for Go's handler, for the kernel's frame, and for handlers that had
 *     the whole stack of a thread before;
 *   - SIGSEGV, SIGBUS and SIGFPE reach Go first, and the program's handler where Go is not at fault;
 *   - SIGURG reaches both.
 *
 * This object refers to no other of the archive: linkers may take it for the sake of `sigaction`
 * alone. Compiled with GOCROSS_STATIC where the program is to be linked without shared libraries. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51 /* linux/auxvec.h, since Linux 5.14 (arm64: 4.18) */
#endif
#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

/* The rest of the program sees these names; all others are hidden. */
#define PUBLIC __attribute__((visibility("default")))

typedef void handler(int);
typedef int sigaction_function(int, const struct sigaction *, struct sigaction *);
typedef int sigaltstack_function(const stack_t *, stack_t *);

/* Definitions that a sanitizer's runtime brings into the program itself (compiler-rt). */
extern sigaction_function __interceptor_sigaction __attribute__((weak));
extern sigaltstack_function __interceptor_sigaltstack __attribute__((weak));

/* The C library's own name of it. musl's shared object does not export it, and in its archive it is
 * in an object that nothing asks for but some of musl's own functions: `posix_spawn` is one. */
#ifdef __GLIBC__
extern sigaction_function __sigaction;
#else
extern sigaction_function __sigaction __attribute__((weak));
__attribute__((used)) static void *const pulls_sigaction = (void *)posix_spawn;
#endif

static sigaction_function *next_sigaction;
static sigaltstack_function *next_sigaltstack;

/* Whose definition the program would have without this one: that of a preloaded library, of a
 * sanitizer's shared object, or of the C library. None in a static program. */
static void *find_next(const char *name, void *own) {
#if defined __GLIBC__ && defined GOCROSS_STATIC
  /* glibc's `dlsym` would bring a dynamic loader along. */
  (void)name, (void)own;
  return NULL;
#else
  void *found = dlsym(RTLD_DEFAULT, name);
  return found == NULL || found == own ? dlsym(RTLD_NEXT, name) : found;
#endif
}

static void find_all(void) {
  next_sigaltstack = __interceptor_sigaltstack;
  if (next_sigaltstack == NULL)
    next_sigaltstack = (sigaltstack_function *)find_next("sigaltstack", (void *)sigaltstack);
  sigaction_function *next = __interceptor_sigaction;
  if (next == NULL)
    next = (sigaction_function *)find_next("sigaction", (void *)sigaction);
  next_sigaction = next != NULL ? next : __sigaction;
}

static pthread_key_t at_thread_end;
static int has_key;
static void leave(void *round);

/* Functions for signals may be called in handlers, and `dlsym` may not: it is called before any
 * handler can be there. */
__attribute__((constructor)) static void at_program_start(void) {
  if (next_sigaction == NULL)
    find_all();
  has_key = pthread_key_create(&at_thread_end, leave) == 0;
}

static int hand_on(int number, const struct sigaction *action, struct sigaction *old) {
  if (next_sigaction == NULL)
    find_all();
  return next_sigaction(number, action, old);
}

static int hand_on_stack(const stack_t *stack, stack_t *old) {
  if (next_sigaction == NULL)
    find_all();
  return next_sigaltstack != NULL ? next_sigaltstack(stack, old)
                                  : (int)syscall(SYS_sigaltstack, stack, old);
}

/* What Go's runtime calls: its handlers go to the kernel as they are. */
int gocross_go_sigaction(int number, const struct sigaction *action, struct sigaction *old) {
  return hand_on(number, action, old);
}

/* SIG_DFL is 0. */
static const struct sigaction by_default;

static int is_function(const struct sigaction *action) {
  return action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

/* ---- Signals that Go and the program share ---- */

/* What the program has asked for; readers are handlers, so none waits for a lock. */
struct slot {
  /* Odd while the action is being written. */
  unsigned version;
  struct sigaction action;
  /* Whether the program has left the signal alone so far. Written with the lock held. */
  int is_untouched;
};

enum { FAULTS = 3, URGENT = FAULTS, SHARED };
static const int shared_signals[SHARED] = {SIGSEGV, SIGBUS, SIGFPE, SIGURG};
static struct slot slots[SHARED];
static pthread_mutex_t slots_lock = PTHREAD_MUTEX_INITIALIZER;
/* Whether Go's handlers are, or are about to be, in place. */
static int go_handles;
/* Go's action for SIGURG, once the program has one as well. */
static struct sigaction go_urgent;

static struct slot *slot_of(int number) {
  for (int i = 0; i < SHARED; i++)
    if (shared_signals[i] == number)
      return &slots[i];
  return NULL;
}

static struct sigaction read_slot(const struct slot *slot) {
  struct sigaction action;
  for (;;) {
    unsigned version = __atomic_load_n(&slot->version, __ATOMIC_ACQUIRE);
    memcpy(&action, (const void *)&slot->action, sizeof action);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (version % 2 == 0 && version == __atomic_load_n(&slot->version, __ATOMIC_RELAXED))
      return action;
  }
}

/* Called with all signals blocked and the lock held. */
static void write_slot(struct slot *slot, const struct sigaction *action) {
  __atomic_fetch_add(&slot->version, 1, __ATOMIC_ACQ_REL);
  slot->action = *action;
  __atomic_fetch_add(&slot->version, 1, __ATOMIC_RELEASE);
}

static void block_all(sigset_t *mask) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, mask);
}

static void lock_slots(sigset_t *mask) {
  block_all(mask);
  pthread_mutex_lock(&slots_lock);
}

static void unlock_slots(const sigset_t *mask) {
  pthread_mutex_unlock(&slots_lock);
  pthread_sigmask(SIG_SETMASK, mask, NULL);
}

/* The signals that were blocked where the signal came. The kernel fills in its own set, which is
 * shorter than that of a C library. */
static sigset_t interrupted_mask(const ucontext_t *context) {
  sigset_t mask;
  sigemptyset(&mask);
  memcpy(&mask, &context->uc_sigmask, _NSIG / 8);
  return mask;
}

/* Calls the program's handler as the kernel would (sigaction(2)). */
static void call(const struct sigaction *action, int number, siginfo_t *info, void *context) {
  sigset_t mask = interrupted_mask(context), saved, more = action->sa_mask;
  if (!(action->sa_flags & SA_NODEFER))
    sigaddset(&more, number);
  sigorset(&mask, &mask, &more);
  pthread_sigmask(SIG_SETMASK, &mask, &saved);
  int saved_errno = errno;
  if (action->sa_flags & SA_SIGINFO)
    action->sa_sigaction(number, info, context);
  else
    action->sa_handler(number);
  errno = saved_errno;
  pthread_sigmask(SIG_SETMASK, &saved, NULL);
}

static void forget(struct slot *slot) {
  sigset_t mask;
  lock_slots(&mask);
  write_slot(slot, &by_default);
  unlock_slots(&mask);
}

/* Ends the process by the signal. A fault comes again when this function returns. */
static void die(int number, siginfo_t *info, void *context) {
  (void)context;
  hand_on(number, &by_default, NULL);
  if (info->si_code <= 0)
    raise(number);
}

/* A fault that is not Go's. Go's handler calls this one, because it finds it in place when Go
 * starts (os/signal, "Go programs that use cgo or SWIG"). */
static void on_fault(int number, siginfo_t *info, void *context) {
  struct slot *slot = slot_of(number);
  struct sigaction action = read_slot(slot);
  /* A fault cannot be ignored. */
  if (!is_function(&action)) {
    die(number, info, context);
    return;
  }
  if (action.sa_flags & SA_RESETHAND)
    forget(slot);
  call(&action, number, info, context);
}

static void on_urgent(int number, siginfo_t *info, void *context) {
  struct slot *slot = slot_of(number);
  struct sigaction action = read_slot(slot);
  if (is_function(&action)) {
    if (action.sa_flags & SA_RESETHAND)
      forget(slot);
    call(&action, number, info, context);
  }
  /* Go's comes last: on MIPS and RISC-V it keeps no register but the stack pointer, because it
   * expects to be called by the kernel alone (runtime.sigtramp). So this is compiled without a
   * frame pointer, too. */
  go_urgent.sa_sigaction(number, info, context);
}

/* Puts a function of ours in the place of Go's for SIGURG. */
static void share_urgent(void) {
  struct sigaction now;
  if (hand_on(SIGURG, NULL, &now) != 0 || !is_function(&now) || now.sa_sigaction == on_urgent)
    return;
  go_urgent = now;
  now.sa_sigaction = on_urgent;
  hand_on(SIGURG, &now, NULL);
}

/* `sigaction` for a signal that Go and the program share.
 *
 * Who asks only is told what the program has: Rust's standard library installs its handler where
 * there is none. Who replaces Go's handler is told that there was one, and may call it for what it
 * does not handle itself: Go has seen the fault by then, and what is left is the default. */
static int share(struct slot *slot, const struct sigaction *action, struct sigaction *old) {
  sigset_t mask;
  struct sigaction new;
  int is_fault = slot != &slots[URGENT];
  if (action != NULL)
    new = *action;
  lock_slots(&mask);
  if (old != NULL) {
    *old = slot->action;
    if (action != NULL && is_fault && slot->is_untouched) {
      old->sa_sigaction = die;
      old->sa_flags = SA_SIGINFO | SA_ONSTACK;
    }
  }
  if (action != NULL) {
    slot->is_untouched = is_fault && new.sa_sigaction == die;
    if (slot->is_untouched)
      new.sa_handler = SIG_DFL;
    write_slot(slot, &new);
    if (!is_fault && is_function(&new))
      share_urgent();
  }
  unlock_slots(&mask);
  return 0;
}

/* Called before Go installs its handlers. */
void gocross_signals_before_go(void) {
  sigset_t mask;
  lock_slots(&mask);
  for (int i = 0; i < SHARED; i++) {
    struct sigaction action;
    int number = shared_signals[i];
    if (sigaction(number, NULL, &action) != 0)
      continue;
    write_slot(&slots[i], &action);
    slots[i].is_untouched = action.sa_handler == SIG_DFL;
    if (i < FAULTS) {
      memset(&action, 0, sizeof action);
      action.sa_sigaction = on_fault;
      action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
      sigfillset(&action.sa_mask);
      hand_on(number, &action, NULL);
    }
  }
  __atomic_store_n(&go_handles, 1, __ATOMIC_RELEASE);
  unlock_slots(&mask);
}

/* Called in the child of a fork: its other threads are gone, with what they held. */
void gocross_signals_after_fork(void) {
  pthread_mutex_init(&slots_lock, NULL);
}

/* Called when Go has installed its handlers. */
void gocross_signals_after_go(void) {
  sigset_t mask;
  lock_slots(&mask);
  if (is_function(&slots[URGENT].action))
    share_urgent();
  unlock_slots(&mask);
}

/* ---- Installing handlers ---- */

/* Signals whose SA_ONSTACK comes from here: a program reads back what it has written. */
static unsigned char is_added[_NSIG];

PUBLIC int sigaction(int number, const struct sigaction *restrict action,
                     struct sigaction *restrict old) {
  struct slot *slot = slot_of(number);
  if (slot != NULL && __atomic_load_n(&go_handles, __ATOMIC_ACQUIRE))
    return share(slot, action, old);
  struct sigaction on_stack;
  int adds = action != NULL && is_function(action) && !(action->sa_flags & SA_ONSTACK);
  if (adds) {
    on_stack = *action;
    on_stack.sa_flags |= SA_ONSTACK;
  }
  int is_changed = action != NULL;
  int result = hand_on(number, adds ? &on_stack : action, old);
  if (result != 0 || number <= 0 || number >= _NSIG)
    return result;
  if (old != NULL && __atomic_load_n(&is_added[number], __ATOMIC_RELAXED))
    old->sa_flags &= ~SA_ONSTACK;
  if (is_changed)
    __atomic_store_n(&is_added[number], (unsigned char)adds, __ATOMIC_RELAXED);
  return result;
}

static handler *install(int number, handler *function, int flags) {
  struct sigaction action, old;
  memset(&action, 0, sizeof action);
  action.sa_handler = function;
  action.sa_flags = flags;
  if (function == SIG_ERR) {
    errno = EINVAL;
    return SIG_ERR;
  }
  return sigaction(number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

/* The meaning that BSD gave it, as in glibc and musl. */
PUBLIC handler *signal(int number, handler *function) {
  return install(number, function, SA_RESTART);
}

PUBLIC handler *bsd_signal(int number, handler *function) {
  return install(number, function, SA_RESTART);
}

#ifdef __GLIBC__
PUBLIC handler *ssignal(int number, handler *function) {
  return install(number, function, SA_RESTART);
}

/* That of System V: once, and interrupted by itself. */
PUBLIC handler *sysv_signal(int number, handler *function) {
  return install(number, function, SA_RESETHAND | SA_NODEFER);
}

PUBLIC handler *__sysv_signal(int number, handler *function) {
  return install(number, function, SA_RESETHAND | SA_NODEFER);
}

/* X/Open; musl's calls `sigaction`, and so does this one. */
PUBLIC handler *sigset(int number, handler *function) {
  sigset_t one, before;
  sigemptyset(&one);
  if (sigaddset(&one, number) != 0)
    return SIG_ERR;
  handler *old = SIG_HOLD;
  if (function == SIG_HOLD) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) != 0)
      return SIG_ERR;
    old = action.sa_handler;
  } else if ((old = install(number, function, 0)) == SIG_ERR) {
    return SIG_ERR;
  }
  if (pthread_sigmask(function == SIG_HOLD ? SIG_BLOCK : SIG_UNBLOCK, &one, &before) != 0)
    return SIG_ERR;
  return sigismember(&before, number) ? SIG_HOLD : old;
}
#else
PUBLIC handler *__sysv_signal(int number, handler *function) {
  return install(number, function, SA_RESTART);
}
#endif

#include "signal_stacks.c"

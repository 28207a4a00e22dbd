/* The signal stacks of a program with Go in it. Compiled together with signals.c.
 *
 * Since each handler has SA_ONSTACK, each runs on the signal stack of its thread, where the thread
 * has one: those of the program that had the whole stack of the thread before, and Go's. */

/* Go's own signal stacks have 32 KiB (runtime.mpreinit), besides the kernel's frame, which has
 * 11 KiB with AMX. Rust's standard library gives its threads 8 KiB, and nothing else was to run
 * there than its handler of stack overflows. A stack of ours is as large as that of a whole thread
 * of musl's; only the pages that are used take memory. */
enum { GO_NEEDS = 32 << 10, ROOM = 128 << 10 };

/* Where the kernel does not tell the size of its frame: what it asks for on arm64, which is the
 * most (MINSIGSTKSZ, asm/signal.h). The C library's MINSIGSTKSZ may be a call of `sysconf`. */
enum { USUAL_FRAME = 5120 };

/* The signal stack of a thread. */
static __thread struct {
  /* The thread's note that it has called Go, or none. */
  int *is_ready;
  /* Ours, or none. */
  void *memory;
  size_t size;
  /* What the program has set, where `memory` is in its place. */
  stack_t programs;
} own __attribute__((tls_model("initial-exec")));

static size_t page_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

static size_t frame_size(void) {
  size_t size = getauxval(AT_MINSIGSTKSZ);
  return size > USUAL_FRAME ? size : USUAL_FRAME;
}

static int is_enough(const stack_t *stack) {
  return !(stack->ss_flags & SS_DISABLE) && stack->ss_size >= GO_NEEDS + frame_size();
}

/* Gives the thread a signal stack of ours, above a page that faults. Without memory for it the
 * thread keeps what it has. Called with all signals blocked. */
static void use_own(const stack_t *programs) {
  size_t page = page_size();
  if (own.memory == NULL) {
    size_t size = (ROOM + frame_size() + 2 * page - 1) / page * page;
    void *memory = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      return;
    if (mprotect((char *)memory + page, size - page, PROT_READ | PROT_WRITE) != 0) {
      munmap(memory, size);
      return;
    }
    own.memory = memory;
    own.size = size;
  }
  stack_t stack = {.ss_sp = (char *)own.memory + page, .ss_size = own.size - page};
  own.programs = *programs;
  own.programs.ss_flags &= (int)(SS_DISABLE | SS_AUTODISARM);
  if (has_key)
    pthread_setspecific(at_thread_end, &own);
  hand_on_stack(&stack, NULL);
}

static void release_own(void) {
  if (own.memory != NULL)
    munmap(own.memory, own.size);
  own.memory = NULL;
}

/* The destructor of the key. Go's own lets go of the thread; it is later perhaps, so the first
 * round asks for a second one (pthread_key_create(3)). */
static void leave(void *round) {
  static char again;
  if (round != &again && pthread_setspecific(at_thread_end, &again) == 0)
    return;
  sigset_t mask;
  block_all(&mask);
  stack_t none = {.ss_flags = SS_DISABLE};
  if (own.memory != NULL && hand_on_stack(&none, NULL) == 0)
    release_own();
  /* A later destructor may call Go once more. */
  if (own.is_ready != NULL)
    *own.is_ready = 0;
  own.is_ready = NULL;
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
}

/* Called before a thread's first call of Go, and sets a variable of the thread to 1. */
void gocross_signals_enter_thread(int *is_ready) {
  sigset_t mask;
  stack_t now;
  block_all(&mask);
  /* Where there is none at all Go brings its own. In a handler it cannot be changed. */
  int is_known = hand_on_stack(NULL, &now) == 0 && !(now.ss_flags & SS_ONSTACK);
  if (is_known && !(now.ss_flags & SS_DISABLE) && !is_enough(&now))
    use_own(&now);
  if (is_known && (!has_key || pthread_setspecific(at_thread_end, &own) == 0)) {
    own.is_ready = is_ready;
    *is_ready = 1;
  }
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
}

/* A stack that is too small is not used, but read back. A thread that has called Go keeps one until
 * it ends: the destructors of its thread-local values may call Go, and Rust's standard library has
 * taken its own away by then. */
PUBLIC int sigaltstack(const stack_t *restrict stack, stack_t *restrict old) {
  if (stack == NULL && own.memory == NULL)
    return hand_on_stack(stack, old);
  sigset_t mask;
  stack_t before;
  block_all(&mask);
  /* The kernel says whether it would do. */
  int result = hand_on_stack(stack, &before);
  int saved_errno = errno;
  if (result == 0) {
    stack_t seen = before;
    if (own.memory != NULL) {
      seen = own.programs;
      seen.ss_flags |= before.ss_flags & SS_ONSTACK;
    }
    if (stack != NULL) {
      int is_none = stack->ss_flags & SS_DISABLE;
      if (is_none ? own.is_ready == NULL : is_enough(stack))
        release_own();
      else
        use_own(stack);
    }
    if (old != NULL)
      *old = seen;
  }
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  errno = saved_errno;
  return result;
}

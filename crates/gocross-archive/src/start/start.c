/* Starts the Go runtime of an archive when the program says so, and tells it the
 * program's true arguments, environment and auxiliary vector.
 *
 * Go's own start is an entry of .init_array that expects (argc, argv). glibc passes them,
 * musl does not (golang/go#13492). Here the program's start only writes down what it was
 * given; the runtime is started by gocross_go_start().
 *
 * Compiled once for each archive, with
 *   GOCROSS_START   1 at the program's start, 2 at the first call of a Go function,
 *                   3 when the program calls gocross_go_start() itself
 *   GOCROSS_OVERLAY where Go makes no C archive and the runtime is that of an executable
 *   GOCROSS_GUARD   1 where the program's signal handlers are guarded (signals.c)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

extern char **environ;

#ifdef GOCROSS_OVERLAY
/* In Go's runtime: installs its signal handlers. */
extern void gocross_go_preinit(void);
/* In Go's runtime: the start of an executable. It makes the calling thread Go's first one
 * and does not return. */
extern void gocross_go_main(int argc, char **argv);
#else
/* In Go's runtime: starts it on a thread of its own and returns. */
extern void gocross_go_entry(int argc, char **argv);
#endif
/* In runtime/cgo: waits until the runtime can be called. */
extern uintptr_t _cgo_wait_runtime_init_done(void);

#if GOCROSS_GUARD
extern void gocross_signals_before_go(void);
extern void gocross_signals_after_go(void);
extern void gocross_signals_after_fork(void);
extern void gocross_signals_enter_thread(int *is_ready);
#else
static void gocross_signals_before_go(void) {}
static void gocross_signals_after_go(void) {}
static void gocross_signals_after_fork(void) {}
static void gocross_signals_enter_thread(int *is_ready) { *is_ready = 1; }
#endif

/* An entry of the auxiliary vector: a kind and a value, each a word. */
struct aux {
  uintptr_t kind, value;
};

static char **program_argv;
static int program_argc;
static struct aux *program_auxv;

static void *need(void *memory) {
  if (memory == NULL) {
    fputs("gocross: no memory to start Go with\n", stderr);
    abort();
  }
  return memory;
}

static char **copy(char **texts, int count) {
  char **copies = need(calloc((size_t)count + 1, sizeof *copies));
  for (int i = 0; i < count; i++)
    copies[i] = need(strdup(texts[i]));
  return copies;
}

static int count_texts(char **texts) {
  int count = 0;
  while (texts != NULL && texts[count] != NULL)
    count++;
  return count;
}

static size_t count_aux(const struct aux *auxv) {
  size_t count = 0;
  while (auxv[count].kind != AT_NULL)
    count++;
  return count + 1;
}

/* Takes copies: the program may change its arguments before Go starts. */
static void keep(int argc, char **argv, const struct aux *auxv) {
  program_argc = argc;
  program_argv = copy(argv, argc);
  size_t size = count_aux(auxv) * sizeof *auxv;
  program_auxv = memcpy(need(malloc(size)), auxv, size);
}

/* The auxiliary vector of the initial stack, or none.
 *
 * The initial stack holds argc, argv, NULL, envp, NULL, auxv, in this order (psABI, "Process
 * Initialization"). It cannot be counted from below: unsetenv() in an earlier constructor moves
 * the environment's pointers down and leaves more than one NULL. From above: AT_RANDOM points to
 * bytes a little higher than the vector, which names them. */
static const struct aux *find_auxv(void) {
  enum { WORD = sizeof(uintptr_t), FAR = 1024, MOST = (8 << 20) / WORD };
  uintptr_t random = getauxval(AT_RANDOM);
  const uintptr_t *word = (const uintptr_t *)(random / WORD * WORD), *end = word - FAR;
  if (random == 0)
    return NULL;
  do {
    if (--word == end)
      return NULL;
  } while (word[0] != AT_RANDOM || word[1] != random);
  /* No pointer is as small as a kind. */
  while (word[-2] != AT_NULL && word[-2] < MOST)
    word -= 2;
  return (const struct aux *)word;
}

#ifndef __GLIBC__
/* The word of the initial stack that counts the arguments, or none. Between it and the auxiliary
 * vector there are pointers and NULLs, and no pointer is as small as a count. */
static const uintptr_t *find_argc(const struct aux *auxv) {
  /* Arguments and environment take at most 6 MiB (execve(2)). */
  enum { MOST = (8 << 20) / sizeof(uintptr_t) };
  const uintptr_t *word = (const uintptr_t *)auxv, *end = word - MOST;
  do {
    if (--word == end)
      return NULL;
  } while (*word == 0 || *word >= MOST);
  return word;
}
#endif

/* Reads a whole file; none where it cannot be read. */
static char *read_file(const char *path, size_t *size) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return NULL;
  size_t room = 4096;
  char *bytes = need(malloc(room));
  *size = 0;
  for (;;) {
    ssize_t got = read(file, bytes + *size, room - *size - 1);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    *size += (size_t)got;
    if (room - *size < 2)
      bytes = need(realloc(bytes, room *= 2));
  }
  close(file);
  bytes[*size] = 0;
  return bytes;
}

/* Where the initial stack is not as it should be: what the kernel says in /proc, else the
 * program's name. */
static void keep_proc(void) {
  static const struct aux none = {AT_NULL, 0};
  size_t auxv_size = 0, size = 0;
  char *auxv = read_file("/proc/self/auxv", &auxv_size);
  char *text = read_file("/proc/self/cmdline", &size);
  char *name[] = {program_invocation_name, NULL};
  if (text == NULL || size == 0) {
    keep(1, name, auxv_size >= sizeof none ? (struct aux *)auxv : &none);
  } else {
    int argc = 0;
    for (size_t i = 0; i < size; i++)
      argc += text[i] == 0;
    char **argv = need(calloc((size_t)argc + 1, sizeof *argv));
    for (int i = 0; i < argc; i++, text += strlen(text) + 1)
      argv[i] = text;
    keep(argc, argv, auxv_size >= sizeof none ? (struct aux *)auxv : &none);
  }
  free(auxv);
}

#ifdef __GLIBC__
/* Weak, so that a static program gets no dynamic loader by them: there they are NULL. */
#pragma weak dladdr1
#pragma weak dlopen

/* Keeps the shared object that this is a part of in memory after dlclose(): a Go runtime cannot
 * be unloaded (golang/go#11100), and its threads, signal handlers and thread-local storage are
 * used as long as the process lives. The linker's `-z nodelete` says the same, but a build script
 * reaches only the shared object of its own package with it. musl unloads nothing. */
static void stay_loaded(void) {
  Dl_info info;
  struct link_map *object = NULL;
  if (dladdr1 == NULL || dlopen == NULL)
    return;
  if (dladdr1((void *)&program_argc, &info, (void **)&object, RTLD_DL_LINKMAP) == 0)
    return;
  /* The program itself has no name, and is never unloaded. */
  if (object != NULL && object->l_name != NULL && object->l_name[0] != 0)
    dlopen(object->l_name, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

__attribute__((constructor)) static void at_program_start(int argc, char **argv, char **envp) {
  (void)envp;
  stay_loaded();
  const struct aux *auxv = find_auxv();
  if (argv != NULL && argc > 0 && auxv != NULL)
    keep(argc, argv, auxv);
  else
    keep_proc();
#else
/* musl hands nothing to constructors, and environ is elsewhere once a constructor before
 * this one, or the program that loads this object, has called setenv(). The stack stays. */
__attribute__((constructor)) static void at_program_start(void) {
  const struct aux *auxv = find_auxv();
  const uintptr_t *argc = auxv == NULL ? NULL : find_argc(auxv);
  if (argc != NULL)
    keep((int)*argc, (char **)(argc + 1), auxv);
  else
    keep_proc();
#endif
#if GOCROSS_START == 1
  void gocross_go_start(void);
  gocross_go_start();
#endif
}

#include "limits.c"

/* Lays out a block like the initial stack, with the environment as it is now. */
static char **initial_block(void) {
  int envc = count_texts(environ);
  char **env = with_settings(copy(environ, envc), &envc);
  size_t auxc = count_aux(program_auxv);
  size_t words = (size_t)program_argc + 1 + (size_t)envc + 1;
  char **block = need(malloc(words * sizeof *block + auxc * sizeof *program_auxv));
  memcpy(block, program_argv, ((size_t)program_argc + 1) * sizeof *block);
  memcpy(block + program_argc + 1, env, ((size_t)envc + 1) * sizeof *block);
  memcpy(block + words, program_auxv, auxc * sizeof *program_auxv);
  free(env);
  return block;
}

#ifdef GOCROSS_OVERLAY
/* What runtime.libpreinit and the thread of an archive do elsewhere. */
static void *first_thread(void *block) {
  gocross_go_main(program_argc, block);
  return NULL;
}

static void gocross_go_entry(int argc, char **block) {
  (void)argc;
  pthread_attr_t attributes;
  pthread_t thread;
  gocross_go_preinit();
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  /* Go takes the whole of it for its scheduler; musl's default is 128 KiB. */
  pthread_attr_setstacksize(&attributes, 8u << 20);
  int error = pthread_create(&thread, &attributes, first_thread, block);
  if (error != 0) {
    fprintf(stderr, "gocross: no thread to start Go on: %s\n", strerror(error));
    abort();
  }
  pthread_attr_destroy(&attributes);
}
#endif

/* Where the runtime of this process is. A fork takes one thread along, and the runtime needs all
 * of its threads: the child has none (fork(2); golang/go#15538). */
enum state { NOT_STARTED, STARTED, LOST_BY_FORK };
static enum state state;

/* Whether this thread may call Go without another look at the state. In the static space for
 * thread-local storage, as Go's own variable is: one load on most machines. */
static __thread int is_ready __attribute__((tls_model("initial-exec")));

/* In the child of a fork. Its one thread is the one that called fork. */
static void after_fork(void) {
  state = LOST_BY_FORK;
  is_ready = 0;
  gocross_signals_after_fork();
}

static void start_once(void) {
  int error = pthread_atfork(NULL, NULL, after_fork);
  if (error != 0) {
    fprintf(stderr, "gocross: Go cannot be started: %s\n", strerror(error));
    abort();
  }
  gocross_signals_before_go();
  /* Go keeps pointers into the block, so it is never freed. */
  gocross_go_entry(program_argc, initial_block());
  gocross_signals_after_go();
  __atomic_store_n(&state, STARTED, __ATOMIC_RELEASE);
}

/* Starts Go, if it was not started before. Gives 0, or 1 where it was and a fork has lost it. */
int gocross_go_try_start(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  enum state now = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
  if (now == NOT_STARTED) {
    pthread_once(&once, start_once);
    now = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
  }
  return now == LOST_BY_FORK;
}

void gocross_go_start(void) {
  if (gocross_go_try_start() == 0)
    return;
  fputs("gocross: Go cannot be called in the child of a fork, because its threads stay in the "
        "parent: exec a program there, or start Go after the fork (`start = \"explicit\"`)\n",
        stderr);
  abort();
}

/* A thread's first call of Go. */
static void enter(void) {
#if GOCROSS_START == 3
  if (__atomic_load_n(&state, __ATOMIC_ACQUIRE) == NOT_STARTED) {
    fputs("gocross: a Go function was called before gocross::start()\n", stderr);
    abort();
  }
#endif
  gocross_go_start();
  gocross_signals_enter_thread(&is_ready);
}

/* Every exported Go function calls this first. */
uintptr_t gocross_go_wait(void) {
  if (__builtin_expect(!is_ready, 0))
    enter();
  return _cgo_wait_runtime_init_done();
}

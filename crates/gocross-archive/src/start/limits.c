/* What Go is started with besides the process's environment: the variables of the manifest, and
 * the limits of the process's cgroup. A variable that the environment has stays as it is. The
 * environment of the process itself is not touched.
 *
 * Included in start.c. Defined where it is compiled, where there is something to say:
 *   GOCROSS_GOMEMLIMIT, GOCROSS_GOGC, GOCROSS_GOMAXPROCS, GOCROSS_GODEBUG
 *                        the variables of the manifest, as texts
 *   GOCROSS_CPU_LIMIT    where Go does not look at the cgroup's CPU limit itself
 *
 * Two 64-bit numbers are never divided: on 32-bit machines that is a function of libgcc. */
#include <limits.h>
#include <sched.h>

#ifndef GOCROSS_ROOT
/* Tests have a directory in place of the root. */
#define GOCROSS_ROOT ""
#endif

/* How many variables are added at most. */
enum { SETTINGS = 4 };

/* The index of the variable `name`, which ends with `=`, or -1. Go takes the first one of a name
 * (runtime.gogetenv). */
static int find_variable(char **env, const char *name) {
  for (int i = 0; env[i] != NULL; i++)
    if (strncmp(env[i], name, strlen(name)) == 0)
      return i;
  return -1;
}

static char *joined(const char *a, const char *b, const char *c) {
  size_t size_a = strlen(a), size_b = strlen(b), size_c = strlen(c);
  char *text = need(malloc(size_a + size_b + size_c + 1));
  memcpy(text, a, size_a);
  memcpy(text + size_a, b, size_b);
  memcpy(text + size_a + size_b, c, size_c + 1);
  return text;
}

/* Adds a variable where the environment has none of its name; env has room for it. */
static void set_default(char **env, const char *name, const char *value) {
  int count = count_texts(env);
  if (find_variable(env, name) >= 0)
    return;
  env[count] = joined(name, value, "");
  env[count + 1] = NULL;
}

#ifdef GOCROSS_GODEBUG
/* Go takes the last setting of a name (runtime.parsegodebug, internal/godebug), so those of the
 * environment stand behind. */
static void join_godebug(char **env) {
  int index = find_variable(env, "GODEBUG=");
  if (index < 0) {
    set_default(env, "GODEBUG=", GOCROSS_GODEBUG);
    return;
  }
  char *given = env[index];
  env[index] = joined("GODEBUG=" GOCROSS_GODEBUG, ",", given + strlen("GODEBUG="));
  free(given);
}
#endif

#if !defined(GOCROSS_GOMEMLIMIT) || (defined(GOCROSS_CPU_LIMIT) && !defined(GOCROSS_GOMAXPROCS))
/* A text file, line by line. A line that does not fit is passed over: one of a cgroup has two paths,
 * and others may have options of any length. */
struct lines {
  int file;
  size_t start, end, budget;
  char bytes[2 * PATH_MAX];
};

/* Not on the stack: that of the thread that starts Go may be musl's 128 KiB. Only one does. */
static struct lines lines;
static char directory[PATH_MAX];

static void open_lines(const char *path) {
  char *whole = joined(GOCROSS_ROOT, path, "");
  lines.file = open(whole, O_RDONLY | O_CLOEXEC);
  free(whole);
  lines.start = lines.end = 0;
  /* A process has at most 100,000 mounts (/proc/sys/fs/mount-max). */
  lines.budget = 32u << 20;
}

static void close_lines(void) {
  if (lines.file >= 0)
    close(lines.file);
}

/* Reads on; 0 at the end of the file. */
static int fill_lines(void) {
  memmove(lines.bytes, lines.bytes + lines.start, lines.end - lines.start);
  lines.end -= lines.start;
  lines.start = 0;
  ssize_t got;
  do
    got = read(lines.file, lines.bytes + lines.end, sizeof lines.bytes - lines.end);
  while (got < 0 && errno == EINTR);
  if (got <= 0 || (size_t)got > lines.budget)
    return 0;
  lines.end += (size_t)got;
  lines.budget -= (size_t)got;
  return 1;
}

/* The next line without its end, or none. Go too wants every line to have an end. */
static char *next_line(void) {
  int too_long = 0;
  while (lines.file >= 0) {
    char *line = lines.bytes + lines.start;
    char *newline = memchr(line, '\n', lines.end - lines.start);
    if (newline != NULL) {
      lines.start = (size_t)(newline + 1 - lines.bytes);
      *newline = 0;
      if (!too_long)
        return line;
      too_long = 0;
    } else {
      if (lines.start == 0 && lines.end == sizeof lines.bytes) {
        lines.end = 0;
        too_long = 1;
      }
      if (!fill_lines())
        break;
    }
  }
  return NULL;
}

/* Takes the part of a text in front of `end`; the text goes on behind. None where there is no
 * such character. */
static char *take(char **text, char end) {
  char *part = *text, *found = strchr(part, end);
  if (found == NULL)
    return NULL;
  *found = 0;
  *text = found + 1;
  return part;
}

/* Whether a list with commas has this element. */
static int has_element(const char *list, const char *element) {
  size_t length = strlen(element);
  for (;;) {
    if (strncmp(list, element, length) == 0 && (list[length] == ',' || list[length] == 0))
      return 1;
    list = strchr(list, ',');
    if (list == NULL)
      return 0;
    list++;
  }
}

/* The path of the process's cgroup in the hierarchy of a controller, in `directory`; returns the
 * version of cgroups, or 0. As Go does it: a hierarchy of version 1 that has the controller, or
 * else the one of version 2 (internal/runtime/cgroup, parseCPUCgroup; cgroups(7)). */
static int find_path(const char *controller) {
  int version = 0;
  char *line;
  open_lines("/proc/self/cgroup");
  while (version != 1 && (line = next_line()) != NULL) {
    char *hierarchy = take(&line, ':'), *controllers = NULL;
    if (hierarchy != NULL)
      controllers = take(&line, ':');
    if (controllers == NULL || line[0] != '/' || strlen(line) >= sizeof directory)
      continue;
    if (strcmp(hierarchy, "0") == 0)
      version = 2;
    else if (has_element(controllers, controller))
      version = 1;
    else
      continue;
    strcpy(directory, line);
  }
  close_lines();
  return version;
}

/* Whether a path is `prefix` or below it. */
static int is_below(const char *path, const char *prefix) {
  size_t length = strlen(prefix);
  if (strcmp(prefix, "/") == 0)
    return 1;
  return strncmp(path, prefix, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* Replaces the kernel's octal escapes, such as `\040`, where the text stands. */
static int unescape(char *text) {
  char *out = text;
  for (; *text != 0; text++) {
    int byte = (unsigned char)*text;
    if (byte == '\\') {
      byte = 0;
      for (int i = 0; i < 3; i++) {
        if (*++text < '0' || *text > '7')
          return 0;
        byte = byte * 8 + (*text - '0');
      }
      if (byte == 0 || byte > 255)
        return 0;
    }
    *out++ = (char)byte;
  }
  *out = 0;
  return 1;
}

/* The mount point in a line of mountinfo, where the process's cgroup can be reached below it; the
 * path there, in `below`. As Go does it (parseCPUMount; proc_pid_mountinfo(5)). */
static char *mount_point(char *line, const char *controller, int version, const char **below) {
  char *fields[5];
  for (int i = 0; i < 5; i++)
    if ((fields[i] = take(&line, ' ')) == NULL)
      return NULL;
  char *root = fields[3], *point = fields[4], *word;
  do
    if ((word = take(&line, ' ')) == NULL)
      return NULL;
  while (strcmp(word, "-") != 0);
  char *type = take(&line, ' '), *source = NULL;
  if (type != NULL)
    source = take(&line, ' ');
  if (source == NULL || strcmp(type, version == 2 ? "cgroup2" : "cgroup") != 0)
    return NULL;
  if (version == 1 && !has_element(line, controller))
    return NULL;
  if (!unescape(root) || !unescape(point) || root[0] != '/' || point[0] != '/')
    return NULL;
  if (!is_below(directory, root))
    return NULL;
  *below = strcmp(root, "/") == 0 ? directory : directory + strlen(root);
  if (strcmp(*below, "/") == 0)
    (*below)++;
  /* Outside of the cgroup namespace (cgroup_namespaces(7)). */
  return is_below(*below, "/..") ? NULL : point;
}

/* The directory of the process's cgroup, in `directory`; `top` is the length of the mount point at
 * its beginning. Returns the version of cgroups, or 0. */
static int find_directory(const char *controller, size_t *top) {
  int version = find_path(controller), found = 0;
  char *line;
  if (version == 0)
    return 0;
  open_lines("/proc/self/mountinfo");
  while (!found && (line = next_line()) != NULL) {
    const char *below;
    char *point = mount_point(line, controller, version, &below);
    if (point == NULL)
      continue;
    size_t length = strlen(below);
    *top = strlen(point);
    if (*top + length >= sizeof directory)
      break;
    memmove(directory + *top, below, length + 1);
    memcpy(directory, point, *top);
    found = version;
  }
  close_lines();
  return found;
}

/* The first line of a file of the cgroup in `directory`, or none. It stays until the next one is
 * read. */
static char *read_setting(const char *name) {
  char *path = joined(directory, "/", name);
  open_lines(path);
  free(path);
  char *line = next_line();
  close_lines();
  return line;
}

/* Leaves `directory` for the one above; 0 at the mount point. */
static int go_up(size_t top) {
  char *slash = strrchr(directory, '/');
  if (slash == NULL || (size_t)(slash - directory) < top)
    return 0;
  *slash = 0;
  return 1;
}

/* A whole text as a number; 0 where it is none, such as `max` and -1, which stand for no limit, or
 * too large. */
static uint64_t number(const char *text) {
  uint64_t value = 0;
  if (*text == 0)
    return 0;
  for (; *text != 0; text++) {
    if (*text < '0' || *text > '9' || value > (UINT64_MAX - 9) / 10)
      return 0;
    value = value * 10 + (uint64_t)(*text - '0');
  }
  return value;
}

/* The number as a variable's value: `name`, the digits, `unit`. */
static void set_default_number(char **env, const char *name, uintptr_t number, const char *unit) {
  char digits[3 * sizeof number + 8], *first = digits + sizeof digits - 4;
  strcpy(first, unit);
  do
    *--first = (char)('0' + number % 10);
  while ((number /= 10) != 0);
  set_default(env, name, first);
}
#endif

#ifndef GOCROSS_GOMEMLIMIT
/* The memory that Go is to stay below, in KiB: 90 % of the smallest limit between the process's
 * cgroup and the root, or 0. The rest is for what Go does not count: C, Rust, stacks of threads.
 *
 * No limit below 8 MiB: the runtime takes 5.5 MiB with 1 MiB of live memory, and what it cannot
 * keep makes it collect all the time (Go 1.26, x86-64: 35 times as long for the same work). */
static uintptr_t memory_limit(void) {
  enum { LEAST = 8 << 10 };
  /* Version 1 writes "no limit" as the largest number of pages, which is more than this. */
  const uint64_t none = (uint64_t)1 << 52;
  uint64_t limit, least = none;
  size_t top = 0;
  int version = find_directory("memory", &top);
  if (version == 0)
    return 0;
  do {
    const char *line = read_setting(version == 2 ? "memory.max" : "memory.limit_in_bytes");
    limit = line == NULL ? 0 : number(line) >> 10;
    if (limit != 0 && limit < least)
      least = limit;
  } while (go_up(top));
  if (least == none || least > UINTPTR_MAX)
    return 0;
  uintptr_t share = (uintptr_t)least - (uintptr_t)least / 10;
  return share < LEAST ? 0 : share;
}
#endif

#if defined(GOCROSS_CPU_LIMIT) && !defined(GOCROSS_GOMAXPROCS)
/* The CPUs that the process may use, counted as runtime.getCPUCount does; 0 where the kernel does
 * not say. */
static unsigned count_cpus(void) {
  static unsigned long set[8192 / sizeof(unsigned long)];
  unsigned count = 0;
  if (sched_getaffinity(0, sizeof set, (cpu_set_t *)set) != 0)
    return 0;
  for (size_t i = 0; i < sizeof set / sizeof *set; i++)
    for (unsigned long word = set[i]; word != 0; word &= word - 1)
      count++;
  return count;
}

/* The quota and the period of the cgroup in `directory`, in microseconds; 0 where there is no
 * limit. */
static int read_quota(int version, uint64_t *quota, uint64_t *period) {
  /* 1 s (kernel/sched/core.c, max_bw_quota_period_us). */
  enum { LONGEST_PERIOD = 1000000 };
  char *line = read_setting(version == 2 ? "cpu.max" : "cpu.cfs_quota_us");
  if (version == 2) {
    char *first = line == NULL ? NULL : take(&line, ' ');
    *quota = first == NULL ? 0 : number(first);
  } else {
    *quota = line == NULL ? 0 : number(line);
    line = read_setting("cpu.cfs_period_us");
  }
  *period = line == NULL ? 0 : number(line);
  return *quota != 0 && *period != 0 && *period <= LONGEST_PERIOD;
}

/* The smallest CPU limit between the process's cgroup and the root, rounded up, and 2 at least, as
 * Go has it (runtime.adjustCgroupGOMAXPROCS); 0 where that is no less than `cpus`. Go itself reads
 * the process's own cgroup only. */
static unsigned cpu_limit(unsigned cpus) {
  unsigned least = cpus;
  size_t top = 0;
  int version = find_directory("cpu", &top);
  if (version == 0)
    return 0;
  do {
    uint64_t quota, period;
    unsigned limit = 0;
    if (!read_quota(version, &quota, &period))
      continue;
    for (; quota != 0 && limit < least; limit++)
      quota -= quota < period ? quota : period;
    least = limit;
  } while (go_up(top));
  if (least < 2)
    least = 2;
  return least < cpus ? least : 0;
}

/* Whether GODEBUG says who looks at the CPU limit: 0 is nobody, 1 is Go. */
static int says_containermaxprocs(char **env) {
  int index = find_variable(env, "GODEBUG=");
  return index >= 0 && strstr(env[index], "containermaxprocs=") != NULL;
}
#endif

/* The environment that Go is started with, made of a copy of the process's; both are on the
 * heap. */
static char **with_settings(char **env, int *count) {
  env = need(realloc(env, ((size_t)*count + SETTINGS + 1) * sizeof *env));
#ifdef GOCROSS_GODEBUG
  join_godebug(env);
#endif
#ifdef GOCROSS_GOGC
  set_default(env, "GOGC=", GOCROSS_GOGC);
#endif
#ifdef GOCROSS_GOMEMLIMIT
  set_default(env, "GOMEMLIMIT=", GOCROSS_GOMEMLIMIT);
#else
  if (find_variable(env, "GOMEMLIMIT=") < 0) {
    uintptr_t limit = memory_limit();
    if (limit != 0)
      set_default_number(env, "GOMEMLIMIT=", limit, "KiB");
  }
#endif
#ifdef GOCROSS_GOMAXPROCS
  set_default(env, "GOMAXPROCS=", GOCROSS_GOMAXPROCS);
#elif defined(GOCROSS_CPU_LIMIT)
  if (find_variable(env, "GOMAXPROCS=") < 0 && !says_containermaxprocs(env)) {
    unsigned limit = cpu_limit(count_cpus());
    if (limit != 0)
      set_default_number(env, "GOMAXPROCS=", limit, "");
  }
#endif
  *count = count_texts(env);
  return env;
}

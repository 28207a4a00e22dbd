/* A library that is named by its path, before the library of mathematics that it needs. It has
 * names that the Rust program has too. */
#include <math.h>

static volatile double three = 3.0;
static volatile int counter;

int third_helper(int a) { return a + __sync_add_and_fetch(&counter, 1) - counter; }
int third(int a) { return (int)pow(three, 2.0) + third_helper(a); }
int same_name(void) { return 1; }

#include <third.h>

int use_third(int value) { return third(value) + 1; }

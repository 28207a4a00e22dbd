#include "add.h"

int two(void) { return TWO; }

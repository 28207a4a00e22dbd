#include "_cgo_export.h"

int call_back(int n) { return deepCallback(n) + 1; }

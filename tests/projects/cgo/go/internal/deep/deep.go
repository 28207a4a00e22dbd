// Package deep is imported by another package alone, and calls back from C into Go.
package deep

// #cgo LDFLAGS: -L${SRCDIR}/../../lib -ldeep
// int deep(void);
// int call_back(int);
import "C"

// Value comes from a library.
func Value() int { return int(C.deep()) }

// Callback goes through C.
func Callback(n int) int { return int(C.call_back(C.int(n))) }

//export deepCallback
func deepCallback(n C.int) C.int { return n * 2 }

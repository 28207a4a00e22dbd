// Package main is linked into the Rust program. Rust sees the functions with an
// //export line, which must follow the doc comment and name the function.
package main

import "C"

import (
	"fmt"
	"runtime"
)

// Greet borrows name for the call. Its result is C memory, which Rust frees.
//
//export Greet
func Greet(name string) *C.char {
	return C.CString(fmt.Sprintf("Hello, %s, from Go (%s/%s)", name, runtime.GOOS, runtime.GOARCH))
}

// Add takes int64, not int: an int has 32 bits on a 32-bit target.
//
//export Add
func Add(a, b int64) int64 {
	return a + b
}

// Divide returns an error as text, nil for none. An unrecovered panic would
// end the whole process, so b is checked first.
//
//export Divide
func Divide(a, b int64) (quotient int64, err *C.char) {
	if b == 0 {
		return 0, C.CString("cannot divide by zero")
	}
	return a / b, nil
}

// main must exist and is never called: Rust's main runs.
func main() {}

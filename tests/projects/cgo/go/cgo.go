// Package main has what real cgo packages have: C, C++ and assembler sources, libraries by path
// and by name, and packages of its own that have more of it.
package main

// #cgo CFLAGS: -DFROM_LINE=100
// #cgo LDFLAGS: ${SRCDIR}/lib/libthird.a ${SRCDIR}/lib/object.o -lm
// #cgo LDFLAGS: -L${SRCDIR}/lib -lping -lpong -lping
// #cgo LDFLAGS: ${SRCDIR}/lib/librusty.a
// #include <stdlib.h>
// int third(int);
// int ping(int);
// int of_c(void);
// int of_rust(int);
// int macros(void);
// int wrapped(int);
// int rusty(int);
// extern int of_assembler;
// char *of_cxx(int);
import "C"

import (
	"unsafe"

	"example.com/cgo/internal/deep"
)

var (
	ofScript = "none"
	ofUser   = "none"
)

//export Third
func Third(a C.int) C.int { return C.third(a) }

//export Ping
func Ping(n C.int) C.int { return C.ping(n) }

//export OfC
func OfC() C.int { return C.of_c() }

//export OfRust
func OfRust(n C.int) C.int { return C.of_rust(n) }

//export OfAssembler
func OfAssembler() C.int { return C.of_assembler }

//export Macros
func Macros() C.int { return C.macros() }

//export Wrapped
func Wrapped(n C.int) C.int { return C.wrapped(n) }

// Rusty asks a library that is written in Rust.
//
//export Rusty
func Rusty(n C.int) C.int { return C.rusty(n) }

//export Deep
func Deep() C.int { return C.int(deep.Value()) }

//export Callback
func Callback(n C.int) C.int { return C.int(deep.Callback(int(n))) }

// OfCxx gives what C++ makes of a number: memory that C gave.
//
//export OfCxx
func OfCxx(n C.int) *C.char { return C.of_cxx(n) }

//export Settings
func Settings() *C.char { return C.CString(ofScript + " " + ofUser + " " + tags) }

//export Free
func Free(text *C.char) { C.free(unsafe.Pointer(text)) }

func main() {}

// Package main holds functions that do as little as can be, so that what is measured is the way
// there and back.
package main

/*
#include <stddef.h>
*/
import "C"

import (
	"time"
	"unsafe"
)

// page is what goes to Rust.
var page = make([]byte, 4096)

// Add takes numbers of the same width in both languages.
//
//export Add
func Add(a, b int32) int32 {
	return a + b
}

// AddInt takes Go's int, whose width the target decides.
//
//export AddInt
func AddInt(a, b int) int {
	return a + b
}

// StringEnds reads the first and the last byte of a string that is not empty.
//
//export StringEnds
func StringEnds(s string) int32 {
	return int32(s[0]) + int32(s[len(s)-1])
}

// BytesEnds reads the first and the last byte of a slice that is not empty.
//
//export BytesEnds
func BytesEnds(b []byte) int32 {
	return int32(b[0]) + int32(b[len(b)-1])
}

// Fill copies a page into the caller's memory.
//
//export Fill
func Fill(b []byte) int {
	return copy(b, page)
}

// Page returns a page in C memory, which the caller frees.
//
//export Page
func Page() (data unsafe.Pointer, size C.size_t) {
	return C.CBytes(page), C.size_t(len(page))
}

// Wait blocks its goroutine, as one that waits for a network does.
//
//export Wait
func Wait(microseconds int64) {
	time.Sleep(time.Duration(microseconds) * time.Microsecond)
}

// Compute takes a CPU for as long.
//
//export Compute
func Compute(microseconds int64) {
	for start := time.Now(); time.Since(start) < time.Duration(microseconds)*time.Microsecond; {
	}
}

func main() {}

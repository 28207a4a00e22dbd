// Package main lends the Go side to Rust.
package main

import "C"

import (
	"unsafe"

	"paths/parity"
)

// Parity writes the exclusive or of three buffers into the first.
//
//export Parity
func Parity(a, b, c *byte, size C.int) {
	parity.Of(bytes(a, size), bytes(b, size), bytes(c, size))
}

// Path is the path of the Go side; C memory.
//
//export Path
func Path() *C.char {
	return C.CString(parity.Path())
}

func bytes(first *byte, size C.int) []byte {
	return unsafe.Slice(first, int(size))
}

func main() {}

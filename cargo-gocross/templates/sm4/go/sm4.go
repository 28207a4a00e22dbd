// Package main gives Rust the SM4 cipher of github.com/emmansun/gmsm.
//
// C names are global in a program, so the exported ones share a prefix.
package main

import "C"

import (
	"crypto/cipher"
	"fmt"
	"runtime/cgo"

	"github.com/emmansun/gmsm/sm4"
)

// newStream starts SM4-CTR at the first byte of the key stream.
func newStream(key, iv []byte) (cipher.Stream, error) {
	block, err := sm4.NewCipher(key)
	if err != nil {
		return nil, err
	}
	// NewCTR panics on a wrong length.
	if len(iv) != block.BlockSize() {
		return nil, fmt.Errorf("sm4: invalid iv size %d", len(iv))
	}
	return cipher.NewCTR(block, iv), nil
}

// caught makes a panic an error: one that left an exported function would end
// the whole process.
func caught(err **C.char) {
	if r := recover(); r != nil {
		*err = C.CString(fmt.Sprint(r))
	}
}

// Sm4New makes the state of one stream. Rust holds its handle, since it may not
// hold a Go pointer, and ends it with Sm4Free. key and iv are copied.
//
//export Sm4New
func Sm4New(key, iv []byte) (handle uintptr, err *C.char) {
	defer caught(&err)
	stream, e := newStream(key, iv)
	if e != nil {
		return 0, C.CString(e.Error())
	}
	return uintptr(cgo.NewHandle(stream)), nil
}

// Sm4Xor encrypts or decrypts the next len(buf) bytes in place. buf is Rust's
// memory, borrowed for the call. One handle serves one call at a time.
//
//export Sm4Xor
func Sm4Xor(handle uintptr, buf []byte) (err *C.char) {
	defer caught(&err)
	cgo.Handle(handle).Value().(cipher.Stream).XORKeyStream(buf, buf)
	return nil
}

// Sm4Free ends a handle of Sm4New. Go's collector takes the state then.
//
//export Sm4Free
func Sm4Free(handle uintptr) {
	cgo.Handle(handle).Delete()
}

// main must exist and is never called: Rust's main runs.
func main() {}

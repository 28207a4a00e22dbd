// Package main has functions of every form, to be called later.
package main

/*
#include <stdbool.h>
#include <stdint.h>

// What is aligned to 8 bytes by C lies at a multiple of 4 in Go's frames on 32-bit machines.
struct mixed {
	int8_t small;
	int64_t large;
	float ratio;
};
typedef int32_t (*callback)(int32_t);
static int32_t call(callback f, int32_t n) { return f(n); }
*/
import "C"

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
	"unsafe"
)

var ran, waiting atomic.Int64

// Add takes and gives a number.
//
//export Add
func Add(a, b int32) int32 {
	ran.Add(1)
	return a + b
}

// Mixed takes numbers between which Go leaves gaps, and gives several.
//
//export Mixed
func Mixed(a int8, b int64, c bool, d float64, e uint16, f int) (r0 int8, r1 int64, r2 bool, r3 float64, r4 int) {
	return a + 1, b + 1, !c, d / 2, f + int(e)
}

// Struct takes and gives a struct of C.
//
//export Struct
func Struct(a int8, s C.struct_mixed) C.struct_mixed {
	s.small += C.int8_t(a)
	s.large *= 2
	s.ratio /= 2
	return s
}

// Sum reads strings and slices of the caller.
//
//export Sum
func Sum(s string, b []byte) (n int, last byte) {
	for i := range b {
		n += int(b[i])
	}
	return n + len(s), s[len(s)-1]
}

// Fill writes into memory of the caller.
//
//export Fill
func Fill(b []byte, value byte) {
	for i := range b {
		b[i] = value
	}
}

// Callback calls into Rust.
//
//export Callback
func Callback(f C.callback, n int32) int32 {
	return int32(C.call(f, C.int32_t(n)))
}

// Nothing takes and gives nothing.
//
//export Nothing
func Nothing() {
	ran.Add(1)
}

// Ran returns how many calls of Add and Nothing have run.
//
//export Ran
func Ran() int64 {
	return ran.Load()
}

// Wait blocks its goroutine.
//
//export Wait
func Wait(microseconds int64) {
	time.Sleep(time.Duration(microseconds) * time.Microsecond)
}

var release = make(chan struct{})

// WaitForRelease blocks its goroutine until Release is called.
//
//export WaitForRelease
func WaitForRelease() {
	waiting.Add(1)
	<-release
	waiting.Add(-1)
}

// Waiting returns how many goroutines wait.
//
//export Waiting
func Waiting() int64 {
	return waiting.Load()
}

// Release lets all of them go on.
//
//export Release
func Release() {
	close(release)
}

// Allocate makes garbage, moves its stack and collects garbage.
//
//export Allocate
func Allocate(depth int32) int32 {
	var room [256]byte
	if depth == 0 {
		runtime.GC()
		debug.FreeOSMemory()
		return 0
	}
	room[depth%256] = 1
	keep = make([]byte, 4096)
	return Allocate(depth-1) + int32(room[depth%256])
}

var keep []byte

// Compute takes a CPU and reads no clock, so that only a signal can interrupt it.
//
//export Compute
func Compute(rounds int64) (sum int64) {
	for i := int64(0); i < rounds; i++ {
		sum += i
	}
	return sum
}

// Text returns memory that the caller frees.
//
//export Text
func Text(n int) unsafe.Pointer {
	return C.CBytes(make([]byte, n))
}

// Panic leaves an exported function.
//
//export Panic
func Panic() {
	panic("nobody recovers from this")
}

// Exit ends its goroutine, which a function that C calls must not do.
//
//export Exit
func Exit() {
	runtime.Goexit()
}

func main() {}

// Package main is what the program calls while signals arrive and threads come and go.
package main

/*
#include <stdint.h>
#include <stdlib.h>

typedef int (*guest_callback)(void *context, int n);

static int guest_call(guest_callback f, void *context, int n) { return f(context, n); }
*/
import "C"

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

//export Add
func Add(a, b int32) int32 { return a + b }

var sink atomic.Pointer[[]byte]

// Stacks that grow and shrink, memory that is thrown away.
func dig(depth int) int {
	var frame [64]byte
	frame[depth%64] = byte(depth)
	if depth == 0 {
		return 0
	}
	text := make([]byte, 512)
	sink.Store(&text)
	return dig(depth-1) + int(frame[(depth+1)%64]) + 1
}

// Work keeps eight goroutines busy, and gives the number of their steps.
//
//export Work
func Work(rounds int32) int64 {
	var steps atomic.Int64
	var group sync.WaitGroup
	for i := range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range int(rounds) {
				steps.Add(int64(dig(20 + i)))
			}
		}()
	}
	own := 0
	for range int(rounds) {
		own += dig(10)
	}
	group.Wait()
	return steps.Load() + int64(own)
}

// Nil reads through a nil pointer, and tells of the panic that Go makes of it.
//
//export Nil
func Nil() (err *C.char) {
	defer func() {
		if r := recover(); r != nil {
			err = C.CString(fmt.Sprint(r))
		}
	}()
	var p *[4]int
	runtime.KeepAlive(p[2])
	return nil
}

//export Panic
func Panic() {
	panic("nobody recovers from this")
}

// Spin counts to `limit` without a call.
//
//export Spin
func Spin(limit int64) int64 {
	var stop atomic.Bool
	n := int64(0)
	for ; !stop.Load() && n < limit; n++ {
	}
	return n
}

// Preempt runs a loop without calls beside a garbage collection, which waits for it. It tells
// whether the loop was still running when that was done: without preemption it ends first.
//
//export Preempt
func Preempt(limit int64) bool {
	var stop, ended atomic.Bool
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		defer group.Done()
		for n := int64(0); !stop.Load() && n < limit; n++ {
		}
		ended.Store(true)
	}()
	time.Sleep(10 * time.Millisecond)
	runtime.GC()
	preempted := !ended.Load()
	stop.Store(true)
	group.Wait()
	return preempted
}

// CallBack has `routines` goroutines call a function of the program's, each `n` times, and gives
// the sum of what it returned.
//
//export CallBack
func CallBack(f C.guest_callback, context unsafe.Pointer, routines, n int32) int64 {
	var sum atomic.Int64
	var group sync.WaitGroup
	for range routines {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range n {
				sum.Add(int64(C.guest_call(f, context, C.int(i))))
			}
		}()
	}
	group.Wait()
	return sum.Load()
}

// Child starts a program from Go, and gives its exit status.
//
//export Child
func Child() int32 {
	command := exec.Command("/bin/true")
	command.Stderr = os.Stderr
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return -1
	}
	return int32(command.ProcessState.ExitCode())
}

var counted atomic.Int64

// Count counts its calls.
//
//export Count
func Count() { counted.Add(1) }

// Counted gives how often Count was called.
//
//export Counted
func Counted() int64 { return counted.Load() }

var (
	idle  = make(chan struct{})
	group sync.WaitGroup
)

// Busy starts goroutines that wait for timers and throw memory away, and a garbage collection every
// millisecond, until Idle is called.
//
//export Busy
func Busy(goroutines int32) {
	for i := range goroutines {
		group.Add(1)
		go func() {
			defer group.Done()
			ticker := time.NewTicker(time.Duration(50+i%100) * time.Millisecond)
			defer ticker.Stop()
			for {
				select {
				case <-idle:
					return
				case <-ticker.C:
					dig(int(i % 16))
				}
			}
		}()
	}
	group.Add(1)
	go func() {
		defer group.Done()
		for {
			select {
			case <-idle:
				return
			case <-time.After(time.Millisecond):
				runtime.GC()
			}
		}
	}()
}

// Idle ends the goroutines of Busy, and waits for them.
//
//export Idle
func Idle() {
	close(idle)
	group.Wait()
}

func main() {}

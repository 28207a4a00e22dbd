// Package main shows what lives on in a Go runtime: state, goroutines, what it knows of the program.
package main

import "C"

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

var (
	count  atomic.Int64
	asked  = make(chan int64)
	square = make(chan int64)
)

func init() {
	// Lives as long as the runtime, and works in each round.
	go func() {
		for n := range asked {
			square <- n * n
		}
	}()
}

// Next counts its calls.
//
//export Next
func Next() int64 { return count.Add(1) }

// Square asks the goroutine that was there from the beginning.
//
//export Square
func Square(n int64) int64 {
	asked <- n
	return <-square
}

// Sum computes the sum of 1 to n on a goroutine for each number, with a collection of garbage.
//
//export Sum
func Sum(n int64) int64 {
	var sum atomic.Int64
	var all sync.WaitGroup
	for i := int64(1); i <= n; i++ {
		all.Add(1)
		go func(i int64) {
			defer all.Done()
			sum.Add(int64(len(make([]byte, i))))
		}(i)
	}
	all.Wait()
	runtime.GC()
	return sum.Load()
}

// Describe names the arguments of the program, and a variable as it was when Go started.
//
//export Describe
func Describe() *C.char {
	return C.CString(fmt.Sprintf("args %q, started %q", os.Args[1:], os.Getenv("SHARED_TIME")))
}

func main() {}

// Package main tells C what the runtime knows of the program, and shows that it works.
package main

import "C"

import (
	"os"
	"runtime"
	"strconv"
	"sync"
)

// Describe gives the version, the platform, and the number and the last of the arguments.
//
//export Describe
func Describe() *C.char {
	last := os.Args[len(os.Args)-1]
	arguments := strconv.Itoa(len(os.Args)) + " arguments, the last is " + last
	return C.CString(runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH + ": " + arguments)
}

// Sum adds 1 to n, each number in a goroutine of its own, with a collection on the way.
//
//export Sum
func Sum(n int64) int64 {
	var sum int64
	var lock sync.Mutex
	var group sync.WaitGroup
	for i := range n {
		group.Add(1)
		go func() {
			defer group.Done()
			if i == n/2 {
				runtime.GC()
			}
			lock.Lock()
			sum += i + 1
			lock.Unlock()
		}()
	}
	group.Wait()
	return sum
}

func main() {}

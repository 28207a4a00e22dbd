// Package main tells what the runtime found when it started.
package main

import "C"

import (
	"flag"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	_ "unsafe"
)

//go:linkname getAuxv runtime.getAuxv
func getAuxv() []uintptr

// AuxiliaryValue is what the runtime was told for a kind (AT_RANDOM, AT_ENTRY), and 0 if nothing.
//
//export AuxiliaryValue
func AuxiliaryValue(kind uintptr) uintptr {
	for pairs := getAuxv(); len(pairs) >= 2; pairs = pairs[2:] {
		if pairs[0] == kind {
			return pairs[1]
		}
	}
	return 0
}

func init() {
	if os.Getenv("STARTUP_PANIC") != "" {
		panic("no start today")
	}
}

// Report is C memory.
//
//export Report
func Report() *C.char {
	flag.CommandLine = flag.NewFlagSet(os.Args[0], flag.ContinueOnError)
	name := flag.String("name", "nobody", "")
	parsed := "parsed"
	if err := flag.CommandLine.Parse(os.Args[min(2, len(os.Args)):]); err != nil {
		parsed = err.Error()
	}
	var named []string
	for _, pair := range os.Environ() {
		if strings.HasPrefix(pair, "STARTUP_") {
			named = append(named, pair)
		}
	}
	// The order is the kernel's, and QEMU's is another one.
	slices.Sort(named)
	return C.CString(fmt.Sprintf("args %q\nflags %s: name=%s rest=%q\nenviron %q\npage %d",
		os.Args[1:], parsed, *name, flag.CommandLine.Args(), named, os.Getpagesize()))
}

// Limits is C memory: what the runtime was started with, as its own functions tell it.
//
//export Limits
func Limits() *C.char {
	// The first number of the seed 1 (GODEBUG=randautoseed=0).
	seeded := rand.Int63() == 5577006791947779410
	return C.CString(fmt.Sprintf("memory=%d gc=%d procs=%d seeded=%t nil=%t",
		debug.SetMemoryLimit(-1), debug.SetGCPercent(100), runtime.GOMAXPROCS(0), seeded, panicsWithNil()))
}

// panicsWithNil tells whether panic(nil) is recovered as nil (GODEBUG=panicnil=1).
func panicsWithNil() (is bool) {
	defer func() { is = recover() == nil }()
	panic(nil)
}

func main() {}

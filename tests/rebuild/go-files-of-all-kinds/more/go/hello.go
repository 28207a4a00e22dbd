// Package main is made of all that Go can be made of.
package main

// #include "add.h"
import "C"

import (
	"embed"
	"fmt"
	"runtime"

	"example.com/hello/below"
	"example.com/other"
)

//go:embed text/*.txt
var texts embed.FS

//export Greet
func Greet(_ string) *C.char {
	text, _ := texts.ReadFile("text/embedded.txt")
	more, _ := texts.ReadFile("text/second.txt")
	return C.CString(fmt.Sprintf("Hello, %s%s %d %d%s, from Go (%s/%s)", text, more, C.two(),
		other.Number(), below.Text(), runtime.GOOS, runtime.GOARCH))
}

//export Add
func Add(a, b int64) int64 { return a + b }

//export Divide
func Divide(a, b int64) (quotient int64, err *C.char) { return 7, nil }

func main() {}

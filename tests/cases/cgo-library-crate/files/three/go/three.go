// Package main asks for a library and for something that only a program can have.
package main

// #cgo LDFLAGS: -lm -Wl,-rpath,/opt/three
// #include <math.h>
import "C"

//export Root
func Root(n C.int) C.int { return C.int(C.sqrt(C.double(n))) }

func main() {}

// Package main asks its own C code.
package main

// int answer(void);
import "C"

//export Ask
func Ask() C.int { return C.answer() }

func main() {}

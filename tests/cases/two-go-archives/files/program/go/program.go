// Package main is linked into Rust.
package main

import "C"

//export Number_program
func Number_program() int64 { return 7 }

func main() {}

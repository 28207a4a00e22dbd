// Package main is linked into Rust.
package main

import "C"

//export Number_library
func Number_library() int64 { return 7 }

func main() {}

// Package main is linked into Rust.
package main

import "C"

//export Number_one
func Number_one() int64 { return 3 }

func main() {}

// Package main is linked into Rust.
package main

import "C"

//export Number_three
func Number_three() int64 { return 5 }

func main() {}

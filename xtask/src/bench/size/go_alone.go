// What makes a plain Go program of examples/hello/go/hello.go, so that its
// size can be measured: the functions are called as the Rust program calls
// them, and there is no C. print belongs to the runtime and adds no package.
package main

// cString stands for C.CString.
func cString(text string) *string {
	return &text
}

func main() {
	println(*Greet("world"))
	println("40 + 2 =", Add(40, 2))
	for _, divisor := range []int64{6, 0} {
		if quotient, err := Divide(42, divisor); err == nil {
			println("42 /", divisor, "=", quotient)
		} else {
			println("42 /", divisor, ":", *err)
		}
	}
}

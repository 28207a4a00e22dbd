//go:build !mipsle

// Where C passes complex numbers as structs of two, Rust can be called with them.

package main

/*
#include <complex.h>

typedef double _Complex (*turn)(double _Complex z, float _Complex by, int n);

static inline double _Complex turned(turn f, double _Complex z, float _Complex by, int n) {
	return f(z, by, n);
}
*/
import "C"

//export Turn
func Turn(f C.turn, z complex128, by complex64, n C.int) complex128 {
	return complex128(C.turned(f, C.complexdouble(z), C.complexfloat(by), n)) + 1
}

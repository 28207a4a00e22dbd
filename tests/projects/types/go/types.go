package main

/*
#include "shapes.h"

static inline int32_t call(visit f, int32_t index, point where, void *context) {
	return f(index, where, context);
}

static inline size_t length(_GoString_ s) { return _GoStringLen(s); }

typedef struct {
	_GoString_ text;
	int32_t n;
} label;
*/
import "C"

import (
	"errors"
	"runtime/cgo"
	"unsafe"
)

type celsius float64

type colours map[string]int

//export Bool
func Bool(a bool, b C.bool) (bool, C.bool) { return !a, !b }

//export Signed
func Signed(a int8, b int16, c int32, d int64, e int, f rune) (int8, int16, int32, int64, int, rune) {
	return -a, -b, -c, -d, -e, -f
}

//export Unsigned
func Unsigned(a uint8, b uint16, c uint32, d uint64, e uint, f byte, g uintptr) (uint8, uint16, uint32, uint64, uint, byte, uintptr) {
	return ^a, ^b, ^c, ^d, ^e, ^f, ^g
}

//export CIntegers
func CIntegers(a C.char, b C.schar, c C.uchar, d C.short, e C.ushort, f C.int, g C.uint, h C.long, i C.ulong, j C.longlong, k C.ulonglong, l C.size_t) C.longlong {
	return C.longlong(a) + C.longlong(b) + C.longlong(c) + C.longlong(d) + C.longlong(e) + C.longlong(f) +
		C.longlong(g) + C.longlong(h) + C.longlong(i) + j + C.longlong(k) + C.longlong(l)
}

//export Exact
func Exact(a C.int8_t, b C.uint16_t, c C.int32_t, d C.uint64_t, e C.uintptr_t, f C.intptr_t) C.uint64_t {
	return C.uint64_t(a) + C.uint64_t(b) + C.uint64_t(c) + d + C.uint64_t(e) + C.uint64_t(f)
}

//export Floats
func Floats(a float32, b float64, c C.float, d C.double, e celsius) (float32, float64, C.float, C.double, celsius) {
	return a / 2, b / 2, c / 2, d / 2, e / 2
}

//export Complex64
func Complex64(a complex64) complex64 { return a * complex(0, 1) }

//export Complex128
func Complex128(a, b complex128) complex128 { return a * b }

// Arguments of all kinds around the complex ones, so that each has its own place.
//
//export ComplexAmong
func ComplexAmong(n int32, a complex64, s string, b complex128, f float32, c C.complexfloat, d C.complexdouble, last int8) (complex128, int, complex64) {
	sum := complex128(a) + b + complex128(c) + complex128(d) + complex(float64(n)+float64(f), float64(last))
	return sum, len(s), a
}

//export Wave
func Wave(w C.struct_wave, by complex128) C.struct_wave {
	w.low *= C.complexfloat(by)
	w.high *= C.complexdouble(by)
	w.n++
	return w
}

//export WaveAt
func WaveAt(w *C.struct_wave, z *complex128) {
	w.high += C.complexdouble(*z)
	*z = -*z
}

//export ComplexSum
func ComplexSum(all []complex128) (sum complex128) {
	for i, one := range all {
		sum += one
		all[i] = -one
	}
	return sum
}

//export Text
func Text(s string) (int, byte) { return len(s), s[len(s)-1] }

//export Label
func Label(l C.label) (int, C.size_t, C.int32_t) { return len(l.text), C.length(l.text), l.n }

//export Slice
func Slice(b []int32) (int, int, int32) {
	total := int32(0)
	for i := range b {
		total += b[i]
		b[i] *= 2
	}
	return len(b), cap(b), total
}

//export Point
func Point(p C.point, q *C.point) C.point { return C.point{x: p.x + q.y, y: p.y + q.x} }

//export Mixed
func Mixed(before float32, m C.struct_mixed, after float32) C.struct_mixed {
	m.f += C.float(before)
	m.d += C.double(after)
	m.i = -m.i
	return m
}

//export Small
func Small(s C.struct_small) C.struct_small { return C.struct_small{a: s.c, b: s.a, c: s.b} }

//export Nested
func Nested(n C.struct_nested) C.struct_nested {
	n.corner[0], n.corner[1] = n.corner[1], n.corner[0]
	n.name[0]++
	n.next.a++
	n.inner.i *= 2
	return n
}

// Go sees no bit-fields: it hands them back.
//
//export Bits
func Bits(b C.struct_bits, f float32) C.struct_bits {
	b.f *= C.float(f)
	return b
}

//export Tight
func Tight(t C.struct_tight, n uint64) (C.struct_tight, uint64) {
	t.a++
	return t, n
}

//export Wide
func Wide(before float32, w C.struct_wide, after int32) C.struct_wide {
	w.f += C.float(before) + C.float(after)
	return w
}

//export Number
func Number(n C.union_number, plus int32) C.union_number {
	*(*int32)(unsafe.Pointer(&n)) += plus
	return n
}

//export Fraction
func Fraction(f C.union_fraction) C.union_fraction {
	*(*float32)(unsafe.Pointer(&f)) *= 3
	return f
}

//export Tagged
func Tagged(t C.struct_tagged) C.struct_tagged {
	t.kind = C.BROKEN
	t.number[7]++
	return t
}

//export Colour
func Colour(c C.enum_colour) C.enum_colour {
	if c == C.GREEN {
		return C.BLUE
	}
	return C.RED
}

//export Vector
func Vector(v C.four, n int32) C.four {
	for i := range v {
		v[i] += C.float(n)
	}
	return v
}

//export Visit
func Visit(f C.visit, context unsafe.Pointer) (sum C.int32_t) {
	for i := C.int32_t(0); i < 3; i++ {
		sum += C.call(f, i, C.point{x: C.double(i), y: 0.5}, context)
	}
	return sum
}

//export Table
func Table(t C.struct_table) C.int32_t { return C.call(t.each, t.count, C.point{}, t.context) }

//export Pass
func Pass(p unsafe.Pointer, o *C.struct_opaque) (unsafe.Pointer, *C.struct_opaque) { return p, o }

//export Handle
func Handle(word string) uintptr { return uintptr(cgo.NewHandle(len(word))) }

//export HandleValue
func HandleValue(handle uintptr) int {
	defer cgo.Handle(handle).Delete()
	return cgo.Handle(handle).Value().(int)
}

// A nil map, a nil channel and a nil interface hold no pointer of Go's, so C may have them.
//
//export Nothing
func Nothing() (map[string]int, chan int, any, error, []byte) { return nil, nil, nil, nil, nil }

//export IsNothing
func IsNothing(m map[string]int, c chan int, a any, e error, named colours) bool {
	return m == nil && c == nil && a == nil && e == nil && named == nil
}

//export Half
func Half(n int) (half int, err *C.char) {
	if n%2 != 0 {
		return 0, C.CString(errors.New("odd number").Error())
	}
	return n / 2, nil
}

// Names that are Rust's.
//
//export match
func match(self int, fn complex64, result int) (complex64, int) {
	return fn, self + result
}

func main() {}

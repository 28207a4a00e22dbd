//go:build !arm64 || purego

package parity

const hasEOR3 = false

func eor3(a, b, c *byte, size int) {}

// Package parity has two ways to the exclusive or of three buffers.
package parity

// Of writes it into the first.
func Of(a, b, c []byte) {
	whole := 0
	if hasEOR3 {
		whole = len(a) &^ 15
		if whole > 0 {
			eor3(&a[0], &b[0], &c[0], whole)
		}
	}
	generic(a[whole:], b[whole:], c[whole:])
}

// Path is the one that Of takes.
func Path() string {
	if hasEOR3 {
		return "eor3"
	}
	return "generic"
}

//go:noinline
func generic(a, b, c []byte) {
	for i := range a {
		a[i] ^= b[i] ^ c[i]
	}
}

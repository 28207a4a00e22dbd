//go:build !purego

package main

import _ "unsafe" // for go:linkname

// useGFNI is gmsm's own variable: no type shows it.
//
//go:linkname useGFNI github.com/emmansun/gmsm/internal/sm4.useGFNI
var useGFNI bool

// Package main uses a well-known module that takes its C library from the system.
package main

// unsigned ZSTD_versionNumber(void);
import "C"

import (
	"strings"

	"github.com/DataDog/zstd"
)

//export Version
func Version() C.uint { return C.ZSTD_versionNumber() }

//export RoundTrip
func RoundTrip() bool {
	input := strings.Repeat("the same again ", 1000)
	packed, err := zstd.Compress(nil, []byte(input))
	if err != nil || len(packed) > 100 {
		return false
	}
	output, err := zstd.Decompress(nil, packed)
	return err == nil && string(output) == input
}

func main() {}

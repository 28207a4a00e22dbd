//go:build !purego

package parity

import (
	"encoding/binary"
	"os"
	"strings"
)

// eor3 takes a positive multiple of 16 bytes.
//
//go:noescape
func eor3(a, b, c *byte, size int)

var hasEOR3 = asksForSHA3()

// asksForSHA3 looks for bit 17 of AT_HWCAP (16), arch/arm64/include/uapi/asm/hwcap.h, unless
// GODEBUG hides it as it does for internal/cpu.
func asksForSHA3() bool {
	if strings.Contains(os.Getenv("GODEBUG"), "cpu.sha3=off") {
		return false
	}
	vector, err := os.ReadFile("/proc/self/auxv")
	for ; err == nil && len(vector) >= 16; vector = vector[16:] {
		if binary.LittleEndian.Uint64(vector) == 16 {
			return binary.LittleEndian.Uint64(vector[8:])>>17&1 != 0
		}
	}
	return false
}

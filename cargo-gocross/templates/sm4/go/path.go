package main

import "C"

import (
	"fmt"
	"runtime"

	"github.com/emmansun/gmsm/sm4"
)

// Sm4Path names the path that gmsm takes, by the type of the cipher that it
// makes: it has one for each kind of hardware, and chooses once, when it starts.
// GODEBUG (cpu.sm4=off, cpu.aes=off, cpu.all=off) and gmsm's own variables
// (DISABLE_SM4NI=1, DISABLE_GFNI=1) show in it, and so does -tags purego.
//
//export Sm4Path
func Sm4Path() (name, err *C.char) {
	defer caught(&err)
	block, e := sm4.NewCipher(make([]byte, sm4.BlockSize))
	if e != nil {
		return nil, C.CString(e.Error())
	}
	path, e := pathOf(block)
	if e != nil {
		return nil, C.CString(e.Error())
	}
	return C.CString(path), nil
}

// pathOf knows the types of gmsm v0.44 (internal/sm4). Those on GCM are for CPUs
// that also multiply without carry.
func pathOf(block any) (string, error) {
	switch kind := fmt.Sprintf("%T", block); kind {
	case "*sm4.sm4Cipher":
		return "portable", nil
	case "*sm4.sm4CipherNI", "*sm4.sm4CipherNIGCM":
		return "sm4e", nil
	case "*sm4.sm4CipherAsm", "*sm4.sm4CipherGCM":
		return asmPath(block), nil
	default:
		return "", fmt.Errorf("sm4: gmsm has a new kind of cipher, %s", kind)
	}
}

// asmPath tells apart what has one type on several architectures.
func asmPath(block any) string {
	switch runtime.GOARCH {
	case "arm64":
		return "aese"
	case "amd64":
		batch, ok := block.(interface{ Concurrency() int })
		switch {
		case useGFNI:
			return "gfni"
		case ok && batch.Concurrency() == 8:
			return "avx2"
		default:
			return "aesni"
		}
	default: // vcipher on POWER, LASX on LoongArch
		return "vector"
	}
}

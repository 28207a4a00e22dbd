package main

import "C"

import (
	"crypto/cipher"
	"fmt"

	smcipher "github.com/emmansun/gmsm/cipher"
	"github.com/emmansun/gmsm/sm4"
)

// The exports here do one whole message a call and keep nothing. dst and src
// are Rust's memory, borrowed for the call; they are the same or do not overlap.

// Sm4Ctr encrypts or decrypts src to dst in counter mode.
//
//export Sm4Ctr
func Sm4Ctr(key, iv, dst, src []byte) (err *C.char) {
	defer caught(&err)
	stream, e := newStream(key, iv)
	if e != nil {
		return C.CString(e.Error())
	}
	stream.XORKeyStream(dst, src)
	return nil
}

// Sm4Ecb encrypts whole blocks, each on its own.
//
//export Sm4Ecb
func Sm4Ecb(key, dst, src []byte) (err *C.char) {
	defer caught(&err)
	block, e := sm4.NewCipher(key)
	if e != nil {
		return C.CString(e.Error())
	}
	smcipher.NewECBEncrypter(block).CryptBlocks(dst, src)
	return nil
}

// Sm4Seal encrypts src in Galois/counter mode. dst has room for the tag, 16
// bytes, behind the text.
//
//export Sm4Seal
func Sm4Seal(key, nonce, aad, dst, src []byte) (err *C.char) {
	defer caught(&err)
	gcm, e := newGCM(key, nonce)
	if e != nil {
		return C.CString(e.Error())
	}
	if len(dst) != len(src)+gcm.Overhead() {
		return C.CString(fmt.Sprintf("sm4: no room for the tag: %d bytes for a text of %d", len(dst), len(src)))
	}
	gcm.Seal(dst[:0], nonce, src, aad)
	return nil
}

// Sm4Open decrypts what Sm4Seal made. It fails if anything was changed.
//
//export Sm4Open
func Sm4Open(key, nonce, aad, dst, src []byte) (err *C.char) {
	defer caught(&err)
	gcm, e := newGCM(key, nonce)
	if e != nil {
		return C.CString(e.Error())
	}
	if len(dst)+gcm.Overhead() != len(src) {
		return C.CString(fmt.Sprintf("sm4: %d bytes for the text of %d", len(dst), len(src)))
	}
	// The capacity holds Open to dst: what does not fit would be put elsewhere.
	if _, e = gcm.Open(dst[:0:len(dst)], nonce, src, aad); e != nil {
		return C.CString(e.Error())
	}
	return nil
}

// newGCM takes a nonce of any length but 0.
func newGCM(key, nonce []byte) (cipher.AEAD, error) {
	block, err := sm4.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithNonceSize(block, len(nonce))
}

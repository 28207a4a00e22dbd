package main

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/emmansun/gmsm/sm4"
)

var (
	key = unhex("0123456789abcdeffedcba9876543210")
	iv  = unhex("000102030405060708090a0b0c0d0e0f")
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// The example of draft-ribose-cfrg-sm4, A.2.5.1.
func TestVector(t *testing.T) {
	buf := unhex("aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd" +
		"eeeeeeeeeeeeeeeeffffffffffffffffaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb")
	want := unhex("ac3236cb970cc20791364c395a1342d1a3cbc1878c6f30cd074cce385cdd70c7" +
		"f234bc0e24c11980fd1286310ce37b926e02fcd0faa0baf38b2933851d824514")
	stream, err := newStream(key, iv)
	if err != nil {
		t.Fatal(err)
	}
	stream.XORKeyStream(buf, buf)
	if !bytes.Equal(buf, want) {
		t.Errorf("got %x, want %x", buf, want)
	}
}

func TestBadLengths(t *testing.T) {
	for _, c := range []struct {
		key, iv []byte
		want    string
	}{
		{key[:15], iv, "sm4: invalid key size 15"},
		{nil, iv, "sm4: invalid key size 0"},
		{key, iv[:8], "sm4: invalid iv size 8"},
	} {
		if _, err := newStream(c.key, c.iv); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// A handle that was never made must not end the process.
func TestBadHandle(t *testing.T) {
	if Sm4Xor(0, make([]byte, 1)) == nil {
		t.Error("no error")
	}
}

// Every type that gmsm can make on this CPU has a name, and the name follows
// what gmsm was told.
func TestPath(t *testing.T) {
	block, err := sm4.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	path, err := pathOf(block)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(path)
	if _, err := pathOf(t); err == nil {
		t.Error("a type that is no cipher has a path")
	}
}

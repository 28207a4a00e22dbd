// Package main reads and writes PNG pictures for Rust, in memory that is Rust's.
//
// A picture is rows of pixels without gaps: 8 bits each of red, green, blue
// and alpha, the colours multiplied by alpha (image.RGBA). A filter may then
// add up pixels, and those that cannot be seen add nothing.
package main

import "C"

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"syscall"
	"unsafe"
)

// view makes pix a picture of Go's. Nothing is copied: what Go draws is there
// in pix at once.
func view(pix []byte, width, height uint32) (*image.RGBA, error) {
	if width == 0 || height == 0 || len(pix)%4 != 0 ||
		uint64(len(pix)/4) != uint64(width)*uint64(height) {
		return nil, fmt.Errorf("%d bytes are no picture of %d x %d pixels", len(pix), width, height)
	}
	return &image.RGBA{
		Pix:    pix,
		Stride: 4 * int(width),
		Rect:   image.Rect(0, 0, int(width), int(height)),
	}, nil
}

// size reads the head of a PNG.
func size(file []byte) (width, height uint32, err error) {
	config, err := png.DecodeConfig(bytes.NewReader(file))
	// More than an int can count, which has 32 bits on some targets. The head is
	// right so far, and both numbers stand at its beginning.
	if err == png.UnsupportedError("dimension overflow") {
		return binary.BigEndian.Uint32(file[16:]), binary.BigEndian.Uint32(file[20:]), nil
	}
	if err != nil {
		return 0, 0, plain(err)
	}
	// A PNG has 31 bits for each.
	return uint32(config.Width), uint32(config.Height), nil
}

// decode draws a PNG of any colour type into pix. image/png makes a picture of
// its own, of the file's colour type; what 16 bits have below the upper 8 goes.
func decode(file, pix []byte, width, height uint32) error {
	picture, err := view(pix, width, height)
	if err != nil {
		return err
	}
	decoded, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return plain(err)
	}
	if decoded.Bounds() != picture.Bounds() {
		return fmt.Errorf("the picture has %v, not %v", decoded.Bounds().Max, picture.Bounds().Max)
	}
	draw.Draw(picture, picture.Bounds(), decoded, image.Point{}, draw.Src)
	return nil
}

// encode writes the picture in pix as a PNG.
func encode(to io.Writer, pix []byte, width, height uint32) error {
	picture, err := view(pix, width, height)
	if err != nil {
		return err
	}
	return png.Encode(to, picture)
}

// plain says what image/png tells people who program.
func plain(err error) error {
	end := io.ErrUnexpectedEOF
	if errors.Is(err, end) || err == png.FormatError(end.Error()) {
		return errors.New("the file ends too early")
	}
	return err
}

// descriptor writes to a file that Rust has opened and closes. An os.File
// would close it as soon as Go's collector takes it.
type descriptor int

func (d descriptor) Write(data []byte) (int, error) {
	done := 0
	for done < len(data) {
		n, err := syscall.Write(int(d), data[done:])
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return done, err
		}
		if n == 0 {
			return done, io.ErrShortWrite
		}
		done += n
	}
	return done, nil
}

// caught makes a panic an error: one that left an exported function would end
// the whole process.
func caught(err **C.char) {
	if r := recover(); r != nil {
		*err = C.CString(fmt.Sprint(r))
	}
}

// message is nil for no error.
func message(err error) *C.char {
	if err == nil {
		return nil
	}
	return C.CString(err.Error())
}

// ImageSize tells how many pixels a PNG has, from its head alone: so Rust can
// refuse a picture, or make room for it.
//
//export ImageSize
func ImageSize(file []byte) (width, height uint32, err *C.char) {
	defer caught(&err)
	width, height, e := size(file)
	return width, height, message(e)
}

// ImageDecode decodes file, which it only reads, into pix. Both are Rust's
// memory, borrowed for the call.
//
//export ImageDecode
func ImageDecode(file, pix []byte, width, height uint32) (err *C.char) {
	defer caught(&err)
	return message(decode(file, pix, width, height))
}

// ImageEncode writes the picture in pix, which it only reads, to an open file.
// Both are Rust's, borrowed for the call.
//
//export ImageEncode
func ImageEncode(file uintptr, pix []byte, width, height uint32) (err *C.char) {
	defer caught(&err)
	return message(encode(descriptor(file), pix, width, height))
}

// ImageAddress tells where Go's picture begins when Rust lends pix: the proof
// that it is Rust's own memory, and no copy. 0 where pix is no such picture.
//
//export ImageAddress
func ImageAddress(pix []byte, width, height uint32) uintptr {
	picture, err := view(pix, width, height)
	if err != nil {
		return 0
	}
	return uintptr(unsafe.Pointer(unsafe.SliceData(picture.Pix)))
}

// main must exist and is never called: Rust's main runs.
func main() {}

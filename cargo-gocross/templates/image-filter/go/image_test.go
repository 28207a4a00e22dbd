package main

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"runtime"
	"testing"
)

// file is a picture as image/png encodes it.
func file(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Whatever model Go's pictures have, decode gives what the model says.
func TestColourModels(t *testing.T) {
	where := image.Rect(0, 0, 5, 3)
	palette := color.Palette{color.NRGBA{1, 2, 3, 255}, color.NRGBA{200, 100, 50, 128}, color.Transparent}
	for _, picture := range []interface {
		image.Image
		Set(x, y int, c color.Color)
	}{
		image.NewGray(where), image.NewGray16(where), image.NewPaletted(where, palette),
		image.NewRGBA(where), image.NewNRGBA(where), image.NewRGBA64(where), image.NewNRGBA64(where),
	} {
		for y := 0; y < 3; y++ {
			for x := 0; x < 5; x++ {
				picture.Set(x, y, color.NRGBA64{uint16(x * 13000), uint16(y * 30000), 40000, uint16(65535 - x*9000)})
			}
		}
		pix := make([]byte, 5*3*4)
		if err := decode(file(t, picture), pix, 5, 3); err != nil {
			t.Fatalf("%T: %v", picture, err)
		}
		for at := 0; at < 15; at++ {
			want := color.RGBAModel.Convert(picture.At(at%5, at/5)).(color.RGBA)
			got := color.RGBA{pix[4*at], pix[4*at+1], pix[4*at+2], pix[4*at+3]}
			// The PNG of a picture with alpha has its colours not multiplied, and rounded.
			if !near(got.R, want.R) || !near(got.G, want.G) || !near(got.B, want.B) || got.A != want.A {
				t.Errorf("%T at %d: got %v, want %v", picture, at, got, want)
			}
		}
	}
}

func near(a, b uint8) bool {
	return int(a)-int(b) <= 1 && int(b)-int(a) <= 1
}

// The picture that Go draws on is the memory that it was given.
func TestViewIsNoCopy(t *testing.T) {
	pix := make([]byte, 2*3*4)
	picture, err := view(pix, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	picture.Set(1, 2, color.RGBA{1, 2, 3, 255})
	if want := []byte{1, 2, 3, 255}; !bytes.Equal(pix[20:], want) {
		t.Errorf("got %v, want %v", pix[20:], want)
	}
	if &picture.Pix[0] != &pix[0] {
		t.Error("the picture is elsewhere")
	}
}

// allocated tells how many bytes work allocates.
func allocated(work func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	work()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Encoding takes the encoder's own memory and not another picture.
func TestEncodeCopiesNothing(t *testing.T) {
	const width, height = 3000, 2000
	pix := make([]byte, width*height*4)
	var err error
	if n := allocated(func() { err = encode(io.Discard, pix, width, height) }); n > uint64(len(pix)/4) {
		t.Errorf("%d bytes for a picture of %d", n, len(pix))
	}
	if err != nil {
		t.Error(err)
	}
	if n := allocated(func() { pix = bytes.Clone(pix) }); n < uint64(len(pix)) {
		t.Errorf("a copy takes %d bytes", n)
	}
}

func TestSizesThatDoNotFit(t *testing.T) {
	picture := file(t, image.NewGray(image.Rect(0, 0, 4, 3)))
	for _, c := range []struct {
		bytes         int
		width, height uint32
		want          string
	}{
		{0, 0, 0, "0 bytes are no picture of 0 x 0 pixels"},
		{48, 4, 4, "48 bytes are no picture of 4 x 4 pixels"},
		{47, 4, 3, "47 bytes are no picture of 4 x 3 pixels"},
		{0, 1 << 31, 1 << 31, "0 bytes are no picture of 2147483648 x 2147483648 pixels"},
		{48, 3, 4, "the picture has (4,3), not (3,4)"},
	} {
		err := decode(picture, make([]byte, c.bytes), c.width, c.height)
		if err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestWriteErrors(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	if err := encode(descriptor(full.Fd()), make([]byte, 4), 1, 1); err == nil || err.Error() != "no space left on device" {
		t.Errorf("got %v", err)
	}
	if err := encode(descriptor(-1), make([]byte, 4), 1, 1); err == nil {
		t.Error("no error")
	}
}

// What image/png says of a file that ends is not what people say.
func TestPlainWords(t *testing.T) {
	if _, _, err := size(nil); err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

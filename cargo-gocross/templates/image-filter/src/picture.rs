//! A picture in memory that Go and Rust share: the pattern for lending a big buffer.
//!
//! Rust owns the memory. It asks Go how many pixels a file has, allocates, and lends the bytes to
//! Go for the length of a call: Go draws into them, Rust filters them in place, Go encodes from
//! them. Nothing is copied on the way from one side to the other.
//!
//! The other way round, Go's memory in Rust's hands, would need a `runtime.Pinner` or a handle for
//! each picture, and nothing would tell the compiler how long the pointer is good. A borrow ends
//! with the call; the compiler knows that, and Go's collector never sees the memory. cgo's rules
//! ("Passing pointers" in `go doc cmd/cgo`) ask nothing of C memory but that it lives.

use crate::go;
use anyhow::{Context, Result, bail, ensure};
use std::fs::File;
use std::os::fd::AsRawFd;

/// Bytes in a pixel: red, green, blue, alpha.
pub const PIXEL: usize = 4;
/// Pixels that a side may have, as in a JPEG.
pub const MAX_SIDE: u32 = 65_535;
/// Pixels that a picture may have unless the caller knows better: 256 MiB.
pub const MAX_PIXELS: u64 = 1 << 26;

/// A picture: rows of pixels without gaps, 8 bits each of red, green, blue and alpha, the colours
/// multiplied by alpha.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Picture {
    /// An empty picture: black, and nothing of it can be seen.
    ///
    /// # Errors
    ///
    /// A side has no pixel or more than [`MAX_SIDE`], both together more than `max_pixels`, or
    /// memory is short.
    pub fn new(width: u32, height: u32, max_pixels: u64) -> Result<Self> {
        ensure!(width > 0 && height > 0, "a picture of {width} x {height} has no pixels");
        ensure!(
            width.max(height) <= MAX_SIDE,
            "{width} x {height} pixels are more than {MAX_SIDE} on one side"
        );
        let count = u64::from(width) * u64::from(height);
        if count > max_pixels {
            bail!(
                "{width} x {height} pixels are more than {max_pixels}; \
                 `--max-pixels {count}` allows them"
            );
        }
        let mut pixels = Vec::new();
        // Not `vec![0; bytes]`, which ends the program when memory is short.
        let bytes = usize::try_from(count).ok().and_then(|count| count.checked_mul(PIXEL));
        let room = bytes.and_then(|bytes| pixels.try_reserve_exact(bytes).ok().map(|()| bytes));
        let bytes = room.with_context(|| format!("no memory for {width} x {height} pixels"))?;
        pixels.resize(bytes, 0);
        Ok(Self { width, height, pixels })
    }

    /// Decodes a PNG of at most `max_pixels`, of any colour type.
    ///
    /// # Errors
    ///
    /// It is none, it is damaged, or it is too large: a small file can ask for gigabytes.
    pub fn decode(file: &[u8], max_pixels: u64) -> Result<Self> {
        // SAFETY: Go reads the file and forgets it; the error is C.CString's.
        let (width, height) = unsafe {
            let r = go::ImageSize(gocross::bytes(file).raw());
            gocross::result((r.r0, r.r1), r.r2)?
        };
        let mut picture = Self::new(width, height, max_pixels)?;
        // SAFETY: Go reads the file, writes inside `pixels`, and forgets both; the error is
        // C.CString's.
        unsafe {
            let (file, pixels) = (gocross::bytes(file).raw(), &mut picture.pixels);
            let pixels = gocross::bytes_mut(pixels).raw();
            gocross::check(go::ImageDecode(file, pixels, width, height))?;
        }
        Ok(picture)
    }

    /// Writes the picture to an open file, as a PNG.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn encode(&self, file: &File) -> Result<()> {
        let pixels = gocross::bytes(&self.pixels).raw();
        let descriptor = file.as_raw_fd() as usize;
        // SAFETY: Go reads the pixels, writes to the file without closing it, and forgets both;
        // the error is C.CString's.
        unsafe {
            gocross::check(go::ImageEncode(descriptor, pixels, self.width, self.height))?;
        }
        Ok(())
    }

    /// Where Go sees the first pixel when the picture is lent: at the address of
    /// [`pixels`](Self::pixels).
    #[must_use]
    pub fn address_in_go(&self) -> usize {
        let pixels = gocross::bytes(&self.pixels).raw();
        // SAFETY: Go looks at the address alone.
        unsafe { go::ImageAddress(pixels, self.width, self.height) }
    }

    /// Pixels in a row.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Bytes in a row.
    #[must_use]
    pub fn stride(&self) -> usize {
        self.width as usize * PIXEL
    }

    /// All rows, one behind the other.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// All rows, to be changed.
    pub fn pixels_mut(&mut self) -> &mut [u8] {
        &mut self.pixels
    }
}

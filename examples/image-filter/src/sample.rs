//! Pictures that the program makes itself, the same on each machine.

use crate::picture::{PIXEL, Picture};
use anyhow::Result;

/// A picture of bytes without a short period (Marsaglia, "Xorshift RNGs", 2003: 13, 17, 5): any
/// byte in the wrong place shows.
///
/// # Errors
///
/// As [`Picture::new`].
pub fn noise(width: u32, height: u32) -> Result<Picture> {
    let mut picture = Picture::new(width, height, u64::MAX)?;
    let mut state = width.rotate_left(16) ^ height ^ 0x9e37_79b9;
    for byte in picture.pixels_mut() {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        *byte = (state >> 24) as u8;
    }
    Ok(picture)
}

/// A picture for people: rings in three colours, hard edges, nothing transparent.
///
/// # Errors
///
/// As [`Picture::new`].
pub fn rings(width: u32, height: u32) -> Result<Picture> {
    let mut picture = Picture::new(width, height, u64::MAX)?;
    let stride = picture.stride();
    for (place, pixel) in picture.pixels_mut().chunks_exact_mut(PIXEL).enumerate() {
        let (row, column) = (place * PIXEL / stride, place * PIXEL % stride / PIXEL);
        let ring = |at_row: u32, at_column: u32| {
            let (down, right) =
                (row.abs_diff(at_row as usize), column.abs_diff(at_column as usize));
            if (down * down + right * right) / 64 % 2 == 0 { 230 } else { 40 }
        };
        let [r, g, b] =
            [ring(0, 0), ring(height / 2, width / 2), ring(height.saturating_sub(1), width / 3)];
        pixel.copy_from_slice(&[r, g, b, 255]);
    }
    Ok(picture)
}

/// A checksum that says whether two machines computed the same bytes (FNV-1a, 64 bits).
#[must_use]
pub fn checksum<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    parts.into_iter().flatten().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_the_same_everywhere() {
        // FNV-1a of "foobar", from its authors' list of test vectors.
        assert_eq!(checksum([&b"foo"[..], b"bar"]), 0x8594_4171_f739_67e8);
        // Marsaglia's three steps, written in another language.
        assert_eq!(noise(2, 1).unwrap().pixels(), [17, 232, 35, 33, 197, 66, 73, 70]);
        assert_ne!(noise(8, 1).unwrap().pixels(), noise(4, 2).unwrap().pixels());
        assert!(rings(9, 7).unwrap().pixels().chunks(PIXEL).all(|pixel| pixel[3] == 255));
    }
}

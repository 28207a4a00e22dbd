//! The filters: what they compute, once for all paths.

mod gaussian;

use crate::path::Path;
use crate::picture::Picture;

/// What a pixel's own row, and its own column, count in the Gaussian: the kernel is the product of
/// `1 2 1` with itself, and its weights add up to 16.
pub(crate) const CENTRE: u16 = 2;
/// The Gaussian divides by 16, and half a step goes up: `(sum + 8) >> 4`.
pub(crate) const GAUSSIAN_SHIFT: u32 = 4;
/// Red, green and blue in a pixel's luma, in 256ths (ITU-R BT.601-7, 2.5.1: 0.299, 0.587, 0.114).
/// They add up to 256, so grey stays as it is.
pub(crate) const LUMA: [u8; 3] = [77, 150, 29];
/// Luma divides by 256, and half a step goes up: `(sum + 128) >> 8`.
pub(crate) const LUMA_SHIFT: u32 = 8;

/// A filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Filter {
    /// Softens: 1 2 1, 2 4 2, 1 2 1 in 16ths; beyond an edge its pixels are repeated
    Gaussian,
    /// Takes the colours away: BT.601 luma
    Grey,
}

impl Filter {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Gaussian, Self::Grey];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gaussian => "gaussian",
            Self::Grey => "grey",
        }
    }

    /// Filters the picture in place, by a path of the CPU.
    pub fn apply(self, picture: &mut Picture, path: &Path) {
        match self {
            Self::Gaussian => gaussian::apply(picture, path),
            Self::Grey => path.grey(picture.pixels_mut()),
        }
    }
}

/// The Gaussian's sum of three neighbours in a row or in a column.
pub(crate) const fn three(one: u16, centre: u16, other: u16) -> u16 {
    one + CENTRE * centre + other
}

/// A sum over three rows and three columns as a byte.
pub(crate) const fn sixteenth(sum: u16) -> u8 {
    // At most (16 * 255 + 8) >> 4 = 255.
    ((sum + (1 << (GAUSSIAN_SHIFT - 1))) >> GAUSSIAN_SHIFT) as u8
}

/// The luma of a pixel.
pub(crate) const fn luma(red: u8, green: u8, blue: u8) -> u8 {
    let sum =
        red as u16 * LUMA[0] as u16 + green as u16 * LUMA[1] as u16 + blue as u16 * LUMA[2] as u16;
    ((sum + (1 << (LUMA_SHIFT - 1))) >> LUMA_SHIFT) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_overflows_and_halves_go_up() {
        assert_eq!(sixteenth(three(3 * 255 + 255, 4 * 255, 4 * 255)), 255);
        assert_eq!([7, 8, 23, 24].map(sixteenth), [0, 1, 1, 2]);
        assert_eq!(luma(255, 255, 255), 255);
        assert!((0..=255).all(|grey| luma(grey, grey, grey) == grey));
        // 106, 145 and 150 256ths.
        assert_eq!([luma(1, 0, 1), luma(0, 0, 5), luma(0, 1, 0)], [0, 1, 1]);
    }
}

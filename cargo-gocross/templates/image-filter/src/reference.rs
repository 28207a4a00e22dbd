//! The filters as they are defined, pixel by pixel and slowly: what the paths are measured by.

use crate::filter::{Filter, luma};
use crate::picture::{PIXEL, Picture};

/// The Gaussian's kernel, in 16ths.
const KERNEL: [[u32; 3]; 3] = [[1, 2, 1], [2, 4, 2], [1, 2, 1]];

/// The picture after a filter.
#[must_use]
pub fn filtered(filter: Filter, picture: &Picture) -> Vec<u8> {
    let pixels = picture.pixels();
    let byte = |place: usize| match filter {
        Filter::Gaussian => gaussian(picture, place),
        Filter::Grey if place % PIXEL == PIXEL - 1 => pixels[place],
        Filter::Grey => {
            let pixel = &pixels[place / PIXEL * PIXEL..];
            luma(pixel[0], pixel[1], pixel[2])
        }
    };
    (0..pixels.len()).map(byte).collect()
}

/// One byte of the Gaussian. Beyond an edge its pixels are repeated.
fn gaussian(picture: &Picture, place: usize) -> u8 {
    let (row, column) = (place / picture.stride(), place % picture.stride() / PIXEL);
    let near = |at: usize, offset: usize, count: u32| {
        (at + offset).saturating_sub(1).min(count as usize - 1)
    };
    let mut sum = 8;
    for (down, weights) in KERNEL.iter().enumerate() {
        for (right, weight) in weights.iter().enumerate() {
            let row = near(row, down, picture.height());
            let column = near(column, right, picture.width());
            let byte = row * picture.stride() + column * PIXEL + place % PIXEL;
            sum += weight * u32::from(picture.pixels()[byte]);
        }
    }
    (sum / 16) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_becomes_the_kernel() {
        let mut picture = Picture::new(5, 5, 25).unwrap();
        let centre = 2 * picture.stride() + 2 * PIXEL;
        picture.pixels_mut()[centre] = 160;
        let out = filtered(Filter::Gaussian, &picture);
        let red = |row: usize, column: usize| out[row * 20 + column * PIXEL];
        let kernel = [1, 2, 3].map(|row| [1, 2, 3].map(|column| red(row, column)));
        assert_eq!(kernel, [[10, 20, 10], [20, 40, 20], [10, 20, 10]]);
        assert_eq!(out.iter().map(|byte| u32::from(*byte)).sum::<u32>(), 160);
    }

    #[test]
    fn an_edge_repeats_itself() {
        let mut picture = Picture::new(2, 1, 2).unwrap();
        picture.pixels_mut().copy_from_slice(&[160, 0, 255, 7, 0, 16, 255, 9]);
        // 160 * 12/16; 16 * 4/16; 7 * 12/16 + 9 * 4/16 = 7.5.
        assert_eq!(filtered(Filter::Gaussian, &picture), [120, 4, 255, 8, 40, 12, 255, 9]);
    }

    #[test]
    fn grey_keeps_alpha() {
        let mut picture = Picture::new(1, 1, 1).unwrap();
        picture.pixels_mut().copy_from_slice(&[200, 100, 50, 201]);
        // (77 * 200 + 150 * 100 + 29 * 50 + 128) / 256 = 124.9.
        assert_eq!(filtered(Filter::Grey, &picture), [124, 124, 124, 201]);
    }
}

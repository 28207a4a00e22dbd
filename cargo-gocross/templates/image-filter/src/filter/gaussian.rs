//! The Gaussian in place: sums along each row, then down three rows of sums.
//!
//! A row may be overwritten as soon as the sums of the row below it are there, so three rows of
//! sums are all the memory that it takes.

use super::three;
use crate::path::Path;
use crate::picture::{PIXEL, Picture};
use std::mem::swap;

pub(super) fn apply(picture: &mut Picture, path: &Path) {
    let stride = picture.stride();
    let rows = picture.height() as usize;
    let [mut above, mut here, mut below] = [(); 3].map(|()| vec![0_u16; stride]);
    sum_row(path, &picture.pixels()[..stride], &mut here);
    above.copy_from_slice(&here);
    for row in 0..rows {
        let place = row * stride..(row + 1) * stride;
        if row + 1 < rows {
            sum_row(path, &picture.pixels()[place.end..place.end + stride], &mut below);
        } else {
            below.copy_from_slice(&here);
        }
        path.vertical([&above, &here, &below], &mut picture.pixels_mut()[place]);
        swap(&mut above, &mut here);
        swap(&mut here, &mut below);
    }
}

/// Each byte's sum with its left and right neighbour.
fn sum_row(path: &Path, row: &[u8], sums: &mut [u16]) {
    let last = row.len() - PIXEL;
    if last > PIXEL {
        path.horizontal(row, &mut sums[PIXEL..last]);
    }
    // The edges, whose missing neighbours are themselves. They are one where the width is 1.
    for byte in 0..PIXEL {
        let at = |place: usize| u16::from(row[place + byte]);
        sums[byte] = three(at(0), at(0), at(last.min(PIXEL)));
        sums[last + byte] = three(at(last.saturating_sub(PIXEL)), at(last), at(last));
    }
}

//! The fall-back: plain Rust, which the compiler may turn into vectors of the target's baseline.

use super::{Functions, Path};
use crate::filter::{luma, sixteenth, three};
use crate::picture::PIXEL;
use gocross::cpu::Features;

pub(super) const PATH: Path = Path {
    name: "scalar",
    needs: Features::NONE,
    functions: Functions { horizontal, vertical, grey },
};

#[unsafe(export_name = "image_scalar_gaussian_horizontal")]
#[inline(never)]
pub(super) fn horizontal(row: &[u8], sums: &mut [u16]) {
    let neighbours = row.iter().zip(&row[PIXEL..]).zip(&row[2 * PIXEL..]);
    for (sum, ((left, centre), right)) in sums.iter_mut().zip(neighbours) {
        *sum = three(u16::from(*left), u16::from(*centre), u16::from(*right));
    }
}

#[unsafe(export_name = "image_scalar_gaussian_vertical")]
#[inline(never)]
pub(super) fn vertical([above, here, below]: [&[u16]; 3], out: &mut [u8]) {
    let neighbours = above.iter().zip(here).zip(below);
    for (out, ((above, here), below)) in out.iter_mut().zip(neighbours) {
        *out = sixteenth(three(*above, *here, *below));
    }
}

#[unsafe(export_name = "image_scalar_grey")]
#[inline(never)]
pub(super) fn grey(pixels: &mut [u8]) {
    for pixel in pixels.as_chunks_mut::<PIXEL>().0 {
        let grey = luma(pixel[0], pixel[1], pixel[2]);
        *pixel = [grey, grey, grey, pixel[3]];
    }
}

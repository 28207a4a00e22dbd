//! NEON on aarch64 (Advanced SIMD, Arm ARM C7), by intrinsics.

use super::{Functions, Path, scalar};
use crate::filter::{CENTRE, GAUSSIAN_SHIFT, LUMA, LUMA_SHIFT};
use crate::picture::PIXEL;
use core::arch::aarch64::*;
use gocross::cpu::{Feature, Features};

pub(super) const PATH: Path = Path {
    name: "neon",
    needs: Features::of(&[Feature::Neon]),
    functions: Functions { horizontal, vertical, grey },
};

/// Bytes in a vector.
const LEN: usize = 16;
/// Bytes, or sums, in one turn of the Gaussian's loops: two vectors, so that loads and stores of
/// neighbours become one instruction.
const TURN: usize = 2 * LEN;

#[unsafe(export_name = "image_neon_gaussian_horizontal")]
#[target_feature(enable = "neon")]
#[inline(never)]
unsafe fn horizontal(row: &[u8], sums: &mut [u16]) {
    let whole = sums.len() / TURN * TURN;
    let centre = vdupq_n_u8(CENTRE as u8);
    for at in (0..whole).step_by(TURN) {
        for at in [at, at + LEN] {
            // SAFETY: `at + LEN` sums are there, and 8 more bytes than sums.
            unsafe {
                let load = |shift: usize| vld1q_u8(row.as_ptr().add(at + shift));
                let (left, middle, right) = (load(0), load(PIXEL), load(2 * PIXEL));
                let low = vaddl_u8(vget_low_u8(left), vget_low_u8(right));
                let low = vmlal_u8(low, vget_low_u8(middle), vget_low_u8(centre));
                let high = vmlal_high_u8(vaddl_high_u8(left, right), middle, centre);
                vst1q_u16(sums.as_mut_ptr().add(at), low);
                vst1q_u16(sums.as_mut_ptr().add(at + LEN / 2), high);
            }
        }
    }
    scalar::horizontal(&row[whole..], &mut sums[whole..]);
}

#[unsafe(export_name = "image_neon_gaussian_vertical")]
#[target_feature(enable = "neon")]
#[inline(never)]
unsafe fn vertical([above, here, below]: [&[u16]; 3], out: &mut [u8]) {
    const SHIFT: i32 = GAUSSIAN_SHIFT as i32;
    let whole = out.len() / TURN * TURN;
    for at in (0..whole).step_by(TURN) {
        for at in [at, at + LEN] {
            // SAFETY: each of the four has `at + LEN` elements.
            unsafe {
                let half = |at: usize| {
                    let load = |row: &[u16]| vld1q_u16(row.as_ptr().add(at));
                    vmlaq_n_u16(vaddq_u16(load(above), load(below)), load(here), CENTRE)
                };
                // Rounded and narrowed in one instruction.
                let low = vrshrn_n_u16::<SHIFT>(half(at));
                let both = vrshrn_high_n_u16::<SHIFT>(low, half(at + LEN / 2));
                vst1q_u8(out.as_mut_ptr().add(at), both);
            }
        }
    }
    scalar::vertical([&above[whole..], &here[whole..], &below[whole..]], &mut out[whole..]);
}

#[unsafe(export_name = "image_neon_grey")]
#[target_feature(enable = "neon")]
#[inline(never)]
unsafe fn grey(pixels: &mut [u8]) {
    const SHIFT: i32 = LUMA_SHIFT as i32;
    let [red, green, blue] = LUMA.map(|weight| vdupq_n_u8(weight));
    let mut groups = pixels.chunks_exact_mut(LEN * PIXEL);
    for group in &mut groups {
        // SAFETY: the group has LEN pixels.
        unsafe {
            // One vector for each of red, green, blue and alpha.
            let uint8x16x4_t(r, g, b, alpha) = vld4q_u8(group.as_ptr());
            let low = vmull_u8(vget_low_u8(r), vget_low_u8(red));
            let low = vmlal_u8(low, vget_low_u8(g), vget_low_u8(green));
            let low = vmlal_u8(low, vget_low_u8(b), vget_low_u8(blue));
            let high = vmull_high_u8(r, red);
            let high = vmlal_high_u8(high, g, green);
            let high = vmlal_high_u8(high, b, blue);
            let grey = vrshrn_high_n_u16::<SHIFT>(vrshrn_n_u16::<SHIFT>(low), high);
            vst4q_u8(group.as_mut_ptr(), uint8x16x4_t(grey, grey, grey, alpha));
        }
    }
    scalar::grey(groups.into_remainder());
}

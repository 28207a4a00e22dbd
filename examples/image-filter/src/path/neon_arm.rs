//! NEON on 32-bit Arm (Advanced SIMD, Arm ARM F6). In assembly, because Rust's intrinsics and its
//! target feature are not stable there; `.fpu neon` lets the assembler take the instructions.
//!
//! The compiler knows d0 to d15 alone (the target has no NEON), so d16 to d31 need not be named
//! as overwritten; no function need keep them (AAPCS32, 6.1.2.1).

use super::{Functions, Path, scalar};
use crate::filter::{CENTRE, GAUSSIAN_SHIFT, LUMA, LUMA_SHIFT};
use crate::picture::PIXEL;
use core::arch::asm;
use gocross::cpu::{Feature, Features};

pub(super) const PATH: Path = Path {
    name: "neon",
    needs: Features::of(&[Feature::Neon]),
    functions: Functions { horizontal, vertical, grey },
};

/// Bytes, or sums, in one turn of the Gaussian's loops.
const LEN: usize = 16;
/// Pixels in one turn of the loop for grey.
const PIXELS: usize = 8;

#[unsafe(export_name = "image_neon_gaussian_horizontal")]
#[inline(never)]
unsafe fn horizontal(row: &[u8], sums: &mut [u16]) {
    let whole = sums.len() / LEN * LEN;
    let left = row.as_ptr();
    if whole > 0 {
        // SAFETY: `whole` sums are there, and 8 more bytes than sums.
        unsafe {
            asm!(
                ".fpu neon",
                "vmov.i8 d6, #{centre}",
                "2:",
                "vld1.8 {{d0, d1}}, [{left}]!",
                "vld1.8 {{d2, d3}}, [{middle}]!",
                "vld1.8 {{d4, d5}}, [{right}]!",
                "vaddl.u8 q8, d0, d4",
                "vaddl.u8 q9, d1, d5",
                "vmlal.u8 q8, d2, d6",
                "vmlal.u8 q9, d3, d6",
                "vst1.16 {{d16, d17, d18, d19}}, [{sums}]!",
                "subs {len}, {len}, #{step}",
                "bne 2b",
                centre = const CENTRE,
                step = const LEN,
                len = inout(reg) whole => _,
                left = inout(reg) left => _,
                middle = inout(reg) left.add(PIXEL) => _,
                right = inout(reg) left.add(2 * PIXEL) => _,
                sums = inout(reg) sums.as_mut_ptr() => _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _,
                out("d6") _,
                options(nostack),
            );
        }
    }
    scalar::horizontal(&row[whole..], &mut sums[whole..]);
}

#[unsafe(export_name = "image_neon_gaussian_vertical")]
#[inline(never)]
unsafe fn vertical([above, here, below]: [&[u16]; 3], out: &mut [u8]) {
    let whole = out.len() / LEN * LEN;
    if whole > 0 {
        // SAFETY: each of the four has `whole` elements.
        unsafe {
            asm!(
                ".fpu neon",
                "vmov.i16 q0, #{centre}",
                "2:",
                "vld1.16 {{d16, d17, d18, d19}}, [{above}]!",
                "vld1.16 {{d20, d21, d22, d23}}, [{here}]!",
                "vld1.16 {{d24, d25, d26, d27}}, [{below}]!",
                "vadd.i16 q8, q8, q12",
                "vadd.i16 q9, q9, q13",
                "vmla.i16 q8, q10, q0",
                "vmla.i16 q9, q11, q0",
                "vrshrn.i16 d2, q8, #{shift}",
                "vrshrn.i16 d3, q9, #{shift}",
                "vst1.8 {{d2, d3}}, [{out}]!",
                "subs {len}, {len}, #{step}",
                "bne 2b",
                centre = const CENTRE,
                shift = const GAUSSIAN_SHIFT,
                step = const LEN,
                len = inout(reg) whole => _,
                above = inout(reg) above.as_ptr() => _,
                here = inout(reg) here.as_ptr() => _,
                below = inout(reg) below.as_ptr() => _,
                out = inout(reg) out.as_mut_ptr() => _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _,
                options(nostack),
            );
        }
    }
    scalar::vertical([&above[whole..], &here[whole..], &below[whole..]], &mut out[whole..]);
}

#[unsafe(export_name = "image_neon_grey")]
#[inline(never)]
unsafe fn grey(pixels: &mut [u8]) {
    let whole = pixels.len() / (PIXELS * PIXEL) * (PIXELS * PIXEL);
    if whole > 0 {
        // SAFETY: `whole` bytes are there.
        unsafe {
            asm!(
                ".fpu neon",
                "vmov.i8 d4, #{red}",
                "vmov.i8 d5, #{green}",
                "vmov.i8 d6, #{blue}",
                "2:",
                // One vector for each of red, green, blue and alpha.
                "vld4.8 {{d0, d1, d2, d3}}, [{pixels}]",
                "vmull.u8 q8, d0, d4",
                "vmlal.u8 q8, d1, d5",
                "vmlal.u8 q8, d2, d6",
                "vrshrn.i16 d0, q8, #{shift}",
                "vmov d1, d0",
                "vmov d2, d0",
                "vst4.8 {{d0, d1, d2, d3}}, [{pixels}]!",
                "subs {len}, {len}, #{step}",
                "bne 2b",
                red = const LUMA[0],
                green = const LUMA[1],
                blue = const LUMA[2],
                shift = const LUMA_SHIFT,
                step = const PIXELS * PIXEL,
                len = inout(reg) whole => _,
                pixels = inout(reg) pixels.as_mut_ptr() => _,
                out("d0") _, out("d1") _, out("d2") _, out("d3") _, out("d4") _, out("d5") _,
                out("d6") _,
                options(nostack),
            );
        }
    }
    scalar::grey(&mut pixels[whole..]);
}

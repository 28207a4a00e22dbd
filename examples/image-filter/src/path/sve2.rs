//! SVE2 (Arm ARM, the SVE and SME supplement), for vectors of any length: what is left at the end
//! of a row is a matter of the predicate. In assembly, because Rust has no intrinsics for it.

use super::{Functions, Path};
use crate::filter::{CENTRE, GAUSSIAN_SHIFT, LUMA, LUMA_SHIFT};
use crate::picture::PIXEL;
use core::arch::asm;
use gocross::cpu::{Feature, Features};

pub(super) const PATH: Path = Path {
    name: "sve2",
    needs: Features::of(&[Feature::Sve2]),
    functions: Functions { horizontal, vertical, grey },
};

#[unsafe(export_name = "image_sve2_gaussian_horizontal")]
#[target_feature(enable = "sve2")]
#[inline(never)]
unsafe fn horizontal(row: &[u8], sums: &mut [u16]) {
    let left = row.as_ptr();
    // SAFETY: the predicate lets through as many bytes as there are sums, from `left`, 4 and 8
    // bytes behind it; `row` has 8 more. Sums of even bytes and of odd bytes are written in turns,
    // as pairs: the number of sums is even.
    unsafe {
        asm!(
            "mov z16.b, #{centre}",
            "whilelo p0.b, {at}, {len}",
            "b.none 3f",
            "2:",
            "ld1b {{z0.b}}, p0/z, [{left}, {at}]",
            "ld1b {{z1.b}}, p0/z, [{middle}, {at}]",
            "ld1b {{z2.b}}, p0/z, [{right}, {at}]",
            "uaddlb z4.h, z0.b, z2.b",
            "uaddlt z5.h, z0.b, z2.b",
            "umlalb z4.h, z1.b, z16.b",
            "umlalt z5.h, z1.b, z16.b",
            "st2h {{z4.h, z5.h}}, p0, [{sums}, {at}, lsl #1]",
            "incb {at}",
            "whilelo p0.b, {at}, {len}",
            "b.any 2b",
            "3:",
            centre = const CENTRE,
            at = inout(reg) 0_usize => _,
            len = in(reg) sums.len(),
            left = in(reg) left,
            middle = in(reg) left.add(PIXEL),
            right = in(reg) left.add(2 * PIXEL),
            sums = in(reg) sums.as_mut_ptr(),
            out("v0") _, out("v1") _, out("v2") _, out("v4") _, out("v5") _, out("v16") _,
            out("p0") _,
            options(nostack),
        );
    }
}

#[unsafe(export_name = "image_sve2_gaussian_vertical")]
#[target_feature(enable = "sve2")]
#[inline(never)]
unsafe fn vertical([above, here, below]: [&[u16]; 3], out: &mut [u8]) {
    // SAFETY: the predicate lets through as many elements as `out` has, and the others have as
    // many. Even and odd sums are read in turns, as pairs: their number is even.
    unsafe {
        asm!(
            "mov z16.h, #{centre}",
            "whilelo p0.b, {at}, {len}",
            "b.none 3f",
            "2:",
            "ld2h {{z0.h, z1.h}}, p0/z, [{above}, {at}, lsl #1]",
            "ld2h {{z2.h, z3.h}}, p0/z, [{here}, {at}, lsl #1]",
            "ld2h {{z4.h, z5.h}}, p0/z, [{below}, {at}, lsl #1]",
            "add z0.h, z0.h, z4.h",
            "add z1.h, z1.h, z5.h",
            "mla z0.h, p0/m, z2.h, z16.h",
            "mla z1.h, p0/m, z3.h, z16.h",
            "rshrnb z0.b, z0.h, #{shift}",
            "rshrnt z0.b, z1.h, #{shift}",
            "st1b {{z0.b}}, p0, [{out}, {at}]",
            "incb {at}",
            "whilelo p0.b, {at}, {len}",
            "b.any 2b",
            "3:",
            centre = const CENTRE,
            shift = const GAUSSIAN_SHIFT,
            at = inout(reg) 0_usize => _,
            len = in(reg) out.len(),
            above = in(reg) above.as_ptr(),
            here = in(reg) here.as_ptr(),
            below = in(reg) below.as_ptr(),
            out = in(reg) out.as_mut_ptr(),
            out("v0") _, out("v1") _, out("v2") _, out("v3") _, out("v4") _, out("v5") _,
            out("v16") _, out("p0") _,
            options(nostack),
        );
    }
}

#[unsafe(export_name = "image_sve2_grey")]
#[target_feature(enable = "sve2")]
#[inline(never)]
unsafe fn grey(pixels: &mut [u8]) {
    // SAFETY: the predicate lets through as many pixels as there are.
    unsafe {
        asm!(
            "mov z16.b, {red:w}",
            "mov z17.b, {green:w}",
            "mov z18.b, {blue:w}",
            "whilelo p0.b, {at}, {len}",
            "b.none 3f",
            "2:",
            "ld4b {{z0.b - z3.b}}, p0/z, [{pixels}]",
            "umullb z4.h, z0.b, z16.b",
            "umullt z5.h, z0.b, z16.b",
            "umlalb z4.h, z1.b, z17.b",
            "umlalt z5.h, z1.b, z17.b",
            "umlalb z4.h, z2.b, z18.b",
            "umlalt z5.h, z2.b, z18.b",
            "rshrnb z0.b, z4.h, #{shift}",
            "rshrnt z0.b, z5.h, #{shift}",
            "mov z1.d, z0.d",
            "mov z2.d, z0.d",
            "st4b {{z0.b - z3.b}}, p0, [{pixels}]",
            "addvl {pixels}, {pixels}, #4",
            "incb {at}",
            "whilelo p0.b, {at}, {len}",
            "b.any 2b",
            "3:",
            shift = const LUMA_SHIFT,
            red = in(reg) u32::from(LUMA[0]),
            green = in(reg) u32::from(LUMA[1]),
            blue = in(reg) u32::from(LUMA[2]),
            at = inout(reg) 0_usize => _,
            len = in(reg) pixels.len() / PIXEL,
            pixels = inout(reg) pixels.as_mut_ptr() => _,
            out("v0") _, out("v1") _, out("v2") _, out("v3") _, out("v4") _, out("v5") _,
            out("v16") _, out("v17") _, out("v18") _, out("p0") _,
            options(nostack),
        );
    }
}

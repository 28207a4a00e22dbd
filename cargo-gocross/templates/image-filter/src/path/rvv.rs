//! RISC-V's vectors, version 1.0, of any length: `vsetvli` says how much of a row one turn takes.
//! In assembly, because Rust has no stable intrinsics for it; `.option arch, +v` lets the
//! assembler take the instructions.

use super::{Functions, Path};
use crate::filter::{CENTRE, GAUSSIAN_SHIFT, LUMA, LUMA_SHIFT};
use crate::picture::PIXEL;
use core::arch::asm;
use gocross::cpu::{Feature, Features};

pub(super) const PATH: Path = Path {
    name: "rvv",
    needs: Features::of(&[Feature::V]),
    functions: Functions { horizontal, vertical, grey },
};

#[unsafe(export_name = "image_rvv_gaussian_horizontal")]
#[inline(never)]
unsafe fn horizontal(row: &[u8], sums: &mut [u16]) {
    let left = row.as_ptr();
    // SAFETY: `len` counts the sums down to 0, and there are 8 more bytes than sums.
    unsafe {
        asm!(
            ".option push",
            ".option arch, +v",
            "2:",
            "vsetvli {turn}, {len}, e8, m4, ta, ma",
            "vle8.v v0, ({left})",
            "vle8.v v4, ({middle})",
            "vle8.v v8, ({right})",
            "vwaddu.vv v16, v0, v8",
            "vwmaccu.vx v16, {centre}, v4",
            // 16 bits each, in a group of 8 registers, though `vsetvli` said 8 bits in one of 4.
            "vse16.v v16, ({sums})",
            "add {left}, {left}, {turn}",
            "add {middle}, {middle}, {turn}",
            "add {right}, {right}, {turn}",
            "sub {len}, {len}, {turn}",
            "slli {turn}, {turn}, 1",
            "add {sums}, {sums}, {turn}",
            "bnez {len}, 2b",
            ".option pop",
            turn = out(reg) _,
            centre = in(reg) usize::from(CENTRE),
            len = inout(reg) sums.len() => _,
            left = inout(reg) left => _,
            middle = inout(reg) left.add(PIXEL) => _,
            right = inout(reg) left.add(2 * PIXEL) => _,
            sums = inout(reg) sums.as_mut_ptr() => _,
            out("v0") _, out("v1") _, out("v2") _, out("v3") _, out("v4") _, out("v5") _,
            out("v6") _, out("v7") _, out("v8") _, out("v9") _, out("v10") _, out("v11") _,
            out("v16") _, out("v17") _, out("v18") _, out("v19") _, out("v20") _, out("v21") _,
            out("v22") _, out("v23") _,
            options(nostack),
        );
    }
}

#[unsafe(export_name = "image_rvv_gaussian_vertical")]
#[inline(never)]
unsafe fn vertical([above, here, below]: [&[u16]; 3], out: &mut [u8]) {
    // SAFETY: `len` counts the bytes of `out` down to 0, and the others have as many elements.
    unsafe {
        asm!(
            ".option push",
            ".option arch, +v",
            // Narrowing rounds halves up (`rnu`).
            "csrwi vxrm, 0",
            "2:",
            "vsetvli {turn}, {len}, e16, m8, ta, ma",
            "vle16.v v0, ({above})",
            "vle16.v v8, ({here})",
            "vle16.v v16, ({below})",
            "vadd.vv v0, v0, v16",
            "vmacc.vx v0, {centre}, v8",
            // As many elements, of half the width.
            "vsetvli zero, zero, e8, m4, ta, ma",
            "vnclipu.wi v8, v0, {shift}",
            "vse8.v v8, ({out})",
            "sub {len}, {len}, {turn}",
            "add {out}, {out}, {turn}",
            "slli {turn}, {turn}, 1",
            "add {above}, {above}, {turn}",
            "add {here}, {here}, {turn}",
            "add {below}, {below}, {turn}",
            "bnez {len}, 2b",
            ".option pop",
            shift = const GAUSSIAN_SHIFT,
            turn = out(reg) _,
            centre = in(reg) usize::from(CENTRE),
            len = inout(reg) out.len() => _,
            above = inout(reg) above.as_ptr() => _,
            here = inout(reg) here.as_ptr() => _,
            below = inout(reg) below.as_ptr() => _,
            out = inout(reg) out.as_mut_ptr() => _,
            out("v0") _, out("v1") _, out("v2") _, out("v3") _, out("v4") _, out("v5") _,
            out("v6") _, out("v7") _, out("v8") _, out("v9") _, out("v10") _, out("v11") _,
            out("v12") _, out("v13") _, out("v14") _, out("v15") _, out("v16") _, out("v17") _,
            out("v18") _, out("v19") _, out("v20") _, out("v21") _, out("v22") _, out("v23") _,
            options(nostack),
        );
    }
}

#[unsafe(export_name = "image_rvv_grey")]
#[inline(never)]
unsafe fn grey(pixels: &mut [u8]) {
    // SAFETY: `len` counts the pixels down to 0.
    unsafe {
        asm!(
            ".option push",
            ".option arch, +v",
            // Narrowing rounds halves up (`rnu`).
            "csrwi vxrm, 0",
            "2:",
            "vsetvli {turn}, {len}, e8, m2, ta, ma",
            // A group of registers for each of red, green, blue and alpha.
            "vlseg4e8.v v0, ({pixels})",
            "vwmulu.vx v8, v0, {red}",
            "vwmaccu.vx v8, {green}, v2",
            "vwmaccu.vx v8, {blue}, v4",
            "vnclipu.wi v0, v8, {shift}",
            "vmv.v.v v2, v0",
            "vmv.v.v v4, v0",
            "vsseg4e8.v v0, ({pixels})",
            "sub {len}, {len}, {turn}",
            "slli {turn}, {turn}, 2",
            "add {pixels}, {pixels}, {turn}",
            "bnez {len}, 2b",
            ".option pop",
            shift = const LUMA_SHIFT,
            turn = out(reg) _,
            red = in(reg) usize::from(LUMA[0]),
            green = in(reg) usize::from(LUMA[1]),
            blue = in(reg) usize::from(LUMA[2]),
            len = inout(reg) pixels.len() / PIXEL => _,
            pixels = inout(reg) pixels.as_mut_ptr() => _,
            out("v0") _, out("v1") _, out("v2") _, out("v3") _, out("v4") _, out("v5") _,
            out("v6") _, out("v7") _, out("v8") _, out("v9") _, out("v10") _, out("v11") _,
            options(nostack),
        );
    }
}

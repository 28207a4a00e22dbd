//! Zvksed ("RISC-V Cryptography Extensions Volume II", version 1.0.0): VSM4R does four rounds of as
//! many blocks as vectors hold, VSM4K four of the key schedule. The same code serves vectors of any
//! length, from the 128 bits that V promises.
//!
//! Blocks are read and written as bytes, because wider elements have to be aligned. The whole loop
//! is assembly language: there are no stable intrinsics for vectors (rust-lang/rust#111192 for their
//! detection).

use std::arch::asm;

use super::super::schedule::{self, FK};

/// The round keys of `key`.
///
/// # Safety
///
/// The CPU has V and Zvksed.
#[unsafe(export_name = "sm4_zvksed_expand")]
#[inline(never)]
pub(super) unsafe fn expand(key: &[u8; 16]) -> [u32; 32] {
    let mut words = schedule::words(key);
    for (word, fk) in words.iter_mut().zip(FK) {
        *word ^= fk;
    }
    let mut keys = [0_u32; 32];
    // SAFETY: the CPU has the instructions; 4 words are read and 32 written.
    unsafe {
        asm!(
            ".option push",
            ".option arch, +v, +zvksed",
            "vsetivli zero, 4, e32, m1, ta, ma",
            "vle32.v v1, ({words})",
            "vsm4k.vi v1, v1, 0",
            "vse32.v v1, ({keys})",
            "addi {keys}, {keys}, 16",
            "vsm4k.vi v1, v1, 1",
            "vse32.v v1, ({keys})",
            "addi {keys}, {keys}, 16",
            "vsm4k.vi v1, v1, 2",
            "vse32.v v1, ({keys})",
            "addi {keys}, {keys}, 16",
            "vsm4k.vi v1, v1, 3",
            "vse32.v v1, ({keys})",
            "addi {keys}, {keys}, 16",
            "vsm4k.vi v1, v1, 4",
            "vse32.v v1, ({keys})",
            "addi {keys}, {keys}, 16",
            "vsm4k.vi v1, v1, 5",
            "vse32.v v1, ({keys})",
            "addi {keys}, {keys}, 16",
            "vsm4k.vi v1, v1, 6",
            "vse32.v v1, ({keys})",
            "addi {keys}, {keys}, 16",
            "vsm4k.vi v1, v1, 7",
            "vse32.v v1, ({keys})",
            ".option pop",
            words = in(reg) words.as_ptr(),
            keys = inout(reg) keys.as_mut_ptr() => _,
            out("v1") _,
            options(nostack),
        );
    }
    keys
}

/// Encrypts `blocks` blocks.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt).
#[unsafe(export_name = "sm4_zvksed_encrypt")]
#[inline(never)]
pub(super) unsafe fn encrypt(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    // SAFETY: the CPU has the instructions; 32 words of keys are read, and `16 * blocks` bytes
    // read and written, each part read before it is written.
    unsafe {
        asm!(
            ".option push",
            ".option arch, +v, +zvksed, +zvkb",
            // The round keys of four rounds in a register each.
            "vsetivli zero, 4, e32, m1, ta, ma",
            "vle32.v v8, ({keys})",
            "addi {keys}, {keys}, 16",
            "vle32.v v9, ({keys})",
            "addi {keys}, {keys}, 16",
            "vle32.v v10, ({keys})",
            "addi {keys}, {keys}, 16",
            "vle32.v v11, ({keys})",
            "addi {keys}, {keys}, 16",
            "vle32.v v12, ({keys})",
            "addi {keys}, {keys}, 16",
            "vle32.v v13, ({keys})",
            "addi {keys}, {keys}, 16",
            "vle32.v v14, ({keys})",
            "addi {keys}, {keys}, 16",
            "vle32.v v15, ({keys})",
            // The mask of every other element: 0x55 in each byte.
            "vsetvli {words}, zero, e8, m1, ta, ma",
            "li {words}, 0x55",
            "vmv.v.x v0, {words}",
            // As many bytes as four registers hold, at most; asked for more, a CPU may choose to
            // take fewer than it could, and end within a block.
            "vsetvli {step}, zero, e8, m4, ta, ma",
            "beqz {left}, 4f",
            "2:",
            "bgeu {left}, {step}, 3f",
            "mv {step}, {left}",
            "3:",
            "srli {words}, {step}, 2",
            "srli {pairs}, {step}, 3",
            "vsetvli zero, {step}, e8, m4, ta, ma",
            "vle8.v v16, ({src})",
            "vsetvli zero, {words}, e32, m4, ta, ma",
            "vrev8.v v16, v16",
            "vsm4r.vs v16, v8",
            "vsm4r.vs v16, v9",
            "vsm4r.vs v16, v10",
            "vsm4r.vs v16, v11",
            "vsm4r.vs v16, v12",
            "vsm4r.vs v16, v13",
            "vsm4r.vs v16, v14",
            "vsm4r.vs v16, v15",
            // The words in reverse order, and the bytes of each: all 16 bytes reversed. First
            // those of each half, then the halves change places.
            "vsetvli zero, {pairs}, e64, m4, ta, ma",
            "vrev8.v v16, v16",
            "vslidedown.vi v20, v16, 1",
            "vslideup.vi v24, v16, 1",
            "vmerge.vvm v16, v24, v20, v0",
            "vsetvli zero, {step}, e8, m4, ta, ma",
            "vse8.v v16, ({dst})",
            "add {src}, {src}, {step}",
            "add {dst}, {dst}, {step}",
            "sub {left}, {left}, {step}",
            "bnez {left}, 2b",
            "4:",
            ".option pop",
            keys = inout(reg) keys.as_ptr() => _,
            src = inout(reg) src => _,
            dst = inout(reg) dst => _,
            left = inout(reg) 16 * blocks => _,
            step = out(reg) _,
            words = out(reg) _,
            pairs = out(reg) _,
            out("v0") _,
            out("v8") _, out("v9") _, out("v10") _, out("v11") _,
            out("v12") _, out("v13") _, out("v14") _, out("v15") _,
            out("v16") _, out("v17") _, out("v18") _, out("v19") _,
            out("v20") _, out("v21") _, out("v22") _, out("v23") _,
            out("v24") _, out("v25") _, out("v26") _, out("v27") _,
            options(nostack),
        );
    }
}

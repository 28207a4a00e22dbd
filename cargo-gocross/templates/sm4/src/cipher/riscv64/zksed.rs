//! Zksed ("RISC-V Cryptography Extensions Volume I", version 1.0.1): SM4ED puts one byte of a word
//! through the S-box and the linear map, SM4KS does so for the key schedule. One block at a time.
//!
//! Both take a word as it lies in memory, its first byte lowest, so no bytes of blocks are turned
//! round; round keys are, once a call. The instructions are written in assembly language, since
//! their intrinsics are not stable (rust-lang/rust#114544).

use std::arch::asm;

use super::super::schedule::{CK, FK};

/// Adds to `$x` what `$instruction` makes of the four bytes of `$of`.
macro_rules! four_bytes {
    ($instruction:literal, $x:ident, $of:expr) => {
        // SAFETY: the CPU has the instruction, which reads and writes registers alone.
        unsafe {
            asm!(
                ".option push",
                ".option arch, +zksed",
                concat!($instruction, " {x}, {x}, {of}, 0"),
                concat!($instruction, " {x}, {x}, {of}, 1"),
                concat!($instruction, " {x}, {x}, {of}, 2"),
                concat!($instruction, " {x}, {x}, {of}, 3"),
                ".option pop",
                x = inout(reg) $x,
                of = in(reg) $of,
                options(pure, nomem, nostack, preserves_flags),
            );
        }
    };
}

/// The round keys of `key`.
///
/// # Safety
///
/// The CPU has Zksed.
#[unsafe(export_name = "sm4_zksed_expand")]
#[target_feature(enable = "zksed")]
#[inline(never)]
pub(super) unsafe fn expand(key: &[u8; 16]) -> [u32; 32] {
    // SAFETY: a key is as long as a block.
    let [mut a, mut b, mut c, mut d] = unsafe { load(key) };
    a ^= register(FK[0]);
    b ^= register(FK[1]);
    c ^= register(FK[2]);
    d ^= register(FK[3]);
    let mut keys = [0; 32];
    for (four, ck) in keys.chunks_exact_mut(4).zip(CK.chunks_exact(4)) {
        four_bytes!("sm4ks", a, b ^ c ^ d ^ register(ck[0]));
        four_bytes!("sm4ks", b, a ^ c ^ d ^ register(ck[1]));
        four_bytes!("sm4ks", c, a ^ b ^ d ^ register(ck[2]));
        four_bytes!("sm4ks", d, a ^ b ^ c ^ register(ck[3]));
        four.copy_from_slice(&[word(a), word(b), word(c), word(d)]);
    }
    keys
}

/// Encrypts `blocks` blocks.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt).
#[unsafe(export_name = "sm4_zksed_encrypt")]
#[target_feature(enable = "zksed")]
#[inline(never)]
pub(super) unsafe fn encrypt(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    // The type of registers, so that nothing is extended between the rounds.
    let mut turned = [0; 32];
    for (to, key) in turned.iter_mut().zip(keys) {
        *to = register(*key);
    }
    for at in 0..blocks {
        // SAFETY: `at` is below `blocks`.
        let [mut a, mut b, mut c, mut d] = unsafe { load(src.add(at)) };
        for four in turned.chunks_exact(4) {
            four_bytes!("sm4ed", a, b ^ c ^ d ^ four[0]);
            four_bytes!("sm4ed", b, a ^ c ^ d ^ four[1]);
            four_bytes!("sm4ed", c, a ^ b ^ d ^ four[2]);
            four_bytes!("sm4ed", d, a ^ b ^ c ^ four[3]);
        }
        // SAFETY: as above; the block has been read.
        unsafe { store(dst.add(at), [d, c, b, a]) };
    }
}

/// A word of the standard as the instructions take it. What is above bit 31 does not count.
#[inline(always)]
fn register(word: u32) -> u64 {
    u64::from(word.swap_bytes())
}

/// What [`register`] undoes.
#[inline(always)]
fn word(register: u64) -> u32 {
    (register as u32).swap_bytes()
}

/// The words of a block, whether or not it is aligned.
///
/// # Safety
///
/// `block` may be read.
#[inline(always)]
unsafe fn load(block: *const [u8; 16]) -> [u64; 4] {
    let words = block.cast::<[u32; 4]>();
    // CPUs may be slow at words that are not aligned, or trap, so the compiler takes them apart.
    // SAFETY: the caller's word; aligned where it has to be.
    let [a, b, c, d] =
        unsafe { if words.is_aligned() { words.read() } else { words.read_unaligned() } };
    [a.into(), b.into(), c.into(), d.into()]
}

/// Writes what [`load`] reads.
///
/// # Safety
///
/// `block` may be written.
#[inline(always)]
unsafe fn store(block: *mut [u8; 16], [a, b, c, d]: [u64; 4]) {
    let words = block.cast::<[u32; 4]>();
    let values = [a as u32, b as u32, c as u32, d as u32];
    // SAFETY: as in `load`.
    unsafe { if words.is_aligned() { words.write(values) } else { words.write_unaligned(values) } }
}

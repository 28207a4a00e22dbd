//! Look-ups in a table of 1 KiB, which holds the S-box and the linear map behind it.
//!
//! Which lines of the table are in the cache depends on the key, so other programs on the machine
//! may learn of it. It is here to be compared with, and no one gets it without asking for it.

use super::super::algebra::SBOX;
use super::super::schedule;

/// The S-box in the top byte of a word, through the linear map L.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut x = 0;
    while x < 256 {
        let b = (SBOX[x] as u32) << 24;
        table[x] = b ^ b.rotate_left(2) ^ b.rotate_left(10) ^ b.rotate_left(18) ^ b.rotate_left(24);
        x += 1;
    }
    table
};

/// The round keys of `key`.
#[unsafe(export_name = "sm4_table_expand")]
#[inline(never)]
pub(super) fn expand(key: &[u8; 16]) -> [u32; 32] {
    schedule::expand(key, |word| {
        u32::from_be_bytes(word.to_be_bytes().map(|b| SBOX[usize::from(b)]))
    })
}

/// Encrypts `blocks` blocks.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt).
#[unsafe(export_name = "sm4_table_encrypt")]
#[inline(never)]
pub(super) unsafe fn encrypt(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    for at in 0..blocks {
        // SAFETY: `at` is below `blocks`. A block is read whole before it is written.
        unsafe { dst.add(at).write(block(keys, &src.add(at).read())) };
    }
}

fn block(keys: &[u32; 32], block: &[u8; 16]) -> [u8; 16] {
    let [mut a, mut b, mut c, mut d] = schedule::words(block);
    for four in keys.chunks_exact(4) {
        a ^= round(b ^ c ^ d ^ four[0]);
        b ^= round(a ^ c ^ d ^ four[1]);
        c ^= round(a ^ b ^ d ^ four[2]);
        d ^= round(a ^ b ^ c ^ four[3]);
    }
    let mut out = [0; 16];
    for (bytes, word) in out.chunks_exact_mut(4).zip([d, c, b, a]) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    out
}

/// S-box and linear map of a word.
fn round(word: u32) -> u32 {
    let [a, b, c, d] = word.to_be_bytes().map(|byte| TABLE[usize::from(byte)]);
    a ^ b.rotate_right(8) ^ c.rotate_right(16) ^ d.rotate_right(24)
}

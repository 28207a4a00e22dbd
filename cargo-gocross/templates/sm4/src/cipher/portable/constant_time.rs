//! Bitsliced: 16 blocks at once (8 on 32-bit CPUs), without a look-up and without a branch on data,
//! so time and memory accesses are the same for every key and text.
//!
//! E. Biham, "A Fast New DES Implementation in Software" (FSE 1997), is where the idea is from.

use super::super::schedule;
use super::circuit::sbox;
use super::plane::{BLOCKS, Plane, Sliced, slice, splat, unslice};

/// The round keys of `key`.
#[unsafe(export_name = "sm4_portable_expand")]
#[inline(never)]
pub(in super::super) fn expand(key: &[u8; 16]) -> [u32; 32] {
    schedule::expand(key, |word| unslice(sbox(splat(word)))[0])
}

/// Encrypts `blocks` blocks.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt).
#[unsafe(export_name = "sm4_portable_encrypt")]
#[inline(never)]
pub(super) unsafe fn encrypt(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    let keys = keys.map(splat);
    let mut done = 0;
    while done < blocks {
        let count = BLOCKS.min(blocks - done);
        let mut piece = [[0; 16]; BLOCKS];
        // SAFETY: `count` blocks from `done` on are the caller's to read and to write; they are
        // read before they are written.
        unsafe {
            src.add(done).copy_to_nonoverlapping(piece.as_mut_ptr(), count);
            encrypt_piece(&keys, &mut piece);
            dst.add(done).copy_from_nonoverlapping(piece.as_ptr(), count);
        }
        done += count;
    }
}

fn encrypt_piece(keys: &[Sliced; 32], piece: &mut [[u8; 16]; BLOCKS]) {
    let words = piece.map(|block| schedule::words(&block));
    let [mut a, mut b, mut c, mut d] =
        std::array::from_fn(|word| slice(&std::array::from_fn(|block| words[block][word])));
    for four in keys.chunks_exact(4) {
        round(&mut a, [&b, &c, &d, &four[0]]);
        round(&mut b, [&a, &c, &d, &four[1]]);
        round(&mut c, [&a, &b, &d, &four[2]]);
        round(&mut d, [&a, &b, &c, &four[3]]);
    }
    for (place, words) in [d, c, b, a].map(unslice).into_iter().enumerate() {
        for (block, word) in piece.iter_mut().zip(words) {
            block[4 * place..][..4].copy_from_slice(&word.to_be_bytes());
        }
    }
}

/// Adds S-box and linear map of the sum of `of` to `to`.
#[inline(always)]
fn round(to: &mut Sliced, of: [&Sliced; 4]) {
    let b = sbox(std::array::from_fn(|bit| of[0][bit] ^ of[1][bit] ^ of[2][bit] ^ of[3][bit]));
    for bit in 0..8 {
        // The words turned left by two bits.
        let two = if bit < 2 { bytes(b[bit + 6], 1) } else { b[bit - 2] };
        // B turned by 0, 2, 10, 18 and 24 bits.
        to[bit] ^= b[bit] ^ two ^ bytes(two, 1) ^ bytes(two, 2) ^ bytes(b[bit], 3);
    }
}

/// The words turned left by whole bytes.
#[inline(always)]
fn bytes(plane: Plane, count: u32) -> Plane {
    plane.rotate_left(BLOCKS as u32 * count)
}

//! What the paths without SM4 instructions share: 32 rounds over vectors that hold one word of four
//! blocks each.

use std::arch::aarch64::{
    uint8x16_t, uint32x4_t, vdupq_n_u32, veorq_u8, veorq_u32, vgetq_lane_u32, vld1q_dup_u32,
    vld1q_u8, vreinterpretq_u8_u16, vreinterpretq_u8_u32, vreinterpretq_u16_u8,
    vreinterpretq_u32_u8, vreinterpretq_u32_u64, vreinterpretq_u64_u32, vrev32q_u8, vrev32q_u16,
    vshlq_n_u32, vsriq_n_u32, vst1q_u8, vtrn1q_u32, vtrn1q_u64, vtrn2q_u32, vtrn2q_u64,
};

use super::super::schedule::{self, CK, FK};

/// Blocks in a group: four vectors hold them.
const GROUP: usize = 4;

/// An S-box, with what it keeps in registers.
///
/// Its functions are inlined into the one that is compiled for the features; hence
/// `inline(always)` wherever they stand.
pub(super) trait SBox: Copy {
    /// The S-box of each byte; and the words of that, turned left by 8 bits.
    ///
    /// # Safety
    ///
    /// The CPU has the features of the path.
    unsafe fn turned(self, words: uint8x16_t) -> [uint8x16_t; 2];
}

/// The round keys of `key`.
///
/// # Safety
///
/// The CPU has the features of `sbox`.
#[inline(always)]
pub(super) unsafe fn expand(sbox: impl SBox, key: &[u8; 16]) -> [u32; 32] {
    // Loops and no closures: a closure may become a function of its own, for any CPU.
    let mut keys = [0; 32];
    let mut k = schedule::words(key);
    for (word, fk) in k.iter_mut().zip(FK) {
        *word ^= fk;
    }
    for (key, ck) in keys.iter_mut().zip(CK) {
        // SAFETY: the caller vouches for the features.
        let b = unsafe {
            let four = vdupq_n_u32(k[1] ^ k[2] ^ k[3] ^ ck);
            let [four, ..] = sbox.turned(vreinterpretq_u8_u32(four));
            vgetq_lane_u32::<0>(vreinterpretq_u32_u8(four))
        };
        *key = k[0] ^ b ^ b.rotate_left(13) ^ b.rotate_left(23);
        k = [k[1], k[2], k[3], *key];
    }
    keys
}

/// Encrypts `blocks` blocks, `GROUPS` groups at once while there are so many.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt), with the features of `sbox`.
#[inline(always)]
pub(super) unsafe fn encrypt<const GROUPS: usize>(
    sbox: impl SBox,
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    let mut at = 0;
    // SAFETY: the pieces lie one behind the other in the caller's blocks; each is read whole before
    // it is written.
    unsafe {
        while blocks - at >= GROUP * GROUPS {
            piece::<GROUPS>(sbox, keys, src.add(at), dst.add(at));
            at += GROUP * GROUPS;
        }
        while at < blocks {
            let count = GROUP.min(blocks - at);
            let mut rest = [[0; 16]; GROUP];
            src.add(at).copy_to_nonoverlapping(rest.as_mut_ptr(), count);
            let place = rest.as_mut_ptr();
            piece::<1>(sbox, keys, place, place);
            dst.add(at).copy_from_nonoverlapping(place, count);
            at += count;
        }
    }
}

/// Encrypts `GROUPS` groups.
#[inline(always)]
unsafe fn piece<const GROUPS: usize>(
    sbox: impl SBox,
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
) {
    // SAFETY: the caller's blocks, and the caller vouches for the features.
    unsafe {
        let mut groups = [[vdupq_n_u32(0); 4]; GROUPS];
        for (group, place) in groups.iter_mut().zip((0..).step_by(GROUP)) {
            *group = load(src.add(place));
        }
        // Four rounds written out: in a loop over them the words would move through memory.
        for four in keys.chunks_exact(4) {
            let four = four.as_ptr();
            round::<GROUPS, 0, 1, 2, 3>(sbox, &mut groups, four);
            round::<GROUPS, 1, 2, 3, 0>(sbox, &mut groups, four.add(1));
            round::<GROUPS, 2, 3, 0, 1>(sbox, &mut groups, four.add(2));
            round::<GROUPS, 3, 0, 1, 2>(sbox, &mut groups, four.add(3));
        }
        for (group, place) in groups.iter().zip((0..).step_by(GROUP)) {
            store(dst.add(place), *group);
        }
    }
}

/// One round: changes word `A` of each block by the three others.
#[inline(always)]
unsafe fn round<
    const GROUPS: usize,
    const A: usize,
    const B: usize,
    const C: usize,
    const D: usize,
>(
    sbox: impl SBox,
    groups: &mut [[uint32x4_t; 4]; GROUPS],
    key: *const u32,
) {
    // SAFETY: `key` is one of the round keys, and the caller vouches for the features.
    unsafe {
        let key = vld1q_dup_u32(key);
        for x in groups {
            let sum = veorq_u32(veorq_u32(x[B], x[C]), veorq_u32(x[D], key));
            let [b, b8] = sbox.turned(vreinterpretq_u8_u32(sum));
            // L turns by 0, 2, 10, 18 and 24: by whole bytes first, then by two bits.
            let bytes = vreinterpretq_u32_u8(veorq_u8(veorq_u8(b, b8), turn_16(b)));
            let two = vsriq_n_u32::<30>(vshlq_n_u32::<2>(bytes), bytes);
            let whole = vreinterpretq_u32_u8(veorq_u8(b, turn_16(b8)));
            x[A] = veorq_u32(veorq_u32(x[A], whole), two);
        }
    }
}

/// The words turned by 16 bits.
#[inline(always)]
unsafe fn turn_16(words: uint8x16_t) -> uint8x16_t {
    // SAFETY: the caller vouches for the features.
    unsafe { vreinterpretq_u8_u16(vrev32q_u16(vreinterpretq_u16_u8(words))) }
}

/// Four blocks, as vectors of their first, second, third and fourth words.
#[inline(always)]
unsafe fn load(src: *const [u8; 16]) -> [uint32x4_t; 4] {
    // SAFETY: four blocks are the caller's to read.
    unsafe {
        let mut rows = [vdupq_n_u32(0); 4];
        for (row, place) in rows.iter_mut().zip(0..) {
            *row = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(src.add(place).cast())));
        }
        transpose(rows)
    }
}

/// The blocks of those vectors, the last words first.
#[inline(always)]
unsafe fn store(dst: *mut [u8; 16], [a, b, c, d]: [uint32x4_t; 4]) {
    // SAFETY: four blocks are the caller's to write.
    unsafe {
        for (row, place) in transpose([d, c, b, a]).into_iter().zip(0..) {
            vst1q_u8(dst.add(place).cast(), vrev32q_u8(vreinterpretq_u8_u32(row)));
        }
    }
}

/// Rows to columns.
#[inline(always)]
unsafe fn transpose([a, b, c, d]: [uint32x4_t; 4]) -> [uint32x4_t; 4] {
    // SAFETY: the caller vouches for the features.
    unsafe {
        let [ab0, ab1] = [vtrn1q_u32(a, b), vtrn2q_u32(a, b)];
        let [cd0, cd1] = [vtrn1q_u32(c, d), vtrn2q_u32(c, d)];
        [low(ab0, cd0), low(ab1, cd1), high(ab0, cd0), high(ab1, cd1)]
    }
}

/// The lower halves of two.
#[inline(always)]
unsafe fn low(a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
    // SAFETY: the caller vouches for the features.
    unsafe { vreinterpretq_u32_u64(vtrn1q_u64(vreinterpretq_u64_u32(a), vreinterpretq_u64_u32(b))) }
}

/// The upper halves of two.
#[inline(always)]
unsafe fn high(a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
    // SAFETY: the caller vouches for the features.
    unsafe { vreinterpretq_u32_u64(vtrn2q_u64(vreinterpretq_u64_u32(a), vreinterpretq_u64_u32(b))) }
}

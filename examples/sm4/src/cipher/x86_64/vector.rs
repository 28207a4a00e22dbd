//! What the paths of this architecture share: rounds over vectors of words, whatever their width.

use super::super::schedule;

/// Vectors of 32-bit words, and the steps of SM4 on them.
///
/// Each function is inlined into one that is compiled for the features of its path, and its
/// instructions are only there; hence `unsafe`, and hence `inline(always)` wherever it stands.
///
/// # Safety
///
/// For each function, the CPU has the features of the path.
pub(super) trait Vector: Copy {
    /// Blocks whose words fill four vectors.
    const BLOCKS: usize;

    /// A vector at `src`, which need not be aligned, its words turned to the CPU's byte order.
    unsafe fn load(src: *const u8) -> Self;
    /// What [`load`](Self::load) undoes.
    unsafe fn store(self, dst: *mut u8);
    /// A vector of the same words.
    unsafe fn splat(word: u32) -> Self;
    /// One of the words, where they are the same.
    unsafe fn word(self) -> u32;
    unsafe fn xor(self, other: Self) -> Self;
    /// In each 16 bytes apart, column `i` of four words to row `i`, and so its own inverse.
    unsafe fn transpose(rows: [Self; 4]) -> [Self; 4];
    /// The S-box of each byte.
    unsafe fn tau(self) -> Self;
    /// The S-box of each byte, then the linear map L of each word.
    unsafe fn round(self) -> Self;

    /// The sum of three.
    #[inline(always)]
    unsafe fn sum(self, b: Self, c: Self) -> Self {
        // SAFETY: the caller vouches for the features.
        unsafe { self.xor(b).xor(c) }
    }
}

/// The round keys of `key`.
///
/// # Safety
///
/// The CPU has the features of `V`.
#[inline(always)]
pub(super) unsafe fn expand<V: Vector>(key: &[u8; 16]) -> [u32; 32] {
    // SAFETY: the caller vouches for the features.
    schedule::expand(key, |word| unsafe { V::splat(word).tau().word() })
}

/// Encrypts `blocks` blocks, two groups of [`Vector::BLOCKS`] at once: the rounds of one fill the
/// time in which those of the other wait for results.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt), with the features of `V`.
#[inline(always)]
pub(super) unsafe fn encrypt<V: Vector>(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    let width = 2 * V::BLOCKS;
    let whole = blocks - blocks % width;
    for at in (0..whole).step_by(width) {
        // SAFETY: `width` blocks from `at` on are inside.
        unsafe { groups::<V, 2>(keys, src.add(at), dst.add(at)) };
    }
    // SAFETY: what is left lies behind.
    unsafe { rest::<V>(keys, src.add(whole), dst.add(whole), blocks - whole) };
}

/// Fewer blocks than two groups, in a place of their own that has room for two.
///
/// # Safety
///
/// As [`encrypt`].
#[inline(always)]
unsafe fn rest<V: Vector>(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    // Two groups of the widest vectors.
    let mut room = [[0; 16]; 32];
    if blocks == 0 {
        return;
    }
    let place = room.as_mut_ptr();
    // SAFETY: `blocks` is less than two groups, which is at most 32. Source and destination are
    // used one after the other, so they may be the same.
    unsafe {
        src.copy_to_nonoverlapping(place, blocks);
        if blocks <= V::BLOCKS {
            groups::<V, 1>(keys, place, place);
        } else {
            groups::<V, 2>(keys, place, place);
        }
        place.copy_to_nonoverlapping(dst, blocks);
    }
}

/// Encrypts `GROUPS` groups.
///
/// # Safety
///
/// As [`encrypt`], with so many blocks.
#[inline(always)]
unsafe fn groups<V: Vector, const GROUPS: usize>(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
) {
    // The place of vector `row` of group `group`, in blocks.
    let place = |group: usize, row: usize| group * V::BLOCKS + row * (V::BLOCKS / 4);
    // SAFETY: the groups are inside `src` and `dst`; the caller vouches for the features. All is
    // read before the first byte is written.
    unsafe {
        let mut x: [[V; 4]; GROUPS] = std::array::from_fn(|group| {
            V::transpose(std::array::from_fn(|row| V::load(src.add(place(group, row)).cast())))
        });
        for four in keys.chunks_exact(4) {
            // Written out: a loop over the four stays one, and keeps the vectors in memory.
            let key = V::splat(four[0]);
            for [a, b, c, d] in &mut x {
                *a = a.xor(b.sum(*c, *d).xor(key).round());
            }
            let key = V::splat(four[1]);
            for [a, b, c, d] in &mut x {
                *b = b.xor(c.sum(*d, *a).xor(key).round());
            }
            let key = V::splat(four[2]);
            for [a, b, c, d] in &mut x {
                *c = c.xor(d.sum(*a, *b).xor(key).round());
            }
            let key = V::splat(four[3]);
            for [a, b, c, d] in &mut x {
                *d = d.xor(a.sum(*b, *c).xor(key).round());
            }
        }
        for (group, [a, b, c, d]) in x.into_iter().enumerate() {
            for (row, vector) in V::transpose([d, c, b, a]).into_iter().enumerate() {
                vector.store(dst.add(place(group, row)).cast());
            }
        }
    }
}

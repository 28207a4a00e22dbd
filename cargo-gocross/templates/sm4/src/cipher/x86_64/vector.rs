//! What the paths of this architecture share: rounds over vectors of words, whatever their width.

use super::super::schedule::{self, CK, FK};

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
    /// The S-box of each byte, then the linear map L of each word; all of it under
    /// [`enter`](Self::enter).
    unsafe fn round(self) -> Self;

    /// Words as [`round`](Self::round) wants them: a linear map of each byte.
    #[inline(always)]
    unsafe fn enter(self) -> Self {
        self
    }
    /// What [`enter`](Self::enter) undoes.
    #[inline(always)]
    unsafe fn leave(self) -> Self {
        self
    }
    /// Round keys as [`round`](Self::round) wants them in its sum.
    #[inline(always)]
    unsafe fn keys(keys: &[u32; 32]) -> [u32; 32] {
        *keys
    }

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
    // Loops and no closures here and below: what a closure does can be compiled as a function of
    // its own, and then for a CPU without the features.
    let mut keys = [0; 32];
    let mut k = schedule::words(key);
    for (word, fk) in k.iter_mut().zip(FK) {
        *word ^= fk;
    }
    for (key, ck) in keys.iter_mut().zip(CK) {
        // SAFETY: the caller vouches for the features.
        let b = unsafe { V::splat(k[1] ^ k[2] ^ k[3] ^ ck).tau().word() };
        *key = k[0] ^ b ^ b.rotate_left(13) ^ b.rotate_left(23);
        k = [k[1], k[2], k[3], *key];
    }
    keys
}

/// Encrypts `blocks` blocks, four times [`Vector::BLOCKS`] at once while there are so many: the
/// rounds of one group fill the time in which those of another wait for results.
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
    // SAFETY: the caller vouches for the features.
    let keys = unsafe { V::keys(keys) };
    let mut at = 0;
    while blocks - at >= 4 * V::BLOCKS {
        // SAFETY: so many blocks are left behind `at`.
        unsafe { groups::<V, 4>(&keys, src.add(at), dst.add(at)) };
        at += 4 * V::BLOCKS;
    }
    if blocks - at >= 2 * V::BLOCKS {
        // SAFETY: as above.
        unsafe { groups::<V, 2>(&keys, src.add(at), dst.add(at)) };
        at += 2 * V::BLOCKS;
    }
    while at < blocks {
        let count = V::BLOCKS.min(blocks - at);
        // A group of their own, of which some blocks may stay unused.
        let mut group = [[0; 16]; 16];
        let place = group.as_mut_ptr();
        // SAFETY: so many blocks are left, and no group has more than 16. Source and destination
        // are used one after the other, so they may be the same.
        unsafe {
            src.add(at).copy_to_nonoverlapping(place, count);
            groups::<V, 1>(&keys, place, place);
            place.copy_to_nonoverlapping(dst.add(at), count);
        }
        at += count;
    }
}

/// Encrypts `GROUPS` groups.
///
/// # Safety
///
/// As [`encrypt`], with so many blocks, and with the keys as [`Vector::keys`] gives them.
#[inline(always)]
unsafe fn groups<V: Vector, const GROUPS: usize>(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
) {
    // SAFETY: the groups are inside `src` and `dst`; the caller vouches for the features. All is
    // read before the first byte is written.
    unsafe {
        let mut x = [[V::splat(0); 4]; GROUPS];
        for (group, words) in x.iter_mut().enumerate() {
            *words = load(src.add(group * V::BLOCKS));
        }
        for four in keys.chunks_exact(4) {
            // Written out: a loop over the four stays one, and keeps the vectors in memory.
            let key = V::splat(four[0]);
            for [a, b, c, d] in &mut x {
                *a = a.xor(b.sum(*c, d.xor(key)).round());
            }
            let key = V::splat(four[1]);
            for [a, b, c, d] in &mut x {
                *b = b.xor(a.sum(*c, d.xor(key)).round());
            }
            let key = V::splat(four[2]);
            for [a, b, c, d] in &mut x {
                *c = c.xor(b.sum(*a, d.xor(key)).round());
            }
            let key = V::splat(four[3]);
            for [a, b, c, d] in &mut x {
                *d = d.xor(c.sum(*a, b.xor(key)).round());
            }
        }
        for (group, words) in x.iter().enumerate() {
            store(dst.add(group * V::BLOCKS), words);
        }
    }
}

/// The words of a group's blocks.
///
/// # Safety
///
/// As [`groups`].
#[inline(always)]
unsafe fn load<V: Vector>(src: *const [u8; 16]) -> [V; 4] {
    // Blocks that one vector holds.
    let step = V::BLOCKS / 4;
    // SAFETY: four vectors are a group.
    unsafe {
        V::transpose([
            V::load(src.cast()).enter(),
            V::load(src.add(step).cast()).enter(),
            V::load(src.add(2 * step).cast()).enter(),
            V::load(src.add(3 * step).cast()).enter(),
        ])
    }
}

/// What [`load`] undoes, with the words in reverse order, as the standard's R has them.
///
/// # Safety
///
/// As [`groups`].
#[inline(always)]
unsafe fn store<V: Vector>(dst: *mut [u8; 16], &[a, b, c, d]: &[V; 4]) {
    let step = V::BLOCKS / 4;
    // SAFETY: four vectors are a group.
    unsafe {
        let [a, b, c, d] = V::transpose([d, c, b, a]);
        a.leave().store(dst.cast());
        b.leave().store(dst.add(step).cast());
        c.leave().store(dst.add(2 * step).cast());
        d.leave().store(dst.add(3 * step).cast());
    }
}

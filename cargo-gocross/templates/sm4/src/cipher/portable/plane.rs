//! Bytes taken apart into planes: bit `i` of all bytes is one word, [`Plane`].
//!
//! A plane has four lanes a block, one for each byte of one of its words: byte `k` (0 is the lowest)
//! of block `b` is at bit `BLOCKS * k + b`. So turning the words by whole bytes turns the planes.

/// As wide as the CPU's registers.
#[cfg(target_pointer_width = "64")]
pub(super) type Plane = u64;
#[cfg(not(target_pointer_width = "64"))]
pub(super) type Plane = u32;

/// Blocks in a plane.
pub(super) const BLOCKS: usize = Plane::BITS as usize / 4;

/// One word of each block, as planes.
pub(super) type Sliced = [Plane; 8];

/// Takes one word of each block apart.
#[inline(always)]
pub(super) fn slice(words: &[u32; BLOCKS]) -> Sliced {
    let mut planes = std::array::from_fn(|at| pack(words, at));
    transpose(&mut planes);
    planes
}

/// Puts the words together again.
#[inline(always)]
pub(super) fn unslice(mut planes: Sliced) -> [u32; BLOCKS] {
    transpose(&mut planes); // its own inverse
    let mut words = [0; BLOCKS];
    for (at, plane) in planes.into_iter().enumerate() {
        unpack(plane, &mut words, at);
    }
    words
}

/// The same word for every block, as planes.
#[inline(always)]
pub(super) fn splat(word: u32) -> Sliced {
    std::array::from_fn(|bit| {
        // The lowest lane of each byte, then to the others of that byte.
        let mut plane: Plane = 0;
        for byte in 0..4 {
            plane |= Plane::from(word >> (8 * byte + bit) & 1) << (BLOCKS * byte);
        }
        plane.wrapping_mul((1 << BLOCKS) - 1)
    })
}

/// The blocks `at` and `at + 8` side by side, in the order of the lanes once [`transpose`] is done.
#[cfg(target_pointer_width = "64")]
#[inline(always)]
fn pack(words: &[u32; BLOCKS], at: usize) -> Plane {
    let spread = |word: u32| {
        let wide = u64::from(word);
        let wide = (wide | wide << 16) & 0x0000_ffff_0000_ffff;
        (wide | wide << 8) & 0x00ff_00ff_00ff_00ff
    };
    spread(words[at]) | spread(words[at + 8]) << 8
}

#[cfg(target_pointer_width = "64")]
#[inline(always)]
fn unpack(plane: Plane, words: &mut [u32; BLOCKS], at: usize) {
    let gather = |wide: u64| {
        let wide = wide & 0x00ff_00ff_00ff_00ff;
        let wide = (wide | wide >> 8) & 0x0000_ffff_0000_ffff;
        (wide | wide >> 16) as u32
    };
    words[at] = gather(plane);
    words[at + 8] = gather(plane >> 8);
}

#[cfg(not(target_pointer_width = "64"))]
#[inline(always)]
fn pack(words: &[u32; BLOCKS], at: usize) -> Plane {
    words[at]
}

#[cfg(not(target_pointer_width = "64"))]
#[inline(always)]
fn unpack(plane: Plane, words: &mut [u32; BLOCKS], at: usize) {
    words[at] = plane;
}

/// Turns the matrix of bits that eight words make, in each byte of them: bit `i` of word `j` and
/// bit `j` of word `i` change places.
#[inline(always)]
fn transpose(words: &mut [Plane; 8]) {
    let mut swap = |a: usize, b: usize, shift: u32, mask: Plane| {
        let difference = (words[a] >> shift ^ words[b]) & mask;
        words[b] ^= difference;
        words[a] ^= difference << shift;
    };
    const EVERY: Plane = Plane::MAX / 0xff;
    for at in [0, 2, 4, 6] {
        swap(at, at + 1, 1, EVERY * 0x55);
    }
    for at in [0, 1, 4, 5] {
        swap(at, at + 2, 2, EVERY * 0x33);
    }
    for at in 0..4 {
        swap(at, at + 4, 4, EVERY * 0x0f);
    }
}

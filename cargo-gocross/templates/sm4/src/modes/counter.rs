//! The key stream of both modes: counters, encrypted by many at a time.

use crate::cipher::{BLOCK, Key};

/// Blocks of key stream made at once, on the stack: as many as the widest path takes.
const BUFFER: usize = 64;

/// A big-endian counter whose low `BITS` bits count, and wrap.
#[derive(Clone, Copy)]
pub(super) struct Counter<const BITS: u32>(u128);

impl<const BITS: u32> Counter<BITS> {
    pub(super) fn new(block: [u8; BLOCK]) -> Self {
        Self(u128::from_be_bytes(block))
    }

    /// The block of this value; then counts.
    #[inline(always)]
    pub(super) fn next(&mut self) -> [u8; BLOCK] {
        let block = self.0.to_be_bytes();
        let counts = u128::MAX >> (128 - BITS);
        self.0 = self.0 & !counts | self.0.wrapping_add(1) & counts;
        block
    }

    /// Gives `take` the key stream of the next `len` bytes, and where each piece of it begins. Of a
    /// last, odd block it gives back the whole.
    #[inline(always)]
    pub(super) fn stream(
        &mut self,
        key: &Key,
        len: usize,
        mut take: impl FnMut(usize, &[u8]),
    ) -> Option<[u8; BLOCK]> {
        let mut buffer = [[0; BLOCK]; BUFFER];
        let mut done = 0;
        while done < len {
            let count = (len - done).div_ceil(BLOCK).min(BUFFER);
            for block in &mut buffer[..count] {
                *block = self.next();
            }
            key.encrypt(&mut buffer[..count]);
            let piece = (len - done).min(BLOCK * count);
            take(done, &buffer.as_flattened()[..piece]);
            done += piece;
            if !piece.is_multiple_of(BLOCK) {
                return Some(buffer[count - 1]);
            }
        }
        None
    }
}

/// Adds the key stream to `data`.
#[inline(always)]
pub(super) fn xor(data: &mut [u8], stream: &[u8]) {
    for (byte, key) in data.iter_mut().zip(stream) {
        *byte ^= key;
    }
}

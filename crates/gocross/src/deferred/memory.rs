//! Memory for frames, which Go reads and writes while Rust holds the batch.

use core::mem::MaybeUninit;
use core::ptr::NonNull;

/// Words of a block; one for a larger frame is as large as that.
const BLOCK: usize = 512;

/// Memory in blocks that do not move.
#[derive(Default)]
pub(super) struct Memory {
    blocks: Vec<Block>,
    /// The block in use, and how many of its words are taken.
    at: usize,
    used: usize,
}

/// A boxed slice by its address: a box would claim to be the only way to its memory.
struct Block(NonNull<[MaybeUninit<u64>]>);

impl Memory {
    /// Takes a number of bytes, aligned to 8. They are valid until `clear` or the end of the memory.
    #[inline]
    pub(super) fn take(&mut self, bytes: usize) -> NonNull<u64> {
        let words = bytes.div_ceil(size_of::<u64>());
        if self.blocks.get(self.at).is_none_or(|block| block.0.len() - self.used < words) {
            self.go_on(words);
        }
        // SAFETY: the block has so many words more.
        let place = unsafe { self.blocks[self.at].0.cast().add(self.used) };
        self.used += words;
        place
    }

    /// Goes on to a block with room for so many words.
    #[cold]
    fn go_on(&mut self, words: usize) {
        let next = self.at + usize::from(self.used > 0);
        let fits = |block: &Block| block.0.len() >= words;
        let found = self.blocks.iter().skip(next).position(fits);
        self.at = found.map_or(self.blocks.len(), |skipped| next + skipped);
        self.used = 0;
        if found.is_none() {
            let block = Box::leak(Box::new_uninit_slice(words.max(BLOCK)));
            self.blocks.push(Block(NonNull::from(block)));
        }
    }

    /// Gives all memory free for new frames.
    pub(super) const fn clear(&mut self) {
        (self.at, self.used) = (0, 0);
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: it was leaked from a box.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_do_not_overlap_and_blocks_are_used_again() {
        let mut memory = Memory::default();
        for _ in 0..2 {
            let sizes = [1, 8, 9, 4000, 8 * BLOCK * 3, 16, 4090, 0, 24];
            let mut places: Vec<_> =
                sizes.iter().map(|&size| (memory.take(size).as_ptr() as usize, size)).collect();
            assert!(places.iter().all(|(place, _)| place % 8 == 0));
            places.sort_unstable();
            assert!(places.windows(2).all(|two| two[0].0 + two[0].1 <= two[1].0), "{places:?}");
            assert_eq!(memory.blocks.len(), 5);
            memory.clear();
        }
    }
}

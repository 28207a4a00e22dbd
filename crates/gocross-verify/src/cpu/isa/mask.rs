//! Instructions as masks: which bits of a word are fixed, and the feature that brings them.

use crate::cpu::architecture::{Architecture, Features};

/// A class of instructions: `word & mask == value`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mask {
    pub(super) mask: u32,
    pub(super) value: u32,
    pub(super) feature: &'static str,
    /// So few of its bits are fixed that one word of some thousand is one by chance.
    pub(super) weak: bool,
}

pub(super) const fn class(feature: &'static str, mask: u32, value: u32) -> Mask {
    Mask { mask, value, feature, weak: false }
}

pub(super) const fn weak(feature: &'static str, mask: u32, value: u32) -> Mask {
    Mask { mask, value, feature, weak: true }
}

/// Masks, sorted into the buckets of a word's bits; the first that fits has the word.
#[derive(Debug)]
pub(super) struct Table {
    buckets: Vec<Vec<(u32, u32, Features, bool)>>,
    shift: u32,
}

impl Table {
    /// A table that looks at eight bits of a word first, those from `shift` on.
    pub(super) fn new(architecture: &Architecture, shift: u32, rows: &[Mask]) -> Self {
        let bucket = |key: u32| {
            let fits = |row: &&Mask| {
                let bits = row.mask & (0xff << shift);
                (key << shift) & bits == row.value & bits
            };
            let entry = |row: &Mask| {
                let feature = architecture.feature(row.feature).unwrap_or_default();
                (row.mask, row.value, feature, row.weak)
            };
            rows.iter().filter(fits).map(entry).collect()
        };
        Self { buckets: (0..256).map(bucket).collect(), shift }
    }

    /// The feature that brings a word, and whether the mask is weak.
    #[inline]
    pub(super) fn find(&self, word: u32) -> Option<(Features, bool)> {
        let bucket = &self.buckets[(word >> self.shift & 0xff) as usize];
        let row = bucket.iter().find(|(mask, value, ..)| word & mask == *value)?;
        Some((row.2, row.3))
    }
}

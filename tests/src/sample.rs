//! Bytes that look random and are the same in each run.

/// The 64-bit generator of Steele, Lea and Flood, "SplitMix".
#[derive(Debug, Clone)]
pub struct Sample(u64);

impl Sample {
    /// The sequence of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// So many bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        std::iter::repeat_with(|| self.next().to_le_bytes()).flatten().take(count).collect()
    }

    /// An array of bytes.
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.bytes(N));
        bytes
    }

    /// A number below `end`, which is small.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_one_of_its_authors() {
        // The first word of seed 0, as they publish it.
        assert_eq!(Sample::new(0).array(), 0xe220_a839_7b1d_cdaf_u64.to_le_bytes());
        assert_ne!(Sample::new(1).bytes(9), Sample::new(2).bytes(9));
        assert!((0..100).all(|seed| Sample::new(seed).below(7) < 7));
    }
}

//! The constants of the key schedule, GB/T 32907-2016, 7.3.

/// The system parameter FK.
pub(crate) const FK: [u32; 4] = [0xa3b1_bac6, 0x56aa_3350, 0x677d_9197, 0xb270_22dc];

/// The parameter CK: its byte `j` (from the top) of word `i` is `7 (4 i + j)`, modulo 256.
pub(crate) const CK: [u32; 32] = {
    let mut words = [0; 32];
    let mut at = 0;
    while at < 128 {
        words[at / 4] = words[at / 4] << 8 | (at * 7 % 256) as u32;
        at += 1;
    }
    words
};

/// The four words of a block or a key.
pub(crate) fn words(block: &[u8; 16]) -> [u32; 4] {
    std::array::from_fn(|at| {
        u32::from_be_bytes([block[4 * at], block[4 * at + 1], block[4 * at + 2], block[4 * at + 3]])
    })
}

/// The round keys, by one's own S-box `tau` of four bytes at once.
#[inline(always)]
pub(crate) fn expand(key: &[u8; 16], tau: impl Fn(u32) -> u32) -> [u32; 32] {
    let mut k = words(key);
    for (word, fk) in k.iter_mut().zip(FK) {
        *word ^= fk;
    }
    std::array::from_fn(|round| {
        let b = tau(k[1] ^ k[2] ^ k[3] ^ CK[round]);
        let next = k[0] ^ b ^ b.rotate_left(13) ^ b.rotate_left(23);
        k = [k[1], k[2], k[3], next];
        next
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GB/T 32907-2016, 7.3 prints them.
    #[test]
    fn constants_of_the_standard() {
        assert_eq!(CK[..3], [0x0007_0e15, 0x1c23_2a31, 0x383f_464d]);
        assert_eq!(CK[31], 0x646b_7279);
    }
}

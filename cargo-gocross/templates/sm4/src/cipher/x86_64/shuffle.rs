//! Orders of bytes for PSHUFB, which takes byte `i` of its result from place `order[i]`.

/// Turns each word's bytes round.
pub(super) const SWAP: [u8; 16] = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12];

/// Undoes ShiftRows, with which AESENCLAST begins, and turns each word left by `bytes` bytes.
pub(super) const fn unshift(bytes: usize) -> [u8; 16] {
    let mut order = [0; 16];
    let mut at = 0;
    while at < 16 {
        let (word, byte) = (at / 4, (at + 4 - bytes) % 4);
        // ShiftRows moves row `r` left by `r` columns (FIPS 197, section 5.1.2), and a word is
        // a column.
        order[at] = (4 * ((word + 4 - byte) % 4) + byte) as u8;
        at += 1;
    }
    order
}

/// Turns each word left by `bytes` bytes.
pub(super) const fn turn(bytes: usize) -> [u8; 16] {
    let mut order = [0; 16];
    let mut at = 0;
    while at < 16 {
        order[at] = (at / 4 * 4 + (at + 4 - bytes) % 4) as u8;
        at += 1;
    }
    order
}

//! The constants of the GFNI paths.
//!
//! GF2P8AFFINEINVQB inverts in AES's field and has any affine map behind it, so it does more than
//! the S-box S. The linear map L turns words by bytes and by two bits, and two bits of a turn are
//! bits of the byte itself and of its neighbour: with `<<` and `>>` for shifts of each byte and
//! `<<<` for turns of each word,
//!
//! ```text
//! L(b) = (b + b<<2) + (b<<2 + b>>6)<<<8 + (b<<2 + b>>6)<<<16 + (b + b>>6)<<<24
//! ```
//!
//! The three brackets are three maps behind the same inversion. What would stand before it, the way
//! to AES's field, is behind it as well: between the rounds, bytes stay as the inversion wants them.

use super::super::algebra::{AFTER_INVERSE, Affine, BEFORE_INVERSE};

/// A map as the instructions take it.
#[derive(Clone, Copy)]
pub(super) struct Map {
    /// The matrix.
    pub(super) matrix: i64,
    /// The constant, which is a part of the instruction.
    pub(super) constant: i32,
}

/// From a byte of a block to what the rounds work on.
pub(super) const ENTER: Map = map(DOMAIN);
/// Back again.
pub(super) const LEAVE: Map = map(DOMAIN.inverse());
/// From a byte of a round key to what the rounds add; with what the S-box adds first.
pub(super) const KEY: Map = map(BEFORE_INVERSE);
/// Behind the inversion: the S-box itself.
pub(super) const SBOX: Map = map(AFTER_INVERSE);
/// Behind the inversion: what stays in its place.
pub(super) const STAYS: Map = behind(true, true, false);
/// Behind the inversion: what is turned by one byte, and by two.
pub(super) const ONE_AND_TWO: Map = behind(false, true, true);
/// Behind the inversion: what is turned by three bytes.
pub(super) const THREE: Map = behind(true, false, true);

const DOMAIN: Affine = BEFORE_INVERSE.without_constant();

const fn map(map: Affine) -> Map {
    Map { matrix: map.gfni(), constant: map.constant() as i32 }
}

/// The S-box, then a sum of the byte itself, `<< 2` and `>> 6`, as the rounds work on it.
const fn behind(itself: bool, left: bool, right: bool) -> Map {
    let mut columns = [0; 8];
    let mut bit = 0;
    while bit < 8 {
        let b = 1_u8 << bit;
        let parts = [b * itself as u8, (b << 2) * left as u8, (b >> 6) * right as u8];
        columns[bit] = parts[0] ^ parts[1] ^ parts[2];
        bit += 1;
    }
    map(AFTER_INVERSE.then(Affine::linear(columns)).then(DOMAIN))
}

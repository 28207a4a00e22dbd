//! The S-box as look-ups in tables of 16 bytes, which VTBL has.
//!
//! GF(256) is taken as pairs over GF(16): x = k z + i, where z^2 = z + NU. With j = i + k, the norm of
//! x is N = NU k^2 + i j, and the inverse (k z + j) / N. Two quotients give it without a product:
//!
//! - p = (NU k + i) / N is the inverse of 1 / (1 / i + 1 / (NU k)) + j,
//! - q = (NU k + j) / N is the inverse of 1 / (1 / j + 1 / (NU k)) + i,
//!
//! because then k / N = p + q and j / N = q + NU (p + q). M. Hamburg found that this also holds where
//! something is divided by 0, if its result is kept out of all tables' range, and VTBL gives 0 for it
//! ("Accelerating AES with Vector Permute Instructions", CHES 2009).

use super::super::algebra::{Affine, SM4_AFFINE, SM4_FIELD};

/// A constant for which z^2 = z + NU has no solution in GF(16).
const NU: u8 = 9;
/// No index of a table, also with any four bits added.
const NONE: u8 = 0x80;

/// All tables, in the order of their registers.
#[repr(C, align(16))]
pub(super) struct Tables {
    /// SM4's affine map, into the tower: of the low bits, and of the high ones.
    enter: [[u8; 16]; 2],
    /// Of k, 1 / (NU k).
    quotient: [u8; 16],
    /// The inverse.
    inverse: [u8; 16],
    /// Of 1 / p and of 1 / q, what they add to the result, through SM4's affine map.
    leave: [[u8; 16]; 2],
}

pub(super) static TABLES: Tables = {
    let (low, high) = SM4_AFFINE.then(TO_TOWER).nibbles();
    let from_tower = TO_TOWER.inverse().then(SM4_AFFINE);
    let mut tables = Tables {
        enter: [low, high],
        quotient: [NONE; 16],
        inverse: [NONE; 16],
        leave: [[0; 16]; 2],
    };
    // What is added has no constant; the result has one, and 0 has to give it as well.
    let constant = from_tower.apply(0);
    let mut x = 0;
    while x < 16 {
        let inverse = invert(x as u8);
        if x != 0 {
            tables.inverse[x] = inverse;
            tables.quotient[x] = invert(multiply(NU, x as u8));
        }
        let by_p = inverse << 4 | multiply(NU, inverse);
        let by_q = by_p ^ inverse;
        tables.leave[0][x] = from_tower.apply(by_p) ^ constant;
        tables.leave[1][x] = from_tower.apply(by_q) ^ constant;
        x += 1;
    }
    tables
};

/// From SM4's field to the tower: sends x to a root of SM4's polynomial there.
const TO_TOWER: Affine = {
    let mut root = 2;
    while power_sum(root) != 0 {
        root += 1;
    }
    let mut columns = [1; 8];
    let mut bit = 1;
    while bit < 8 {
        columns[bit] = multiply_tower(columns[bit - 1], root);
        bit += 1;
    }
    Affine::linear(columns)
};

/// SM4's polynomial at an element of the tower.
const fn power_sum(at: u8) -> u8 {
    let mut value = 0;
    let mut degree = 9;
    while degree > 0 {
        degree -= 1;
        value = multiply_tower(value, at) ^ (SM4_FIELD >> degree & 1) as u8;
    }
    value
}

/// The product of two pairs.
const fn multiply_tower(x: u8, y: u8) -> u8 {
    let (k, i, l, j) = (x >> 4, x & 15, y >> 4, y & 15);
    let both = multiply(k, l);
    let high = both ^ multiply(k, j) ^ multiply(i, l);
    high << 4 | multiply(i, j) ^ multiply(NU, both)
}

/// The product in GF(16), modulo x^4 + x + 1.
const fn multiply(a: u8, b: u8) -> u8 {
    let mut product = 0;
    let mut bit = 4;
    while bit > 0 {
        bit -= 1;
        product <<= 1;
        if product & 16 != 0 {
            product ^= 0b1_0011;
        }
        if b >> bit & 1 != 0 {
            product ^= a;
        }
    }
    product
}

/// The inverse in GF(16), x^14; 0 for 0.
const fn invert(x: u8) -> u8 {
    let square = multiply(x, x);
    let fourth = multiply(square, square);
    multiply(square, multiply(fourth, multiply(fourth, fourth)))
}

#[cfg(test)]
mod tests {
    use super::super::super::algebra::SBOX;
    use super::*;

    /// What the instructions do, for every byte.
    #[test]
    fn look_ups_make_the_s_box() {
        let look =
            |table: &[u8; 16], index: u8| table.get(usize::from(index)).copied().unwrap_or(0);
        let Tables { enter, quotient, inverse, leave } = &TABLES;
        let constant = SM4_AFFINE.apply(0);
        for x in 0..=255_u8 {
            let y = enter[0][usize::from(x & 15)] ^ enter[1][usize::from(x >> 4)];
            let (k, i) = (y >> 4, y & 15);
            let j = i ^ k;
            let shared = look(quotient, k);
            let one_p = look(inverse, look(inverse, i) ^ shared) ^ j;
            let one_q = look(inverse, look(inverse, j) ^ shared) ^ i;
            let result = look(&leave[0], one_p) ^ look(&leave[1], one_q) ^ constant;
            assert_eq!(result, SBOX[usize::from(x)], "{x}");
        }
    }
}

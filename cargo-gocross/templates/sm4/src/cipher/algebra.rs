//! The S-box as algebra, so that no table is copied: it, and the maps by which AES hardware
//! computes it, follow from a few constants when the program is compiled.
//!
//! GB/T 32907 prints the S-box as a table. It is `A(inverse(A(x)))`, with the inverse in
//! GF(2)\[x\]/0x1f5 and one affine map `A` before and behind it (Liu et al., "Analysis of the SMS4
//! block cipher", ACISP 2007). AES inverts in another field of 256 elements, which is the same
//! field under other names: a linear map leads from one to the other.

/// The polynomial of SM4's field: x^8 + x^7 + x^6 + x^5 + x^4 + x^2 + 1.
pub(crate) const SM4_FIELD: u16 = 0x1f5;
/// The polynomial of AES's field: x^8 + x^4 + x^3 + x + 1 (FIPS 197, 4.2).
const AES_FIELD: u16 = 0x11b;

/// SM4's affine map: the image of bit `i` is 0xcb turned left by `i`.
pub(crate) const SM4_AFFINE: Affine = Affine::circulant(0xcb, 0xd3);
/// The affine map of AES's S-box, behind the inverse (FIPS 197, 5.1.1).
const AES_AFFINE: Affine = Affine::circulant(0x1f, 0x63);

/// The S-box.
pub(crate) const SBOX: [u8; 256] = {
    let mut table = [0; 256];
    let mut x = 0;
    while x < 256 {
        table[x] = SM4_AFFINE.apply(invert(SM4_AFFINE.apply(x as u8), SM4_FIELD));
        x += 1;
    }
    table
};

/// From a byte to the element of AES's field whose inverse is wanted: with [`AFTER_INVERSE`] it
/// makes the S-box out of an inverse in AES's field, which GFNI has.
pub(crate) const BEFORE_INVERSE: Affine = SM4_AFFINE.then(SM4_TO_AES);
/// From that inverse to SM4's S-box.
pub(crate) const AFTER_INVERSE: Affine = SM4_TO_AES.inverse().then(SM4_AFFINE);
/// From the output of AES's S-box to SM4's, where the input went through [`BEFORE_INVERSE`]:
/// `SBOX[x] == AFTER_AES.apply(aes_sbox(BEFORE_INVERSE.apply(x)))`.
pub(crate) const AFTER_AES: Affine = AES_AFFINE.inverse().then(AFTER_INVERSE);

/// An affine map of bytes, as bits over GF(2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Affine {
    /// The image of each bit, without the constant.
    columns: [u8; 8],
    constant: u8,
}

impl Affine {
    /// The linear map that sends bit `i` to `columns[i]`.
    pub(crate) const fn linear(columns: [u8; 8]) -> Self {
        Self { columns, constant: 0 }
    }

    /// The map whose columns are `first`, turned left by 0 to 7 bits.
    const fn circulant(first: u8, constant: u8) -> Self {
        let mut columns = [0; 8];
        let mut bit = 0;
        while bit < 8 {
            columns[bit] = first.rotate_left(bit as u32);
            bit += 1;
        }
        Self { columns, constant }
    }

    /// The image of `x`.
    pub(crate) const fn apply(&self, x: u8) -> u8 {
        let mut sum = self.constant;
        let mut bit = 0;
        while bit < 8 {
            if x >> bit & 1 != 0 {
                sum ^= self.columns[bit];
            }
            bit += 1;
        }
        sum
    }

    /// This map, then `next`.
    pub(crate) const fn then(self, next: Self) -> Self {
        let mut columns = [0; 8];
        let mut bit = 0;
        while bit < 8 {
            columns[bit] = next.apply(self.columns[bit]) ^ next.constant;
            bit += 1;
        }
        Self { columns, constant: next.apply(self.constant) }
    }

    /// The map that undoes this one.
    pub(crate) const fn inverse(self) -> Self {
        let linear = Self { columns: self.columns, constant: 0 };
        let mut columns = [0; 8];
        let mut bit = 0;
        while bit < 8 {
            columns[bit] = linear.source(1 << bit);
            bit += 1;
        }
        let inverse = Self { columns, constant: 0 };
        Self { columns, constant: inverse.apply(self.constant) }
    }

    /// The byte whose image is `image`.
    const fn source(&self, image: u8) -> u8 {
        let mut x = 0;
        while self.apply(x) != image {
            assert!(x < 0xff, "a map without an inverse");
            x += 1;
        }
        x
    }

    /// The map without its constant.
    #[cfg(target_arch = "x86_64")]
    pub(crate) const fn without_constant(self) -> Self {
        Self::linear(self.columns)
    }

    /// The image of 0.
    #[cfg(target_arch = "x86_64")]
    pub(crate) const fn constant(&self) -> u8 {
        self.constant
    }

    /// The map without its constant as GF2P8AFFINEQB takes it (Intel SDM, volume 2): one byte for
    /// each bit of the image, the lowest bit's on top.
    #[cfg(target_arch = "x86_64")]
    pub(crate) const fn gfni(&self) -> i64 {
        let mut matrix = 0;
        let mut at = 0;
        while at < 64 {
            let (bit, of) = (at / 8, at % 8);
            matrix |= ((self.columns[of] >> bit & 1) as u64) << (8 * (7 - bit) + of);
            at += 1;
        }
        matrix as i64
    }

    /// The map as two tables of 16 bytes, for shuffles: `low[x & 15] ^ high[x >> 4]`. The constant
    /// is in the first.
    pub(crate) const fn nibbles(&self) -> ([u8; 16], [u8; 16]) {
        let (mut low, mut high) = ([0; 16], [0; 16]);
        let mut x = 0;
        while x < 16 {
            low[x] = self.apply(x as u8);
            high[x] = self.apply((x << 4) as u8) ^ self.constant;
            x += 1;
        }
        (low, high)
    }
}

/// From SM4's field to AES's: sends x to a root of SM4's polynomial there, and so keeps sums and
/// products.
const SM4_TO_AES: Affine = {
    let mut root = 2;
    while evaluate(SM4_FIELD, root) != 0 {
        root += 1;
    }
    let mut columns = [1; 8];
    let mut bit = 1;
    while bit < 8 {
        columns[bit] = multiply(columns[bit - 1], root, AES_FIELD);
        bit += 1;
    }
    Affine { columns, constant: 0 }
};

/// The value of a polynomial over GF(2) at an element of AES's field.
const fn evaluate(polynomial: u16, at: u8) -> u8 {
    let mut value = 0;
    let mut degree = 9;
    while degree > 0 {
        degree -= 1;
        value = multiply(value, at, AES_FIELD) ^ (polynomial >> degree & 1) as u8;
    }
    value
}

/// The product in the field of that polynomial.
const fn multiply(a: u8, b: u8, field: u16) -> u8 {
    let (mut sum, mut a, mut b) = (0, a as u16, b);
    while b != 0 {
        if b & 1 != 0 {
            sum ^= a;
        }
        a <<= 1;
        if a & 0x100 != 0 {
            a ^= field;
        }
        b >>= 1;
    }
    sum as u8
}

/// The inverse in the field of that polynomial, x^254; 0 for 0.
const fn invert(x: u8, field: u16) -> u8 {
    let (mut power, mut square) = (1, x);
    let mut bit = 1;
    while bit < 8 {
        square = multiply(square, square, field);
        power = multiply(power, square, field);
        bit += 1;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GB/T 32907-2016, 6.2: the first row, the last one, and that it is a permutation.
    #[test]
    fn the_standards_table() {
        assert_eq!(
            SBOX[..16],
            *b"\xd6\x90\xe9\xfe\xcc\xe1\x3d\xb7\x16\xb6\x14\xc2\x28\xfb\x2c\x05"
        );
        assert_eq!(
            SBOX[0xf0..],
            *b"\x18\xf0\x7d\xec\x3a\xdc\x4d\x20\x79\xee\x5f\x3e\xd7\xcb\x39\x48"
        );
        // The standard's own example of a look-up.
        assert_eq!(SBOX[0xef], 0x84);
        let mut sorted = SBOX;
        sorted.sort_unstable();
        assert!(sorted.iter().enumerate().all(|(place, value)| place == usize::from(*value)));
    }

    #[test]
    fn aes_hardware_computes_it() {
        for x in 0..=255 {
            let inverse = invert(BEFORE_INVERSE.apply(x), AES_FIELD);
            let by_aes = AFTER_AES.apply(AES_AFFINE.apply(inverse));
            assert_eq!(by_aes, SBOX[usize::from(x)], "{x}");
            assert_eq!(AFTER_INVERSE.apply(inverse), SBOX[usize::from(x)], "{x}");
        }
        // FIPS 197, 5.1.1: the AES S-box of 0x53.
        assert_eq!(AES_AFFINE.apply(invert(0x53, AES_FIELD)), 0xed);
    }

    #[test]
    fn nibbles_are_the_map() {
        for map in [SM4_AFFINE, BEFORE_INVERSE, AFTER_INVERSE, AFTER_AES] {
            let (low, high) = map.nibbles();
            for x in 0..=255_u8 {
                let by_tables = low[usize::from(x & 15)] ^ high[usize::from(x >> 4)];
                assert_eq!(by_tables, map.apply(x));
                assert_eq!(map.inverse().apply(map.apply(x)), x);
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn rows_are_the_map() {
        for map in [SM4_AFFINE, BEFORE_INVERSE, AFTER_INVERSE] {
            for x in 0..=255_u8 {
                let rows = map.gfni().to_be_bytes().into_iter().rev();
                // The highest bit of the image comes last.
                let image =
                    rows.fold(0, |image, row| image << 1 | (row & x).count_ones() as u8 & 1);
                assert_eq!(image ^ map.constant(), map.apply(x));
            }
        }
    }
}

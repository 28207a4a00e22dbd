//! The S-box as a circuit of XOR and AND: bit `i` of each byte is in `x[i]`.
//!
//! GF(256) is taken as pairs over GF(16), those as pairs over GF(4), each in a normal basis, so an
//! inverse costs products of the smaller field (D. Canright, "A Very Compact S-Box for AES", CHES
//! 2005, on how). SM4's affine map and the change of basis are one linear map before and one behind
//! the inverse. Of all such towers this one needs the fewest gates for the two maps.

use super::plane::Plane;

/// The S-box of each byte.
#[inline(always)]
pub(super) fn sbox(x: [Plane; 8]) -> [Plane; 8] {
    leave(invert256(enter(x)))
}

/// SM4's affine map, into the tower.
#[inline(always)]
fn enter(x: [Plane; 8]) -> [Plane; 8] {
    let a = x[0] ^ x[6];
    let b = x[4] ^ a;
    [
        x[3] ^ x[5] ^ x[6] ^ x[7],
        x[1] ^ x[7],
        !(x[2] ^ x[4] ^ x[6]),
        x[1] ^ x[2] ^ x[5],
        !x[2],
        !b,
        x[1] ^ a,
        x[5] ^ b,
    ]
}

/// Out of the tower, and SM4's affine map.
#[inline(always)]
fn leave(x: [Plane; 8]) -> [Plane; 8] {
    let a = x[6] ^ x[7];
    let b = x[2] ^ a;
    let c = x[0] ^ b;
    let d = x[3] ^ x[5];
    let e = x[3] ^ c;
    let f = a ^ d;
    [!x[5], !(x[7] ^ x[1] ^ x[5]), f, x[4] ^ c, !(d ^ x[4] ^ b), x[1] ^ e, !x[2], !e]
}

/// The inverse of (h, l): with the norm n of the pair, (l / n, h / n).
#[inline(always)]
fn invert256(x: [Plane; 8]) -> [Plane; 8] {
    let (l, h) = ([x[0], x[1], x[2], x[3]], [x[4], x[5], x[6], x[7]]);
    let s: [Plane; 4] = std::array::from_fn(|bit| l[bit] ^ h[bit]);
    let product = multiply16(l, h);
    // The square of the sum, times the constant of the field.
    let norm = invert16([
        product[0] ^ s[1] ^ s[2],
        product[1] ^ s[0] ^ s[2] ^ s[3],
        product[2] ^ s[1],
        product[3] ^ s[0],
    ]);
    let (low, high) = (multiply16(h, norm), multiply16(l, norm));
    [low[0], low[1], low[2], low[3], high[0], high[1], high[2], high[3]]
}

#[inline(always)]
fn invert16(x: [Plane; 4]) -> [Plane; 4] {
    let (l, h) = ([x[0], x[1]], [x[2], x[3]]);
    let s = [l[0] ^ h[0], l[1] ^ h[1]];
    let product = multiply4(l, h);
    // In GF(4) the inverse is the square, and that swaps the two bits.
    let norm = [product[1] ^ s[0] ^ s[1], product[0] ^ s[0]];
    let (low, high) = (multiply4(h, norm), multiply4(l, norm));
    [low[0], low[1], high[0], high[1]]
}

#[inline(always)]
fn multiply16(a: [Plane; 4], b: [Plane; 4]) -> [Plane; 4] {
    let e = multiply4([a[0] ^ a[2], a[1] ^ a[3]], [b[0] ^ b[2], b[1] ^ b[3]]);
    let e = [e[1], e[0] ^ e[1]]; // times the constant of the field
    let (low, high) =
        (multiply4([a[0], a[1]], [b[0], b[1]]), multiply4([a[2], a[3]], [b[2], b[3]]));
    [low[0] ^ e[0], low[1] ^ e[1], high[0] ^ e[0], high[1] ^ e[1]]
}

#[inline(always)]
fn multiply4(a: [Plane; 2], b: [Plane; 2]) -> [Plane; 2] {
    let e = (a[0] ^ a[1]) & (b[0] ^ b[1]);
    [(a[0] & b[0]) ^ e, (a[1] & b[1]) ^ e]
}

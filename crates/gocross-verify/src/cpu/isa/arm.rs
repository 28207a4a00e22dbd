//! A32 and T32 (Thumb): words, and sequences of halfwords.

use std::sync::LazyLock;

use super::mask::{Mask, Table, class};
use super::{Found, reference::Reference};
use crate::cpu::architecture::Architecture;

/// Arm Architecture Reference Manual for Armv7 (DDI 0406), A7, "Advanced SIMD and Floating-point
/// Instruction Encoding", A1; for Armv8 (DDI 0487), F6, the cryptographic ones.
pub(super) const A32: &[Mask] = &[
    // AESE, AESD, AESMC, AESIMC.
    class("aes", 0xffbf_0f10, 0xf3b0_0300),
    // SHA1H; SHA1SU1; SHA1C, SHA1P, SHA1M, SHA1SU0.
    class("sha1", 0xffbf_0fd0, 0xf3b9_02c0),
    class("sha1", 0xffbf_0fd0, 0xf3ba_0380),
    class("sha1", 0xff80_0f50, 0xf200_0c40),
    // SHA256SU0; SHA256H, SHA256H2, SHA256SU1.
    class("sha2", 0xffbf_0fd0, 0xf3ba_03c0),
    class("sha2", 0xffb0_0f50, 0xf300_0c40),
    class("sha2", 0xffb0_0f50, 0xf310_0c40),
    class("sha2", 0xffb0_0f50, 0xf320_0c40),
    // Data processing; loads and stores of elements and structures.
    class("neon", 0xfe00_0000, 0xf200_0000),
    class("neon", 0xff10_0000, 0xf400_0000),
    // VDUP of a core register; VMOV of 8 and of 16 bits, to a vector and from it.
    class("neon", 0x0f90_0f5f, 0x0e80_0b10),
    class("neon", 0x0fd0_0f1f, 0x0e40_0b10),
    class("neon", 0x0fd0_0f3f, 0x0e00_0b30),
    class("neon", 0x0f50_0f1f, 0x0e50_0b10),
    class("neon", 0x0f50_0f3f, 0x0e10_0b30),
];

/// The same, T1: `1111 001U` is `111U 1111`, and `1111 0100` is `1111 1001`.
pub(super) const T32: &[Mask] = &[
    class("aes", 0xffbf_0f10, 0xffb0_0300),
    class("sha1", 0xffbf_0fd0, 0xffb9_02c0),
    class("sha1", 0xffbf_0fd0, 0xffba_0380),
    class("sha1", 0xff80_0f50, 0xef00_0c40),
    class("sha2", 0xffbf_0fd0, 0xffba_03c0),
    class("sha2", 0xffb0_0f50, 0xff00_0c40),
    class("sha2", 0xffb0_0f50, 0xff10_0c40),
    class("sha2", 0xffb0_0f50, 0xff20_0c40),
    class("neon", 0xef00_0000, 0xef00_0000),
    class("neon", 0xff10_0000, 0xf900_0000),
    class("neon", 0xff90_0f5f, 0xee80_0b10),
    class("neon", 0xffd0_0f1f, 0xee40_0b10),
    class("neon", 0xffd0_0f3f, 0xee00_0b30),
    class("neon", 0xff50_0f1f, 0xee50_0b10),
    class("neon", 0xff50_0f3f, 0xee10_0b30),
];

fn table(rows: &[Mask]) -> Option<Table> {
    Some(Table::new(Architecture::find("arm")?, 24, rows))
}

static TABLES: LazyLock<Option<(Table, Table)>> =
    LazyLock::new(|| Some((table(A32)?, table(T32)?)));

fn a32(bytes: &[u8], big_endian: bool) -> impl Iterator<Item = (u64, u32)> {
    bytes.chunks_exact(4).zip(0_u64..).map(move |(bytes, index)| {
        let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
        let word = if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        (4 * index, word)
    })
}

/// Thumb: one halfword, or two where the first begins with 11101, 11110 or 11111. A short one is
/// a word below 0x10000.
fn t32(bytes: &[u8], big_endian: bool) -> impl Iterator<Item = (u64, u32)> {
    let half = move |at: usize| {
        let bytes = [*bytes.get(at)?, *bytes.get(at + 1)?];
        let half = if big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) };
        Some(u32::from(half))
    };
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, first) = (at, half(at)?);
        if first >> 11 < 0b11101 {
            at += 2;
            return Some((start as u64, first));
        }
        at += 4;
        Some((start as u64, first << 16 | half(start + 2)?))
    })
}

pub(super) fn scan(
    address: u64,
    bytes: &[u8],
    thumb: bool,
    big_endian: bool,
    found: &mut Found<'_>,
) {
    let Some((a32_table, t32_table)) = TABLES.as_ref() else { return };
    let mut count = 0;
    if thumb {
        for (at, word) in t32(bytes, big_endian) {
            count += 1;
            if word > 0xffff
                && let Some((features, _)) = t32_table.find(word)
            {
                found.tell(address + at, features);
            }
        }
    } else {
        let literals = literals(bytes, big_endian);
        for (at, word) in a32(bytes, big_endian) {
            count += 1;
            if literals.binary_search(&at).is_ok() {
                continue;
            }
            // What has a condition is another instruction where that is 1111.
            let conditional = matches!(word >> 24 & 15, 14);
            if conditional && word >> 28 == 15 {
                continue;
            }
            if let Some((features, _)) = a32_table.find(word) {
                found.tell(address + at, features);
            }
        }
    }
    found.count(count);
}

/// The words that A32 instructions load from their own region (LDR and VLDR, literal): constants,
/// which Go puts behind its functions and marks by no mapping symbol.
fn literals(bytes: &[u8], big_endian: bool) -> Vec<u64> {
    let mut literals = Vec::new();
    for (at, word) in a32(bytes, big_endian) {
        let (offset, words) = if word & 0x0f7f_0000 == 0x051f_0000 {
            (u64::from(word & 0xfff), 1)
        } else if word & 0x0f3f_0e00 == 0x0d1f_0a00 {
            (u64::from(word & 0xff) * 4, 2)
        } else {
            continue;
        };
        let base = at + 8;
        let up = word >> 23 & 1 == 1;
        let target = if up { Some(base + offset) } else { base.checked_sub(offset) };
        let Some(target) = target else { continue };
        literals.extend((0..words).map(|index| target + 4 * index));
    }
    literals.sort_unstable();
    literals
}

/// Where an instruction goes: B, BL and BLX.
pub(super) fn references(
    address: u64,
    bytes: &[u8],
    thumb: bool,
    big_endian: bool,
    tell: &mut dyn FnMut(u64, Reference),
) {
    if !thumb {
        for (at, word) in a32(bytes, big_endian) {
            if word >> 25 & 7 == 5 {
                let at = address.wrapping_add(at);
                let mut offset = i64::from((word << 8).cast_signed() >> 6);
                // BLX goes to Thumb, at any halfword.
                if word >> 28 == 15 {
                    offset += i64::from(word >> 24 & 1) * 2;
                }
                tell(at, Reference::Branch(at.wrapping_add(8).wrapping_add_signed(offset)));
            }
        }
        return;
    }
    for (at, word) in t32(bytes, big_endian) {
        let at = address.wrapping_add(at);
        if let Some(offset) = short_branch(word) {
            tell(at, Reference::Branch(at.wrapping_add(4).wrapping_add_signed(offset)));
            continue;
        }
        if word & 0xf800_8000 != 0xf000_8000 {
            continue;
        }
        // BL and BLX have bit 14; B.W without a condition has bit 12.
        let (links, wide) = (word >> 14 & 1 == 1, word >> 12 & 1 == 1);
        if !links && !wide {
            continue;
        }
        let sign = word >> 26 & 1;
        let second = |bit: u32| !(word >> bit & 1 ^ sign) & 1;
        let field = sign << 24
            | second(13) << 23
            | second(11) << 22
            | (word >> 16 & 0x3ff) << 12
            | (word & 0x7ff) << 1;
        let offset = i64::from((field << 7).cast_signed() >> 7);
        let base = if links && !wide { at.wrapping_add(4) & !3 } else { at.wrapping_add(4) };
        tell(at, Reference::Branch(base.wrapping_add_signed(offset)));
    }
}

/// How far a branch of 16 bits goes: B, encodings T1 (with a condition) and T2.
fn short_branch(word: u32) -> Option<i64> {
    let (field, bits) = match word {
        0xe000..=0xe7ff => (word & 0x7ff, 11),
        // The conditions 14 and 15 are UDF and SVC.
        0xd000..=0xddff => (word & 0xff, 8),
        _ => return None,
    };
    let shift = 32 - bits;
    Some(i64::from((field << shift).cast_signed() >> shift) * 2)
}

#[cfg(test)]
mod tests {
    use crate::cpu::isa::testing::{features, features_thumb, references, references_thumb};

    /// A word as Thumb writes it: the first halfword first.
    fn thumb(word: u32) -> [u8; 4] {
        let [a, b, c, d] = word.to_le_bytes();
        [c, d, a, b]
    }

    #[test]
    fn both_sets_have_their_own_encoding() {
        for (a32, t32, feature) in [
            (0xf222_0844_u32, 0xef22_0844_u32, "neon"), // vadd.i32 q0, q1, q2
            (0xf460_0a8f, 0xf960_0a8f, "neon"),         // vld1.32 {d16-d17}, [r0]
            (0xeea0_0b10, 0xeea0_0b10, "neon"),         // vdup.32 q0, r0
            (0xf3b0_0302, 0xffb0_0302, "aes"),          // aese.8 q0, q1
            (0xf202_0c44, 0xef02_0c44, "sha1"),         // sha1c.32 q0, q1, q2
        ] {
            assert_eq!(features(40, &a32.to_le_bytes()), [feature], "{a32:#x}");
            assert_eq!(features_thumb(&thumb(t32)), [feature], "{t32:#x}");
        }
        // vadd.f64 d0, d1, d2; vmov.32 d0[0], r0; add r0, r1, r2.
        for word in [0xee31_0b02_u32, 0xee00_0b10, 0xe081_0002] {
            assert!(features(40, &word.to_le_bytes()).is_empty(), "{word:#x}");
        }
        assert!(features_thumb(&thumb(0xee31_0b02)).is_empty());
        // A short one, then vadd.i32.
        assert_eq!(features_thumb(&[&[0x00, 0xbf], &thumb(0xef22_0844)[..]].concat()), ["neon"]);
    }

    #[test]
    fn what_is_loaded_is_no_instruction() {
        // ldr r0, [pc]; bx lr; vadd.i32 q0, q1, q2 as a constant.
        let code = [0xe59f_0000_u32, 0xe12f_ff1e, 0xf222_0844];
        let code: Vec<u8> = code.iter().flat_map(|word| word.to_le_bytes()).collect();
        assert!(features(40, &code).is_empty());
        assert_eq!(features(40, &code[4..]), ["neon"]);
    }

    #[test]
    fn branches_are_followed() {
        let code = [0xeb00_0000_u32, 0xeaff_fffd]; // bl +8, b -4
        let code: Vec<u8> = code.iter().flat_map(|word| word.to_le_bytes()).collect();
        assert_eq!(
            references(40, 0x1000, &code),
            [(0x1000, "branch", 0x1008), (0x1004, "branch", 0x1000)]
        );
        let code = [0xe7fd_u16, 0xd101, 0xdf00]; // b.n -2, bne +6, svc
        let code: Vec<u8> = code.iter().flat_map(|word| word.to_le_bytes()).collect();
        assert_eq!(
            references_thumb(0x1000, &code),
            [(0x1000, "branch", 0xffe), (0x1002, "branch", 0x1008)]
        );
        let code = [thumb(0xf000_f802), thumb(0xf7ff_bffc)].concat(); // bl +8, b.w -4
        assert_eq!(
            references_thumb(0x1000, &code),
            [(0x1000, "branch", 0x1008), (0x1004, "branch", 0x1000)]
        );
    }
}

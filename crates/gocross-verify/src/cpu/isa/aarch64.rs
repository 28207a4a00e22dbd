//! A64: instructions of 32 bits, always little-endian.

use std::sync::LazyLock;

use super::mask::{Mask, Table, class, weak};
use super::{Found, reference::Reference};
use crate::cpu::architecture::Architecture;

/// Arm Architecture Reference Manual (DDI 0487), C4.1, "A64 instruction set encoding".
pub(super) const MASKS: &[Mask] = &[
    class("sm4", 0xffff_fc00, 0xcec0_8400),
    class("sm4", 0xffe0_fc00, 0xce60_c800),
    class("aes", 0xffff_cc00, 0x4e28_4800),
    class("pmull", 0xbfe0_fc00, 0x0ee0_e000),
    // SM3PARTW1, SM3PARTW2, SM3SS1, SM3TT1A to SM3TT2B.
    class("sm3", 0xffe0_fc00, 0xce60_c000),
    class("sm3", 0xffe0_fc00, 0xce60_c400),
    weak("sm3", 0xffe0_8000, 0xce40_0000),
    weak("sm3", 0xffe0_c000, 0xce40_8000),
    // SHA1C, SHA1P, SHA1M, SHA1SU0; SHA1H, SHA1SU1.
    weak("sha1", 0xffe0_cc00, 0x5e00_0000),
    class("sha1", 0xffff_fc00, 0x5e28_0800),
    class("sha1", 0xffff_fc00, 0x5e28_1800),
    // SHA256H, SHA256H2, SHA256SU1; SHA256SU0.
    weak("sha2", 0xffe0_fc00, 0x5e00_4000),
    weak("sha2", 0xffe0_fc00, 0x5e00_5000),
    weak("sha2", 0xffe0_fc00, 0x5e00_6000),
    class("sha2", 0xffff_fc00, 0x5e28_2800),
    // SHA512H, SHA512H2, SHA512SU1; SHA512SU0.
    weak("sha512", 0xffe0_fc00, 0xce60_8000),
    weak("sha512", 0xffe0_fc00, 0xce60_8400),
    weak("sha512", 0xffe0_fc00, 0xce60_8800),
    class("sha512", 0xffff_fc00, 0xcec0_8000),
    // RAX1, EOR3, BCAX, XAR.
    weak("sha3", 0xffe0_fc00, 0xce60_8c00),
    weak("sha3", 0xffe0_8000, 0xce00_0000),
    weak("sha3", 0xffe0_8000, 0xce20_0000),
    weak("sha3", 0xffe0_0000, 0xce80_0000),
    // CAS, CASP, LDADD and the like, SWP.
    class("lse", 0x3fa0_7c00, 0x08a0_7c00),
    class("lse", 0xbfa0_7c00, 0x0820_7c00),
    weak("lse", 0x3f20_8c00, 0x3820_0000),
    weak("lse", 0x3f20_fc00, 0x3820_8000),
    // CRC32, CRC32C.
    weak("crc", 0xffe0_e800, 0x1ac0_4000),
    weak("crc", 0xffe0_ec00, 0x1ac0_4800),
    weak("crc", 0xffe0_ec00, 0x9ac0_4c00),
    // SM4E and SM4EKEY on scalable vectors, then all that is SVE: op0 is 0010.
    class("sve2-sm4", 0xffff_fc00, 0x4523_e000),
    class("sve2-sm4", 0xffe0_fc00, 0x4520_f000),
    class("sve", 0x1e00_0000, 0x0400_0000),
];

static TABLE: LazyLock<Option<Table>> =
    LazyLock::new(|| Some(Table::new(Architecture::find("aarch64")?, 24, MASKS)));

pub(super) fn scan(address: u64, bytes: &[u8], found: &mut Found<'_>) {
    let Some(table) = TABLE.as_ref() else { return };
    let word = |index: usize| {
        let bytes = bytes.get(4 * index..4 * index + 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    };
    let literals = literals(bytes);
    for (index, bytes) in bytes.chunks_exact(4).enumerate() {
        let bits = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        if let Some((features, weak)) = table.find(bits) {
            if literals.binary_search(&(index as u32)).is_ok() {
                continue;
            }
            let near = |index: Option<usize>| index.and_then(word).is_some_and(is_near);
            let alone = !near(index.checked_sub(1)) && !near(Some(index + 1));
            // `crc` and `lse` stand among other instructions, and so tell nothing by these.
            if !(weak && bits & 0x0e00_0000 == 0x0e00_0000 && alone) {
                found.tell(address + 4 * index as u64, features);
            }
        }
    }
    found.count(bytes.len() as u64 / 4);
}

/// The words that a region's instructions load from the region itself (LDR, literal): constants,
/// which Go puts behind its functions and marks by no mapping symbol.
fn literals(bytes: &[u8]) -> Vec<u32> {
    let mut literals = Vec::new();
    for (bytes, index) in bytes.chunks_exact(4).zip(0_i64..) {
        let word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        if word & 0x3b00_0000 == 0x1800_0000 {
            let target = index + i64::from((word << 8).cast_signed() >> 13);
            // 4 bytes; 8 of X and D registers; 16 of Q registers.
            let words = match (word >> 30, word >> 26 & 1) {
                (0, _) | (2, 0) => 1,
                (2, _) => 4,
                _ => 2,
            };
            let end = word_index(target + words);
            literals.extend(word_index(target)..end);
        }
    }
    literals.sort_unstable();
    literals
}

/// The index of a word; that of none where it would lie before the first.
fn word_index(index: i64) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Whether a word is an instruction on vectors or a load or store of one: code that uses one has
/// others beside it, and data among the code seldom looks like it.
const fn is_near(word: u32) -> bool {
    word & 0x0e00_0000 == 0x0e00_0000 || word & 0x0e00_0000 == 0x0c00_0000
}

/// Where an instruction goes, or whose address it forms.
pub(super) fn references(address: u64, bytes: &[u8], tell: &mut dyn FnMut(u64, Reference)) {
    // Pages that ADRP has put into registers, until the next call or branch.
    let mut pages = [None; 32];
    for (index, bytes) in bytes.chunks_exact(4).enumerate() {
        let word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let at = address.wrapping_add(4 * index as u64);
        let target = |bits: u32, shift: u32| {
            let field = (word >> shift) & ((1 << bits) - 1);
            let offset = i64::from(((field << (32 - bits)).cast_signed()) >> (32 - bits)) * 4;
            at.wrapping_add_signed(offset)
        };
        let (to, from) = ((word & 31) as usize, (word >> 5 & 31) as usize);
        if word & 0x7c00_0000 == 0x1400_0000 {
            tell(at, Reference::Branch(target(26, 0)));
        } else if word & 0xff00_0010 == 0x5400_0000 || word & 0x7e00_0000 == 0x3400_0000 {
            tell(at, Reference::Branch(target(19, 5)));
        } else if word & 0x7e00_0000 == 0x3600_0000 {
            tell(at, Reference::Branch(target(14, 5)));
        } else if word & 0x1f00_0000 == 0x1000_0000 {
            let field = (word >> 5 & 0x7_ffff) << 2 | word >> 29 & 3;
            let offset = i64::from((field << 11).cast_signed() >> 11);
            if word >> 31 == 0 {
                tell(at, Reference::Address(at.wrapping_add_signed(offset)));
            } else {
                pages[to] = Some((at & !0xfff).wrapping_add_signed(offset << 12));
            }
        } else if word & 0xff80_0000 == 0x9100_0000
            && let Some(page) = pages[from]
        {
            let shift = if word >> 22 & 1 == 1 { 12 } else { 0 };
            let value = u64::from(word >> 10 & 0xfff) << shift;
            tell(at, Reference::Address(page + value));
            pages[to] = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::cpu::isa::testing::{features, references};

    #[test]
    fn instructions_are_told_by_their_features() {
        // As llvm-mc encodes them.
        for (word, feature) in [
            (0xcec0_8420_u32, "sm4"),  // sm4e v0.4s, v1.4s
            (0xce62_c820, "sm4"),      // sm4ekey v0.4s, v1.4s, v2.4s
            (0x4e28_4820, "aes"),      // aese v0.16b, v1.16b
            (0x4ee2_e020, "pmull"),    // pmull2 v0.1q, v1.2d, v2.2d
            (0x5e28_2820, "sha2"),     // sha256su0 v0.4s, v1.4s
            (0x04a0_0000, "sve"),      // add z0.s, z0.s, z0.s
            (0x4523_e020, "sve2-sm4"), // sm4e z0.s, z0.s, z1.s
            (0xc8a0_7c41, "lse"),      // cas x0, x1, [x2]
            (0xf820_0041, "lse"),      // ldadd x0, x1, [x2]
            (0x9ac2_4c20, "crc"),      // crc32x w0, w1, x2
        ] {
            assert_eq!(features(183, &word.to_le_bytes()), [feature], "{word:#x}");
        }
        // add v0.4s, v1.4s, v2.4s; mul; ldxr; ldr x0, [x1, x2].
        for word in [0x4ea2_8420_u32, 0x9b02_7c20, 0xc85f_7c20, 0xf862_6820] {
            assert!(features(183, &word.to_le_bytes()).is_empty(), "{word:#x}");
        }
    }

    #[test]
    fn a_weak_one_needs_a_vector_beside_it() {
        let eor3 = 0xce03_0820_u32.to_le_bytes(); // eor3 v0.16b, v1.16b, v2.16b, v3.16b
        let add = 0x4ea2_8420_u32.to_le_bytes();
        assert!(features(183, &eor3).is_empty());
        assert_eq!(features(183, &[add, eor3].concat()), ["sha3"]);
    }

    #[test]
    fn what_is_loaded_is_no_instruction() {
        // ldr x0, +8; ret; a constant that would be `add z8.b, p0/m, z8.b, z1.b`, twice.
        let code = [0x5800_0040_u32, 0xd65f_03c0, 0x0400_0028, 0x0400_0028];
        let code: Vec<u8> = code.iter().flat_map(|word| word.to_le_bytes()).collect();
        assert!(features(183, &code).is_empty());
        assert_eq!(features(183, &code[4..]), ["sve", "sve"]);
    }

    #[test]
    fn branches_and_addresses_are_followed() {
        let code = [
            0x9400_0002_u32, // bl +8
            0x17ff_ffff,     // b -4
            0xb400_0041,     // cbz x1, +8
            0x3600_0040,     // tbz w0, #0, +8
            0xb000_0000,     // adrp x0, +0x1000
            0x9100_4000,     // add x0, x0, #16
        ];
        let code: Vec<u8> = code.iter().flat_map(|word| word.to_le_bytes()).collect();
        assert_eq!(
            references(183, 0x1000, &code),
            [
                (0x1000, "branch", 0x1008),
                (0x1004, "branch", 0x1000),
                (0x1008, "branch", 0x1010),
                (0x100c, "branch", 0x1014),
                (0x1014, "address", 0x2010),
            ]
        );
    }
}

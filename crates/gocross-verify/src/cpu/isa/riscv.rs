//! RISC-V: instructions of 16 and 32 bits, told apart by their lowest two bits.

use std::sync::LazyLock;

use super::mask::{Mask, Table, class, weak};
use super::{Found, reference::Reference};
use crate::cpu::architecture::Architecture;

/// The RISC-V Instruction Set Manual, volume I, and the vector cryptography extensions 1.0. What
/// two extensions have in common is a feature of its own, which either brings along.
pub(super) const MASKS: &[Mask] = &[
    class("zksed", 0x3e00_707f, 0x3000_0033),         // sm4ed
    class("zksed", 0x3e00_707f, 0x3400_0033),         // sm4ks
    class("zksh", 0xfff0_707f, 0x1080_1013),          // sm3p0
    class("zksh", 0xfff0_707f, 0x1090_1013),          // sm3p1
    class("zkne", 0xfe00_707f, 0x3200_0033),          // aes64es
    class("zkne", 0xfe00_707f, 0x3600_0033),          // aes64esm
    class("zknd", 0xfe00_707f, 0x3a00_0033),          // aes64ds
    class("zknd", 0xfe00_707f, 0x3e00_0033),          // aes64dsm
    class("zknd", 0xfff0_707f, 0x3000_1013),          // aes64im
    class("zknd/zkne", 0xff00_707f, 0x3100_1013),     // aes64ks1i
    class("zknd/zkne", 0xfe00_707f, 0x7e00_0033),     // aes64ks2
    class("zknh", 0xffc0_707f, 0x1000_1013),          // sha256sum0 to sha256sig1
    class("zknh", 0xffc0_707f, 0x1040_1013),          // sha512sum0 to sha512sig1
    class("zba", 0xfe00_7077, 0x2000_2033),           // sh1add, sh1add.uw
    class("zba", 0xfe00_7077, 0x2000_4033),           // sh2add, sh2add.uw
    class("zba", 0xfe00_7077, 0x2000_6033),           // sh3add, sh3add.uw
    class("zba", 0xfe00_707f, 0x0800_003b),           // add.uw
    class("zba", 0xfc00_707f, 0x0800_101b),           // slli.uw
    class("zbb", 0xfff0_7077, 0x6000_1013),           // clz, clzw
    class("zbb", 0xfff0_7077, 0x6010_1013),           // ctz, ctzw
    class("zbb", 0xfff0_7077, 0x6020_1013),           // cpop, cpopw
    class("zbb", 0xfff0_707f, 0x6040_1013),           // sext.b
    class("zbb", 0xfff0_707f, 0x6050_1013),           // sext.h
    class("zbb/zbkb", 0xfff0_707f, 0x0800_403b),      // zext.h
    class("zbb", 0xfe00_407f, 0x0a00_4033),           // min, minu, max, maxu
    class("zbb", 0xfff0_707f, 0x2870_5013),           // orc.b
    class("zbb/zbkb", 0xfe00_707f, 0x4000_4033),      // xnor
    class("zbb/zbkb", 0xfe00_707f, 0x4000_6033),      // orn
    class("zbb/zbkb", 0xfe00_707f, 0x4000_7033),      // andn
    class("zbb/zbkb", 0xfe00_7077, 0x6000_1033),      // rol, rolw
    class("zbb/zbkb", 0xfe00_7077, 0x6000_5033),      // ror, rorw
    class("zbb/zbkb", 0xfc00_707f, 0x6000_5013),      // rori
    class("zbb/zbkb", 0xfe00_707f, 0x6000_501b),      // roriw
    class("zbb/zbkb", 0xfff0_707f, 0x6b80_5013),      // rev8
    class("zbkb", 0xfff0_707f, 0x6870_5013),          // brev8
    class("zbkb", 0xfe00_7077, 0x0800_4033),          // pack, packw
    class("zbkb", 0xfe00_707f, 0x0800_7033),          // packh
    class("zbkx", 0xfe00_707f, 0x2800_2033),          // xperm4
    class("zbkx", 0xfe00_707f, 0x2800_4033),          // xperm8
    class("zbc/zbkc", 0xfe00_707f, 0x0a00_1033),      // clmul
    class("zbc/zbkc", 0xfe00_707f, 0x0a00_3033),      // clmulh
    class("zbc", 0xfe00_707f, 0x0a00_2033),           // clmulr
    class("zbs", 0xfe00_707f, 0x4800_1033),           // bclr
    class("zbs", 0xfe00_707f, 0x4800_5033),           // bext
    class("zbs", 0xfe00_707f, 0x6800_1033),           // binv
    class("zbs", 0xfe00_707f, 0x2800_1033),           // bset
    class("zbs", 0xfc00_707f, 0x4800_1013),           // bclri
    class("zbs", 0xfc00_707f, 0x4800_5013),           // bexti
    class("zbs", 0xfc00_707f, 0x6800_1013),           // binvi
    class("zbs", 0xfc00_707f, 0x2800_1013),           // bseti
    class("zvksed", 0xfe00_707f, 0x8600_2077),        // vsm4k.vi
    class("zvksed", 0xfa0f_f07f, 0xa208_2077),        // vsm4r.vv, .vs
    class("zvksh", 0xfe00_707f, 0x8200_2077),         // vsm3me.vv
    class("zvksh", 0xfe00_707f, 0xae00_2077),         // vsm3c.vi
    class("zvkned", 0xfa0e_707f, 0xa200_2077),        // vaesdm, vaesdf, vaesem, vaesef: .vv, .vs
    class("zvkned", 0xfe0f_f07f, 0xa603_a077),        // vaesz.vs
    class("zvkned", 0xde00_707f, 0x8a00_2077),        // vaeskf1.vi, vaeskf2.vi
    class("zvkg", 0xfe00_707f, 0xb200_2077),          // vghsh.vv
    class("zvkg", 0xfe0f_f07f, 0xa208_a077),          // vgmul.vv
    class("zvknha/zvknhb", 0xfe00_707f, 0xb600_2077), // vsha2ms.vv
    class("zvknha/zvknhb", 0xfa00_707f, 0xba00_2077), // vsha2ch.vv, vsha2cl.vv
    class("zvkb", 0xfc00_307f, 0x0400_0057),          // vandn.vv, .vx
    class("zvkb", 0xfc0f_f07f, 0x4804_2057),          // vbrev8.v
    class("zvkb", 0xfc0f_f07f, 0x4804_a057),          // vrev8.v
    class("zvkb", 0xf800_307f, 0x5000_0057),          // vror.vv, .vx; vrol.vv, .vx
    class("zvkb", 0xf800_707f, 0x5000_3057),          // vror.vi
    class("zvbb", 0xfc0f_f07f, 0x4805_2057),          // vbrev.v
    class("zvbb", 0xfc0f_f07f, 0x4806_2057),          // vclz.v
    class("zvbb", 0xfc0f_f07f, 0x4806_a057),          // vctz.v
    class("zvbb", 0xfc0f_f07f, 0x4807_2057),          // vcpop.v
    class("zvbb", 0xfc00_307f, 0xd400_0057),          // vwsll.vv, .vx
    class("zvbb", 0xfc00_707f, 0xd400_3057),          // vwsll.vi
    class("zvbc", 0xf800_307f, 0x3000_2057),          // vclmul, vclmulh: .vv, .vx
    // OP-V, and the loads and stores of vectors, which scalars share by their width.
    weak("v", 0x0000_007f, 0x0000_0057),
    weak("v", 0x0000_705f, 0x0000_0007),
    weak("v", 0x0000_505f, 0x0000_5007),
    weak("v", 0x0000_605f, 0x0000_6007),
];

static TABLE: LazyLock<Option<Table>> =
    LazyLock::new(|| Some(Table::new(Architecture::find("riscv64")?, 0, MASKS)));

/// The instructions in order: place and bits.
fn walk(bytes: &[u8]) -> impl Iterator<Item = (usize, u32)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let half = u16::from_le_bytes([*bytes.get(start)?, *bytes.get(start + 1)?]);
        if half & 3 != 3 {
            at += 2;
            return Some((start, u32::from(half)));
        }
        let word = bytes.get(start..start + 4)?;
        at += 4;
        Some((start, u32::from_le_bytes(word.try_into().ok()?)))
    })
}

pub(super) fn scan(address: u64, bytes: &[u8], found: &mut Found<'_>) {
    let Some(table) = TABLE.as_ref() else { return };
    let mut count = 0;
    for (at, word) in walk(bytes) {
        count += 1;
        if word & 3 == 3
            && let Some((features, _)) = table.find(word)
        {
            found.tell(address + at as u64, features);
        }
    }
    found.count(count);
}

/// Where an instruction goes, or whose address it forms.
pub(super) fn references(address: u64, bytes: &[u8], tell: &mut dyn FnMut(u64, Reference)) {
    // What AUIPC has put into registers.
    let mut pages = [None; 32];
    for (place, word) in walk(bytes) {
        let at = address.wrapping_add(place as u64);
        let (to, from) = ((word >> 7 & 31) as usize, (word >> 15 & 31) as usize);
        let low = i64::from(word.cast_signed() >> 20);
        match word & 0x7f {
            0x6f => tell(at, Reference::Branch(at.wrapping_add_signed(jump(word)))),
            0x63 => tell(at, Reference::Branch(at.wrapping_add_signed(branch(word)))),
            0x17 => {
                let high = i64::from((word & 0xffff_f000).cast_signed());
                pages[to] = Some(at.wrapping_add_signed(high));
            }
            0x67 | 0x13 if word & 0x7000 == 0 => {
                if let Some(page) = pages[from] {
                    let target = page.wrapping_add_signed(low);
                    let is_jump = word & 0x7f == 0x67;
                    tell(
                        at,
                        if is_jump {
                            Reference::Branch(target)
                        } else {
                            Reference::Address(target)
                        },
                    );
                    pages[to] = None;
                }
            }
            _ if word & 0xe003 == 0xa001 => {
                tell(at, Reference::Branch(at.wrapping_add_signed(short_jump(word))));
            }
            _ => {}
        }
    }
}

/// The offset of JAL (J-type).
fn jump(word: u32) -> i64 {
    let offset =
        (word >> 31) << 20 | word & 0xf_f000 | (word >> 20 & 1) << 11 | (word >> 20 & 0x7fe);
    i64::from((offset << 11).cast_signed() >> 11)
}

/// The offset of a conditional branch (B-type).
fn branch(word: u32) -> i64 {
    let offset =
        (word >> 31) << 12 | (word >> 7 & 1) << 11 | (word >> 25 & 0x3f) << 5 | (word >> 7 & 0x1e);
    i64::from((offset << 19).cast_signed() >> 19)
}

/// The offset of C.J: imm[11|4|9:8|10|6|7|3:1|5].
fn short_jump(word: u32) -> i64 {
    let bit = |from: u32, to: u32| (word >> from & 1) << to;
    let offset = bit(12, 11)
        | bit(11, 4)
        | bit(10, 9)
        | bit(9, 8)
        | bit(8, 10)
        | bit(7, 6)
        | bit(6, 7)
        | (word >> 3 & 7) << 1
        | bit(2, 5);
    i64::from((offset << 20).cast_signed() >> 20)
}

#[cfg(test)]
mod tests {
    use crate::cpu::isa::testing::{features, references};

    #[test]
    fn instructions_are_told_by_their_features() {
        // As llvm-mc encodes them.
        for (word, feature) in [
            (0x30c5_8533_u32, "zksed"), // sm4ed a0, a1, a2, 0
            (0x1085_9513, "zksh"),      // sm3p0 a0, a1
            (0x0d00_7057, "v"),         // vsetvli zero, zero, e32, m1
            (0x0205_6407, "v"),         // vle32.v v8, (a0)
            (0x6b85_d513, "zbb/zbkb"),  // rev8 a0, a1
            (0x6005_9513, "zbb"),       // clz a0, a1
        ] {
            assert_eq!(features(243, &word.to_le_bytes()), [feature], "{word:#x}");
        }
        // fld fa0, 0(a0); flw; add; fsd.
        for word in [0x0005_3507_u32, 0x0005_2507, 0x00c5_8533, 0x00a5_3027] {
            assert!(features(243, &word.to_le_bytes()).is_empty(), "{word:#x}");
        }
    }

    #[test]
    fn short_instructions_are_stepped_over() {
        // c.nop, then sm4ed.
        let code = [&[0x01, 0x00][..], &0x30c5_8533_u32.to_le_bytes()].concat();
        assert_eq!(features(243, &code), ["zksed"]);
    }

    #[test]
    fn branches_and_addresses_are_followed() {
        let mut code = Vec::new();
        code.extend(0x0080_00ef_u32.to_le_bytes()); // jal ra, +8
        code.extend(0xfe05_0ee3_u32.to_le_bytes()); // beqz a0, -4
        code.extend(0x0000_1517_u32.to_le_bytes()); // auipc a0, 1
        code.extend(0x0105_0513_u32.to_le_bytes()); // addi a0, a0, 16
        code.extend(0xa009_u16.to_le_bytes()); // c.j +2
        assert_eq!(
            references(243, 0x1000, &code),
            [
                (0x1000, "branch", 0x1008),
                (0x1004, "branch", 0x1000),
                (0x100c, "address", 0x2018),
                (0x1010, "branch", 0x1012),
            ]
        );
    }
}

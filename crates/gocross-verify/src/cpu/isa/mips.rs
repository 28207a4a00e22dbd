//! MIPS: instructions of 32 bits, in the file's byte order.

use super::{Found, reference::Reference};
use crate::cpu::architecture::{Architecture, Features};

/// MIPS Architecture for Programmers, volumes IV-j (MSA) and IV-e (DSP).
fn feature(word: u32) -> Option<&'static str> {
    let (rs, function) = (word >> 21 & 31, word & 63);
    match word >> 26 {
        // MSA has a major opcode of its own, and branches that are told like the FPU's.
        0x1e => Some("msa"),
        // LSA, which came with it.
        0 if word & 0x73f == 5 => Some("msa"),
        0x11 if matches!(rs, 0x0b | 0x0f | 0x18..=0x1f) => Some("msa"),
        // SPECIAL3: LX, INSV, ADDU.QB, CMPU.EQ.QB, ABSQ_S.PH, SHLL.QB, ADDUH.QB, DPA.W.PH, APPEND,
        // EXTR.W.
        0x1f if matches!(function, 0x0a | 0x0c | 0x10..=0x13 | 0x18 | 0x30 | 0x31 | 0x38) => {
            Some("dsp")
        }
        _ => None,
    }
}

fn words(bytes: &[u8], big_endian: bool) -> impl Iterator<Item = (u64, u32)> {
    bytes.chunks_exact(4).zip(0_u64..).map(move |(bytes, index)| {
        let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
        let word = if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        (4 * index, word)
    })
}

pub(super) fn scan(address: u64, bytes: &[u8], big_endian: bool, found: &mut Found<'_>) {
    let Some(architecture) = Architecture::find("mips") else { return };
    let set = |name| architecture.feature(name).unwrap_or(Features::NONE);
    let (msa, dsp) = (set("msa"), set("dsp"));
    for (at, word) in words(bytes, big_endian) {
        if let Some(name) = feature(word) {
            found.tell(address + at, if name == "msa" { msa } else { dsp });
        }
    }
    found.count(bytes.len() as u64 / 4);
}

/// Where an instruction goes. Addresses are formed by way of the GOT, which this does not follow.
pub(super) fn references(
    address: u64,
    bytes: &[u8],
    big_endian: bool,
    tell: &mut dyn FnMut(u64, Reference),
) {
    for (at, word) in words(bytes, big_endian) {
        let at = address.wrapping_add(at);
        let next = at.wrapping_add(4);
        match word >> 26 {
            // J, JAL.
            2 | 3 => {
                let target = next & !0xfff_ffff | u64::from(word & 0x3ff_ffff) << 2;
                tell(at, Reference::Branch(target));
            }
            // BAL and BLTZAL among REGIMM; BEQ, which is also the unconditional B.
            1 | 4 | 5 => {
                let offset = i64::from(word as u16 as i16) * 4;
                tell(at, Reference::Branch(next.wrapping_add_signed(offset)));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::cpu::isa::testing::{features, features_big, references};

    #[test]
    fn instructions_are_told_in_both_byte_orders() {
        // addv.w $w0, $w1, $w2; bz.b $w0, 0; addu.ph $2, $3, $4.
        for (word, feature) in [
            (0x7842_080e_u32, "msa"),
            (0x0170_a005, "msa"),
            (0x4700_0000, "msa"),
            (0x7c64_1210, "dsp"),
            // adduh.qb $5, $2, $5.
            (0x7c45_2818, "dsp"),
        ] {
            assert_eq!(features(8, &word.to_le_bytes()), [feature], "{word:#x}");
            assert_eq!(features_big(8, &word.to_be_bytes()), [feature], "{word:#x}");
        }
        // add.s; rdhwr; ext; ll of release 6.
        for word in [0x4602_0000_u32, 0x7c03_e83b, 0x7c62_0000, 0x7c62_0036] {
            assert!(features(8, &word.to_le_bytes()).is_empty(), "{word:#x}");
        }
    }

    #[test]
    fn branches_are_followed() {
        let code = [0x0c10_0002_u32, 0x0411_fffe];
        let code: Vec<u8> = code.iter().flat_map(|word| word.to_le_bytes()).collect();
        assert_eq!(
            references(8, 0x40_0000, &code),
            [(0x40_0000, "branch", 0x40_0008), (0x40_0004, "branch", 0x40_0000)]
        );
    }
}

//! How numbers with a point are passed to functions: four bits here, an attribute there.

use object::Endianness;
use object::elf::FileHeader32;
use object::read::elf::AttributesSection;

use crate::bytes::{Bytes, part};
use crate::{Identity, Section};

const EM_MIPS: u16 = 8;
const EM_ARM: u16 = 40;
const EM_RISCV: u16 = 243;

const ET_REL: u16 = 1;

/// `EF_ARM_ABI_FLOAT_SOFT` and `EF_ARM_ABI_FLOAT_HARD`, which count in programs and libraries alone
/// (ELF for the Arm architecture, "ELF Header").
const ARM_SOFT: u32 = 0x200;
const ARM_HARD: u32 = 0x400;
/// `EF_MIPS_NAN2008`.
const MIPS_NAN2008: u32 = 0x400;

/// `Tag_ABI_VFP_args` (Addenda to the ABI for the Arm architecture, "FP arguments").
const TAG_ABI_VFP_ARGS: u64 = 28;
/// `Tag_ABI_FP_number_model`: 0 where no numbers with a point are used.
const TAG_ABI_FP_NUMBER_MODEL: u64 = 23;
/// `Tag_GNU_MIPS_ABI_FP` (binutils, `include/elf/mips.h`).
const TAG_GNU_MIPS_ABI_FP: u64 = 4;

/// How numbers with a point are passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FloatAbi {
    /// In no way that matters: none are passed, or the file does not say.
    Any,
    /// In integer registers. Two objects that differ in this must not be linked.
    Soft,
    /// In floating-point registers, single precision only.
    Single,
    /// In floating-point registers.
    Hard,
    /// In floating-point registers, quadruple precision too.
    Quad,
    /// In another way, by the number that the architecture has for it.
    Other(u32),
}

impl FloatAbi {
    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any float",
            Self::Soft => "soft float",
            Self::Single => "single-precision hard float",
            Self::Hard => "hard float",
            Self::Quad => "quadruple-precision hard float",
            Self::Other(_) => "another float ABI",
        }
    }

    /// Whether objects of the two may be in one program.
    #[must_use]
    pub fn fits(self, other: Self) -> bool {
        self == other || self == Self::Any || other == Self::Any
    }
}

/// What a file says of its float ABI; none where its architecture has only one.
pub(crate) fn read(
    file: Bytes<'_>,
    identity: &Identity,
    sections: &[Section<'_>],
) -> Option<FloatAbi> {
    match identity.machine {
        EM_ARM => Some(arm(file, identity, sections)),
        EM_MIPS => Some(mips(file, sections)),
        // EF_RISCV_FLOAT_ABI (RISC-V psABI, "File Header").
        EM_RISCV => Some(match identity.flags & 6 {
            0 => FloatAbi::Soft,
            2 => FloatAbi::Single,
            4 => FloatAbi::Hard,
            _ => FloatAbi::Quad,
        }),
        _ => None,
    }
}

/// Whether NaN is encoded as IEEE 754-2008 says; none where the architecture has no other way.
pub(crate) fn nan2008(identity: &Identity) -> Option<bool> {
    (identity.machine == EM_MIPS).then_some(identity.flags & MIPS_NAN2008 != 0)
}

fn arm(file: Bytes<'_>, identity: &Identity, sections: &[Section<'_>]) -> FloatAbi {
    // LLVM's assembler sets a bit in objects as well, whatever they do.
    let flags = if identity.e_type == ET_REL { 0 } else { identity.flags };
    let attributes = section(file, sections, b".ARM.attributes");
    let tag = |wanted| {
        attribute(file, attributes?, b"aeabi", wanted, |tag| matches!(tag, 4 | 5 | 65 | 67))
    };
    let uses_floats = || tag(TAG_ABI_FP_NUMBER_MODEL).is_some_and(|model| model != 0);
    match (flags & (ARM_SOFT | ARM_HARD), tag(TAG_ABI_VFP_ARGS)) {
        (ARM_HARD, _) | (_, Some(1)) => FloatAbi::Hard,
        (ARM_SOFT, _) => FloatAbi::Soft,
        // The base variant is what holds where nothing is said; linkers let an object without
        // numbers of this kind be, such as one from assembler.
        (_, None | Some(0)) if uses_floats() => FloatAbi::Soft,
        (_, Some(2)) => FloatAbi::Other(2),
        _ => FloatAbi::Any,
    }
}

fn mips(file: Bytes<'_>, sections: &[Section<'_>]) -> FloatAbi {
    // `fp_abi` of Elf_MIPS_ABIFlags_v0 is its eighth byte.
    let flags = section(file, sections, b".MIPS.abiflags").and_then(|data| data.get(7));
    let attributes = || {
        let data = section(file, sections, b".gnu.attributes")?;
        attribute(file, data, b"gnu", TAG_GNU_MIPS_ABI_FP, |_| false)
    };
    match flags.map(|fp_abi| u64::from(*fp_abi)).or_else(attributes) {
        None | Some(0) => FloatAbi::Any,
        // Doubles in pairs of registers, in either, in 64-bit ones: calls look alike.
        Some(1 | 4..=7) => FloatAbi::Hard,
        Some(2) => FloatAbi::Single,
        Some(3) => FloatAbi::Soft,
        Some(other) => FloatAbi::Other(u32::try_from(other).unwrap_or(u32::MAX)),
    }
}

fn section<'data>(
    file: Bytes<'data>,
    sections: &[Section<'_>],
    name: &[u8],
) -> Option<&'data [u8]> {
    let section = sections.iter().find(|section| section.name == name)?;
    Some(part(file.data, section.offset, section.size))
}

/// The value of a numeric attribute that holds for the whole file.
fn attribute(
    file: Bytes<'_>,
    data: &[u8],
    vendor: &[u8],
    wanted: u64,
    is_text: fn(u64) -> bool,
) -> Option<u64> {
    let endian = if file.big_endian { Endianness::Big } else { Endianness::Little };
    let section = AttributesSection::<FileHeader32<Endianness>>::new(endian, data).ok()?;
    let mut subsections = section.subsections().ok()?;
    while let Ok(Some(subsection)) = subsections.next() {
        if subsection.vendor() != vendor {
            continue;
        }
        let mut parts = subsection.subsubsections();
        while let Ok(Some(part)) = parts.next() {
            // Tag_File; the others are for single sections and symbols.
            if part.tag().0 != 1 {
                continue;
            }
            let mut reader = part.attributes();
            while let Ok(Some(tag)) = reader.read_tag() {
                // Tag_compatibility is a number and a text; above it, odd tags are texts.
                let text = tag == 32 || is_text(tag) || (tag > 32 && tag % 2 == 1);
                let number = if tag == 32 || !text { reader.read_integer().ok()? } else { 0 };
                if text {
                    reader.read_string().ok()?;
                }
                if tag == wanted {
                    return Some(number);
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_s_bit_counts_in_programs_alone() {
        let of = |e_type| {
            let flags = 0x0500_0000 | ARM_SOFT;
            let identity = Identity { machine: EM_ARM, e_type, flags, ..Identity::default() };
            read(Bytes { data: &[], big_endian: false, is_64: false }, &identity, &[])
        };
        assert_eq!(of(ET_REL), Some(FloatAbi::Any));
        assert_eq!(of(2), Some(FloatAbi::Soft));
    }
}

//! Addends that stand at the place itself, as in objects for 32-bit ARM and MIPS (`SHT_REL`).

use std::collections::HashMap;

use gocross_elf::{Relocation, Section};

use super::image::{ARM, Image, MIPS};

const R_ARM_ABS32: u32 = 2;
const R_MIPS_32: u32 = 2;
const R_MIPS_HI16: u32 = 5;
const R_MIPS_LO16: u32 = 6;
const R_MIPS_GOT16: u32 = 9;
const R_MIPS_GPREL32: u32 = 12;

/// The addends of the relocations of a section, in their order.
pub(super) fn read(
    image: &Image<'_, '_>,
    target: &Section<'_>,
    relocations: &[Relocation],
) -> Vec<i64> {
    let contents = image.elf.contents(target);
    let word = |relocation: &Relocation| {
        let at = usize::try_from(relocation.offset).ok()?;
        Some(image.number(*contents.get(at..)?.first_chunk()?))
    };
    let mut upper: HashMap<usize, i64> = HashMap::new();
    let mut addends = Vec::with_capacity(relocations.len());
    for (index, relocation) in relocations.iter().enumerate() {
        let here = word(relocation).unwrap_or(0);
        let addend = match (image.elf.identity.machine, relocation.kind) {
            _ if relocation.addend.is_some() => relocation.addend.unwrap_or(0),
            (ARM, R_ARM_ABS32) | (MIPS, R_MIPS_32 | R_MIPS_GPREL32) => {
                i64::from(here.cast_signed())
            }
            // Two halves, the lower of which is signed (psABI, chapter 4, "Relocation Types").
            (MIPS, R_MIPS_HI16 | R_MIPS_GOT16) => {
                let lower = relocations[index..]
                    .iter()
                    .find(|other| other.kind == R_MIPS_LO16 && other.symbol == relocation.symbol)
                    .and_then(word);
                let high = i64::from(here & 0xffff) << 16;
                upper.insert(relocation.symbol, high);
                high + lower.map_or(0, half)
            }
            (MIPS, R_MIPS_LO16) => upper.get(&relocation.symbol).copied().unwrap_or(0) + half(here),
            _ => 0,
        };
        addends.push(addend);
    }
    addends
}

/// The lower half of an instruction, signed.
fn half(word: u32) -> i64 {
    i64::from((word as u16).cast_signed())
}

/// Whether the bytes at a relocation are an addend that is told with its name.
pub(super) fn is_in_place(image: &Image<'_, '_>) -> bool {
    matches!(image.elf.identity.machine, ARM | MIPS) && !image.elf.identity.is_64
}

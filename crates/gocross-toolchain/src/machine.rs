//! Which machine a file on the disk is for, compared with a target's row.

use std::io::Read;
use std::path::Path;

use gocross_elf::{Identity, Kind, kind, members};
use gocross_targets::{Class, Endian, Target};

/// The bytes of a file that tell what it is (`Elf64_Ehdr`; an archive's magic is shorter).
const HEADER: u64 = 64;

/// What a file is, as far as a linker asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// An ELF file, or an archive of ELF files, for this machine.
    Machine(Identity),
    /// Anything else: a linker script, LLVM bitcode, an empty archive.
    Other,
}

/// Reads what a file is; none where it cannot be read.
pub(crate) fn content(path: &Path) -> Option<Content> {
    let mut head = Vec::new();
    fs_err::File::open(path).ok()?.take(HEADER).read_to_end(&mut head).ok()?;
    Some(match kind(&head) {
        Ok(Kind::Elf(identity)) => Content::Machine(identity),
        Ok(Kind::Archive) => first_member(path).map_or(Content::Other, Content::Machine),
        _ => Content::Other,
    })
}

fn first_member(path: &Path) -> Option<Identity> {
    let bytes = fs_err::read(path).ok()?;
    members(&bytes).ok()?.iter().find_map(|member| Identity::parse(member.data).ok())
}

/// What an ELF file is and what it should be, where its header is not that of the target's row.
#[must_use]
pub fn mismatch(identity: &Identity, target: &Target) -> Option<(String, &'static str)> {
    (!fits(identity, target)).then(|| (describe(identity, target), target.elf.machine_name))
}

/// Whether an ELF file is for the target.
pub(crate) fn fits(identity: &Identity, target: &Target) -> bool {
    let elf = &target.elf;
    identity.machine == elf.machine
        && identity.is_64 == (elf.class == Class::Elf64)
        && identity.big_endian == (elf.endian == Endian::Big)
        && identity.flags & elf.flags_mask == elf.flags
}

/// The machine of an ELF file, with the fields that differ from the row.
pub(crate) fn describe(identity: &Identity, target: &Target) -> String {
    let mut text = format!("ELF {}", identity.machine_name());
    if identity.machine == target.elf.machine {
        let bits = if identity.is_64 { 64 } else { 32 };
        let endian = if identity.big_endian { "big" } else { "little" };
        text.push_str(&format!(", {bits}-bit, {endian}-endian, e_flags {:#x}", identity.flags));
    }
    text
}

//! What an object file says of itself in its header.

use object::elf::{FileHeader32, FileHeader64};
use object::read::elf::FileHeader;
use object::{Endianness, FileKind};

use crate::{Foreign, ReadError};

/// The kind of a file, from its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An ELF file of any machine.
    Elf(Identity),
    /// An `ar` archive.
    Archive,
    /// Another kind of object file, by its name.
    Foreign(&'static str),
}

/// The identifying fields of an ELF header (System V gABI, chapter 4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Identity {
    /// `EI_CLASS` is `ELFCLASS64`.
    pub is_64: bool,
    /// `EI_DATA` is `ELFDATA2MSB`.
    pub big_endian: bool,
    /// `e_machine`.
    pub machine: u16,
    /// `e_flags`.
    pub flags: u32,
    /// `e_type`: 1 relocatable, 2 executable, 3 shared or position-independent.
    pub e_type: u16,
    /// `EI_OSABI`: 0 System V, 3 GNU, 97 ARM.
    pub os_abi: u8,
}

/// Reads the kind of a file.
///
/// # Errors
///
/// A file that is none of the known kinds, or whose ELF header is cut short.
pub fn kind(bytes: &[u8]) -> Result<Kind, ReadError> {
    if let Some(foreign) = Foreign::recognise(bytes) {
        return Ok(Kind::Foreign(foreign.format));
    }
    // An archive of nothing is shorter than the shortest object file.
    if [&b"!<arch>\n"[..], b"!<thin>\n"].contains(&bytes) {
        return Ok(Kind::Archive);
    }
    let file_kind =
        FileKind::parse(bytes).map_err(|_| ReadError::new("not an object file or archive"))?;
    Ok(match file_kind {
        FileKind::Elf32 => Kind::Elf(identity::<FileHeader32<Endianness>>(bytes)?),
        FileKind::Elf64 => Kind::Elf(identity::<FileHeader64<Endianness>>(bytes)?),
        FileKind::Archive => Kind::Archive,
        _ => Kind::Foreign("an object file of another system"),
    })
}

/// The identity that stands in a header of one class.
fn identity<Header: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> Result<Identity, ReadError> {
    let header = Header::parse(bytes)?;
    let endian = header.endian()?;
    Ok(Identity {
        is_64: header.is_class_64(),
        big_endian: endian == Endianness::Big,
        machine: header.e_machine(endian).0,
        flags: header.e_flags(endian).0,
        e_type: header.e_type(endian).0,
        os_abi: header.e_ident().os_abi.0,
    })
}

impl Identity {
    /// Reads the header of an ELF file.
    ///
    /// # Errors
    ///
    /// Whatever is not an ELF file with a whole header.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReadError> {
        match kind(bytes)? {
            Kind::Elf(identity) => Ok(identity),
            Kind::Archive => Err(ReadError::new("an archive, not an ELF file")),
            Kind::Foreign(what) => Err(ReadError::new(format!("{what}, not ELF"))),
        }
    }

    /// The machine as people write it, for messages.
    #[must_use]
    pub fn machine_name(&self) -> String {
        let name = match self.machine {
            3 => "x86",
            8 => "MIPS",
            20 => "PowerPC",
            21 => "PowerPC64",
            22 => "S390",
            40 => "ARM",
            62 => "x86-64",
            183 => "AArch64",
            243 => "RISC-V",
            258 => "LoongArch",
            other => return format!("machine {other}"),
        };
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_and_nothing_are_no_object_files() {
        for bytes in [b"#!/bin/sh\necho hello to you\n".as_slice(), b"", b"\x7fEL"] {
            assert_eq!(kind(bytes), Err(ReadError::new("not an object file or archive")));
        }
    }

    #[test]
    fn an_elf_header_cut_short_is_an_error() {
        let own = fs_err::read("/proc/self/exe").unwrap();
        assert!(matches!(kind(&own), Ok(Kind::Elf(_))));
        for length in [16, 20, 40, 63] {
            assert!(kind(&own[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn an_archive_is_not_an_identity() {
        assert_eq!(kind(b"!<arch>\n        "), Ok(Kind::Archive));
        assert_eq!(kind(b"!<arch>\n"), Ok(Kind::Archive));
        assert!(Identity::parse(b"!<arch>\n        ").is_err());
    }
}

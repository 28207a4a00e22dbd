//! The facts of a file of any of the known kinds.

use crate::archive::{ArchiveFacts, read_archive};
use crate::elf::Elf;
use crate::{Foreign, Kind, ReadError, kind};

/// A file, read.
#[derive(Debug, Clone)]
pub enum File<'data> {
    /// An ELF file.
    Elf(Box<Elf<'data>>),
    /// An archive of objects.
    Archive(ArchiveFacts<'data>),
    /// A file of another system.
    Foreign(Foreign),
}

impl<'data> File<'data> {
    /// Reads a file. Names and tables are parts of `bytes`; only the lists of sections,
    /// segments, versions and members take memory of their own.
    ///
    /// # Errors
    ///
    /// Bytes that are of no known kind, or end within their header.
    pub fn read(bytes: &'data [u8]) -> Result<Self, ReadError> {
        if let Some(foreign) = Foreign::recognise(bytes) {
            return Ok(Self::Foreign(foreign));
        }
        match kind(bytes)? {
            Kind::Elf(_) => Ok(Self::Elf(Box::new(Elf::read(bytes)?))),
            Kind::Archive => Ok(Self::Archive(read_archive(bytes)?)),
            Kind::Foreign(what) => Err(ReadError::new(format!("{what}, not ELF"))),
        }
    }

    /// The ELF files in it, with the name of the archive's member: itself, or each member.
    pub fn objects(&self) -> impl Iterator<Item = (Option<&'data [u8]>, &Elf<'data>)> {
        let (single, members) = match self {
            Self::Elf(elf) => (Some((None, elf.as_ref())), &[][..]),
            Self::Archive(archive) => (None, archive.objects.as_slice()),
            Self::Foreign(_) => (None, &[][..]),
        };
        single.into_iter().chain(members.iter().map(|(name, elf)| (Some(*name), elf)))
    }
}

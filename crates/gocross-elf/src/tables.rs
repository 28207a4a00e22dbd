//! The two tables of an ELF file: segments, which the loader reads, and sections, which linkers read.

use object::Endianness;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};

use crate::bytes::{part, text};
use crate::damage::Damage;

/// An entry of the program header table (gABI, chapter 5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Segment {
    /// `p_type`.
    pub kind: u32,
    /// `p_flags`: 1 executable, 2 writable, 4 readable.
    pub flags: u32,
    /// `p_offset`.
    pub offset: u64,
    /// `p_vaddr`.
    pub address: u64,
    /// `p_filesz`, in bytes.
    pub file_size: u64,
    /// `p_memsz`, in bytes.
    pub memory_size: u64,
}

impl Segment {
    /// `PT_LOAD`: mapped into memory.
    pub const LOAD: u32 = 1;
    /// `PT_DYNAMIC`: what the dynamic linker reads.
    pub const DYNAMIC: u32 = 2;
    /// `PT_INTERP`: the dynamic linker's path.
    pub const INTERP: u32 = 3;
    /// `PT_NOTE`.
    pub const NOTE: u32 = 4;
    /// `PT_TLS`: the program's own thread-local storage.
    pub const TLS: u32 = 7;
    /// `PT_GNU_STACK`: says whether the stack is executable.
    pub const GNU_STACK: u32 = 0x6474_e551;
    /// `PT_GNU_RELRO`: made read-only after relocation.
    pub const GNU_RELRO: u32 = 0x6474_e552;

    /// Whether it may be executed.
    #[must_use]
    pub const fn executable(&self) -> bool {
        self.flags & 1 != 0
    }

    /// Whether it may be written.
    #[must_use]
    pub const fn writable(&self) -> bool {
        self.flags & 2 != 0
    }
}

/// An entry of the section header table (gABI, chapter 4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Section<'data> {
    /// The section's name.
    pub name: &'data [u8],
    /// `sh_type`.
    pub kind: u32,
    /// `sh_flags`.
    pub flags: u64,
    /// `sh_addr`.
    pub address: u64,
    /// `sh_offset`.
    pub offset: u64,
    /// `sh_size`, in bytes.
    pub size: u64,
    /// `sh_link`.
    pub link: u32,
    /// `sh_info`: of relocations, the index of the section that they are for.
    pub info: u32,
}

impl Section<'_> {
    /// `SHT_PROGBITS`.
    pub const PROGBITS: u32 = 1;
    /// `SHT_NOTE`.
    pub const NOTE: u32 = 7;
    /// `SHT_NOBITS`: takes memory and no place in the file.
    pub const NOBITS: u32 = 8;
    /// `SHT_INIT_ARRAY`: functions that run at the start.
    pub const INIT_ARRAY: u32 = 14;
    /// `SHF_WRITE`.
    pub const WRITE: u64 = 1;
    /// `SHF_ALLOC`: part of the program in memory.
    pub const ALLOC: u64 = 2;
    /// `SHF_EXECINSTR`.
    pub const EXECINSTR: u64 = 4;
    /// `SHF_STRINGS`: texts that end in a zero.
    pub const STRINGS: u64 = 0x20;
    /// `SHF_GROUP`: of a group of which the linker keeps one (COMDAT).
    pub const GROUP: u64 = 0x200;
    /// `SHF_TLS`: the first contents of thread-local storage.
    pub const TLS: u64 = 0x400;
    /// `SHF_COMPRESSED`.
    pub const COMPRESSED: u64 = 0x800;
}

/// Reads the segments. A table that does not fit is damage, and no segments.
pub(crate) fn segments<Header: FileHeader<Endian = Endianness>>(
    header: &Header,
    endian: Endianness,
    bytes: &[u8],
    damage: &mut Damage,
) -> Vec<Segment> {
    let headers = match header.program_headers(endian, bytes) {
        Ok(headers) => headers,
        Err(error) => {
            damage.add(error);
            return Vec::new();
        }
    };
    let segment = |header: &Header::ProgramHeader| Segment {
        kind: header.p_type(endian).0,
        flags: header.p_flags(endian).0,
        offset: header.p_offset(endian).into(),
        address: header.p_vaddr(endian).into(),
        file_size: header.p_filesz(endian).into(),
        memory_size: header.p_memsz(endian).into(),
    };
    let segments: Vec<Segment> = headers.iter().map(segment).collect();
    for segment in &segments {
        let end = segment.offset.checked_add(segment.file_size);
        if segment.kind == Segment::LOAD && end.is_none_or(|end| end > bytes.len() as u64) {
            damage.add(format!(
                "a segment ends at offset {:#x}, the file at {:#x}",
                u128::from(segment.offset) + u128::from(segment.file_size),
                bytes.len()
            ));
        }
    }
    segments
}

/// Reads the sections. A table that does not fit is damage, and no sections.
pub(crate) fn sections<'data, Header: FileHeader<Endian = Endianness>>(
    header: &Header,
    endian: Endianness,
    bytes: &'data [u8],
    damage: &mut Damage,
) -> Vec<Section<'data>> {
    let headers = match header.section_headers(endian, bytes) {
        Ok(headers) => headers,
        Err(error) => {
            damage.add(error);
            return Vec::new();
        }
    };
    let names = match header.section_strings_index(endian, bytes) {
        Ok(index) => headers.get(index.0).map_or(&[][..], |names| {
            part(bytes, names.sh_offset(endian).into(), names.sh_size(endian).into())
        }),
        Err(_) => &[],
    };
    let section = |header: &Header::SectionHeader| Section {
        name: text(names, header.sh_name(endian) as usize).unwrap_or_default(),
        kind: header.sh_type(endian).0,
        flags: header.sh_flags(endian).0,
        address: header.sh_addr(endian).into(),
        offset: header.sh_offset(endian).into(),
        size: header.sh_size(endian).into(),
        link: header.sh_link(endian),
        info: header.sh_info(endian),
    };
    let sections: Vec<Section<'_>> = headers.iter().map(section).collect();
    for section in sections.iter().filter(|section| !matches!(section.kind, 0 | Section::NOBITS)) {
        let end = section.offset.checked_add(section.size);
        if end.is_none_or(|end| end > bytes.len() as u64) {
            let name = String::from_utf8_lossy(section.name);
            damage.add(format!("the section `{name}` reaches beyond the end of the file"));
        }
    }
    sections
}

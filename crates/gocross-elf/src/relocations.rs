//! Relocations: places whose bytes the linker, or the dynamic linker, has yet to fill in.

use crate::bytes::Bytes;
use crate::elf::Elf;
use crate::tables::Section;

const SHT_RELA: u32 = 4;
const SHT_REL: u32 = 9;
const EM_MIPS: u16 = 8;

/// A relocation (gABI, chapter 4, "Relocation").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relocation {
    /// The place: an offset in the section of an object, an address in a program.
    pub offset: u64,
    /// `ELF32_R_TYPE` or `ELF64_R_TYPE`; what it does is the architecture's.
    pub kind: u32,
    /// The index of the symbol; 0 for none.
    pub symbol: usize,
    /// What is added to the symbol's value; none where it stands at the place itself.
    pub addend: Option<i64>,
}

impl Section<'_> {
    /// Whether it holds relocations.
    #[must_use]
    pub const fn is_relocations(&self) -> bool {
        matches!(self.kind, SHT_REL | SHT_RELA)
    }
}

/// A table of relocations: its bytes, and whether each has its addend.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Table<'data> {
    pub(crate) data: &'data [u8],
    pub(crate) with_addend: bool,
}

impl<'data> Elf<'data> {
    /// The relocations of a section that holds them, in order; none of any other section.
    pub fn relocations(
        &self,
        section: &Section<'_>,
    ) -> impl Iterator<Item = Relocation> + use<'data> {
        let data = if section.is_relocations() { self.contents(section) } else { &[] };
        entries(self.file(), Table { data, with_addend: section.kind == SHT_RELA })
    }

    /// The relocations that are left for the start of the program (`DT_RELA`, `DT_REL` and
    /// `DT_JMPREL`; gABI, chapter 5, "Dynamic Section"), without those of `DT_RELR`, which have
    /// no symbols. 64-bit MIPS writes them in an order of its own, which is not read.
    pub fn dynamic_relocations(&self) -> impl Iterator<Item = Relocation> + use<'data> {
        let file = self.file();
        let is_mips_64 = file.is_64 && self.identity.machine == EM_MIPS;
        let tables = self.dynamic.as_ref().filter(|_| !is_mips_64);
        let tables = tables.map(|dynamic| dynamic.relocations).unwrap_or_default();
        tables.into_iter().flat_map(move |table| entries(file, table))
    }
}

fn entries<'data>(
    file: Bytes<'data>,
    Table { data, with_addend }: Table<'data>,
) -> impl Iterator<Item = Relocation> + use<'data> {
    let table = file.of(data);
    let word = table.word_size();
    let entry = if with_addend { 3 * word } else { 2 * word };
    (0..table.data.len() / entry).filter_map(move |index| {
        let at = index * entry;
        let info = table.word(at + word)?;
        let (symbol, kind) =
            if table.is_64 { (info >> 32, info as u32) } else { (info >> 8, info as u32 & 0xff) };
        let addend = if with_addend { Some(table.word(at + 2 * word)?) } else { None };
        let signed = |value: u64| {
            if table.is_64 { value.cast_signed() } else { i64::from((value as u32).cast_signed()) }
        };
        Some(Relocation {
            offset: table.word(at)?,
            kind,
            symbol: usize::try_from(symbol).ok()?,
            addend: addend.map(signed),
        })
    })
}

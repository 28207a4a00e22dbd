//! A symbol table, read where it lies: no symbol is copied.

use crate::bytes::{Bytes, text};

/// A symbol table and its names (gABI, chapter 4, "Symbol Table").
#[derive(Debug, Clone, Copy, Default)]
pub struct SymbolTable<'data> {
    entries: Bytes<'data>,
    strings: &'data [u8],
}

/// A symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symbol<'data> {
    /// Its index in the table.
    pub index: usize,
    /// Where its name stands in the string table.
    name: u32,
    strings: &'data [u8],
    /// `st_info`: binding and type.
    info: u8,
    /// `st_other`: visibility.
    other: u8,
    /// `st_shndx`: the section that it is defined in.
    pub section: u16,
    /// `st_value`: its address, or its offset in the section.
    pub value: u64,
    /// `st_size`, in bytes.
    pub size: u64,
}

impl<'data> SymbolTable<'data> {
    pub(crate) fn new(entries: Bytes<'data>, strings: &'data [u8]) -> Self {
        Self { entries, strings }
    }

    /// The bytes of an entry.
    pub(crate) const fn entry_size(is_64: bool) -> usize {
        if is_64 { 24 } else { 16 }
    }

    /// How many symbols there are, the empty first one included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.data.len() / Self::entry_size(self.entries.is_64)
    }

    /// Whether there is no table.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The symbols, in order, without the empty first one.
    pub fn iter(&self) -> impl Iterator<Item = Symbol<'data>> + use<'data> {
        let table = *self;
        (1..self.len()).filter_map(move |index| table.symbol(index))
    }

    /// The symbols with a name; none where it is not there.
    pub fn named<'a>(
        &self,
        name: &'a [u8],
    ) -> impl Iterator<Item = Symbol<'data>> + use<'data, 'a> {
        self.iter().filter(move |symbol| symbol.is_named(name))
    }

    /// The symbol with an index; none where the table ends before it.
    #[must_use]
    pub fn symbol(&self, index: usize) -> Option<Symbol<'data>> {
        let entries = self.entries;
        let at = index.checked_mul(Self::entry_size(entries.is_64))?;
        let (info, section, value, size) =
            if entries.is_64 { (4, 6, 8, 16) } else { (12, 14, 4, 8) };
        Some(Symbol {
            index,
            name: entries.u32(at)?,
            strings: self.strings,
            info: *entries.data.get(at + info)?,
            other: *entries.data.get(at + info + 1)?,
            section: entries.u16(at + section)?,
            value: entries.word(at + value)?,
            size: entries.word(at + size)?,
        })
    }
}

impl<'data> Symbol<'data> {
    /// Its name; empty where the string table has none there.
    #[must_use]
    pub fn name(&self) -> &'data [u8] {
        text(self.strings, self.name as usize).unwrap_or_default()
    }

    /// Whether it has this name; cheaper than to compare [`Symbol::name`].
    #[must_use]
    pub fn is_named(&self, name: &[u8]) -> bool {
        let tail = self.strings.get(self.name as usize..).unwrap_or_default();
        tail.get(name.len()) == Some(&0) && tail.starts_with(name)
    }

    /// Whether its name begins so.
    #[must_use]
    pub fn begins_with(&self, prefix: &[u8]) -> bool {
        self.strings.get(self.name as usize..).is_some_and(|tail| tail.starts_with(prefix))
    }

    /// Whether other objects see it: global, weak or unique, not local.
    #[must_use]
    pub const fn is_global(&self) -> bool {
        self.info >> 4 != 0
    }

    /// `STB_WEAK`: another definition wins, and none is needed.
    #[must_use]
    pub const fn is_weak(&self) -> bool {
        self.info >> 4 == 2
    }

    /// `STB_GLOBAL`.
    #[must_use]
    pub const fn is_strong(&self) -> bool {
        self.info >> 4 == 1
    }

    /// Whether it is used here and defined elsewhere.
    #[must_use]
    pub const fn is_undefined(&self) -> bool {
        self.section == 0
    }

    /// `SHN_COMMON`: several definitions are made one.
    #[must_use]
    pub const fn is_common(&self) -> bool {
        self.section == 0xfff2 || self.info & 0xf == 5
    }

    /// `STT_FUNC` and `STT_GNU_IFUNC`.
    #[must_use]
    pub const fn is_function(&self) -> bool {
        matches!(self.info & 0xf, 2 | 10)
    }

    /// `STT_NOTYPE`.
    #[must_use]
    pub const fn is_untyped(&self) -> bool {
        self.info & 0xf == 0
    }

    /// `STT_OBJECT`: data.
    #[must_use]
    pub const fn is_object(&self) -> bool {
        self.info & 0xf == 1
    }

    /// `STT_SECTION`: stands for the beginning of a section.
    #[must_use]
    pub const fn is_section(&self) -> bool {
        self.info & 0xf == 3
    }

    /// `STT_FILE`: the name of the source of the local symbols that follow.
    #[must_use]
    pub const fn is_file(&self) -> bool {
        self.info & 0xf == 4
    }

    /// `STT_TLS`: its value is no address, but a place in thread-local storage.
    #[must_use]
    pub const fn is_thread_local(&self) -> bool {
        self.info & 0xf == 6
    }

    /// `STT_SECTION` and `STT_FILE`: names for tools, not for linking.
    #[must_use]
    pub const fn is_for_tools(&self) -> bool {
        matches!(self.info & 0xf, 3 | 4)
    }

    /// `STV_HIDDEN` and `STV_INTERNAL`: not seen outside of the program or library.
    #[must_use]
    pub const fn is_hidden(&self) -> bool {
        matches!(self.other & 3, 1 | 2)
    }
}

//! Rewrites one relocatable object.

use gocross_elf::{Identity, ReadError};

use super::Plan;
use super::fields::Fields;

const SHT_PROGBITS: u64 = 1;
const SHT_SYMTAB: u64 = 2;
const SHT_INIT_ARRAY: u64 = 14;
const SHT_SYMTAB_SHNDX: u64 = 18;
/// `SHT_MIPS_DWARF` (MIPS psABI supplement, binutils `include/elf/mips.h`).
const SHT_MIPS_DWARF: u64 = 0x7000_001e;
const SHT_REL: u64 = 9;
const EM_386: u64 = 3;
const EM_MIPS: u64 = 8;
/// `R_386_TLS_GOTIE` ("ELF Handling For Thread-Local Storage", i386).
const R_386_TLS_GOTIE: u64 = 16;
pub(super) const SHN_UNDEF: u64 = 0;
const SHN_XINDEX: usize = 0xffff;
pub(super) const STB_GLOBAL: u64 = 1;
pub(super) const STV_HIDDEN: u64 = 2;

/// What takes the place of `.init_array`: data that nobody points at, which the linker drops.
const UNUSED_SECTION: &str = ".data.gocross_unused";

/// Carries out a plan on an ELF relocatable object.
///
/// # Errors
///
/// An object that is cut short or whose tables contradict each other, an alias or another name
/// of a symbol that the object does not define, and an `.init_array` that it has not got.
pub(crate) fn rewrite_object(object: &[u8], plan: &Plan) -> Result<Vec<u8>, ReadError> {
    Editor::of(object)?.ok_or_else(damaged)?.carry_out(plan)
}

pub(super) fn damaged() -> ReadError {
    ReadError::new("the object's tables are damaged")
}

/// An object and where its tables lie.
pub(super) struct Editor {
    pub(super) bytes: Vec<u8>,
    pub(super) fields: Fields,
    /// Offsets of the section headers.
    headers: Vec<usize>,
    names_header: usize,
    pub(super) symbols_header: usize,
    pub(super) strings_header: usize,
    /// Whether sections of symbols have numbers above 65,279, in a table of their own
    /// (`SHT_SYMTAB_SHNDX`), which an added symbol would need an entry in.
    pub(super) has_wide_indexes: bool,
}

impl Editor {
    /// Opens an ELF object; none where its tables are damaged or it has no symbols.
    pub(super) fn of(object: &[u8]) -> Result<Option<Self>, ReadError> {
        let identity = Identity::parse(object)?;
        let fields = Fields { is_64: identity.is_64, big_endian: identity.big_endian };
        Ok(Self::open(object.to_vec(), fields))
    }

    fn open(bytes: Vec<u8>, fields: Fields) -> Option<Self> {
        let field = |base, place| {
            let value = fields.get(&bytes, base, place)?;
            usize::try_from(value).ok()
        };
        let (table, mut count) = (field(0, fields.e_shoff())?, field(0, fields.e_shnum())?);
        let mut names = field(0, fields.e_shstrndx())?;
        // What the header has no room for stands in the first section header (gABI, "Sections").
        if table != 0 && count == 0 {
            count = field(table, fields.sh_size())?;
        }
        if names == SHN_XINDEX {
            names = field(table, fields.sh_link())?;
        }
        let size = fields.section_header_size();
        // All of them lie in the file, so that a list of them is no longer than it.
        bytes.get(table..)?.get(..count.checked_mul(size)?)?;
        let headers: Vec<usize> = (0..count).map(|index| table + index * size).collect();
        let kind = |header: usize| fields.get(&bytes, header, fields.sh_type());
        let has_wide_indexes = headers.iter().any(|header| kind(*header) == Some(SHT_SYMTAB_SHNDX));
        let symbols_header = *headers.iter().find(|header| kind(**header) == Some(SHT_SYMTAB))?;
        let link = fields.get(&bytes, symbols_header, fields.sh_link())?;
        let strings_header = *headers.get(usize::try_from(link).ok()?)?;
        let names_header = *headers.get(names)?;
        Some(Self {
            bytes,
            fields,
            headers,
            names_header,
            symbols_header,
            strings_header,
            has_wide_indexes,
        })
    }

    fn carry_out(mut self, plan: &Plan) -> Result<Vec<u8>, ReadError> {
        if self.has_wide_indexes && !plan.aliases.is_empty() {
            return Err(damaged());
        }
        if plan.drop_init_array && self.drop_init_array().ok_or_else(damaged)? == 0 {
            return Err(ReadError::new("it has no `.init_array`"));
        }
        self.mark_mips_debug_sections().ok_or_else(damaged)?;
        self.clear_i386_tls_addends().ok_or_else(damaged)?;
        let mut symbols = self.contents(self.symbols_header).ok_or_else(damaged)?;
        let mut strings = self.contents(self.strings_header).ok_or_else(damaged)?;
        for (from, to) in &plan.redirect {
            self.rename(&mut symbols, &mut strings, (from, to), false).ok_or_else(damaged)?;
        }
        for (name, new_name) in &plan.rename {
            let found = self.rename(&mut symbols, &mut strings, (name, new_name), true);
            if found.ok_or_else(damaged)? == 0 {
                return Err(ReadError::new(format!("it does not define `{name}`")));
            }
        }
        for (name, new_name) in &plan.aliases {
            let found = self.alias(&mut symbols, &mut strings, name, new_name);
            found.ok_or_else(|| ReadError::new(format!("it does not define `{name}`")))?;
        }
        self.replace(self.symbols_header, &symbols).ok_or_else(damaged)?;
        self.replace(self.strings_header, &strings).ok_or_else(damaged)?;
        Ok(self.bytes)
    }

    /// The bytes of a section.
    pub(super) fn contents(&self, header: usize) -> Option<Vec<u8>> {
        let field = |place| {
            let value = self.fields.get(&self.bytes, header, place)?;
            usize::try_from(value).ok()
        };
        let (offset, size) = (field(self.fields.sh_offset())?, field(self.fields.sh_size())?);
        Some(self.bytes.get(offset..offset.checked_add(size)?)?.to_vec())
    }

    /// Puts new bytes for a section at the end of the object.
    pub(super) fn replace(&mut self, header: usize, contents: &[u8]) -> Option<()> {
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        let (offset, size) = (self.bytes.len() as u64, contents.len() as u64);
        self.bytes.extend_from_slice(contents);
        self.fields.set(&mut self.bytes, header, self.fields.sh_offset(), offset)?;
        self.fields.set(&mut self.bytes, header, self.fields.sh_size(), size)
    }

    /// The name of a section, in the table of names.
    fn section_name<'a>(&self, names: &'a [u8], header: usize) -> Option<&'a [u8]> {
        text_at(names, self.fields.get(&self.bytes, header, self.fields.sh_name())?)
    }

    /// Makes `.init_array` a section of plain data under another name. Its relocations
    /// stay as they are: they fill in words that nobody reads. Returns how many there were.
    fn drop_init_array(&mut self) -> Option<usize> {
        let sh_type = self.fields.sh_type();
        let arrays: Vec<usize> = self
            .headers
            .iter()
            .copied()
            .filter(|h| self.fields.get(&self.bytes, *h, sh_type) == Some(SHT_INIT_ARRAY))
            .collect();
        if arrays.is_empty() {
            return Some(0);
        }
        let mut names = self.contents(self.names_header)?;
        let name = add_text(&mut names, UNUSED_SECTION);
        for header in &arrays {
            self.fields.set(&mut self.bytes, *header, sh_type, SHT_PROGBITS)?;
            self.fields.set(&mut self.bytes, *header, self.fields.sh_name(), name)?;
        }
        self.replace(self.names_header, &names)?;
        Some(arrays.len())
    }

    /// Go writes MIPS debug sections with the type of other architectures, and lld refuses
    /// to merge the two.
    fn mark_mips_debug_sections(&mut self) -> Option<()> {
        if self.fields.get(&self.bytes, 0, self.fields.e_machine()) != Some(EM_MIPS) {
            return Some(());
        }
        let names = self.contents(self.names_header)?;
        for header in self.headers.clone() {
            let sh_type = self.fields.get(&self.bytes, header, self.fields.sh_type())?;
            if sh_type == SHT_PROGBITS && is_dwarf(self.section_name(&names, header)?) {
                let place = self.fields.sh_type();
                self.fields.set(&mut self.bytes, header, place, SHT_MIPS_DWARF)?;
            }
        }
        Some(())
    }

    /// Go leaves a 2 in the words that take the offset of its thread-local `g` on i386. GNU ld
    /// overwrites it; lld and zig add it, as the psABI has it, and `g` overlaps what lies behind.
    fn clear_i386_tls_addends(&mut self) -> Option<()> {
        let fields = self.fields;
        if fields.get(&self.bytes, 0, fields.e_machine()) != Some(EM_386) {
            return Some(());
        }
        for header in self.headers.clone() {
            if fields.get(&self.bytes, header, fields.sh_type())? != SHT_REL {
                continue;
            }
            let target =
                usize::try_from(fields.get(&self.bytes, header, fields.sh_info())?).ok()?;
            let target = *self.headers.get(target)?;
            let base = fields.get(&self.bytes, target, fields.sh_offset())?;
            for relocation in self.contents(header)?.chunks_exact(Fields::REL32_SIZE) {
                if fields.get(relocation, 0, fields.r_type32())? == R_386_TLS_GOTIE {
                    let offset = fields.get(relocation, 0, fields.r_offset32())?;
                    let place = base.checked_add(offset)?;
                    fields.set(&mut self.bytes, usize::try_from(place).ok()?, (0, 4), 0)?;
                }
            }
        }
        Some(())
    }

    /// Renames the definitions of a symbol, or its uses where another object defines it.
    /// Returns how many there were.
    fn rename(
        &self,
        symbols: &mut [u8],
        strings: &mut Vec<u8>,
        (from, to): (&str, &str),
        defined: bool,
    ) -> Option<usize> {
        let found: Vec<usize> = self
            .symbols_named(symbols, strings, from)
            .filter(|base| {
                self.shndx(symbols, *base).is_some_and(|shndx| (shndx != SHN_UNDEF) == defined)
            })
            .collect();
        if found.is_empty() {
            return Some(0);
        }
        let name = add_text(strings, to);
        let st_name = self.fields.st_name();
        found.iter().try_for_each(|base| self.fields.set(symbols, *base, st_name, name))?;
        Some(found.len())
    }

    /// Adds a global, hidden symbol for what a symbol of the object stands for.
    fn alias(
        &self,
        symbols: &mut Vec<u8>,
        strings: &mut Vec<u8>,
        name: &str,
        new_name: &str,
    ) -> Option<()> {
        let fields = self.fields;
        let base = self
            .symbols_named(symbols, strings, name)
            .find(|base| self.shndx(symbols, *base).is_some_and(|shndx| shndx != SHN_UNDEF))?;
        let mut copy = symbols.get(base..base + fields.symbol_size())?.to_vec();
        // Locals come first in a symbol table, so a global one goes to the end.
        let kind = fields.get(&copy, 0, fields.st_info())? & 0xf;
        fields.set(&mut copy, 0, fields.st_info(), STB_GLOBAL << 4 | kind)?;
        // The bits above the visibility belong to the architecture.
        let other = fields.get(&copy, 0, fields.st_other())? & !3;
        fields.set(&mut copy, 0, fields.st_other(), other | STV_HIDDEN)?;
        fields.set(&mut copy, 0, fields.st_name(), add_text(strings, new_name))?;
        symbols.extend_from_slice(&copy);
        Some(())
    }

    pub(super) fn shndx(&self, symbols: &[u8], base: usize) -> Option<u64> {
        self.fields.get(symbols, base, self.fields.st_shndx())
    }

    /// Offsets of the symbols with a name.
    fn symbols_named<'a>(
        &'a self,
        symbols: &'a [u8],
        strings: &'a [u8],
        name: &'a str,
    ) -> impl Iterator<Item = usize> + 'a {
        let size = self.fields.symbol_size();
        (0..symbols.len() / size).map(move |index| index * size).filter(move |base| {
            let offset = self.fields.get(symbols, *base, self.fields.st_name());
            offset.and_then(|offset| text_at(strings, offset)) == Some(name.as_bytes())
        })
    }
}

/// Whether a section holds DWARF. Scripts for gdb have a name like it, and are not.
fn is_dwarf(name: &[u8]) -> bool {
    name.starts_with(b".debug_") && name != b".debug_gdb_scripts"
}

/// The text at an offset of a string table.
pub(super) fn text_at(table: &[u8], offset: u64) -> Option<&[u8]> {
    let tail = table.get(usize::try_from(offset).ok()?..)?;
    tail.split(|byte| *byte == 0).next()
}

/// Adds a text to a string table and returns its offset.
pub(super) fn add_text(table: &mut Vec<u8>, text: impl AsRef<[u8]>) -> u64 {
    let offset = table.len() as u64;
    table.extend_from_slice(text.as_ref());
    table.push(0);
    offset
}

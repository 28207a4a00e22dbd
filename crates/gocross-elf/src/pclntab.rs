//! Go's own table of functions, which stays in a program whose symbols were taken away
//! (`runtime/symtab.go`, `debug/gosym/pclntab.go`).

use std::collections::HashMap;

use crate::bytes::text;
use crate::elf::Elf;
use crate::tables::Section;

/// How the table begins since Go 1.18, and since Go 1.20.
const MAGICS: [u32; 2] = [0xffff_fff0, 0xffff_fff1];
/// `moduledata` begins with the address of the table; these of its words follow.
const MODULE_MIN_PC: u64 = 20;
const MODULE_MAX_PC: u64 = 21;
const MODULE_TEXT: u64 = 22;

/// A function of Go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoFunction<'data> {
    /// Its name, such as `net/http.(*Client).Do`.
    pub name: &'data [u8],
    /// Its address.
    pub address: u64,
    /// Its size up to the next function, in bytes.
    pub size: u64,
}

impl<'data> Elf<'data> {
    /// The functions of the Go runtime in it, by its own table: symbols are not needed. None of
    /// an object, whose table the linker has yet to fill in; of a Go older than 1.18; and of a
    /// file without section headers.
    #[must_use]
    pub fn go_functions(&self) -> Vec<GoFunction<'data>> {
        let names = [b".gopclntab".as_slice(), b".data.rel.ro.gopclntab"];
        let section = names.iter().find_map(|name| self.section(name));
        let Some(section) = section.filter(|_| self.kind.is_loaded()) else { return Vec::new() };
        self.functions_of(section).unwrap_or_default()
    }

    fn functions_of(&self, section: &Section<'_>) -> Option<Vec<GoFunction<'data>>> {
        let table = self.file().of(self.contents(section));
        let word = table.word_size();
        if !MAGICS.contains(&table.u32(0)?) || *table.data.get(7)? as usize != word {
            return None;
        }
        let field = |index: usize| table.word(8 + index * word);
        let part = |index: usize| table.data.get(usize::try_from(field(index)?).ok()?..);
        // Go no longer writes where its code begins into this table (since 1.26), and before,
        // the dynamic linker had to add to it.
        let start =
            self.go_text(section.address).or_else(|| field(2).filter(|start| *start != 0))?;
        let (names, functions) = (part(3)?, table.of(part(7)?));
        let count = usize::try_from(field(0)?).ok()?.min(functions.data.len() / 8);
        let function = |index: usize| {
            let entry = functions.u32(8 * index)?;
            let end = functions.u32(8 * (index + 1))?;
            let data = functions.u32(8 * index + 4)? as usize;
            let name = functions.u32(data.checked_add(4)?)?;
            Some(GoFunction {
                name: text(names, name as usize)?,
                address: start.checked_add(u64::from(entry))?,
                size: u64::from(end.checked_sub(entry)?),
            })
        };
        Some((0..count).filter_map(function).collect())
    }

    /// Where Go's code begins, by the runtime's record of its module. It is found by its first
    /// word, the address of the table.
    fn go_text(&self, table: u64) -> Option<u64> {
        let file = self.file();
        let word = file.word_size() as u64;
        let fixed = self.fixed_words();
        let value = |address: u64| match fixed.get(&address) {
            Some(value) => Some(*value),
            None => file.of(self.at_address(address)).word(0),
        };
        let is_text = |address: u64| {
            self.sections.iter().any(|section| {
                section.flags & Section::EXECINSTR != 0
                    && address.checked_sub(section.address).is_some_and(|at| at < section.size)
            })
        };
        let text = |module: u64| {
            let field = |index: u64| value(module.checked_add(index * word)?);
            let (start, low, high) =
                (field(MODULE_TEXT)?, field(MODULE_MIN_PC)?, field(MODULE_MAX_PC)?);
            (is_text(start) && start <= low && low < high).then_some(start)
        };
        let relocated = fixed.iter().filter(|(_, value)| **value == table).map(|(at, _)| *at);
        let mut relocated: Vec<u64> = relocated.collect();
        relocated.sort_unstable();
        relocated.into_iter().find_map(text).or_else(|| {
            let data = self.sections.iter().filter(|section| section.flags & Section::WRITE != 0);
            data.into_iter().find_map(|section| {
                let contents = file.of(self.contents(section));
                let mut at = (0..contents.data.len()).step_by(file.word_size());
                at.find_map(|at| {
                    (contents.word(at)? == table).then(|| text(section.address + at as u64))?
                })
            })
        })
    }

    /// The words that the dynamic linker makes of addends alone: addresses in the file itself.
    fn fixed_words(&self) -> HashMap<u64, u64> {
        let tables = self.sections.iter().filter(|section| section.is_relocations());
        let relocations = tables.flat_map(|table| self.relocations(table));
        relocations
            .filter(|relocation| relocation.symbol == 0)
            .filter_map(|relocation| Some((relocation.offset, relocation.addend?.cast_unsigned())))
            .collect()
    }

    /// What lies in the file from an address to the end of its section.
    #[must_use]
    pub fn at_address(&self, address: u64) -> &'data [u8] {
        let found = self.section_at(address).and_then(|section| {
            let at = usize::try_from(address - section.address).ok()?;
            self.contents(section).get(at..)
        });
        found.unwrap_or_default()
    }

    /// The section of the program in memory that holds an address.
    #[must_use]
    pub fn section_at(&self, address: u64) -> Option<&Section<'data>> {
        self.sections.iter().find(|section| {
            let inside = address.checked_sub(section.address).is_some_and(|at| at < section.size);
            // Thread-local zeros take no addresses of their own.
            let local = section.kind == Section::NOBITS && section.flags & Section::TLS != 0;
            section.flags & Section::ALLOC != 0 && inside && !local
        })
    }
}

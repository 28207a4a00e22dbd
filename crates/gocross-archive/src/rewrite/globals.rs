//! Gives the global symbols of an object other names, and adds symbols to it.
//!
//! A name of a linker is global to the whole program. What one archive defines for itself is
//! kept apart from the rest of the program by a name that nobody else uses, put in wherever the
//! archive's objects define the symbol or refer to it.

use gocross_elf::ReadError;

use super::object::{Editor, SHN_UNDEF, STB_GLOBAL, STV_HIDDEN, add_text, damaged, text_at};

/// `STB_LOCAL` (gABI, "Symbol Table").
const STB_LOCAL: u64 = 0;
/// `SHN_ABS`: a value that no relocation moves.
const SHN_ABS: u64 = 0xfff1;

/// Renames the global symbols of an object, where `new_name` has another one for it: it is asked
/// for the name of each symbol, and whether the object defines it.
///
/// # Errors
///
/// An object that is cut short or whose tables contradict each other.
pub(crate) fn rename_globals(
    object: &[u8],
    new_name: impl Fn(&[u8], bool) -> Option<Vec<u8>>,
) -> Result<Vec<u8>, ReadError> {
    // Assemblers write objects without a symbol table where a source has no symbols.
    let Some(editor) = Editor::of(object)? else {
        return Ok(object.to_vec());
    };
    editor.rename_globals(new_name).ok_or_else(damaged)
}

/// Adds symbols to an object: `defined` are hidden, and have no value but their being there;
/// `undefined` have the linker look for a definition, and pull it from an archive.
///
/// # Errors
///
/// An object that is cut short, or has more than 65,279 sections.
pub(crate) fn add_symbols(
    object: &[u8],
    defined: &[String],
    undefined: &[Vec<u8>],
) -> Result<Vec<u8>, ReadError> {
    let editor = Editor::of(object)?.ok_or_else(damaged)?;
    if editor.has_wide_indexes {
        return Err(ReadError::new("it has more than 65,279 sections"));
    }
    editor.add_symbols(defined, undefined).ok_or_else(damaged)
}

impl Editor {
    fn rename_globals(
        mut self,
        new_name: impl Fn(&[u8], bool) -> Option<Vec<u8>>,
    ) -> Option<Vec<u8>> {
        let fields = self.fields;
        let mut symbols = self.contents(self.symbols_header)?;
        let mut strings = self.contents(self.strings_header)?;
        let old_size = strings.len();
        for base in (0..symbols.len()).step_by(fields.symbol_size()) {
            let Some(info) = fields.get(&symbols, base, fields.st_info()) else { break };
            if info >> 4 == STB_LOCAL {
                continue;
            }
            let is_defined = self.shndx(&symbols, base)? != SHN_UNDEF;
            let name = text_at(&strings, fields.get(&symbols, base, fields.st_name())?)?;
            if let Some(name) = new_name(name, is_defined) {
                let name = add_text(&mut strings, name);
                fields.set(&mut symbols, base, fields.st_name(), name)?;
            }
        }
        if strings.len() > old_size {
            self.replace(self.symbols_header, &symbols)?;
            self.replace(self.strings_header, &strings)?;
        }
        Some(self.bytes)
    }

    fn add_symbols(mut self, defined: &[String], undefined: &[Vec<u8>]) -> Option<Vec<u8>> {
        let fields = self.fields;
        let mut symbols = self.contents(self.symbols_header)?;
        let mut strings = self.contents(self.strings_header)?;
        let names = defined.iter().map(|name| (name.as_bytes(), SHN_ABS));
        let names = names.chain(undefined.iter().map(|name| (name.as_slice(), SHN_UNDEF)));
        for (name, section) in names {
            let mut symbol = vec![0; fields.symbol_size()];
            fields.set(&mut symbol, 0, fields.st_name(), add_text(&mut strings, name))?;
            fields.set(&mut symbol, 0, fields.st_info(), STB_GLOBAL << 4)?;
            fields.set(&mut symbol, 0, fields.st_shndx(), section)?;
            if section == SHN_ABS {
                fields.set(&mut symbol, 0, fields.st_other(), STV_HIDDEN)?;
            }
            symbols.extend_from_slice(&symbol);
        }
        self.replace(self.symbols_header, &symbols)?;
        self.replace(self.strings_header, &strings)?;
        Some(self.bytes)
    }
}

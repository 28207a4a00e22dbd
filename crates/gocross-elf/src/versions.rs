//! The versions of symbols that a file asks its libraries for (`.gnu.version_r`, LSB "Symbol
//! Versioning").

use crate::bytes::{Bytes, text};
use crate::dynamic::Dynamic;
use crate::symbol_table::Symbol;

/// The bits of a version's index; the one above them hides the symbol.
const INDEX: u16 = 0x7fff;

/// A version that a library has to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version<'data> {
    /// The library, by its soname.
    pub library: &'data [u8],
    /// The version, such as `GLIBC_2.34`.
    pub name: &'data [u8],
    /// `VER_FLG_WEAK`: the program starts without it too.
    pub weak: bool,
    /// By which number symbols refer to it.
    index: u16,
}

/// All versions that a file asks for.
#[derive(Debug, Clone, Default)]
pub struct Versions<'data> {
    /// Sorted by index.
    list: Vec<Version<'data>>,
    /// The index of each dynamic symbol.
    of_symbols: Bytes<'data>,
}

impl<'data> Versions<'data> {
    pub(crate) fn read(file: Bytes<'data>, dynamic: &Dynamic<'data>) -> Self {
        let table = file.of(dynamic.needed_versions);
        let mut list = Vec::new();
        read_libraries(table, dynamic.strings, &mut list);
        list.sort_by_key(|version| version.index);
        Self { list, of_symbols: file.of(dynamic.symbol_versions) }
    }

    /// The versions, in no order that counts.
    pub fn iter(&self) -> impl Iterator<Item = &Version<'data>> {
        self.list.iter()
    }

    /// The version that a dynamic symbol is asked for in.
    #[must_use]
    pub fn of(&self, symbol: &Symbol<'_>) -> Option<&Version<'data>> {
        let index = self.of_symbols.u16(symbol.index.checked_mul(2)?)? & INDEX;
        let found = self.list.binary_search_by_key(&index, |version| version.index).ok()?;
        self.list.get(found)
    }
}

/// Follows the list of libraries and the list of versions of each. Each leads on by a distance,
/// so both are cut where they have more entries than there are indices.
fn read_libraries<'data>(
    table: Bytes<'data>,
    strings: &'data [u8],
    list: &mut Vec<Version<'data>>,
) {
    let string = |at: usize| text(strings, table.u32(at)? as usize);
    let mut at = 0_usize;
    for _ in 0..INDEX {
        let library = at.checked_add(4).and_then(string);
        let (Some(library), Some(aux), Some(next)) =
            (library, table.u32(at + 8), table.u32(at + 12))
        else {
            return;
        };
        let mut version = at.saturating_add(aux as usize);
        for _ in 0..table.u16(at + 2).unwrap_or(0) {
            let (Some(flags), Some(index), Some(name), Some(next)) = (
                version.checked_add(4).and_then(|at| table.u16(at)),
                table.u16(version + 6),
                string(version + 8),
                table.u32(version + 12),
            ) else {
                break;
            };
            let index = index & INDEX;
            list.push(Version { library, name, weak: flags & 2 != 0, index });
            if next == 0 || list.len() >= usize::from(INDEX) {
                break;
            }
            version = version.saturating_add(next as usize);
        }
        if next == 0 || list.len() >= usize::from(INDEX) {
            return;
        }
        at = at.saturating_add(next as usize);
    }
}

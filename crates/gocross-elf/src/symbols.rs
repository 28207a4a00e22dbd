//! The symbols that an object or an archive offers to the linker.

use std::collections::BTreeSet;

use object::read::archive::ArchiveFile;
use object::{Object, ObjectSymbol, ReadCache, ReadCacheOps};

use crate::{Kind, ReadError, kind, members};

/// The global symbols of an object, or of all members of an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Symbols {
    /// Names that are defined and visible to the linker.
    pub defined: BTreeSet<Vec<u8>>,
    /// Names that are used and not defined in the same object.
    pub undefined: BTreeSet<Vec<u8>>,
}

/// The names in the index of an archive, which linkers look in; none where there is no index. Only
/// the index is read.
#[must_use]
pub fn indexed_symbols(archive: impl ReadCacheOps) -> Option<BTreeSet<Vec<u8>>> {
    let cache = ReadCache::new(archive);
    let archive = ArchiveFile::parse(&cache).ok()?;
    let symbols = archive.symbols().ok()??;
    symbols.map(|symbol| symbol.ok().map(|symbol| symbol.name().to_vec())).collect()
}

impl Symbols {
    /// Reads an object or an archive.
    ///
    /// # Errors
    ///
    /// A file that is neither, or is damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut symbols = Self::default();
        match kind(bytes)? {
            Kind::Elf(_) => symbols.add(bytes)?,
            Kind::Archive => {
                for member in members(bytes)? {
                    // cgo's archives hold a text member too, which has no symbols.
                    if let Ok(Kind::Elf(_)) = kind(member.data) {
                        symbols.add(member.data)?;
                    }
                }
            }
            Kind::Foreign(what) => return Err(ReadError::new(format!("{what}, not ELF"))),
        }
        Ok(symbols)
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        let file = object::File::parse(bytes)?;
        for symbol in file.symbols().filter(ObjectSymbol::is_global) {
            let name = symbol.name_bytes()?.to_owned();
            if symbol.is_undefined() {
                self.undefined.insert(name);
            } else {
                self.defined.insert(name);
            }
        }
        Ok(())
    }

    /// Whether `name` is defined.
    #[must_use]
    pub fn defines(&self, name: &str) -> bool {
        self.defined.contains(name.as_bytes())
    }
}

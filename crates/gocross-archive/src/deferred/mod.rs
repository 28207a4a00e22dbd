//! Calls that run later, several at once or on a goroutine of their own: a Go file that is added to
//! the package, and the symbols by which it calls the package's exports.
//!
//! The crate `gocross` has the other half (`gocross::Call`, `gocross::Batch`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_elf::Symbols;

use crate::list::Package;

/// The added file. No such file may be there.
const FILE: &str = "gocross_deferred.go";
const TEXT: &str = include_str!("deferred.go");

/// What cgo puts before an export's name for the function that takes a pointer to the arguments: this
/// and a hash of twelve digits (`cmd/cgo/out.go`, `_cgoexp`; `cmd/cgo/main.go`, `cPrefix`).
const EXPORT_PREFIX: &str = "_cgoexp_";

/// Writes the file, and gives the pair that `go build -overlay` takes: the name in the package's
/// folder, where nothing is written, and the file.
///
/// # Errors
///
/// [`Code::GoPackage`] where the package has a file of that name, [`Code::Io`].
pub(crate) fn overlay(package: &Package, folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let (name, file) = (package.dir.join(FILE), folder.join(FILE));
    if name.exists() {
        let message = format!("`{}` is in the way of a file that gocross adds", name.display());
        return Err(Box::new(
            Diagnostic::error(Code::GoPackage, message)
                .detail("`deferred_calls` adds a file of that name to the package for the build"),
        ));
    }
    fs_err::write(&file, TEXT)
        .map_err(|error| Box::new(Diagnostic::error(Code::Io, error.to_string())))?;
    Ok((name, file))
}

/// The symbols of an archive that take a pointer to an export's arguments, by the export's name.
///
/// # Errors
///
/// [`Code::BadArchive`] where the archive cannot be read.
pub(crate) fn symbols(archive: &[u8]) -> Result<BTreeMap<String, String>> {
    let symbols = Symbols::read(archive)
        .map_err(|error| Box::new(Diagnostic::error(Code::BadArchive, error.to_string())))?;
    let named = symbols.defined.iter().filter_map(|name| {
        let name = std::str::from_utf8(name).ok()?;
        let (_hash, export) = name.strip_prefix(EXPORT_PREFIX)?.split_once('_')?;
        Some((export.to_owned(), name.to_owned()))
    });
    Ok(named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rewrite::tests::compiled;

    #[test]
    fn a_file_of_that_name_is_not_hidden() {
        let (dir, stage) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let package = Package { dir: dir.path().to_owned(), ..Package::default() };
        let (name, file) = overlay(&package, stage.path()).unwrap();
        assert_eq!(name, dir.path().join("gocross_deferred.go"));
        assert_eq!(fs_err::read_to_string(file).unwrap(), TEXT);
        fs_err::write(&name, "package main\n").unwrap();
        let error = overlay(&package, stage.path()).unwrap_err();
        assert_eq!(error.code, Code::GoPackage);
    }

    #[test]
    fn symbols_are_found_by_the_names_of_exports() {
        let dir = tempfile::tempdir().unwrap();
        let object = compiled(
            dir.path(),
            "void _cgoexp_0123456789ab_Add(void *p) {}\n\
             void _cgoexp_0123456789ab_with_underscores(void *p) {}\n\
             void Add(void) {}",
        );
        let found = symbols(&object).unwrap();
        let found: Vec<_> = found.iter().map(|(name, symbol)| (&**name, &**symbol)).collect();
        let expected = [
            ("Add", "_cgoexp_0123456789ab_Add"),
            ("with_underscores", "_cgoexp_0123456789ab_with_underscores"),
        ];
        assert_eq!(found, expected);
    }
}

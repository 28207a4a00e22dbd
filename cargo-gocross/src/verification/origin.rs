//! Who brought a symbol: the crates and archives of the build that use it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gocross_elf::File;
use gocross_verify::Finding;

/// The rules whose symbols are those that a file asks for.
const ABOUT_IMPORTS: [&str; 1] = ["glibc-floor"];
/// How many users of one symbol are named.
const NAMED: usize = 3;

/// Completes the places of findings. The archives are only asked for where there is something
/// to complete.
pub(crate) fn name_origins(findings: &mut [Finding], archives: impl FnOnce() -> Vec<PathBuf>) {
    let mut places: Vec<_> = findings
        .iter_mut()
        .filter(|finding| ABOUT_IMPORTS.contains(&finding.code.as_str()))
        .flat_map(|finding| &mut finding.places)
        .collect();
    let wanted: BTreeSet<String> = places.iter().filter_map(|place| place.symbol.clone()).collect();
    if wanted.is_empty() {
        return;
    }
    let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in archives() {
        // What cannot be read brings nothing.
        let Ok(bytes) = fs_err::read(&path) else { continue };
        let Ok(file) = File::read(&bytes) else { continue };
        let name = name(&path);
        for symbol in used(&file, &wanted) {
            let of_symbol = users.entry(symbol).or_default();
            if of_symbol.len() < NAMED && !of_symbol.contains(&name) {
                of_symbol.push(name.clone());
            }
        }
    }
    for place in &mut places {
        let found = place.symbol.as_ref().and_then(|symbol| users.get(symbol));
        place.origin = found.map(|names| names.join("`, `"));
    }
}

/// The wanted symbols that a file uses and does not define.
fn used(file: &File<'_>, wanted: &BTreeSet<String>) -> BTreeSet<String> {
    let symbols = file.objects().flat_map(|(_, elf)| elf.symbols.iter());
    let names = symbols
        .filter(|symbol| symbol.is_undefined() && symbol.is_global())
        .filter_map(|symbol| std::str::from_utf8(symbol.name()).ok());
    names.filter(|name| wanted.contains(*name)).map(str::to_owned).collect()
}

/// `libstd-0123456789abcdef.rlib` is the crate `std`; another archive is itself.
fn name(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let is_crate = path.extension().is_some_and(|extension| extension == "rlib");
    match stem.strip_prefix("lib").and_then(|name| name.rsplit_once('-')) {
        Some((name, _)) if is_crate => name.to_owned(),
        _ => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_named_without_its_hash() {
        assert_eq!(name(Path::new("/d/libstd-0123.rlib")), "std");
        assert_eq!(name(Path::new("/d/libhello.a")), "libhello.a");
    }
}

//! Recognises what is installed: programs on PATH and files.

use std::path::{Path, PathBuf};

use super::needs::{Need, Sign};
use super::{Cure, Item, State};
use crate::environment;

/// Where Debian and LLVM put libclang.
const LIBCLANG: &[&str] =
    &["/usr/lib/llvm-*/lib/libclang*.so*", "/usr/lib/*-linux-gnu/libclang*.so*"];
/// Headers of the compiler itself: libclang alone cannot read `<stddef.h>`.
const CLANG_HEADERS: &[&str] =
    &["/usr/lib/llvm-*/lib/clang/*/include/stddef.h", "/usr/lib/clang/*/include/stddef.h"];

/// Whether a need is met.
pub(super) fn at(need: Need) -> Item {
    let found: Option<Vec<PathBuf>> = need.signs.iter().map(sign).collect();
    let state = match found.as_ref().and_then(|found| found.first()) {
        Some(first) => State::There(first.display().to_string()),
        None => State::Missing(format!("{}; packages: {}", need.why, need.packages.join(" "))),
    };
    Item { what: need.what, state, cure: Cure::Apt(need.packages) }
}

fn sign(sign: &Sign) -> Option<PathBuf> {
    match sign {
        Sign::Program(name) => program(name),
        Sign::File(pattern) => file(pattern),
        Sign::Libclang => libclang(),
    }
}

/// The first program of this name on PATH.
pub(super) fn program(name: impl AsRef<Path>) -> Option<PathBuf> {
    environment::path().into_iter().map(|folder| folder.join(&name)).find(|path| is_program(path))
}

/// Whether a file may be run.
pub(super) fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs_err::metadata(path)
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

fn libclang() -> Option<PathBuf> {
    if let Some(own) = environment::libclang_path().filter(|path| path.exists()) {
        return Some(own);
    }
    CLANG_HEADERS.iter().find_map(|pattern| file(pattern))?;
    LIBCLANG.iter().find_map(|pattern| file(pattern))
}

/// The first file, in the order of names, that an absolute pattern matches.
fn file(pattern: &str) -> Option<PathBuf> {
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    below(Path::new("/"), &parts)
}

/// The first match of `parts` below `folder`.
fn below(folder: &Path, parts: &[&str]) -> Option<PathBuf> {
    let Some((&part, rest)) = parts.split_first() else {
        return folder.exists().then(|| folder.to_owned());
    };
    if !part.contains('*') {
        return below(&folder.join(part), rest);
    }
    let mut names: Vec<_> = fs_err::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| matches(part, name))
        .collect();
    names.sort();
    names.iter().find_map(|name| below(&folder.join(name), rest))
}

/// Whether a name matches a pattern in which `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == name };
    let Some(rest) = name.strip_prefix(head) else { return false };
    (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| matches(tail, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(sign: Sign) -> Need {
        Need {
            what: "thing".to_owned(),
            why: "for this".to_owned(),
            signs: vec![sign],
            packages: vec!["pack".to_owned()],
        }
    }

    #[test]
    fn a_star_stands_for_any_part_of_a_name() {
        assert!(matches("libclang*.so*", "libclang-14.so.1"));
        assert!(matches("*-linux-gnu", "x86_64-linux-gnu"));
        assert!(!matches("libclang*.so*", "libclang.a"));
        assert!(!matches("*-linux-gnu", "x86_64-linux-musl"));
    }

    #[test]
    fn a_pattern_is_matched_level_by_level() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::create_dir_all(dir.path().join("llvm-9/lib")).unwrap();
        fs_err::create_dir_all(dir.path().join("llvm-14/lib")).unwrap();
        fs_err::write(dir.path().join("llvm-9/lib/libclang.so"), "").unwrap();
        let pattern = format!("{}/llvm-*/lib/libclang*.so*", dir.path().display());
        assert_eq!(file(&pattern), Some(dir.path().join("llvm-9/lib/libclang.so")));
        assert_eq!(file(&pattern.replace(".so", ".dylib")), None);
    }

    #[test]
    fn a_missing_thing_says_why_it_is_needed() {
        let item = at(need(Sign::Program("no-such-program".to_owned())));
        assert!(
            matches!(&item.state, State::Missing(text) if text == "for this; packages: pack"),
            "{item:?}"
        );
    }

    #[test]
    fn a_program_on_path_is_found_and_a_plain_file_is_not() {
        assert!(!at(need(Sign::Program("sh".to_owned()))).is_missing());
        assert!(!is_program(Path::new("/etc/passwd")));
    }
}

//! Rust's standard library for a foreign target: a list of tries, each reported.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Cure, Item, State, apt, look};
use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::ui::{self, Mark};

/// How long rustup may take to fetch one library of some 30 MB.
const FETCH: Duration = Duration::from_secs(180);

/// Debian's compiler, cargo and library source, of one version. They lie under /usr,
/// beside rustup's toolchains, and change no PATH on which `~/.cargo/bin` comes first.
const DEBIAN: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];

/// One way to get the library.
struct Way {
    /// What it does, for the report.
    name: fn(&str) -> String,
    /// Does it.
    go: fn(&str) -> Result,
}

/// The ways, cheapest first.
const WAYS: &[Way] = &[
    Way { name: |triple| format!("`rustup target add {triple}`"), go: with_rustup },
    Way {
        name: |_| format!("`apt-get install {}`, which can build it", DEBIAN.join(" ")),
        go: with_debian,
    },
];

/// Whether some toolchain has the library or can build it.
pub(super) fn look(triple: &'static str) -> Item {
    let state = match found(triple) {
        Some(where_) => State::There(where_),
        None => State::Missing(format!("every program for {triple} is linked with it")),
    };
    Item { what: format!("Rust's std for {triple}"), state, cure: Cure::RustStd(triple) }
}

/// What [`install`] would do, in words.
pub(super) fn plan(triple: &str) -> String {
    let names: Vec<String> = WAYS.iter().map(|way| (way.name)(triple)).collect();
    format!("Rust's std for {triple}: {}", names.join(", else "))
}

/// Goes through the ways until one has worked.
pub(super) fn install(triple: &str) -> Result {
    let mut tried = Vec::new();
    for way in WAYS {
        let name = (way.name)(triple);
        let outcome = (way.go)(triple);
        match outcome {
            Ok(()) if found(triple).is_some() => {
                ui::marked(Mark::Good, "done", name);
                return Ok(());
            }
            Ok(()) => {
                tried.push(format!("tried {name}: it ended well, and the library is not there"))
            }
            Err(failure) => {
                let why = failure.why.first().unwrap_or(&failure.what);
                ui::marked(Mark::Bad, "no", format!("{name}: {why}"));
                tried.push(format!("tried {name}: {why}"));
            }
        }
    }
    let mut failure = Failure::new(format!("Rust's std for {triple} cannot be had"));
    failure.why = tried;
    Err(failure.hint(format!("rustup target add {triple}")).hint("rustup component add rust-src"))
}

/// Where the library is, or the source that it can be built from.
fn found(triple: &str) -> Option<String> {
    let libraries = rustc_says(&["--print", "target-libdir", "--target", triple]);
    if let Some(folder) = libraries.filter(|folder| holds_std(folder)) {
        return Some(folder.display().to_string());
    }
    let own = rustc_says(&["--print", "sysroot"])
        .map(|sysroot| sysroot.join("lib/rustlib/src/rust/library"));
    let debian = || {
        let compiler =
            ["/usr/bin/rustc", "/usr/bin/cargo"].iter().all(|path| Path::new(path).is_file());
        compiler.then(|| PathBuf::from("/usr/lib/rustlib/src/rust/library"))
    };
    own.into_iter()
        .chain(debian())
        .find(|source| is_source(source))
        .map(|source| format!("built from {}", source.display()))
}

fn rustc_says(args: &[&str]) -> Option<PathBuf> {
    let text = Cmd::new("rustc").args(args).read().ok()?;
    Some(PathBuf::from(text.trim_end()))
}

fn holds_std(folder: &Path) -> bool {
    fs_err::read_dir(folder).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}

fn is_source(library: &Path) -> bool {
    library.join("std/Cargo.toml").is_file()
}

fn with_rustup(triple: &str) -> Result {
    if look::program("rustup").is_none() {
        return Err(Failure::new("no `rustup` on PATH"));
    }
    Cmd::new("rustup").args(["target", "add", triple]).run_within(FETCH)
}

fn with_debian(_triple: &str) -> Result {
    let packages: Vec<String> = DEBIAN.iter().map(|&name| name.to_owned()).collect();
    apt::install(&packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_the_library_does_not_count() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!holds_std(dir.path()));
        fs_err::write(dir.path().join("libstd-0123.rmeta"), "").unwrap();
        assert!(!holds_std(dir.path()));
        fs_err::write(dir.path().join("libstd-0123.rlib"), "").unwrap();
        assert!(holds_std(dir.path()));
        assert!(!holds_std(&dir.path().join("none")));
    }

    #[test]
    fn the_source_counts_only_with_std_in_it() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!is_source(dir.path()));
        fs_err::create_dir(dir.path().join("std")).unwrap();
        fs_err::write(dir.path().join("std/Cargo.toml"), "").unwrap();
        assert!(is_source(dir.path()));
    }

    #[test]
    fn the_plan_names_every_way_in_order() {
        let plan = plan("some-target");
        let rustup = plan.find("rustup target add some-target").unwrap();
        assert!(rustup < plan.find("rustc-web").unwrap(), "{plan}");
    }
}

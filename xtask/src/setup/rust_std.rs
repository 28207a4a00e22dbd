//! Rust's standard library for targets other than the machine's own: a list of tries, each reported.

use std::path::{Path, PathBuf};
use std::time::Duration;

use gocross_diagnostic::hint;
use gocross_targets::Target;

use super::{Cure, Item, State, apt, look};
use crate::command::{self, Cmd};
use crate::failure::{Failure, Result};
use crate::ui::{self, Mark};

/// How long rustup may take to fetch one library of some 30 MB.
const FETCH: Duration = Duration::from_secs(180);

/// Debian's compiler, cargo and library source, of one version. They lie under /usr,
/// beside rustup's toolchains, and change no PATH on which `~/.cargo/bin` comes first.
const DEBIAN: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];

/// What rustup says where it has no library for one target, and may have those of others.
/// All else (no network, no answer) would be the same for each.
const OF_ONE_TARGET: &[&str] = &[
    "has no prebuilt artifacts",
    "does not support target",
    "does not contain component",
    "status code: 404",
    "returned error: 404",
];

/// One way to get the library.
struct Way {
    /// What it does, for the report.
    name: fn(&[&str]) -> String,
    /// Does it; gives back why it did not work, a line each.
    go: fn(&[&str]) -> Vec<String>,
}

/// The ways, cheapest first. Each is given the targets that are still without.
const WAYS: &[Way] = &[
    Way { name: |triples| format!("`rustup target add {}`", triples.join(" ")), go: with_rustup },
    Way {
        name: |_| format!("`apt-get install {}`, which can build it", DEBIAN.join(" ")),
        go: with_debian,
    },
];

/// For each row, whether some toolchain has the library or can build it.
pub(super) fn look(rows: impl Iterator<Item = &'static Target>) -> Vec<Item> {
    let places = Places::of_this_machine();
    let item = |row: &'static Target| {
        let state = match places.find(row.triple) {
            Some(place) => State::There(place),
            None => State::Missing("every program for the target is linked with it".to_owned()),
        };
        Item {
            what: format!("Rust's std for {}", row.triple),
            state,
            cure: Cure::RustStd(row.triple),
        }
    };
    rows.map(item).collect()
}

/// What [`install`] would do, in words.
pub(super) fn plan(triples: &[&str]) -> String {
    let names: Vec<String> = WAYS.iter().map(|way| (way.name)(triples)).collect();
    format!("Rust's std: {}", names.join(", else "))
}

/// Goes through the ways until every target has the library.
pub(super) fn install(triples: &[&str]) -> Result {
    let mut left = triples.to_vec();
    let mut tried = Vec::new();
    for way in WAYS {
        let why = (way.go)(&left);
        for line in &why {
            ui::marked(Mark::Bad, "no", line);
        }
        tried.extend(why);
        let places = Places::of_this_machine();
        let (still, done): (Vec<&str>, _) =
            left.into_iter().partition(|triple| places.find(triple).is_none());
        if !done.is_empty() {
            ui::marked(Mark::Good, "done", format!("Rust's std for {}", done.join(", ")));
        }
        if still.is_empty() {
            return Ok(());
        }
        left = still;
    }
    let mut failure = Failure::new(format!("Rust's std cannot be had for {}", left.join(", ")));
    failure.why = tried.iter().map(|line| format!("tried {line}")).collect();
    Err(failure
        .hint(hint!("rustup target add {}", left.join(" ")))
        .hint(hint!("rustup component add rust-src")))
}

/// Where libraries lie on this machine; asked of rustc once for all targets.
struct Places {
    /// The folder of the toolchain in use.
    sysroot: Option<PathBuf>,
    /// The folder of sources that can be built for any target.
    source: Option<PathBuf>,
}

impl Places {
    fn of_this_machine() -> Self {
        let sysroot = Cmd::new("rustc").args(["--print", "sysroot"]).read().ok();
        let sysroot = sysroot.map(|text| PathBuf::from(text.trim_end()));
        let has_debians =
            ["/usr/bin/rustc", "/usr/bin/cargo"].iter().all(|path| Path::new(path).is_file());
        let debians = has_debians.then(|| PathBuf::from("/usr"));
        let source = sysroot
            .iter()
            .chain(debians.iter())
            .map(|folder| folder.join("lib/rustlib/src/rust/library"))
            .find(|source| source.join("std/Cargo.toml").is_file());
        Self { sysroot, source }
    }

    /// Where the library for a target is, or the source that it can be built from.
    fn find(&self, triple: &str) -> Option<String> {
        let library =
            self.sysroot.as_ref().map(|folder| folder.join("lib/rustlib").join(triple).join("lib"));
        let library = library.filter(|folder| holds_std(folder));
        let source =
            || self.source.as_ref().map(|source| format!("built from {}", source.display()));
        library.map(|folder| folder.display().to_string()).or_else(source)
    }
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

/// One call a target: rustup refuses a whole call for one target that it has no library for.
fn with_rustup(triples: &[&str]) -> Vec<String> {
    if look::program("rustup").is_none() {
        return vec!["`rustup`: not on PATH".to_owned()];
    }
    one_by_one(triples, |triple| {
        let cmd = Cmd::new("rustup").args(["target", "add", triple]);
        ui::command(&cmd);
        let output = cmd.output_within(FETCH)?;
        let ended = if output.status.success() { Ok(()) } else { Err(output.stderr) };
        Ok(ended.map_err(|stderr| String::from_utf8_lossy(&stderr).into_owned()))
    })
}

/// Calls `add` for each target, until it fails in a way that would be the same for the rest.
/// Its inner error is what rustup said, the outer one that it said nothing.
fn one_by_one(
    triples: &[&str],
    mut add: impl FnMut(&str) -> Result<std::result::Result<(), String>>,
) -> Vec<String> {
    let mut tried = Vec::new();
    for (index, triple) in triples.iter().enumerate() {
        let (why, stops) = match add(triple) {
            Ok(Ok(())) => continue,
            Ok(Err(said)) => (rustups_words(&said), !is_of_one_target(&said)),
            Err(failure) => (failure.why.first().unwrap_or(&failure.what).clone(), true),
        };
        tried.push(format!("`rustup target add {triple}`: {why}"));
        let rest = &triples[index + 1..];
        if stops && !rest.is_empty() {
            tried.push(format!(
                "`rustup target add {}`: not tried, it would end the same",
                rest.join(" ")
            ));
        }
        if stops {
            break;
        }
    }
    tried
}

fn is_of_one_target(said: &str) -> bool {
    OF_ONE_TARGET.iter().any(|words| said.contains(words))
}

/// The line that names the error, and the innermost cause that rustup numbers.
fn rustups_words(said: &str) -> String {
    let error = command::last_words(said).unwrap_or("failed and said nothing");
    let error = error.strip_prefix("error: ").unwrap_or(error);
    let causes = said.lines().skip_while(|line| *line != "Caused by:").skip(1);
    let cause = causes.take_while(|line| !line.trim().is_empty()).last();
    match cause.and_then(|line| line.split_once(": ")) {
        Some((_, cause)) => format!("{error}: {cause}"),
        None => error.to_owned(),
    }
}

fn with_debian(_triples: &[&str]) -> Vec<String> {
    let packages: Vec<String> = DEBIAN.iter().map(|&name| name.to_owned()).collect();
    match apt::install(&packages) {
        Ok(()) => Vec::new(),
        Err(failure) => {
            let why = failure.why.first().unwrap_or(&failure.what);
            vec![format!("`apt-get install {}`: {why}", DEBIAN.join(" "))]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_NETWORK: &str = "error: component download failed for rust-std-b\n\nCaused by:\n    0: could not download file\n    1: dns error\n\nStack backtrace:\n   0: anyhow: x\n";
    const TIER_3: &str =
        "error: toolchain 'stable' has no prebuilt artifacts available for target 'b'\n";

    /// What is tried and told when rustup answers so for `b`.
    fn asked(answer: &str) -> (Vec<String>, Vec<String>) {
        let mut asked = Vec::new();
        let tried = one_by_one(&["a", "b", "c"], |triple| {
            asked.push(triple.to_owned());
            Ok(if triple == "b" { Err(answer.to_owned()) } else { Ok(()) })
        });
        (asked, tried)
    }

    #[test]
    fn a_target_that_rustup_has_not_got_does_not_stop_the_others() {
        let (asked, tried) = asked(TIER_3);
        assert_eq!(asked, ["a", "b", "c"]);
        assert_eq!(tried.len(), 1);
        assert!(tried[0].contains("no prebuilt artifacts"), "{tried:?}");
        let missing = NO_NETWORK.replace("dns error", "unsuccessful status code: 404");
        assert!(is_of_one_target(&missing));
    }

    #[test]
    fn without_a_network_only_one_target_is_tried() {
        let (asked, tried) = asked(NO_NETWORK);
        assert_eq!(asked, ["a", "b"]);
        assert!(tried[0].ends_with("`: component download failed for rust-std-b: dns error"));
        assert!(tried[1].starts_with("`rustup target add c`"), "{tried:?}");
    }

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
    fn a_library_comes_before_the_source_and_the_source_is_for_every_target() {
        let dir = tempfile::tempdir().unwrap();
        let library = dir.path().join("lib/rustlib/some-target/lib");
        fs_err::create_dir_all(&library).unwrap();
        fs_err::write(library.join("libstd-0123.rlib"), "").unwrap();
        let mut places = Places { sysroot: Some(dir.path().to_owned()), source: None };
        assert_eq!(places.find("some-target"), Some(library.display().to_string()));
        assert_eq!(places.find("another-target"), None);
        places.source = Some(PathBuf::from("/src"));
        assert_eq!(places.find("some-target"), Some(library.display().to_string()));
        assert_eq!(places.find("another-target"), Some("built from /src".to_owned()));
    }

    #[test]
    fn the_plan_names_every_way_in_order() {
        let plan = plan(&["some-target", "another"]);
        let rustup = plan.find("rustup target add some-target another").unwrap();
        assert!(rustup < plan.find("rustc-web").unwrap(), "{plan}");
    }
}

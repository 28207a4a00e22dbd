//! Two owners of one C symbol: a Go package whose symbols are not hidden, or the signal guard of its
//! archive, and a library that another build script has made. A linker takes the first definition it
//! finds, and tells nobody.
//!
//! cargo tells of a build script when it has run, and links programs after all of them. So what the
//! scripts have made is compared as they end, and the build is stopped before the link.

use std::path::{Path, PathBuf};

use gocross_archive::{GUARDED, SIGNAL_GUARD, VISIBLE_SYMBOLS};
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_elf::{Identity, indexed_symbols, members};
use gocross_toolchain::Env;
use gocross_verify::Finding;

use crate::verification::{self, Candidate, Settings};

/// The rule that compares archives of one link.
const RULE: &str = "duplicate-symbols";

/// Compares what the build scripts with these directories (`OUT_DIR`) have made.
///
/// # Errors
///
/// [`gocross_diagnostic::Code::BadFile`] for an archive that cannot be read.
pub(crate) fn findings(env: &Env, out_dirs: &[PathBuf]) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for go in out_dirs.iter().filter(|dir| dir.join(VISIBLE_SYMBOLS).is_file()) {
        let others: Vec<PathBuf> =
            out_dirs.iter().filter(|dir| *dir != go).flat_map(|dir| archives_in(dir)).collect();
        for own in archives_in(go) {
            let machine = machine_of(&own);
            for other in others.iter().filter(|other| machine_of(other) == machine) {
                found.extend(compared(env, &own, other)?);
            }
        }
    }
    Ok(found)
}

/// Looks for another definition of what the signal guard defines. `new` are those of `out_dirs` that
/// nobody has looked at yet, so each library is read once. Only its index is read.
///
/// # Errors
///
/// [`Code::SignalGuard`].
pub(crate) fn of_signals(out_dirs: &[PathBuf], new: &[PathBuf]) -> Result<()> {
    let guard = |dirs: &[PathBuf]| dirs.iter().any(|dir| dir.join(SIGNAL_GUARD).is_file());
    let unread = if guard(new) {
        out_dirs
    } else if guard(out_dirs) {
        new
    } else {
        return Ok(());
    };
    for library in unread.iter().flat_map(|dir| archives_in(dir)) {
        let Some(symbols) = fs_err::File::open(&library).ok().and_then(indexed_symbols) else {
            continue;
        };
        // A Go archive, whose guard that is.
        let defines = |name: &str| symbols.contains(name.as_bytes());
        if defines("gocross_go_sigaction") {
            continue;
        }
        if let Some(name) = GUARDED.iter().find(|name| defines(name)) {
            return Err(second_guard(&library, name));
        }
    }
    Ok(())
}

fn second_guard(library: &Path, name: &str) -> Box<Diagnostic> {
    let message = format!("`{}` defines `{name}`, and so does the signal guard", library.display());
    Box::new(
        Diagnostic::error(Code::SignalGuard, message)
            .detail("the guard is in the Go archive, and adds `SA_ONSTACK` to each handler")
            .help("take the definition out of that library")
            .help(
                "or leave out the guard: `signal-guard = false` under `[package.metadata.gocross]`",
            ),
    )
}

fn compared(env: &Env, own: &Path, other: &Path) -> Result<Vec<Finding>> {
    let candidates = [own, other].map(|file| Candidate { file: file.to_owned(), spec: None });
    let mut found = verification::judge(env, &candidates, &Settings::default(), None)?;
    found.retain(|finding| finding.code == RULE);
    for finding in &mut found {
        finding.help = Some(
            "hide the C symbols of the Go package: no `hide_symbols(false)` and no `keep_symbol` \
             for them in its build.rs"
                .to_owned(),
        );
    }
    Ok(found)
}

/// The static libraries of a directory, in the order of their names.
pub(crate) fn archives_in(dir: &Path) -> Vec<PathBuf> {
    let entries = fs_err::read_dir(dir).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "a"));
    files.sort();
    files
}

/// What the first object of an archive is for: build scripts also make libraries for this machine.
fn machine_of(archive: &Path) -> Option<(u16, bool, bool)> {
    let bytes = fs_err::read(archive).ok()?;
    let identity =
        members(&bytes).ok()?.iter().find_map(|member| Identity::parse(member.data).ok())?;
    Some((identity.machine, identity.is_64, identity.big_endian))
}

//! zig: the C compiler of the rows for which Debian has none.
//!
//! Looked for where gocross looks for it, in the same order; installed as Python's package,
//! because that is where it can be had with nothing but a package manager.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Output;

use gocross_diagnostic::hint;
use gocross_targets::Target;

use super::look;
use super::{Cure, Item, State};
use crate::command::Cmd;
use crate::environment;
use crate::failure::{Failure, Result};
use crate::ui;

/// What pip is asked for.
const PACKAGE: &str = "ziglang";
/// Debian's packages for where there is no pip.
const PYTHON: &[&str] = &["python3", "python3-pip"];
/// What pip says where the distribution wants Python's packages for itself, and the way round.
/// Our package holds one program and no Python module that another could miss or meet.
const MANAGED: &str = "externally-managed-environment";
const MANAGED_TOO: &str = "--break-system-packages";
/// How many of pip's last lines are told: the error, and what it was about.
const LAST: usize = 4;

/// Where the folder of Python's package is.
const QUESTION: &str =
    "import os, ziglang; print(os.path.join(os.path.dirname(ziglang.__file__), 'zig'))";

/// Whether zig is there, where any of the rows needs it.
pub(super) fn look(rows: impl Iterator<Item = &'static Target>) -> Option<Item> {
    let triples: Vec<&str> = rows.map(|row| row.triple).collect();
    if triples.is_empty() {
        return None;
    }
    let (state, cure) = match environment::gocross_zig() {
        Some(named) => of_user(&named),
        None => match look::program("zig").or_else(of_python) {
            Some(zig) => (State::There(zig.display().to_string()), Cure::Zig),
            None => {
                let why = format!("the C compiler and libc for {}", triples.join(", "));
                (State::Missing(format!("{why}; {}", plan())), Cure::Zig)
            }
        },
    };
    Some(Item { what: "zig".to_owned(), state, cure })
}

/// The zig that the user names stands in place of all others, as it does for gocross.
fn of_user(named: &OsStr) -> (State, Cure) {
    let name = Path::new(named);
    let is_path = name.components().count() > 1;
    let found =
        if is_path { look::is_program(name).then(|| name.to_owned()) } else { look::program(name) };
    let shown = format!("GOCROSS_ZIG={}", name.display());
    let by_hand = Cure::ByHand(vec![hint!("unset GOCROSS_ZIG")]);
    match found {
        Some(zig) => (State::There(zig.display().to_string()), by_hand),
        None => {
            (State::Missing(format!("`{shown}` is set, and there is no such program")), by_hand)
        }
    }
}

fn of_python() -> Option<PathBuf> {
    look::program("python3")?;
    let answer = Cmd::new("python3").args(["-c", QUESTION]).read().ok()?;
    Some(PathBuf::from(answer.trim())).filter(|zig| look::is_program(zig))
}

/// What [`install`] does, in words.
pub(super) fn plan() -> String {
    format!("`{}`", pip_install(&[]))
}

/// Debian's packages that [`install`] cannot do without.
pub(super) fn packages() -> &'static [&'static str] {
    if pip().args(["--version"]).read().is_ok() { &[] } else { PYTHON }
}

/// Installs Python's package, into whatever environment `python3` stands for.
pub(super) fn install() -> Result {
    if let Err(failure) = pip().args(["--version"]).read() {
        let mut told = Failure::new("zig cannot be installed: `python3` has no pip");
        told.why = failure.why;
        return Err(told.hint(hint!("python3 -m ensurepip")));
    }
    ui::note("zig and the sources of its C libraries: some 100 MB");
    let mut cmd = pip_install(&[]);
    let mut output = attempt(&cmd)?;
    if is_managed(&output) {
        cmd = pip_install(&[MANAGED_TOO]);
        output = attempt(&cmd)?;
    }
    if output.status.success() {
        return Ok(());
    }
    let mut failure = Failure::new(format!("`{cmd}` failed"));
    failure.why = last_lines(&String::from_utf8_lossy(&output.stderr));
    Err(failure.hint(hint!("export GOCROSS_ZIG=/path/to/zig")))
}

fn attempt(cmd: &Cmd) -> Result<Output> {
    ui::command(cmd);
    cmd.output()
}

fn pip_install(flags: &[&str]) -> Cmd {
    pip().arg("install").args(flags).arg(PACKAGE)
}

fn pip() -> Cmd {
    Cmd::new("python3").args(["-m", "pip"])
}

fn is_managed(output: &Output) -> bool {
    !output.status.success() && String::from_utf8_lossy(&output.stderr).contains(MANAGED)
}

/// The end of what pip said, without its advertisements for itself.
fn last_lines(stderr: &str) -> Vec<String> {
    let is_told = |line: &&str| !line.is_empty() && !line.starts_with("[notice]");
    let lines: Vec<&str> = stderr.lines().map(str::trim).filter(is_told).collect();
    lines[lines.len().saturating_sub(LAST)..].iter().map(|&line| line.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::Scope;

    #[test]
    fn rows_with_debians_compiler_need_no_zig() {
        let look = |triple| look(Scope::named(&[triple]).by_zig());
        assert!(look("aarch64-unknown-linux-gnu").is_none());
        assert!(look("aarch64-unknown-linux-musl").is_some());
    }

    #[test]
    fn a_zig_that_was_named_and_is_not_there_is_not_replaced() {
        let (state, cure) = of_user(OsStr::new("/nowhere/zig"));
        assert!(
            matches!(&state, State::Missing(text) if text.contains("GOCROSS_ZIG=/nowhere/zig")),
            "{state:?}"
        );
        assert!(matches!(cure, Cure::ByHand(_)));
        assert!(matches!(of_user(OsStr::new("sh")).0, State::There(_)));
        assert!(matches!(of_user(OsStr::new("/bin/sh")).0, State::There(_)));
    }

    #[test]
    fn a_managed_environment_is_recognised_by_pips_own_name_for_it() {
        let said = |script: &str| Cmd::new("sh").args(["-c", script]).output().unwrap();
        assert!(is_managed(&said("echo 'error: externally-managed-environment' >&2; exit 1")));
        assert!(!is_managed(&said("echo 'ERROR: no network' >&2; exit 1")));
        assert!(!is_managed(&said("echo 'externally-managed-environment' >&2")));
    }

    #[test]
    fn pips_last_lines_are_told_without_its_notices() {
        let stderr = "a\nb\nc\nd\n\nERROR: no such package\n[notice] a new pip is there\n";
        assert_eq!(last_lines(stderr), ["b", "c", "d", "ERROR: no such package"]);
        assert!(last_lines("\n").is_empty());
    }

    #[test]
    fn the_plan_is_a_command() {
        assert_eq!(plan(), "`python3 -m pip install ziglang`");
    }
}

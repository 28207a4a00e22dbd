//! Compares what came of a command with what had to.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::Message;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use snapbox::{Assert, IntoData};

use crate::command::Output;
use crate::redact;
use crate::sandbox::Sandbox;
use crate::trial::{Result, Trouble, ensure};
use crate::workshop::Workshop;

/// Whether archives are those of an earlier step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Archive {
    /// There is nothing to compare with yet.
    First,
    /// Every byte is the same.
    Same,
    /// A byte differs.
    Changed,
}

impl Archive {
    /// Compares digests.
    ///
    /// # Errors
    ///
    /// They are equal and should differ, or the other way round.
    pub fn check(self, before: Option<&str>, now: &str) -> Result {
        let fits = match (self, before) {
            (Self::First, None) => true,
            (Self::Same, Some(before)) => before == now,
            (Self::Changed, Some(before)) => before != now,
            (Self::First, Some(_)) | (_, None) => false,
        };
        ensure(fits, || format!("the Go archive was {before:?}, is {now:?}, want {self:?}"))
    }
}

/// What no command may write, whatever is tested: the marks of a crash, and colours in a pipe.
///
/// # Errors
///
/// One of them is there.
pub fn no_accident(output: &Output) -> Result {
    // The name alone is no accident: `doctor --signals` tells of handlers for it.
    const ACCIDENTS: &[&str] = &[
        "panicked at",
        "stack backtrace",
        "RUST_BACKTRACE",
        "SIGSEGV: invalid memory reference",
        "SIGSEGV: segmentation violation",
    ];
    let found = ACCIDENTS
        .iter()
        .find(|mark| output.stdout.contains(**mark) || output.stderr.contains(**mark));
    ensure(found.is_none(), || format!("`{}` in the output", found.unwrap_or(&"")))?;
    ensure(!output.stderr.contains('\u{1b}'), || "colours in a pipe".to_owned())
}

/// Compares a text with a pattern: `...` stands for lines, `[..]` for a part of one.
///
/// # Errors
///
/// They differ.
pub fn text(
    workshop: &Workshop,
    sandbox: &Sandbox,
    name: &str,
    found: &str,
    expected: &str,
) -> Result {
    let redactions = redact::redactions(workshop, sandbox)?;
    let found = redact::plain(found);
    let shown = redactions.redact(&found);
    Assert::new()
        .redact_with(redactions)
        .try_eq(Some(&name), found.into_data(), expected.to_owned().into_data())
        .map_err(|error| Trouble::wrong(format!("{error}\n--- {name}, whole\n{shown}")))
}

/// Compares the calls in the recorder's file with the commands of `go` that were expected.
///
/// # Errors
///
/// They differ.
pub fn go_calls(log: &Path, expected: &[String]) -> Result {
    let text = fs_err::read_to_string(log).unwrap_or_default();
    let found: Vec<_> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    ensure(found == expected, || format!("go ran {found:?}, want {expected:?}\n{text}"))
}

/// Checks what `verify --cpu` says of gated instructions: of each function of Rust's that was
/// counted, at least `percent` of a hundred ran. Compilers add ways that no call takes; Go's
/// assembler has whole branches of that kind.
///
/// # Errors
///
/// Fewer ran, or nothing was counted though there is something to count.
pub fn gated(stdout: &str, percent: u32) -> Result {
    let mut counted = stdout.contains("no declared path has instructions above");
    for line in stdout.lines() {
        let mut words = line.split_whitespace();
        let (Some(function), Some(side)) = (words.next(), words.next()) else { continue };
        let words: Vec<&str> = words.collect();
        let ["=", _, ran, "of", all, "ran"] = words[..] else { continue };
        let number = |text: &str| text.parse::<u32>().map_err(|_| Trouble::wrong(line));
        let (ran, all) = (number(ran)?, number(all)?);
        ensure(side.ends_with(".go") || ran * 100 >= all * percent, || {
            format!("{ran} of {all} gated instructions of `{function}` ran, want {percent} %")
        })?;
        counted = true;
    }
    ensure(counted, || format!("no gated instruction was counted:\n{stdout}"))
}

/// What cargo says of a build in its JSON messages.
#[derive(Debug, Default)]
pub struct Build {
    compiled: BTreeSet<String>,
    out_dirs: BTreeSet<PathBuf>,
}

impl Build {
    /// Reads the messages.
    ///
    /// # Errors
    ///
    /// There are none: nothing was asked of cargo, or it built nothing.
    pub fn read(stdout: &str) -> Result<Self> {
        let mut build = Self::default();
        let mut finished = false;
        for message in Message::parse_stream(stdout.as_bytes()) {
            match message? {
                Message::CompilerArtifact(artifact) if !artifact.fresh => {
                    let folder = artifact.manifest_path.parent();
                    let name = folder.and_then(|folder| folder.file_name()).unwrap_or_default();
                    build.compiled.insert(package_name(&artifact.package_id.repr, name));
                }
                Message::BuildScriptExecuted(script) => {
                    build.out_dirs.insert(script.out_dir.into());
                }
                Message::BuildFinished(_) => finished = true,
                _ => {}
            }
        }
        ensure(finished, || format!("no messages of cargo's:\n{stdout}"))?;
        Ok(build)
    }

    /// Whether these packages were compiled and no others.
    ///
    /// # Errors
    ///
    /// Others were.
    pub fn compiled_just(&self, expected: &[String]) -> Result {
        let expected = expected.iter().cloned().collect();
        ensure(self.compiled == expected, || {
            format!("compiled {:?}, want {expected:?}", self.compiled)
        })
    }

    /// The SHA-256 of all Go archives of the build.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn archives(&self) -> Result<String> {
        let mut hasher = Sha256::new();
        let mut any = false;
        for folder in &self.out_dirs {
            for entry in fs_err::read_dir(folder)? {
                let path = entry?.path();
                if path.extension().is_some_and(|extension| extension == "a") {
                    hasher.update(fs_err::read(path)?);
                    any = true;
                }
            }
        }
        ensure(any, || "no build script has made a Go archive".to_owned())?;
        Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// The name in `path+file:///folder/name#version` or `…#name@version`.
fn package_name(id: &str, folder: &str) -> String {
    match id.rsplit_once('#') {
        Some((_, fragment)) => fragment.split_once('@').map_or(folder, |(name, _)| name).to_owned(),
        None => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_packages_in_both_spellings() {
        assert_eq!(package_name("path+file:///a/hello#0.1.0", "hello"), "hello");
        assert_eq!(package_name("path+file:///a/x#hello@0.1.0", "x"), "hello");
    }

    #[test]
    fn archives_are_compared_with_the_step_before_only() {
        Archive::First.check(None, "a").unwrap();
        Archive::Same.check(Some("a"), "a").unwrap();
        Archive::Changed.check(Some("a"), "b").unwrap();
        for (archive, before) in [
            (Archive::First, Some("a")),
            (Archive::Same, None),
            (Archive::Same, Some("b")),
            (Archive::Changed, Some("a")),
        ] {
            assert!(archive.check(before, "a").is_err(), "{archive:?} {before:?}");
        }
    }

    #[test]
    fn gated_instructions_are_checked_by_function() {
        let table = "f  a.rust = x  19 of 20 ran\ng  a.go = x  1 of 20 ran\n";
        gated(table, 95).unwrap();
        assert!(gated(table, 96).is_err());
        assert!(
            gated("f  a.rust = x  not counted: no model under QEMU takes the path\n", 1).is_err()
        );
        let none = "gated code: no declared path has instructions above what every CPU has\n";
        gated(none, 100).unwrap();
        assert!(gated("", 1).is_err());
    }

    #[test]
    fn a_crash_in_the_output_is_never_right() {
        let output =
            |stderr: &str| Output { status: 0, stdout: String::new(), stderr: stderr.to_owned() };
        no_accident(&output("error[go-build]: bad\n")).unwrap();
        assert!(no_accident(&output("thread 'main' panicked at a.rs")).is_err());
        assert!(no_accident(&output("\u{1b}[1merror")).is_err());
    }
}

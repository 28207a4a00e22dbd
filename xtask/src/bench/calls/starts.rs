//! The start of a program: from `execve` to its end, which comes at once.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};

/// A program, and how it is built.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    /// The same program without Go.
    pub(super) against: &'static str,
    pub(super) features: &'static [&'static str],
    /// Arguments for rustc.
    pub(super) rustc: &'static [&'static str],
    /// Whether it calls Go.
    pub(super) calls: bool,
}

impl Kind {
    const fn new(
        name: &'static str,
        what: &'static str,
        against: &'static str,
        features: &'static [&'static str],
    ) -> Self {
        Self { name, what, against, features, rustc: &[], calls: false }
    }

    const fn calling(self) -> Self {
        Self { calls: true, ..self }
    }

    /// Linked to a fixed address.
    const fn non_pie(self) -> Self {
        Self { rustc: &["-C", "relocation-model=static"], ..self }
    }
}

const NONE: &[&str] = &["--no-default-features"];
const LAZY: &[&str] = &["--features", "lazy"];

/// The program without Go.
pub(super) const WITHOUT: &str = "start-without";
/// The one with a Go that it does not call.
pub(super) const NOT_CALLED: &str = "start-lazy";
const WITHOUT_NOPIE: &str = "start-without-nopie";

/// The programs.
pub(super) const STARTS: &[Kind] = &[
    Kind::new(WITHOUT, "without Go", WITHOUT, NONE),
    Kind::new(NOT_CALLED, "lazy, not called", WITHOUT, LAZY),
    Kind::new("start-called", "lazy, called", WITHOUT, LAZY).calling(),
    Kind::new("start-eager", "eager", WITHOUT, &[]),
    Kind::new(WITHOUT_NOPIE, "without Go, non-PIE", WITHOUT_NOPIE, NONE).non_pie(),
    Kind::new("start-lazy-nopie", "lazy, not called, non-PIE", WITHOUT_NOPIE, LAZY).non_pie(),
];

/// A program that ends as soon as it has started.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) name: &'static str,
    pub(super) program: PathBuf,
    pub(super) calls: bool,
}

impl Start {
    /// Its arguments: any has it call Go.
    pub(super) fn args(&self) -> &'static [&'static str] {
        if self.calls { &["call"] } else { &[] }
    }

    /// Runs it.
    pub(super) fn time(&self) -> Result<Duration> {
        // Not by `Cmd`, whose pipes take time.
        let mut command = Command::new(&self.program);
        command.args(self.args()).stdin(Stdio::null()).stdout(Stdio::null());
        let start = Instant::now();
        let status = command.status()?;
        let took = start.elapsed();
        if !status.success() {
            return Err(Failure::new(format!("`{}` failed: {status}", self.program.display())));
        }
        Ok(took)
    }
}

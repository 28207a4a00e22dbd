//! The start of a program: from `execve` to its end, which comes at once.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};

/// A program, and how it is built.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) features: &'static [&'static str],
    /// Arguments for rustc.
    pub(super) rustc: &'static [&'static str],
    /// Whether it calls Go.
    pub(super) calls: bool,
}

const NONE: &[&str] = &["--no-default-features"];
const LAZY: &[&str] = &["--features", "lazy"];
/// rustc's way to a program that is not position-independent.
const FIXED: &[&str] = &["-C", "relocation-model=static"];

/// The programs, each beside what it is compared with.
pub(super) const STARTS: &[Kind] = &[
    Kind { name: "start-without", what: "without Go", features: NONE, rustc: &[], calls: false },
    Kind { name: "start-lazy", what: "lazy, not called", features: LAZY, rustc: &[], calls: false },
    Kind { name: "start-called", what: "lazy, called", features: LAZY, rustc: &[], calls: true },
    Kind { name: "start-eager", what: "eager", features: &[], rustc: &[], calls: false },
    Kind {
        name: "start-without-fixed",
        what: "without Go, relocation-model=static",
        features: NONE,
        rustc: FIXED,
        calls: false,
    },
    Kind {
        name: "start-lazy-fixed",
        what: "lazy, not called, relocation-model=static",
        features: LAZY,
        rustc: FIXED,
        calls: false,
    },
];

/// A program with Go that it does not call, and the same without Go.
pub(super) const COMPARED: [(&str, &str); 2] =
    [("start-lazy", "start-without"), ("start-lazy-fixed", "start-without-fixed")];

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

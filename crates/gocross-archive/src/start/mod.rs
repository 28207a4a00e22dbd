//! When the Go runtime of an archive starts, and the small C object that sees to it.

mod limits;
#[cfg(test)]
mod limits_tests;

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_targets::{CArchive, Target};
use gocross_toolchain::{Env, first_lines, run};

use crate::list::Package;
use crate::rewrite::Plan;
use crate::{Request, overlay};

/// The start-up object's parts, the one that includes the others first.
const SOURCES: &[(&str, &str)] =
    &[("gocross_start.c", include_str!("start.c")), ("limits.c", include_str!("limits.c"))];

/// What cgo has every exported function call first (`runtime/cgo/gcc_libinit.c`).
pub(crate) const WAIT: &str = "_cgo_wait_runtime_init_done";
/// What it calls instead.
pub(crate) const WAIT_INSTEAD: &str = "gocross_go_wait";

/// When the Go runtime starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// When the program starts, before `main`.
    #[default]
    Eager,
    /// At the first call of a Go function.
    Lazy,
    /// When the program calls `gocross::start()`: after a daemon's `fork`, say. A Go function
    /// that is called before ends the program with a message.
    Explicit,
}

impl Start {
    /// Reads the word of a configuration.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "eager" => Some(Self::Eager),
            "lazy" => Some(Self::Lazy),
            "explicit" => Some(Self::Explicit),
            _ => None,
        }
    }

    const fn define(self) -> &'static str {
        match self {
            Self::Eager => "-DGOCROSS_START=1",
            Self::Lazy => "-DGOCROSS_START=2",
            Self::Explicit => "-DGOCROSS_START=3",
        }
    }
}

/// What is changed in Go's own object.
pub(crate) fn plan_for_runtime(target: &Target) -> Plan {
    match target.go.c_archive {
        CArchive::ByGo => {
            let entry = format!("_rt0_{}_{}_lib", target.go.arch, target.go.os);
            Plan::default().drop_init_array().alias(&entry, "gocross_go_entry")
        }
        // An executable's start is called `main`, like that of the program.
        CArchive::ByOverlay => Plan::default()
            .rename("main", "gocross_go_main")
            .alias(overlay::PREINIT, "gocross_go_preinit"),
    }
}

/// The symbol that tells whether the runtime's object was rewritten.
pub(crate) fn entry_symbol(target: &Target) -> &'static str {
    match target.go.c_archive {
        CArchive::ByGo => "gocross_go_entry",
        CArchive::ByOverlay => "gocross_go_preinit",
    }
}

/// What is changed in every object: exported functions wait for the runtime, which is
/// the moment to start it.
pub(crate) fn plan_for_all() -> Plan {
    Plan::default().redirect(WAIT, WAIT_INSTEAD)
}

/// Compiles the start-up object in a folder.
///
/// # Errors
///
/// [`Code::CcBroken`], [`Code::Io`].
pub(crate) fn object(
    env: &Env,
    request: &Request<'_>,
    package: &Package,
    folder: &Path,
) -> Result<PathBuf> {
    for (name, text) in SOURCES {
        fs_err::write(folder.join(name), text)
            .map_err(|error| Box::new(Diagnostic::error(Code::Io, error.to_string())))?;
    }
    // Names without folders, so that the object's bytes do not depend on the place.
    let args = ["-c", "gocross_start.c", "-o", "gocross_start.o", "-O2", "-fPIC", "-g0"];
    let more = ["-fvisibility=hidden", request.start.define()];
    let (program, own) = (&request.cc.command[0], &request.cc.command[1..]);
    let overlay = matches!(request.target.go.c_archive, CArchive::ByOverlay);
    let overlay = overlay.then_some("-DGOCROSS_OVERLAY");
    let limits = limits::defines(request, package);
    let words = own.iter().map(String::as_str).chain(args).chain(more).chain(overlay);
    let words = words.chain(limits.iter().map(String::as_str));
    let failed = |why: &str| {
        let message = format!("`{}` cannot compile the start-up object", request.cc.command_line());
        Box::new(Diagnostic::error(Code::CcBroken, message).detail(first_lines(why, 20)))
    };
    let env = env.clone().in_dir(folder);
    match run(&env, Path::new(program), words, &[("LC_ALL", "C".as_ref())]) {
        Ok(output) if output.success => Ok(folder.join("gocross_start.o")),
        Ok(output) => Err(failed(&output.stderr)),
        Err(error) => Err(failed(&error.to_string())),
    }
}

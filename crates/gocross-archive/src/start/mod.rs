//! When the Go runtime of an archive starts, and the small C objects that see to it and to what the
//! program's signal handlers need once it runs.

mod limits;
#[cfg(test)]
mod limits_tests;

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_elf::Symbols;
use gocross_targets::{CArchive, Target};
use gocross_toolchain::{Env, first_lines, run};

use crate::list::Package;
use crate::rewrite::{Input, Plan};
use crate::{Request, assemble, overlay};

/// The start-up object, linked into every program that calls Go.
const START: Source = Source {
    name: "gocross_start",
    files: &[("gocross_start.c", include_str!("start.c")), ("limits.c", include_str!("limits.c"))],
};
/// The guard of signal handlers. An object of its own: linkers that look for `sigaction` take it,
/// also into programs that do not call Go.
const SIGNALS: Source = Source {
    name: "gocross_signals",
    files: &[
        ("gocross_signals.c", include_str!("signals.c")),
        ("signal_stacks.c", include_str!("signal_stacks.c")),
    ],
};

struct Source {
    name: &'static str,
    /// Names and texts, the one that includes the others first.
    files: &'static [(&'static str, &'static str)],
}

/// The archive's member with the guard.
pub(crate) const GUARD_MEMBER: &str = "gocross_signals.o";

/// Functions of the C library that the signal guard of an archive defines in its place.
pub const GUARDED: &[&str] = &[
    "sigaction",
    "sigaltstack",
    "signal",
    "bsd_signal",
    "ssignal",
    "sysv_signal",
    "__sysv_signal",
    "sigset",
];

/// The C function of `runtime/cgo` by which Go's runtime calls `sigaction`
/// (`runtime/cgo/gcc_sigaction.c`; where there is none, it calls the kernel itself).
const GO_SIGACTION: &str = "x_cgo_sigaction";

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

/// What is changed in the object by which Go's runtime calls `sigaction`, where handlers are
/// guarded: the guard must tell Go's own handlers from the program's.
pub(crate) fn plan_for_guarded(symbols: &Symbols) -> Plan {
    let plan = plan_for_all();
    if symbols.defines(GO_SIGACTION) {
        plan.redirect("sigaction", "gocross_go_sigaction")
    } else {
        plan
    }
}

/// Compiles our objects in a folder: the start-up object first, and the guard where it is asked
/// for.
///
/// # Errors
///
/// [`Code::CcBroken`], [`Code::Io`].
pub(crate) fn objects(
    env: &Env,
    request: &Request<'_>,
    package: &Package,
    folder: &Path,
) -> Result<Vec<Input>> {
    let guard = request.signal_guard.then_some(&SIGNALS);
    let defines = defines(request, package);
    let mut objects = Vec::new();
    for source in [&START].into_iter().chain(guard) {
        let path = object(env, request, folder, source, &defines)?;
        objects.push(assemble::own(&format!("{}.o", source.name), &path)?);
    }
    Ok(objects)
}

fn defines(request: &Request<'_>, package: &Package) -> Vec<String> {
    let overlay = matches!(request.target.go.c_archive, CArchive::ByOverlay);
    let flags = [
        Some(request.start.define()),
        overlay.then_some("-DGOCROSS_OVERLAY"),
        request.signal_guard.then_some("-DGOCROSS_GUARD=1"),
        request.links_statically.then_some("-DGOCROSS_STATIC"),
    ];
    let mut defines: Vec<String> = flags.into_iter().flatten().map(str::to_owned).collect();
    defines.extend(limits::defines(request, package));
    defines
}

fn object(
    env: &Env,
    request: &Request<'_>,
    folder: &Path,
    source: &Source,
    defines: &[String],
) -> Result<PathBuf> {
    for (name, text) in source.files {
        fs_err::write(folder.join(name), text)
            .map_err(|error| Box::new(Diagnostic::error(Code::Io, error.to_string())))?;
    }
    // Names without folders, so that the object's bytes do not depend on the place.
    let (file, object) = (format!("{}.c", source.name), format!("{}.o", source.name));
    let args = ["-c", &file, "-o", &object, "-O2", "-fPIC", "-g0"];
    let more = ["-fvisibility=hidden", "-fomit-frame-pointer"];
    let (program, own) = (&request.cc.command[0], &request.cc.command[1..]);
    let words = own.iter().map(String::as_str).chain(args).chain(more);
    let words = words.chain(defines.iter().map(String::as_str));
    let failed = |why: &str| {
        let message = format!("`{}` cannot compile `{file}`", request.cc.command_line());
        Box::new(Diagnostic::error(Code::CcBroken, message).detail(first_lines(why, 20)))
    };
    let env = env.clone().in_dir(folder);
    match run(&env, Path::new(program), words, &[("LC_ALL", "C".as_ref())]) {
        Ok(output) if output.success => Ok(folder.join(&object)),
        Ok(output) => Err(failed(&output.stderr)),
        Err(error) => Err(failed(&error.to_string())),
    }
}

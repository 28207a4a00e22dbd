//! Turns a Go package into an archive that a linker takes, and a C header.
//!
//! `go list` says what the package is made of, `go build -buildmode=c-archive` builds
//! it with the C compiler that was proven to fit, and the result is rewritten so that the
//! program decides when Go starts, and compared with what the sources promise. The same
//! inputs give the same bytes.

mod assemble;
pub mod by_pointer;
mod compile;
mod deferred;
mod environment;
mod exports;
mod flags;
mod hide;
mod inputs;
mod languages;
mod link;
mod list;
mod machine;
mod overlay;
mod package;
mod preprocessor;
mod quoted;
mod rewrite;
mod start;
pub mod watch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gocross_diagnostic::Result;
use gocross_targets::Target;
use gocross_toolchain::Env;
use gocross_toolchain::cc::{CCompiler, Query};
use gocross_toolchain::go::Go;

pub use exports::Export;
use flags::Flags;
pub use inputs::Inputs;
pub use link::LinkArgument;
#[cfg(feature = "fuzz")]
#[doc(hidden)]
pub use rewrite::fuzz as fuzz_rewriting;
pub use start::{GUARDED, Start};

/// A file beside the archive where C symbols of the package are seen by the whole program: who
/// looks for two owners of a symbol looks there only.
pub const VISIBLE_SYMBOLS: &str = "gocross-visible-symbols";

/// A file beside the archive where the archive holds the guard of signal handlers.
pub const SIGNAL_GUARD: &str = "gocross-signal-guard";

/// What is to be built.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The folder of the Go package.
    pub package: &'a Path,
    /// The name of the library: `NAME` gives `libNAME.a` and `libNAME.h`.
    pub name: &'a str,
    /// The target's row.
    pub target: &'static Target,
    /// The `go` command.
    pub go: &'a Go,
    /// The C compiler.
    pub cc: &'a CCompiler,
    /// How it was asked for; so are the compilers of C++ and Fortran and pkg-config, which only
    /// some packages need.
    pub query: &'a Query<'a>,
    /// The folder for the results; it exists.
    pub out_dir: &'a Path,
    /// Go build tags.
    pub tags: &'a [String],
    /// Arguments for Go's linker, such as `-X main.version=1`.
    pub ldflags: &'a [String],
    /// Variables for Go, over those of the environment.
    pub env: &'a [(String, String)],
    /// When the Go runtime starts.
    pub start: Start,
    /// Whether the program's signal handlers are kept off the stacks of goroutines; see
    /// `start/signals.c`.
    pub signal_guard: bool,
    /// Variables that the Go runtime reads when it starts (`GOMEMLIMIT`, `GOGC`, `GOMAXPROCS`,
    /// `GODEBUG`), for processes whose environment does not have them. Their values are checked,
    /// and hold neither quotes nor backslashes.
    pub runtime: &'a [(String, String)],
    /// Whether exports can be called by a pointer to their arguments, several at once or on
    /// goroutines of their own; see `deferred/deferred.go`.
    pub deferred_calls: bool,
    /// Whether C libraries of the package keep their symbols to themselves.
    pub hide_symbols: bool,
    /// Patterns of symbols that the program sees nevertheless; `*` stands for any text.
    pub keep_symbols: &'a [String],
    /// Whether the program is linked without shared libraries (rustc's `crt-static`).
    pub links_statically: bool,
    /// Whether the archive carries DWARF.
    pub debug_info: bool,
    /// How many commands Go may run at once; 0 lets Go decide.
    pub jobs: usize,
}

/// What was built.
#[derive(Debug, Clone)]
pub struct Archive {
    /// The archive.
    pub archive: PathBuf,
    /// The C header that cgo wrote.
    pub header: PathBuf,
    /// What the package exports to C, in the order of the sources.
    pub exports: Vec<Export>,
    /// The exports that also have a function which takes addresses, under their names behind
    /// [`by_pointer::PREFIX`]: their types may not be passed by value between C and Rust.
    pub by_pointer: Vec<String>,
    /// The symbols that take a pointer to the arguments and results of an export, by its name, where
    /// [`Request::deferred_calls`] asks for them.
    pub deferred: BTreeMap<String, String>,
    /// What the Go package asks of the final link besides the archive, in the order in which
    /// Go's own linker would get it.
    pub link: Vec<LinkArgument>,
    /// What the Go package tells the C preprocessor (`#cgo CPPFLAGS` and `CFLAGS`): header
    /// folders and macros, which whoever reads the header needs as well.
    pub preprocessor: Vec<String>,
    /// The files that decide the result.
    pub inputs: Inputs,
}

/// Builds the archive of a Go package.
///
/// Results of an earlier build are replaced only by different bytes, and only when all
/// has gone well.
///
/// # Errors
///
/// The `go-*` codes of [`gocross_diagnostic::Code`], `cgo-disabled`, `bad-archive`, `io`.
pub fn build(env: &Env, request: &Request<'_>) -> Result<Archive> {
    let mut variables = environment::variables(env, request)?;
    let flags = Flags::of_user(request, &variables);
    let (tags, ldflags) = (flags.join_tags(request.tags), flags.join_ldflags(request.ldflags));
    let request = &Request { tags: &tags, ldflags: &ldflags, ..request.clone() };
    let packages = list::list(env, request, &variables)?;
    let package = package::check(request, &packages)?;
    let exports = exports::of_package(package)?;
    let languages = languages::find(env, request, &packages)?;
    variables.extend(languages.variables());
    let words = link::words::of_packages(env, request, &variables, &packages)?;
    let resolved = link::resolve::resolve(env, request, &words, &languages)?;
    let mut inputs = inputs::collect(env, request, &packages);
    inputs.files.extend(resolved.taken.iter().map(|taken| taken.path.clone()));
    let mut preprocessor = preprocessor::arguments(package);
    preprocessor.extend(link::pkg_config::cflags(env, request, &variables, package)?);
    let compiled =
        compile::compile(env, request, &variables, package, &exports, &resolved, &preprocessor)?;
    let compile::Compiled { archive, header, by_pointer, deferred } = compiled;
    let link = resolved.link;
    Ok(Archive { archive, header, exports, by_pointer, deferred, link, preprocessor, inputs })
}

//! Runs `go build` and puts its result in place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_targets::CArchive;
use gocross_toolchain::{Env, first_lines, quoted};

use crate::link::resolve::Resolved;
use crate::list::{Package, go, tags_argument};
use crate::{
    Export, Request, SIGNAL_GUARD, VISIBLE_SYMBOLS, assemble, by_pointer, deferred, overlay, start,
};

/// What was compiled, as [`crate::Archive`] has it.
pub(crate) struct Compiled {
    pub(crate) archive: PathBuf,
    pub(crate) header: PathBuf,
    pub(crate) by_pointer: Vec<String>,
    pub(crate) deferred: BTreeMap<String, String>,
}

/// Builds the archive and its header.
///
/// # Errors
///
/// [`Code::GoBuild`], [`Code::GoTarget`], [`Code::BadArchive`], [`Code::CcBroken`],
/// [`Code::Io`].
pub(crate) fn compile(
    env: &Env,
    request: &Request<'_>,
    variables: &[(String, String)],
    package: &Package,
    exports: &[Export],
    resolved: &Resolved,
    preprocessor: &[String],
) -> Result<Compiled> {
    // Beside the results, so that they can be moved into place: a build that is cut off
    // leaves the last good one.
    let stage = tempfile::tempdir_in(request.out_dir)
        .map_err(|error| unwritable(request.out_dir, &error))?;
    let archive_name = format!("lib{}.a", request.name);
    let header_name = format!("lib{}.h", request.name);
    let staged = stage.path().join(&archive_name);

    let mut replaced = BTreeMap::new();
    if request.deferred_calls {
        replaced.extend([deferred::overlay(package, stage.path())?]);
    }
    match request.target.go.c_archive {
        CArchive::ByGo => {
            let mut own = vec!["-buildmode=c-archive".to_owned()];
            if !replaced.is_empty() {
                own.push(overlay::argument(stage.path(), &replaced)?);
            }
            build(env, request, &own, &[], &staged, variables)?;
        }
        CArchive::ByOverlay => {
            overlay::build(env, request, package, replaced, variables, &staged)?;
        }
    }
    let mut own = start::objects(env, request, package, stage.path())?;
    let staged_header = stage.path().join(&header_name);
    let by_pointer = by_pointer::object(env, request, &staged_header, exports, preprocessor)?;
    let go = assemble::read(&staged)?;
    let mut called_by_pointer = Vec::new();
    if let Some((object, names)) = by_pointer {
        own.push(assemble::own("gocross_by_pointer.o", &object)?);
        called_by_pointer = names;
    }
    let bytes = assemble::assemble(&go, own, request, exports, resolved)?;
    let deferred =
        if request.deferred_calls { deferred::symbols(&bytes)? } else { BTreeMap::new() };
    fs_err::write(&staged, bytes).map_err(|error| unwritable(&staged, &error))?;
    let archive = put(stage.path(), request.out_dir, &archive_name)?;
    let header = put(stage.path(), request.out_dir, &header_name)?;
    note_symbols(request)?;
    Ok(Compiled { archive, header, by_pointer: called_by_pointer, deferred })
}

/// Says beside the archive what other owners of its symbols have to be looked for.
fn note_symbols(request: &Request<'_>) -> Result<()> {
    let is_visible = !request.hide_symbols || !request.keep_symbols.is_empty();
    let visible = "C symbols of the Go package are seen by the whole program\n";
    note(request, VISIBLE_SYMBOLS, is_visible, visible)?;
    let guarded = "the archive defines functions for signals in the place of the C library's\n";
    note(request, SIGNAL_GUARD, request.signal_guard, guarded)
}

fn note(request: &Request<'_>, name: &str, holds: bool, text: &str) -> Result<()> {
    let note = request.out_dir.join(name);
    if !holds {
        fs_err::remove_file(note).ok();
        return Ok(());
    }
    fs_err::write(&note, text).map_err(|error| unwritable(&note, &error))
}

/// Runs `go build` with arguments of the build mode.
pub(crate) fn build(
    env: &Env,
    request: &Request<'_>,
    mode: &[String],
    mode_ldflags: &[String],
    output: &Path,
    variables: &[(String, String)],
) -> Result<()> {
    let mut args = vec!["build".to_owned()];
    args.extend_from_slice(mode);
    // No paths of this machine, and no state of a repository, in the result.
    args.extend(["-trimpath".to_owned(), "-buildvcs=false".to_owned()]);
    args.push(format!("-o={}", output.display()));
    if request.jobs > 0 {
        args.push(format!("-p={}", request.jobs));
    }
    args.extend(tags_argument(request.tags));
    let strip = (!request.debug_info).then(|| "-w".to_owned());
    let ldflags: Vec<&String> = strip.iter().chain(mode_ldflags).chain(request.ldflags).collect();
    if !ldflags.is_empty() {
        let words: Vec<&str> = ldflags.into_iter().map(String::as_str).collect();
        args.push(format!("-ldflags={}", words.join(" ")));
    }
    args.push(".".to_owned());
    let output = go(env, request, &args, variables)?;
    if output.success { Ok(()) } else { Err(failed(request, &output.stderr)) }
}

fn failed(request: &Request<'_>, words: &str) -> Box<Diagnostic> {
    let platform = request.target.go.platform();
    let refused = words.contains("-buildmode=c-archive not supported")
        || words.contains("unsupported GOOS/GOARCH pair");
    let diagnostic = if refused {
        let message =
            format!("{} cannot build a C archive for {platform}", request.go.version_text);
        Diagnostic::error(Code::GoTarget, message)
    } else {
        let message = format!("`go build` failed in `{}`", request.package.display());
        Diagnostic::error(Code::GoBuild, message)
    };
    Box::new(diagnostic.detail(first_lines(words, 60)))
}

/// Moves a file into place, unless the one that is there has the same bytes: its age
/// tells linkers whether to work again.
fn put(from: &Path, to: &Path, name: &str) -> Result<PathBuf> {
    let (new, place) = (from.join(name), to.join(name));
    let same = || -> std::io::Result<bool> { Ok(fs_err::read(&new)? == fs_err::read(&place)?) };
    if !same().unwrap_or(false) {
        fs_err::rename(&new, &place).map_err(|error| unwritable(&place, &error))?;
    }
    Ok(place)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Box<Diagnostic> {
    let message = format!("`{}` cannot be written", path.display());
    Box::new(
        Diagnostic::error(Code::Io, message)
            .detail(error.to_string())
            .hint(hint!("df -h {}", quoted(path))),
    )
}

//! A C archive where Go makes none (MIPS).
//!
//! Go builds an executable, with two changes to the runtime that `-overlay` brings in: it
//! takes itself for a library, and has one function more, which prepares it. The program
//! that Go believes to be the linker takes the objects away instead of linking them.
//! The changes are made to the files of the user's own Go; where those do not look as
//! expected, nothing is guessed.

mod capture;
mod header;
mod patch;

use std::path::Path;

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::Env;

use crate::list::Package;
use crate::rewrite::{Input, write_archive};
use crate::{Request, compile};

/// The function that is added to the runtime.
pub(crate) use patch::PREINIT;

/// Builds the archive, and beside it the header.
///
/// # Errors
///
/// [`Code::GoTarget`] where this Go's runtime is not one that can be changed,
/// [`Code::GoBuild`], [`Code::BadArchive`], [`Code::Io`].
pub(crate) fn build(
    env: &Env,
    request: &Request<'_>,
    package: &Package,
    variables: &[(String, String)],
    archive: &Path,
) -> Result<()> {
    let stage = tempfile::tempdir_in(request.out_dir).map_err(|error| io(&error))?;
    let overlay = patch::write_overlay(request, stage.path())?;
    let capture = capture::Capture::new(request, stage.path())?;
    let mode = ["-buildmode=exe".to_owned(), format!("-overlay={}", overlay.display())];
    let extld = format!("-extld={}", capture.program().display());
    // Go's build ID is made from its arguments too, and so from the folder of this build.
    let ldflags = ["-linkmode=external".to_owned(), extld, "-buildid=".to_owned()];
    let executable = stage.path().join("executable");
    compile::build(env, request, &mode, &ldflags, &executable, variables)?;
    let objects = capture.objects()?;
    if !objects.iter().any(|object| object.name == "go.o") {
        let message = "Go did not hand its objects to the linker";
        return Err(Box::new(Diagnostic::error(Code::BadArchive, message)));
    }
    write(archive, &objects)?;
    header::write(env, request, package, variables, &archive.with_extension("h"))
}

fn write(archive: &Path, objects: &[Input]) -> Result<()> {
    let bytes = write_archive(objects).map_err(|error| io(&error))?;
    fs_err::write(archive, bytes).map_err(|error| io(&error))
}

fn io(error: &std::io::Error) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(Code::Io, error.to_string()))
}

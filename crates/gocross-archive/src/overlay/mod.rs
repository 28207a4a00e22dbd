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

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::Env;
use gocross_toolchain::go::Go;

use crate::list::Package;
use crate::rewrite::{Input, write_archive};
use crate::{Request, compile};

/// The function that is added to the runtime.
pub(crate) use patch::PREINIT;

/// Writes the list that `go build -overlay` reads (`go help build`), and gives the argument.
///
/// # Errors
///
/// [`Code::Io`].
pub(crate) fn argument(folder: &Path, replaced: &BTreeMap<PathBuf, PathBuf>) -> Result<String> {
    let list = folder.join("overlay.json");
    let text = serde_json::json!({ "Replace": replaced }).to_string();
    fs_err::write(&list, text).map_err(|error| io(&error))?;
    Ok(format!("-overlay={}", list.display()))
}

/// Builds the archive, and beside it the header. `replaced` are files that Go sees in the place of
/// others.
///
/// # Errors
///
/// [`Code::GoTarget`] where this Go's runtime is not one that can be changed,
/// [`Code::GoBuild`], [`Code::BadArchive`], [`Code::Io`].
pub(crate) fn build(
    env: &Env,
    request: &Request<'_>,
    package: &Package,
    mut replaced: BTreeMap<PathBuf, PathBuf>,
    variables: &[(String, String)],
    archive: &Path,
) -> Result<()> {
    let stage = tempfile::tempdir_in(request.out_dir).map_err(|error| io(&error))?;
    let (go, variables) = outside_of_the_module_cache(request, stage.path(), variables)?;
    let (request, variables) = (&Request { go: &go, ..request.clone() }, variables.as_slice());
    replaced.extend(patch::changed_files(request, stage.path())?);
    let capture = capture::Capture::new(env, request, stage.path())?;
    let mode = ["-buildmode=exe".to_owned(), argument(stage.path(), &replaced)?];
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

/// Another name for a Go that was fetched as a module, for `GOTOOLCHAIN` or the `toolchain` line
/// of a `go.mod`: since 1.25 Go overlays no file whose name lies in the module cache
/// (`cmd/go/internal/work/init.go`). Nothing in there is changed by an overlay.
fn outside_of_the_module_cache(
    request: &Request<'_>,
    folder: &Path,
    variables: &[(String, String)],
) -> Result<(Go, Vec<(String, String)>)> {
    let mut variables = variables.to_vec();
    let mut go = request.go.clone();
    if go.goroot.starts_with(&go.module_cache) {
        let link = folder.join("goroot");
        symlink(&go.goroot, &link).map_err(|error| io(&error))?;
        variables.push(("GOROOT".to_owned(), link.display().to_string()));
        // It is the one that was chosen.
        variables.push(("GOTOOLCHAIN".to_owned(), "local".to_owned()));
        go.path = link.join("bin/go");
        go.goroot = link;
    }
    Ok((go, variables))
}

/// Makes a symbolic link.
#[cfg(unix)]
pub(crate) fn symlink(original: &Path, link: &Path) -> std::io::Result<()> {
    fs_err::os::unix::fs::symlink(original, link)
}

#[cfg(not(unix))]
pub(crate) fn symlink(_original: &Path, _link: &Path) -> std::io::Result<()> {
    Err(std::io::Error::other("no symbolic links can be made here"))
}

fn write(archive: &Path, objects: &[Input]) -> Result<()> {
    let bytes = write_archive(objects).map_err(|error| io(&error))?;
    fs_err::write(archive, bytes).map_err(|error| io(&error))
}

fn io(error: &std::io::Error) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(Code::Io, error.to_string()))
}

//! The C header, which `go build` writes for archives only.

use std::path::Path;

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::{Env, first_lines};

use super::io;
use crate::Request;
use crate::list::{Package, go};

/// Has cgo write the header of a package's exports.
///
/// # Errors
///
/// [`Code::GoBuild`] with cgo's words, [`Code::Io`].
pub(super) fn write(
    env: &Env,
    request: &Request<'_>,
    package: &Package,
    variables: &[(String, String)],
    header: &Path,
) -> Result<()> {
    let objects = tempfile::tempdir_in(request.out_dir).map_err(|error| io(&error))?;
    let mut args = vec!["tool".to_owned(), "cgo".to_owned(), "-objdir".to_owned()];
    args.push(objects.path().display().to_string());
    args.extend(["-importpath", &package.import_path].map(str::to_owned));
    args.extend(["-exportheader".to_owned(), header.display().to_string()]);
    args.extend(["--", "-I", "."].map(str::to_owned));
    args.extend(package.cgo_cppflags.iter().chain(&package.cgo_cflags).cloned());
    args.extend(package.cgo_files.iter().cloned());
    let output = go(env, request, &args, variables)?;
    if output.success {
        return Ok(());
    }
    let message = format!("cgo cannot write the C header of `{}`", request.package.display());
    Err(Box::new(Diagnostic::error(Code::GoBuild, message).detail(first_lines(&output.stderr, 40))))
}

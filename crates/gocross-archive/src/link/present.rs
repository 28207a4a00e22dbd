//! Whether the target has a library that only its name is known of.

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Diagnostic, Try};
use gocross_toolchain::{Env, libraries, run};

use crate::Request;

/// What C libraries and compilers bring themselves, under whatever name.
const ALWAYS: &[&str] =
    &["c", "m", "dl", "pthread", "rt", "util", "resolv", "crypt", "gcc", "gcc_s", "gcc_eh"];

/// Looks for a library; gives its file, or none where the linker finds it by itself.
///
/// # Errors
///
/// The places where it was looked for in vain.
pub(super) fn find(
    env: &Env,
    request: &Request<'_>,
    dirs: &[PathBuf],
    name: &str,
    is_static: bool,
) -> Result<Option<PathBuf>, Vec<Try>> {
    if ALWAYS.contains(&name) && !is_static {
        return Ok(None);
    }
    let search = libraries::Search {
        target: request.target,
        cc: request.cc,
        dirs,
        prefer_static: is_static || request.links_statically,
    };
    // What decides is not a part of the record of a build: it is looked at anew each time.
    let record = env.clone();
    match search.find(&record, name) {
        Ok(file) => Ok(Some(file)),
        // zig has libraries that lie in no directory before they are asked for.
        Err(_) if links(env, request, dirs, name) => Ok(None),
        Err(tries) => Err(tries),
    }
}

/// Whether a small program links with the library.
fn links(env: &Env, request: &Request<'_>, dirs: &[PathBuf], name: &str) -> bool {
    let Ok(folder) = tempfile::tempdir() else { return false };
    let source = folder.path().join("empty.c");
    if fs_err::write(&source, "int main(void) { return 0; }\n").is_err() {
        return false;
    }
    let (program, own) = (&request.cc.command[0], &request.cc.command[1..]);
    let mut words: Vec<String> = own.to_vec();
    words.extend([source.display().to_string(), "-o".to_owned()]);
    words.push(folder.path().join("program").display().to_string());
    words.extend(dirs.iter().map(|dir| format!("-L{}", dir.display())));
    words.push(format!("-l{name}"));
    run(env, Path::new(program), words, &[]).is_ok_and(|output| output.success)
}

/// The diagnostic for a library that is not there.
pub(super) fn missing(
    env: &Env,
    request: &Request<'_>,
    name: &str,
    asked_by: &str,
    tries: Vec<Try>,
) -> Box<Diagnostic> {
    libraries::missing(env, request.target, request.query.native, name, asked_by, tries)
}

//! Asks pkg-config what `#cgo pkg-config` lines come to, as Go does for the compiler.

use std::ffi::OsStr;
use std::path::Path;

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_toolchain::{Env, Output, first_lines, libraries, run};

use super::origin::Origin;
use crate::list::Package;
use crate::{Request, environment};

/// The words that pkg-config has for the linker.
///
/// # Errors
///
/// [`Code::PkgConfigMissing`], and [`Code::LibraryMissing`] where it does not know a library.
pub(crate) fn libs(
    env: &Env,
    request: &Request<'_>,
    variables: &[(String, String)],
    package: &Package,
) -> Result<Vec<String>> {
    ask(env, request, variables, package, "--libs")
}

/// The words that pkg-config has for the C compiler.
///
/// # Errors
///
/// Those of [`libs`].
pub(crate) fn cflags(
    env: &Env,
    request: &Request<'_>,
    variables: &[(String, String)],
    package: &Package,
) -> Result<Vec<String>> {
    ask(env, request, variables, package, "--cflags")
}

fn ask(
    env: &Env,
    request: &Request<'_>,
    variables: &[(String, String)],
    package: &Package,
    question: &str,
) -> Result<Vec<String>> {
    let names = &package.cgo_pkg_config;
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let is_option = |name: &&String| name.starts_with("--");
    let options = names.iter().filter(is_option).filter(|option| option.as_str() != "--");
    let wanted = names.iter().filter(|name| !is_option(name));
    // What is static needs the libraries of its libraries too.
    let private = request.links_statically.then_some("--static");
    let words = [question].into_iter().chain(private).map(str::to_owned);
    let words: Vec<String> =
        words.chain(options.cloned()).chain(["--".to_owned()]).chain(wanted.cloned()).collect();
    let value = |name: &str| environment::value(env, variables, name);
    let program = value("PKG_CONFIG").unwrap_or_else(|| "pkg-config".to_owned());
    let extra: Vec<(&str, &OsStr)> =
        variables.iter().map(|(name, value)| (name.as_str(), OsStr::new(value))).collect();
    let Some(path) = env.find_program(&program) else {
        return Err(no_program(&program, package));
    };
    let output = run(&env.clone().in_dir(&package.dir), &path, &words, &extra);
    match output {
        Ok(output) if output.success => Ok(shlex::split(output.stdout.trim()).unwrap_or_default()),
        Ok(output) => Err(unknown(request, package, &path, &output, &value)),
        Err(_) => Err(no_program(&program, package)),
    }
}

fn no_program(program: &str, package: &Package) -> Box<Diagnostic> {
    let message = format!("`{program}` was not found");
    let asked_by = Origin::PkgConfig(package).of("");
    Box::new(
        Diagnostic::error(Code::PkgConfigMissing, message)
            .detail(format!("asked for by {asked_by}"))
            .hint(hint!("apt install pkg-config")),
    )
}

fn unknown(
    request: &Request<'_>,
    package: &Package,
    program: &Path,
    output: &Output,
    value: &dyn Fn(&str) -> Option<String>,
) -> Box<Diagnostic> {
    let asked: Vec<_> = package.cgo_pkg_config.iter().map(String::as_str).collect();
    let triple = request.target.triple;
    let message = format!("pkg-config does not know `{}` for `{triple}`", asked.join(" "));
    let asked_by = Origin::PkgConfig(package).of(asked.first().copied().unwrap_or_default());
    let mut diagnostic = Diagnostic::error(Code::LibraryMissing, message)
        .detail(format!("asked for by {asked_by}"))
        .detail(format!("by `{}`", program.display()));
    for name in ["PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR", "PKG_CONFIG_SYSROOT_DIR"] {
        if let Some(value) = value(name) {
            diagnostic = diagnostic.detail(format!("with `{name}={value}`"));
        }
    }
    diagnostic = diagnostic.detail(first_lines(&output.stderr, 8));
    let names = asked.iter().find_map(|name| libraries::debian_package(name));
    let hints = libraries::hints(request.target, request.query.native, names);
    Box::new(hints.into_iter().fold(diagnostic, Diagnostic::hint))
}

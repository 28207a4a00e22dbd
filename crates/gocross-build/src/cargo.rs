//! The lines that a build script prints for cargo; nothing else in the workspace prints them
//! (<https://doc.rust-lang.org/cargo/reference/build-scripts.html>).

use std::path::Path;

use gocross_archive::{Archive, LinkArgument};
use gocross_diagnostic::Diagnostic;

#[expect(clippy::print_stdout, reason = "standard output is how a build script talks to cargo")]
fn tell(instruction: &str, value: impl std::fmt::Display) {
    println!("cargo::{instruction}={value}");
}

/// Rebuild conditions. A script that prints one is not run again for any other reason.
pub(crate) fn rerun_if_changed(path: &Path) {
    tell("rerun-if-changed", path.display());
}

pub(crate) fn rerun_if_env_changed(name: &str) {
    tell("rerun-if-env-changed", name);
}

/// Links an archive and what it asks for.
pub(crate) fn link(out_dir: &Path, name: &str, archive: &Archive) {
    tell("rustc-link-search", format_args!("native={}", out_dir.display()));
    tell("rustc-link-lib", format_args!("static={name}"));
    for argument in &archive.link {
        match argument {
            LinkArgument::Library(name) => tell("rustc-link-lib", name),
            LinkArgument::SearchFolder(dir) => {
                tell("rustc-link-search", format_args!("native={dir}"))
            }
            LinkArgument::Other(argument) => tell("rustc-link-arg", argument),
        }
    }
}

/// Marks the package's own `cdylib` as one that `dlclose` leaves in memory. The start-up object sees
/// to that in every shared object; the mark tells tools that read the file. cargo warns of the line
/// in a package without a `cdylib`.
pub(crate) fn cdylib_stays_loaded() {
    tell("rustc-cdylib-link-arg", "-Wl,-z,nodelete");
}

/// Fails the build with a diagnostic. `cargo::error` takes one line at a time.
pub(crate) fn error(diagnostic: &Diagnostic) {
    tell("error", format_args!("[{}] {}", diagnostic.code, diagnostic.message));
    diagnostic.body_lines().for_each(|line| tell("error", line));
}

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

/// Has the linker find the archive and what it asks for, in this package and in those that depend
/// on it. The libraries themselves stand in the declarations ([`crate::link`]).
pub(crate) fn search(out_dir: &Path, archive: &Archive) {
    tell("rustc-link-search", format_args!("native={}", out_dir.display()));
    for argument in &archive.link {
        if let LinkArgument::SearchDirectory(dir) = argument {
            tell("rustc-link-search", format_args!("native={}", dir.display()));
        }
    }
}

/// Hands words to the linker of this package's programs.
pub(crate) fn link_arguments<'a>(words: impl IntoIterator<Item = &'a String>) {
    words.into_iter().for_each(|word| tell("rustc-link-arg", word));
}

/// Warns, and lets the build go on. `cargo::warning` takes one line at a time.
pub(crate) fn warning(diagnostic: &Diagnostic) {
    tell("warning", format_args!("[{}] {}", diagnostic.code, diagnostic.message));
    diagnostic.body_lines().for_each(|line| tell("warning", line));
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

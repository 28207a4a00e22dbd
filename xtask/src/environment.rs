//! The few reads of the environment.

// This binary is no library: nothing caches what it computes, so nothing has to record what it read.
#![allow(clippy::disallowed_methods)]

use std::ffi::OsString;
use std::path::PathBuf;

/// The folders of `PATH`.
pub(crate) fn path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// `PATH` with `folder` before all others.
pub(crate) fn path_after(folder: PathBuf) -> OsString {
    // A folder of PATH holds no separator, so joining what was split cannot fail.
    std::env::join_paths(std::iter::once(folder).chain(path())).unwrap_or_default()
}

/// The folder or file that the user names for libclang, as bindgen reads it.
pub(crate) fn libclang_path() -> Option<PathBuf> {
    std::env::var_os("LIBCLANG_PATH").map(PathBuf::from)
}

/// The `go` that the user names, as gocross reads it.
pub(crate) fn gocross_go() -> Option<OsString> {
    std::env::var_os("GOCROSS_GO").filter(|name| !name.is_empty())
}

/// The zig that the user names, as gocross reads it.
pub(crate) fn gocross_zig() -> Option<OsString> {
    std::env::var_os("GOCROSS_ZIG").filter(|name| !name.is_empty())
}

/// The variables that `cargo run` set for this process alone.
///
/// A child that inherits them takes itself for part of this package.
pub(crate) fn set_by_cargo_run() -> Vec<OsString> {
    let ours = [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_PRIMARY_PACKAGE",
    ];
    std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| {
            name.to_str().is_some_and(|name| ours.iter().any(|prefix| name.starts_with(prefix)))
        })
        .collect()
}

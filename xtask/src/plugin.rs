//! `cargo xtask plugin`: builds the plugin with which QEMU tells what a program runs.
//!
//! It lies in gocross's cache, where `cargo gocross verify --cpu` looks for it, with a copy of its
//! source beside it: that one tells whether it is up to date.

use std::path::{Path, PathBuf};

use gocross_toolchain::{Cache, Env, qemu};

use crate::command::Cmd;
use crate::failure::Result;
use crate::{ui, workspace};

/// The source.
const SOURCE: &str = "xtask/plugin/gocross.c";
/// As for any shared object; only what QEMU asks for is seen from outside.
const FLAGS: &[&str] = &["-O2", "-Wall", "-Wextra", "-fPIC", "-fvisibility=hidden", "-shared"];

/// Builds the plugin, where it is not there, and prints where it is.
pub(crate) fn run() -> Result {
    ui::data(build()?.display().to_string());
    Ok(())
}

/// The plugin, built anew where its source has changed.
pub(crate) fn build() -> Result<PathBuf> {
    let plugin = place()?;
    let source = workspace::root().join(SOURCE);
    build_at(&source, &plugin)?;
    Ok(plugin)
}

/// Where it is, if it is up to date.
pub(crate) fn find() -> Option<PathBuf> {
    let plugin = place().ok()?;
    is_current(&workspace::root().join(SOURCE), &plugin).then_some(plugin)
}

fn place() -> Result<PathBuf> {
    let env = Env::of_process()?;
    Ok(qemu::plugin(&Cache::of_user(&env)?))
}

fn build_at(source: &Path, plugin: &Path) -> Result {
    if is_current(source, plugin) {
        return Ok(());
    }
    let folder = plugin.parent().unwrap_or(Path::new("."));
    fs_err::create_dir_all(folder)?;
    // A program that runs with the old one keeps it; the new one appears whole.
    let work = tempfile::Builder::new().prefix(".plugin-").tempdir_in(folder)?;
    let built = work.path().join("gocross.so");
    Cmd::new("cc").args(FLAGS).arg("-o").args([&built, source]).run_to_stderr()?;
    fs_err::copy(source, work.path().join("gocross.c"))?;
    fs_err::rename(&built, plugin)?;
    fs_err::rename(work.path().join("gocross.c"), copy_of_source(plugin))?;
    Ok(())
}

fn is_current(source: &Path, plugin: &Path) -> bool {
    let copy = fs_err::read(copy_of_source(plugin));
    plugin.is_file() && copy.is_ok_and(|copy| fs_err::read(source).is_ok_and(|own| own == copy))
}

fn copy_of_source(plugin: &Path) -> PathBuf {
    plugin.with_extension("c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plugin_is_built_again_when_its_source_changes() {
        let dir = tempfile::tempdir().unwrap();
        let source = dir.path().join("source.c");
        let plugin = dir.path().join("cache/gocross.so");
        fs_err::copy(workspace::root().join(SOURCE), &source).unwrap();
        build_at(&source, &plugin).unwrap();
        assert!(is_current(&source, &plugin));
        assert!(fs_err::read(&plugin).unwrap().starts_with(b"\x7fELF"));
        let changed = fs_err::read_to_string(&source).unwrap() + "\n#error on purpose\n";
        fs_err::write(&source, changed).unwrap();
        assert!(!is_current(&source, &plugin));
        assert!(build_at(&source, &plugin).is_err());
    }
}

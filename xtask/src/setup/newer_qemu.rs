//! A newer QEMU beside that of the distribution, for the CPU models that the latter has not.
//!
//! Debian 12 has QEMU 7.2, and 10.0 among its backports. Nothing is installed: the package is
//! fetched from the machine's own mirror, with lists of our own, and the few programs that are
//! needed are taken out of it (all together are 370 MB) and put into gocross's cache.

use std::path::{Path, PathBuf};

use gocross_targets::{MODELS, Model, QemuRelease, Target};
use gocross_toolchain::{Cache, Env, qemu};

use super::mirror::{Apt, Mirror};
use super::{Cure, Item, State};
use crate::failure::{Failure, Result};
use crate::ui;

/// Debian's package.
const PACKAGE: &str = "qemu-user";

/// A program, and the release of it that the most demanding model asks for.
type Wanted = (&'static str, QemuRelease);

/// Whether the programs are there, where a row has models that ask for them.
pub(super) fn look(rows: impl Iterator<Item = &'static Target>) -> Option<Item> {
    let wanted = wanted(rows);
    let names: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
    let (_, release) = *wanted.iter().max_by_key(|(_, release)| *release)?;
    let found = Env::of_process().map_err(Failure::from).and_then(|env| {
        let cache = Cache::of_user(&env)?;
        Ok(wanted.iter().map(|wanted| find(&env, &cache, *wanted)).collect::<Option<Vec<_>>>())
    });
    let state = match found {
        Ok(Some(found)) => State::There(found[0].display().to_string()),
        Ok(None) => State::Missing(format!("runs self-tests on newer CPU models; {}", plan())),
        Err(failure) => State::Missing(failure.what),
    };
    let what = format!("{} of {release} or newer", names.join(", "));
    Some(Item { what, state, cure: Cure::NewerQemu(names) })
}

/// The programs of which some model wants more than the oldest release.
fn wanted(rows: impl Iterator<Item = &'static Target>) -> Vec<Wanted> {
    let oldest = MODELS.iter().filter_map(Model::since).min();
    let mut wanted: Vec<Wanted> = Vec::new();
    for row in rows {
        let models = MODELS.iter().filter(|model| model.is_for(row, None));
        let newest = models.filter_map(Model::since).max();
        let is_new = wanted.iter().all(|(name, _)| *name != row.qemu.program);
        if let Some(newest) = newest.filter(|_| newest > oldest && is_new) {
            wanted.push((row.qemu.program, newest));
        }
    }
    wanted
}

/// A program that is new enough: any in `PATH`, or ours.
fn find(env: &Env, cache: &Cache, (name, release): Wanted) -> Option<PathBuf> {
    let (all, _) = qemu::of_program(env, cache, name);
    all.into_iter().find(|found| found.release >= release).map(|found| found.program)
}

/// What [`install`] does, in words.
pub(super) fn plan() -> String {
    format!("`{PACKAGE}` of Debian's backports, unpacked beside the one that is installed")
}

/// Fetches the package and keeps these programs of it.
pub(super) fn install(programs: &[&str]) -> Result {
    let env = Env::of_process()?;
    let mirror = Mirror::of_machine().map_err(|failure| {
        failure.help("install QEMU 10 or newer; a plain `qemu-riscv64` of it in `PATH` is enough")
    })?;
    let first = programs.first().copied().unwrap_or_default();
    let target = qemu::newer(&Cache::of_user(&env)?, first);
    let folder = target.parent().unwrap_or(Path::new("."));
    fs_err::create_dir_all(folder)?;
    // On the same file system, so that a program appears whole or not at all.
    let work = tempfile::Builder::new().prefix(".unpack-").tempdir_in(folder)?;
    ui::note("QEMU of Debian's backports: some 60 MB");
    let apt = Apt::new(work.path(), &mirror.line("-backports"), None)?;
    let root = work.path().join("root");
    apt.unpack(&[PACKAGE], &root)?;
    for name in programs {
        fs_err::rename(root.join("usr/bin").join(name), folder.join(name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Cmd;
    use crate::setup::Scope;

    #[test]
    fn only_rows_with_newer_models_ask_for_a_newer_qemu() {
        let wanted = |triple| wanted(Scope::named(&[triple]).rows());
        assert_eq!(wanted("aarch64-unknown-linux-gnu"), [("qemu-aarch64", QemuRelease(10, 0))]);
        assert_eq!(wanted("mipsel-unknown-linux-musl"), []);
        let both = ["riscv64gc-unknown-linux-gnu", "riscv64gc-unknown-linux-musl"];
        assert_eq!(super::wanted(Scope::named(&both).rows()).len(), 1);
    }

    #[test]
    fn a_program_that_is_too_old_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::at(dir.path().join("cache"));
        let program = qemu::newer(&cache, "qemu-x");
        fs_err::create_dir_all(program.parent().unwrap()).unwrap();
        fs_err::write(&program, "#!/bin/sh\necho 'qemu-x version 9.2.1'\n").unwrap();
        Cmd::new("chmod").arg("755").arg(&program).read().unwrap();
        let env = Env::new([("PATH", "/nowhere")], "/");
        assert_eq!(find(&env, &cache, ("qemu-x", QemuRelease(10, 0))), None);
        assert_eq!(find(&env, &cache, ("qemu-x", QemuRelease(9, 0))), Some(program));
    }
}

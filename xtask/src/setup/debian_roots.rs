//! Libraries of other architectures, for the tests of sysroots: a few of Debian's packages, unpacked
//! as a user would, into gocross's cache. Nothing is installed.

use std::path::{Path, PathBuf};

use gocross_targets::Target;
use gocross_toolchain::{Cache, Env};

use super::mirror::{Apt, Mirror};
use super::{Cure, Item, State};
use crate::failure::{Failure, Result};
use crate::ui;

/// The folder of the cache; `tests` looks there too.
const KIND: &str = "debian-v1";
/// What is unpacked: libraries that many link with, and their headers.
const PACKAGES: &[&str] = &["zlib1g", "zlib1g-dev", "libzstd1", "libzstd-dev"];
/// A file of each library.
const SIGNS: &[&str] = &["usr/include/zlib.h", "usr/include/zstd.h"];
/// Architectures of Debian 12. It has no riscv64, which came with Debian 13.
const ARCHITECTURES: &[&str] = &["arm64", "armhf", "mipsel"];

/// Whether they are there for the rows whose programs do not run here by themselves.
pub(super) fn look(rows: impl Iterator<Item = &'static Target>) -> Option<Item> {
    let wanted: Vec<&'static str> = rows
        .filter_map(|row| row.debian_arch)
        .filter(|architecture| ARCHITECTURES.contains(architecture))
        .collect();
    if wanted.is_empty() {
        return None;
    }
    let missing = cache().map(|cache| {
        let is_missing = |architecture: &&str| {
            let root = root(&cache, architecture);
            !SIGNS.iter().all(|sign| root.join(sign).exists())
        };
        wanted.iter().copied().filter(is_missing).collect::<Vec<_>>()
    });
    let what = format!("Debian's {} for {}", PACKAGES.join(", "), wanted.join(", "));
    let (state, wanted) = match missing {
        Ok(missing) if missing.is_empty() => {
            (State::There("unpacked in the cache".to_owned()), wanted)
        }
        Ok(missing) => {
            (State::Missing("sysroots for the tests; unpacked, not installed".to_owned()), missing)
        }
        Err(failure) => (State::Missing(failure.what), wanted),
    };
    Some(Item { what, state, cure: Cure::DebianRoots(wanted) })
}

fn cache() -> Result<Cache> {
    let env = Env::of_process().map_err(Failure::from)?;
    Ok(Cache::of_user(&env)?)
}

/// The root of an architecture.
fn root(cache: &Cache, architecture: &str) -> PathBuf {
    cache.root().join(KIND).join(architecture)
}

/// What [`install`] does, in words.
pub(super) fn plan(architectures: &[&str]) -> String {
    format!("{} for {}, unpacked in the cache", PACKAGES.join(", "), architectures.join(", "))
}

/// Fetches and unpacks the packages.
pub(super) fn install(architectures: &[&str]) -> Result {
    if architectures.is_empty() {
        return Ok(());
    }
    let (mirror, cache) = (Mirror::of_machine()?, cache()?);
    let folder = cache.folder(KIND)?;
    for architecture in architectures {
        ui::note(format!("{} for {architecture}: some 10 MB", PACKAGES.join(", ")));
        // On the same file system, so that a root appears whole or not at all.
        let work = tempfile::Builder::new().prefix(".unpack-").tempdir_in(&folder)?;
        let apt = Apt::new(work.path(), &mirror.line(""), Some(architecture))?;
        let unpacked = work.path().join("root");
        apt.unpack(PACKAGES, &unpacked)?;
        put(&unpacked, &root(&cache, architecture))?;
    }
    Ok(())
}

fn put(unpacked: &Path, place: &Path) -> Result {
    if place.exists() {
        fs_err::remove_dir_all(place)?;
    }
    fs_err::rename(unpacked, place)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::Scope;

    #[test]
    fn only_architectures_of_the_distribution_are_asked_for() {
        let cure = |triple| look(Scope::named(&[triple]).rows()).map(|item| item.what);
        let arm = cure("aarch64-unknown-linux-gnu").unwrap();
        assert!(arm.ends_with("for arm64"), "{arm}");
        assert_eq!(cure("riscv64gc-unknown-linux-gnu"), None);
        assert_eq!(cure("aarch64-unknown-linux-musl"), None);
    }
}

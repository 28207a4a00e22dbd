//! The sysroot of a target: a directory with its libraries and headers, which the user names.
//!
//! It may be the unpacked root file system of a device, a few Debian packages unpacked
//! with `dpkg -x`, or the staging directory of Buildroot, Yocto or OpenWrt. Where it holds the
//! C library, the compiler takes that one (`--sysroot`). Where it does not, the compiler keeps
//! its own C library and searches the directories in addition.

mod links;

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result, Try, hint};
use gocross_targets::{Libc, TARGETS, Target};
use serde::{Deserialize, Serialize};

use crate::cc::Family;
use crate::machine::{self, Content};
use crate::{Cache, Env};

pub(crate) use links::link_directory;
pub use links::{follow, within};

/// The most files of one directory that are opened to learn the machine of a sysroot.
const MOST_LOOKS: usize = 40;

/// A sysroot that somebody named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What named it: an option, a variable or a key of a manifest.
    pub what: String,
    /// The directory, as an absolute path.
    pub dir: PathBuf,
}

/// The variable that names the sysroot of a target.
#[must_use]
pub fn variable(target: &Target) -> String {
    format!("GOCROSS_SYSROOT_{}", target.env_suffix())
}

/// The sysroot that was named for a target, best first: `option` (`--sysroot`), the variable
/// `GOCROSS_SYSROOT_<triple>` in either spelling, `manifest` (the key `sysroot` in
/// `[package.metadata.gocross.target.<triple>]`, resolved by the caller from the manifest's
/// directory).
#[must_use]
pub fn named(
    env: &Env,
    target: &Target,
    option: Option<&Path>,
    manifest: Option<&Path>,
) -> Option<Named> {
    let make = |what: String, dir: &Path| Named { what, dir: env.current_dir().join(dir) };
    if let Some(dir) = option {
        return Some(make("`--sysroot`".to_owned(), dir));
    }
    for name in [format!("GOCROSS_SYSROOT_{}", target.triple), variable(target)] {
        if let Some(dir) = env.var_os(&name) {
            return Some(make(format!("`{name}`"), Path::new(&dir)));
        }
    }
    let key = format!("`sysroot` of `[package.metadata.gocross.target.{}]`", target.triple);
    manifest.map(|dir| make(key, dir))
}

/// A directory that was looked at and is for the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sysroot {
    /// The directory, as an absolute path.
    pub dir: PathBuf,
    /// The directory with `crt1.o`, where the C library and its headers are there.
    pub libc: Option<PathBuf>,
    /// Whether the target's dynamic linker is there, so that programs can run with it.
    pub has_loader: bool,
    /// Whether the headers of a C library are among [`Sysroot::include_dirs`].
    pub has_libc_headers: bool,
    /// Directories with headers, in the order of a search.
    pub include_dirs: Vec<PathBuf>,
    /// Directories with libraries, in the order of a search. The first may lie in the cache: it
    /// stands for links that lead out of the sysroot.
    pub library_dirs: Vec<PathBuf>,
    /// Directories with `.pc` files, in the order of a search.
    pub pkg_config_dirs: Vec<PathBuf>,
}

impl Sysroot {
    /// Looks at a directory.
    ///
    /// Debian's development packages hold links such as `libz.so -> /lib/<multiarch>/libz.so.1`,
    /// which are right on the device alone. With a `cache`, a directory of links that stay within
    /// the sysroot comes before the others.
    ///
    /// # Errors
    ///
    /// [`Code::SysrootMissing`], [`Code::SysrootWrongTarget`]; [`Code::Io`] for the cache.
    pub fn read(
        env: &Env,
        target: &'static Target,
        dir: &Path,
        cache: Option<&Cache>,
    ) -> Result<Self> {
        let dir = env.current_dir().join(dir);
        // The compiler writes paths without links, and its answers are compared with this one.
        let dir = fs_err::canonicalize(&dir).unwrap_or(dir);
        if !env.is_dir(&dir) {
            return Err(missing(target, &dir, "there is no such directory".to_owned()));
        }
        let below = |places: &[String]| -> Vec<PathBuf> {
            let mut found = Vec::new();
            for place in places {
                // A link such as `lib -> /usr/lib` must not lead to this machine's own.
                let inside = within(&dir, &dir.join(place)).filter(|path| env.is_dir(path));
                found.extend(inside.filter(|path| !found.contains(path)));
            }
            found
        };
        let include_dirs = below(&header_places(target));
        let mut library_dirs = below(&library_places(target));
        check_machine(target, &dir, &mut library_dirs)?;
        let is_empty = include_dirs.is_empty() && library_dirs.is_empty();
        // Debian's `usr/lib` holds directories alone.
        library_dirs.retain(|folder| has_files(folder));
        if is_empty {
            let places = [header_places(target), library_places(target)].concat();
            let why = format!("it has none of the directories `{}`", places.join("`, `"));
            return Err(missing(target, &dir, why));
        }
        let has_libc_headers = include_dirs.iter().any(|dir| env.is_file(&dir.join("stdio.h")));
        let start = library_dirs.iter().find(|dir| env.is_file(&dir.join("crt1.o")));
        let libc = start.filter(|_| has_libc_headers).cloned();
        let pkg_config_dirs = below(&pkg_config_places(target));
        if let Some(cache) = cache
            && let Some(links) = links::repaired(cache, &dir, &library_dirs)?
        {
            library_dirs.insert(0, links);
        }
        let has_loader = env.is_file(&dir.join(target.interpreter.trim_start_matches('/')));
        Ok(Self {
            dir,
            libc,
            has_loader,
            has_libc_headers,
            include_dirs,
            library_dirs,
            pkg_config_dirs,
        })
    }

    /// The directory of the cache with links that stay within the sysroot, where it needs one.
    pub(crate) fn repaired_links(&self) -> Option<&Path> {
        self.library_dirs.first().map(PathBuf::as_path).filter(|dir| !dir.starts_with(&self.dir))
    }

    /// What a compiler needs to be told. `own_libc`: it has its own C library whatever it is told,
    /// as zig has. `hidden`: the compiler finds another C library's headers first.
    pub(crate) fn words(&self, family: Family, own_libc: bool, hidden: bool) -> Vec<String> {
        let mut words = Vec::new();
        let mut push = |flag: &str, dir: &Path| words.push(format!("{flag}{}", dir.display()));
        let libc = self.libc.as_ref().filter(|_| !own_libc);
        if let Some(start) = libc {
            push("--sysroot=", &self.dir);
            // Debian's cross compilers look for start files beside themselves first.
            push("-B", start);
        }
        // The headers of a C library must not come before the compiler's own one.
        let flag = if self.has_libc_headers && libc.is_none() { "-idirafter" } else { "-isystem" };
        if libc.is_none() || hidden {
            self.include_dirs.iter().for_each(|dir| push(flag, dir));
        }
        self.library_dirs.iter().for_each(|dir| push("-L", dir));
        if !own_libc && !self.library_dirs.is_empty() {
            // GNU ld looks there for the libraries of libraries; lld does not look.
            let dirs: Vec<String> =
                self.library_dirs.iter().map(|dir| dir.display().to_string()).collect();
            words.push(format!("-Wl,-rpath-link,{}", dirs.join(":")));
        }
        if family == Family::Clang && !own_libc {
            // clang warns of link arguments in a call that only compiles.
            words.push("-Wno-unused-command-line-argument".to_owned());
        }
        words
    }
}

fn header_places(target: &Target) -> Vec<String> {
    let multiarch = target.multiarch;
    [format!("usr/include/{multiarch}"), "usr/include".into(), "include".into()].into()
}

fn library_places(target: &Target) -> Vec<String> {
    let names = [target.multiarch, target.gnu_prefix].map(|name| format!("lib/{name}"));
    let mut places: Vec<String> = names.into_iter().chain(["lib64".into(), "lib".into()]).collect();
    places.dedup();
    places.iter().map(|place| format!("usr/{place}")).chain(places.iter().cloned()).collect()
}

fn pkg_config_places(target: &Target) -> Vec<String> {
    let share = ["usr/share", "share"].map(str::to_owned);
    let all = library_places(target).into_iter().chain(share);
    all.map(|place| format!("{place}/pkgconfig")).collect()
}

/// Refuses a sysroot whose files are for another machine or another C library.
///
/// A root may serve several machines (`usr/lib` and `usr/lib64`): directories for another one are
/// taken out, and it is wrong where none is left.
fn check_machine(target: &Target, dir: &Path, library_dirs: &mut Vec<PathBuf>) -> Result<()> {
    let mut foreign = None;
    let mut has_own = false;
    library_dirs.retain(|folder| match first_elf(dir, folder) {
        Some((_, identity)) if machine::fits(&identity, target) => {
            has_own = true;
            true
        }
        Some(found) => {
            foreign.get_or_insert(found);
            false
        }
        None => true,
    });
    // Without directories of this target, those of another one tell what it is for.
    let foreign = foreign.or_else(|| others(dir).iter().find_map(|folder| first_elf(dir, folder)));
    if let Some((file, identity)) =
        foreign.filter(|(_, found)| !has_own && !machine::fits(found, target))
    {
        let builds = machine::describe(&identity, target);
        let why = format!("`{}` is {builds}, want {}", file.display(), target.elf.machine_name);
        return Err(wrong(target, dir, why));
    }
    if !has_own
        && let Some(folder) = others(dir).iter().find(|folder| is_of_another(folder, target))
    {
        let why =
            format!("its libraries are in `{}`, want `{}`", folder.display(), target.multiarch);
        return Err(wrong(target, dir, why));
    }
    let loader = dir.join(target.interpreter.trim_start_matches('/'));
    let has_loader = fs_err::symlink_metadata(loader).is_ok();
    let other = library_dirs.iter().find_map(|folder| other_libc(folder, target));
    match other {
        Some(file) if !has_loader => {
            let why = format!(
                "`{}` belongs to another C library than {}",
                file.display(),
                target.libc.as_str()
            );
            Err(wrong(target, dir, why))
        }
        _ => Ok(()),
    }
}

/// Whether a directory has files of its own, or links.
fn has_files(folder: &Path) -> bool {
    let entries = fs_err::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_type()).any(|kind| kind.is_ok_and(|kind| !kind.is_dir()))
}

/// The first file of a directory that tells its machine: the C library, then any other.
fn first_elf(root: &Path, folder: &Path) -> Option<(PathBuf, gocross_elf::Identity)> {
    let known = ["crt1.o", "libc.so.6", "libc.so"].map(|name| folder.join(name));
    let mut others: Vec<PathBuf> = fs_err::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    others.sort();
    let is_library = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        [".so", ".so.", ".a", ".o"].iter().any(|part| {
            if part.ends_with("so.") { name.contains(part) } else { name.ends_with(part) }
        })
    };
    let looked = known.into_iter().chain(others.into_iter().filter(is_library).take(MOST_LOOKS));
    looked.into_iter().find_map(|path| {
        let inside = within(root, &path)?;
        match machine::content(&inside)? {
            Content::Machine(identity) => Some((path, identity)),
            Content::Other => None,
        }
    })
}

/// The directories of other targets: `usr/lib/<name>` and `lib/<name>`.
fn others(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ["usr/lib", "lib"]
        .iter()
        .flat_map(|place| fs_err::read_dir(dir.join(place)).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

/// Whether a directory has the multiarch name of another target.
fn is_of_another(folder: &Path, target: &Target) -> bool {
    let name = folder.file_name().unwrap_or_default();
    let mut rows = TARGETS.iter().filter(|row| row.multiarch != target.multiarch);
    rows.any(|row| name == row.multiarch)
}

/// A file of a directory that belongs to another C library than the target's.
fn other_libc(folder: &Path, target: &Target) -> Option<PathBuf> {
    let glibc = folder.join("libc.so.6");
    match target.libc {
        Libc::Musl => glibc.exists().then_some(glibc),
        Libc::Gnu if glibc.exists() => None,
        Libc::Gnu => {
            let mut entries = fs_err::read_dir(folder).ok()?.flatten();
            let loader = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with("ld-musl-");
            entries.find(|entry| loader(&entry.file_name())).map(|entry| entry.path())
        }
    }
}

fn missing(target: &Target, dir: &Path, why: String) -> Box<Diagnostic> {
    let message = format!("`{}` is no sysroot for `{}`", dir.display(), target.triple);
    Box::new(with_hints(Diagnostic::error(Code::SysrootMissing, message).detail(why), target))
}

fn wrong(target: &Target, dir: &Path, why: String) -> Box<Diagnostic> {
    let message = format!("the sysroot `{}` is not for `{}`", dir.display(), target.triple);
    let diagnostic = Diagnostic::error(Code::SysrootWrongTarget, message);
    Box::new(with_hints(diagnostic.tries(vec![Try::new("its files", why)]), target))
}

fn with_hints(diagnostic: Diagnostic, target: &Target) -> Diagnostic {
    let triple = target.triple;
    diagnostic
        .hint(hint!("cargo gocross build --target {triple} --sysroot {triple}=/path/to/root"))
        .hint(hint!("cargo gocross doctor --target {triple}"))
}

#[cfg(test)]
mod tests;

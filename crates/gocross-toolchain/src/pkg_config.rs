//! pkg-config for a target: which program, and the directories that it answers from.
//!
//! The variables are those of pkg-config(1): `PKG_CONFIG_LIBDIR` replaces the directories of this
//! machine, `PKG_CONFIG_SYSROOT_DIR` is put before the paths of an answer. For another machine,
//! all of them are set, so that an answer is never this machine's. What the user set for the
//! target wins, in the spellings that the `pkg-config` crate reads.

mod script;

use std::path::{Path, PathBuf};

use gocross_diagnostic::Try;
use gocross_targets::Target;

use crate::cc::CCompiler;
use crate::sysroot::Sysroot;
use crate::{Cache, Env};

pub use script::explaining;

/// What is asked.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    /// The target's row.
    pub target: &'static Target,
    /// Whether the target is the machine that this runs on.
    pub native: bool,
    /// The C compiler, whose sysroot pkg-config follows.
    pub cc: &'a CCompiler,
    /// Whether programs are static. Callers then add `--static` to what they ask.
    pub links_static: bool,
    /// Where links of a compiler's own sysroot are mended.
    pub cache: Option<&'a Cache>,
}

/// How pkg-config has to be called for a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PkgConfig {
    /// The program, as a full path; none where there is none.
    pub program: Option<PathBuf>,
    /// The variables to call it with, without a triple: `PKG_CONFIG`, `PKG_CONFIG_LIBDIR`,
    /// `PKG_CONFIG_PATH`, `PKG_CONFIG_SYSROOT_DIR`, `PKG_CONFIG_ALLOW_CROSS`. An empty value is to
    /// be set as well: it hides what is meant for this machine.
    pub variables: Vec<(String, String)>,
    /// The directories that it looks in; empty where those are its own.
    pub libdirs: Vec<PathBuf>,
    /// Whether callers add `--static`.
    pub links_static: bool,
    /// The whole search.
    pub tries: Vec<Try>,
}

const PROGRAM: &str = "PKG_CONFIG";
const LIBDIR: &str = "PKG_CONFIG_LIBDIR";
const PATH: &str = "PKG_CONFIG_PATH";
const SYSROOT_DIR: &str = "PKG_CONFIG_SYSROOT_DIR";
/// The variable without which the `pkg-config` crate does not ask for another machine.
pub const ALLOW_CROSS: &str = "PKG_CONFIG_ALLOW_CROSS";

/// Finds pkg-config for a target. It never fails: a package may need none, and one that does gets
/// pkg-config's own answer, that there is no such library.
#[must_use]
pub fn find(env: &Env, query: &Query<'_>) -> PkgConfig {
    let mut search = Search { env, query, tries: Vec::new(), variables: Vec::new() };
    let root = search.root();
    let (program, is_cross) = search.program(root.is_some());
    if let Some(program) = &program {
        search.set(PROGRAM, program.display().to_string());
    }
    let libdirs = search.directories(root.as_ref(), is_cross);
    let Search { tries, variables, .. } = search;
    PkgConfig { program, variables, libdirs, links_static: query.links_static, tries }
}

struct Search<'a> {
    env: &'a Env,
    query: &'a Query<'a>,
    tries: Vec<Try>,
    variables: Vec<(String, String)>,
}

impl Search<'_> {
    fn set(&mut self, name: &str, value: impl Into<String>) {
        self.variables.push((name.to_owned(), value.into()));
    }

    /// What the user set for the target, best first, and the variable's name.
    fn of_user(&self, name: &str) -> Option<(String, String)> {
        let target = self.query.target;
        let spellings = [
            format!("{name}_{}", target.triple),
            format!("{name}_{}", target.env_suffix()),
            format!("{}_{name}", if self.query.native { "HOST" } else { "TARGET" }),
        ];
        let plain = self.query.native.then(|| name.to_owned());
        let mut all = spellings.into_iter().chain(plain);
        all.find_map(|name| self.env.var(&name).map(|value| (name, value)))
    }

    /// The sysroot that answers are for: the user's, or the C compiler's own.
    fn root(&self) -> Option<Sysroot> {
        let Query { target, cc, cache, .. } = *self.query;
        cc.root
            .clone()
            .or_else(|| Sysroot::read(self.env, target, cc.sysroot.as_deref()?, cache).ok())
    }

    /// The program, and whether it knows the target's directories by itself.
    fn program(&mut self, has_root: bool) -> (Option<PathBuf>, bool) {
        if let Some((name, value)) = self.of_user(PROGRAM) {
            let found = self.look(&format!("`{name}`"), &value);
            return (found, false);
        }
        self.tries
            .push(Try::new(format!("`{PROGRAM}_{}`", self.query.target.env_suffix()), "not set"));
        if !self.query.native && !has_root {
            for (what, name) in self.cross_names() {
                if let Some(found) = self.look(&what, &name) {
                    return (Some(found), true);
                }
            }
        }
        // The program works for every target, whatever directories it was built for.
        if let Some(value) = self.env.var(PROGRAM) {
            let found = self.look(&format!("`{PROGRAM}`"), &value);
            return (found, false);
        }
        for name in ["pkg-config", "pkgconf"] {
            if let Some(found) = self.look(&format!("`{name}` in `PATH`"), name) {
                return (Some(found), false);
            }
        }
        (None, false)
    }

    /// Programs for the target alone: that of the toolchain, and `<gnu name>-pkg-config`.
    fn cross_names(&self) -> Vec<(String, String)> {
        let compiler = Path::new(&self.query.cc.command[0]);
        let name = compiler.file_name().unwrap_or_default().to_string_lossy();
        let prefix = name.strip_suffix("-gcc").or_else(|| name.strip_suffix("-cc"));
        let beside = prefix.map(|prefix| compiler.with_file_name(format!("{prefix}-pkg-config")));
        let beside = beside.map(|path| {
            ("pkg-config beside the C compiler".to_owned(), path.display().to_string())
        });
        let gnu = format!("{}-pkg-config", self.query.target.gnu_prefix);
        beside.into_iter().chain([(format!("`{gnu}` in `PATH`"), gnu)]).collect()
    }

    fn look(&mut self, what: &str, name: &str) -> Option<PathBuf> {
        let found = self.env.find_program(name);
        let outcome = found
            .as_ref()
            .map_or_else(|| "not there".to_owned(), |path| format!("`{}`", path.display()));
        self.tries.push(Try::new(what, outcome));
        found
    }

    /// Where it looks, as variables. `is_cross`: the program knows its directories.
    fn directories(&mut self, root: Option<&Sysroot>, is_cross: bool) -> Vec<PathBuf> {
        let path = self.of_user(PATH);
        let libdir = self.of_user(LIBDIR);
        let sysroot = self.of_user(SYSROOT_DIR);
        if self.query.native && root.is_none() {
            // This machine answers for itself; its plain variables are in force already.
            for (name, value) in [(PATH, path), (LIBDIR, libdir), (SYSROOT_DIR, sysroot)] {
                self.carry(name, value);
            }
            self.tries.push(Try::new("directories", "this machine's own"));
            return Vec::new();
        }
        // A path of this machine's must not come before the target's.
        self.set(PATH, path.as_ref().map_or("", |(_, value)| value));
        let allowed = self.of_user(ALLOW_CROSS).map_or_else(|| "1".to_owned(), |(_, value)| value);
        self.set(ALLOW_CROSS, allowed);
        let libdirs = self.libdirs(root, is_cross, libdir, path);
        let dir = sysroot.map(|(_, value)| value).or_else(|| Some(root?.dir.display().to_string()));
        match dir {
            Some(dir) => self.set(SYSROOT_DIR, dir),
            // One that is set for another build would be put before every path.
            None if self.env.var(SYSROOT_DIR).is_some() => self.set(SYSROOT_DIR, ""),
            None => {}
        }
        libdirs
    }

    fn libdirs(
        &mut self,
        root: Option<&Sysroot>,
        is_cross: bool,
        libdir: Option<(String, String)>,
        path: Option<(String, String)>,
    ) -> Vec<PathBuf> {
        if let Some((name, value)) = libdir {
            self.tries.push(Try::new(format!("`{name}`"), format!("`{value}`")));
            self.set(LIBDIR, value.as_str());
            return std::env::split_paths(&value).collect();
        }
        if is_cross {
            self.tries.push(Try::new("directories", "those that the program knows"));
            if self.env.var(LIBDIR).is_some() {
                self.set(LIBDIR, "");
            }
            return Vec::new();
        }
        let mut dirs = match root {
            Some(root) => root.pkg_config_dirs.clone(),
            None => self.of_debian(),
        };
        let what =
            if root.is_some() { "directories of the sysroot" } else { "Debian's directories" };
        let outcome = if dirs.is_empty() { "none".to_owned() } else { joined(&dirs) };
        self.tries.push(Try::new(what, outcome));
        self.set(LIBDIR, joined_raw(&dirs));
        if let Some((_, value)) = path {
            dirs.splice(0..0, std::env::split_paths(&value));
        }
        dirs
    }

    /// Where Debian has `.pc` files of another architecture: multiarch's directory and that of
    /// the cross packages. The first also brings those that are for all architectures.
    fn of_debian(&self) -> Vec<PathBuf> {
        let target = self.query.target;
        let multiarch = PathBuf::from(format!("/usr/lib/{}/pkgconfig", target.multiarch));
        let cross = PathBuf::from(format!("{}/lib/pkgconfig", target.debian_sysroot()));
        let mut dirs: Vec<PathBuf> =
            [&multiarch, &cross].into_iter().filter(|dir| self.env.is_dir(dir)).cloned().collect();
        if dirs.contains(&multiarch) {
            dirs.push("/usr/share/pkgconfig".into());
        }
        dirs
    }

    /// Hands a variable of the user's on, where it is not the plain one already.
    fn carry(&mut self, name: &str, value: Option<(String, String)>) {
        if let Some((from, value)) = value.filter(|(from, _)| from != name) {
            self.tries.push(Try::new(format!("`{from}`"), format!("`{value}`")));
            self.set(name, value);
        }
    }
}

fn joined(dirs: &[PathBuf]) -> String {
    dirs.iter().map(|dir| format!("`{}`", dir.display())).collect::<Vec<_>>().join(", ")
}

/// The value of a variable. A directory whose name has a `:` cannot stand there.
fn joined_raw(dirs: &[PathBuf]) -> String {
    std::env::join_paths(dirs).map(|value| value.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests;

//! Libraries of the target: where the linker would find one, and what to do where it would not.

mod debian;

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Hint, Try, hint};
use gocross_targets::Target;

use crate::cc::CCompiler;
use crate::machine::{self, Content};
use crate::sysroot::within;
use crate::{Env, run};

pub use debian::debian_package;
pub(crate) use debian::packages;

/// A search for a library of the target.
#[derive(Debug, Clone)]
pub struct Search<'a> {
    /// The target's row.
    pub target: &'static Target,
    /// The compiler that links.
    pub cc: &'a CCompiler,
    /// Directories that come first, as `-L` names them.
    pub dirs: &'a [PathBuf],
    /// Whether `libNAME.a` comes before `libNAME.so` in each directory.
    pub prefer_static: bool,
}

/// Where the linker would find `-lNAME` for a target: in `dirs`, in the sysroot, in the
/// compiler's own directories. `:file` is a file's whole name, as GNU ld has it. Files for another
/// machine are passed over, as the linker passes over them. A linker script counts as found.
#[must_use]
pub fn find(
    env: &Env,
    target: &'static Target,
    cc: &CCompiler,
    dirs: &[PathBuf],
    name: &str,
    prefer_static: bool,
) -> Option<PathBuf> {
    Search { target, cc, dirs, prefer_static }.find(env, name).ok()
}

impl Search<'_> {
    /// Where the linker would find `-lNAME`, or the places where it would look in vain.
    ///
    /// # Errors
    ///
    /// The tries, where there is no such library for the target.
    pub fn find(&self, env: &Env, name: &str) -> Result<PathBuf, Vec<Try>> {
        let names = file_names(name, self.prefer_static);
        let mut tries = Vec::new();
        for dir in self.directories(env) {
            let mut outcome = None;
            for file in names.iter().map(|name| dir.join(name)) {
                match self.look(env, &file) {
                    Look::Fits => return Ok(file),
                    Look::Other(what) => outcome = Some(format!("`{}` is {what}", file.display())),
                    Look::Nothing => {}
                }
            }
            let nothing = || {
                let there = env.is_dir(&dir);
                if there { "not there" } else { "no such directory" }.to_owned()
            };
            tries.push(Try::new(format!("`{}`", dir.display()), outcome.unwrap_or_else(nothing)));
        }
        // zig makes the C library's files where it needs them, and names no directories.
        match self.by_name(env, &names) {
            Some(file) => Ok(file),
            None => Err(tries),
        }
    }

    /// The directories of a search, each once.
    fn directories(&self, env: &Env) -> Vec<PathBuf> {
        let given = self.dirs.iter().map(|dir| env.current_dir().join(dir));
        let root = self.cc.root.iter().flat_map(|root| root.library_dirs.iter().cloned());
        let mut all: Vec<PathBuf> = Vec::new();
        for dir in given.chain(root).chain(self.compilers_own(env)) {
            let dir = fs_err::canonicalize(&dir).unwrap_or(dir);
            if !all.contains(&dir) {
                all.push(dir);
            }
        }
        all
    }

    /// What `-print-search-dirs` says: `libraries: =/a:/b`. Of those, what is there counts, for
    /// GCC names many that are not.
    fn compilers_own(&self, env: &Env) -> Vec<PathBuf> {
        let answer = self.ask(env, "-print-search-dirs").unwrap_or_default();
        let line = answer.lines().find_map(|line| line.strip_prefix("libraries: ="));
        let dirs = std::env::split_paths(line.unwrap_or_default());
        dirs.filter(|dir| dir.is_absolute() && env.is_dir(dir)).collect()
    }

    /// What `-print-file-name` says; it repeats the name of what it does not find.
    fn by_name(&self, env: &Env, names: &[String]) -> Option<PathBuf> {
        names.iter().find_map(|name| {
            let answer = self.ask(env, &format!("-print-file-name={name}"))?;
            let file = PathBuf::from(answer.trim());
            let is_found = file.is_absolute() && matches!(self.look(env, &file), Look::Fits);
            is_found.then_some(file)
        })
    }

    fn ask(&self, env: &Env, question: &str) -> Option<String> {
        let command = &self.cc.command;
        let args = command[1..].iter().map(String::as_str).chain([question]);
        let output = run(env, Path::new(&command[0]), args, &[("LC_ALL", "C".as_ref())]).ok()?;
        output.success.then_some(output.stdout)
    }

    fn look(&self, env: &Env, file: &Path) -> Look {
        let root = self.cc.root.as_ref().map(|root| root.dir.as_path());
        // A link of a sysroot is right on the device alone.
        let real = root.and_then(|root| within(root, file)).unwrap_or_else(|| file.to_owned());
        if !env.is_file(&real) {
            return Look::Nothing;
        }
        match machine::content(&real) {
            None => Look::Nothing,
            Some(Content::Other) => Look::Fits,
            Some(Content::Machine(found)) if machine::fits(&found, self.target) => Look::Fits,
            Some(Content::Machine(found)) => Look::Other(machine::describe(&found, self.target)),
        }
    }
}

/// What is at a path.
enum Look {
    Fits,
    Nothing,
    /// A file for this machine.
    Other(String),
}

/// The files that `-lNAME` may mean in one directory, in the linker's order.
fn file_names(name: &str, prefer_static: bool) -> Vec<String> {
    if let Some(file) = name.strip_prefix(':') {
        return vec![file.to_owned()];
    }
    let names = [format!("lib{name}.so"), format!("lib{name}.a")];
    if prefer_static { names.into_iter().rev().collect() } else { names.into() }
}

/// The diagnostic for a library that the target does not have. `asked_by` names who wants it, such
/// as `` `#cgo LDFLAGS: -lz` in `go/zip.go:7` ``; `tries` are the places where it was looked for.
#[must_use]
pub fn missing(
    env: &Env,
    target: &Target,
    native: bool,
    name: &str,
    asked_by: &str,
    tries: Vec<Try>,
) -> Box<Diagnostic> {
    let message = format!("there is no library `{name}` for `{}`", target.triple);
    let diagnostic = Diagnostic::error(Code::LibraryMissing, message)
        .detail(format!("{asked_by} asks for it"))
        .tries(tries);
    let has_apt = env.find_program("apt-get").is_some();
    let package = debian_package(name).filter(|_| has_apt);
    Box::new(hints(target, native, package).into_iter().fold(diagnostic, Diagnostic::hint))
}

/// How a library of a target is had, as commands.
#[must_use]
pub fn hints(target: &Target, native: bool, package: Option<&str>) -> Vec<Hint> {
    let (triple, mut hints) = (target.triple, Vec::new());
    match (package, target.debian_arch) {
        (Some(package), _) if native => hints.push(hint!("apt install {package}")),
        (Some(package), Some(arch)) => {
            let package = format!("{package}:{arch}");
            let foreign = format!("{arch} && apt update");
            hints.push(hint!("dpkg --add-architecture {foreign} && apt install {package}"));
            // Unpacked and not installed: `--sysroot` below takes the directory.
            let unpack = "dpkg -x *.deb /path/to/its/root";
            let download = format!("apt download {package} && {unpack}");
            hints.push(hint!("dpkg --add-architecture {foreign} && {download}"));
        }
        _ => {}
    }
    hints.push(hint!("cargo gocross build --target {triple} --sysroot /path/to/its/root"));
    hints
}

#[cfg(test)]
mod tests;

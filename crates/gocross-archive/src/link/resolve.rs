//! Decides of each library whether it becomes a part of Go's archive or is left to the final link.
//!
//! An archive or object that a package names by its path, or finds in a directory that it names,
//! is taken into Go's archive. There it stands before everything that it needs, whatever the
//! order of the final command line, goes along wherever the archive goes, and keeps its names to
//! itself. What the system or the target's sysroot has is left to the final link, because others
//! use it too.

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result, Try};
use gocross_elf::{Kind, kind};
use gocross_toolchain::cc::{self, Cxx};
use gocross_toolchain::{Env, Memo};

use super::items::{self, Item};
use super::origin::AskedBy;
use super::words::Word;
use super::{LinkArgument, present};
use crate::assemble::read;
use crate::languages::{self, Languages};
use crate::{Request, machine};

/// What the words come to.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// What becomes a part of Go's archive, in order.
    pub(crate) taken: Vec<Taken>,
    /// What is left to the final link, in order.
    pub(crate) link: Vec<LinkArgument>,
    /// Symbols that have to be linked in (`-u`).
    pub(crate) undefined: Vec<String>,
    /// Functions whose uses lead elsewhere (`--wrap`).
    pub(crate) wraps: Vec<String>,
    /// Whether C++'s runtime is to be linked statically.
    pub(crate) static_cxx: bool,
}

/// An archive or object for Go's archive.
#[derive(Debug)]
pub(crate) struct Taken {
    /// Its file.
    pub(crate) path: PathBuf,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// Whether all of it is linked, not only what is used.
    pub(crate) whole: bool,
    /// Who asks for it.
    pub(crate) asked_by: AskedBy,
}

/// What a search for `-lNAME` finds.
enum Found {
    Archive(PathBuf, Vec<u8>),
    Shared(PathBuf),
}

/// Resolves all words.
///
/// # Errors
///
/// [`Code::LibraryMissing`], [`Code::LibraryWrongTarget`], [`Code::Io`].
pub(crate) fn resolve(
    env: &Env,
    request: &Request<'_>,
    words: &[Word<'_>],
    languages: &Languages,
) -> Result<Resolved> {
    let items = items::read(words);
    let directories = items.iter().filter_map(|(item, index)| match item {
        Item::SearchDirectory(dir) => Some(absolute(dir, &words[*index], request)),
        _ => None,
    });
    let mut resolver = Resolver {
        env,
        request,
        words,
        directories: directories.collect(),
        resolved: Resolved::default(),
    };
    for (item, index) in items {
        resolver.item(item, index)?;
    }
    if let Some(cxx) = &languages.cxx {
        resolver.cxx_runtime(cxx)?;
    }
    Ok(resolver.resolved)
}

struct Resolver<'a> {
    env: &'a Env,
    request: &'a Request<'a>,
    words: &'a [Word<'a>],
    /// The directories of `-L`. They hold for all libraries, wherever they stand.
    directories: Vec<PathBuf>,
    resolved: Resolved,
}

impl Resolver<'_> {
    fn item(&mut self, item: Item, index: usize) -> Result<()> {
        let words = self.words;
        let word = &words[index];
        let asked_by = || word.origin.of(&word.text);
        match item {
            Item::Library { name, is_static, whole } => {
                self.library(&name, is_static || whole, whole, index)?;
            }
            Item::SearchDirectory(dir) => {
                let dir = absolute(&dir, word, self.request);
                self.resolved.link.push(LinkArgument::SearchDirectory(dir));
            }
            Item::File { path, whole } => self.file(&path, whole, index)?,
            Item::Framework(name) => self.resolved.link.push(LinkArgument::Framework(name)),
            Item::Wrap(name) => self.resolved.wraps.push(name),
            Item::Undefined(name) => self.resolved.undefined.push(name),
            Item::StaticCxx => self.resolved.static_cxx = true,
            Item::Flag { words, matters } => {
                let asked_by = asked_by().to_string();
                let flag = LinkArgument::Flag { words, matters, asked_by };
                // A package's own flags are repeated for each package that the environment's are for.
                if !self.resolved.link.contains(&flag) {
                    self.resolved.link.push(flag);
                }
            }
        }
        Ok(())
    }

    /// `-lNAME`.
    fn library(&mut self, name: &str, is_static: bool, whole: bool, index: usize) -> Result<()> {
        let mut tries = Vec::new();
        match self.search(name, is_static, &mut tries)? {
            Some(Found::Archive(path, bytes)) => {
                self.take(path, bytes, whole, index);
                Ok(())
            }
            Some(Found::Shared(path)) => self.shared(name, &path),
            None => {
                if let Some(wrong) = tries.first() {
                    return Err(self.wrong_target(wrong, index));
                }
                self.system_library(name, is_static, index)
            }
        }
    }

    /// A library that no directory of the package's has: one of the system's.
    fn system_library(&mut self, name: &str, is_static: bool, index: usize) -> Result<()> {
        let word = &self.words[index];
        let asked_by = || word.origin.of(&word.text).to_string();
        let is_static = is_static || name.ends_with(".a");
        let found = present::find(self.env, self.request, &self.directories, name, is_static);
        let found = found.map_err(|tries| {
            // It comes with the compiler of C++, or does not.
            if CXX_LIBRARIES.contains(&name) {
                let cxx = cc::cxx(self.env, &Memo::none(), self.request.query, self.request.cc);
                if let Err(error) = cxx {
                    return languages::needed(error, &format!("asked for by {}", asked_by()));
                }
            }
            present::missing(self.env, self.request, name, &asked_by(), tries)
        })?;
        let plain = name.strip_prefix(':').and_then(plain_name).unwrap_or(name).to_owned();
        match found {
            Some(file) if is_static => self.static_library(&file, &plain),
            Some(file) if name.starts_with(':') => self.shared(name, &file)?,
            _ => self.resolved.link.push(LinkArgument::Library(plain)),
        }
        Ok(())
    }

    /// What a compiler of C++ links by itself; the program is linked by one of C.
    fn cxx_runtime(&mut self, cxx: &Cxx) -> Result<()> {
        let name = cxx.runtime.library();
        let found = present::find(self.env, self.request, &[], name, self.resolved.static_cxx);
        match found {
            Ok(Some(file)) if self.resolved.static_cxx => self.static_library(&file, name),
            _ => self.resolved.link.push(LinkArgument::Library(name.to_owned())),
        }
        // It needs mathematics, which a static library does not say.
        self.resolved.link.push(LinkArgument::Library("m".to_owned()));
        Ok(())
    }

    /// Searches the directories of `-L`, as a linker does: a file for another machine is passed
    /// over.
    fn search(
        &self,
        name: &str,
        is_static: bool,
        tries: &mut Vec<Attempt>,
    ) -> Result<Option<Found>> {
        let names = match name.strip_prefix(':') {
            Some(file) => vec![file.to_owned()],
            None if is_static => vec![format!("lib{name}.a")],
            None => vec![format!("lib{name}.so"), format!("lib{name}.a")],
        };
        for dir in self.directories.iter().filter(|dir| !self.is_of_sysroot(dir)) {
            for path in names.iter().map(|name| dir.join(name)).filter(|path| path.is_file()) {
                let bytes = read(&path)?;
                if let Some(what) = machine::of_file(&bytes, self.request.target) {
                    tries.push(Attempt { path, what });
                    continue;
                }
                return Ok(match kind(&bytes) {
                    Ok(Kind::Archive) => Some(Found::Archive(path, bytes)),
                    _ => Some(Found::Shared(path)),
                });
            }
        }
        Ok(None)
    }

    /// Whether a directory is the system's: what lies there is for everybody.
    fn is_of_sysroot(&self, dir: &Path) -> bool {
        let sysroot = self.request.cc.sysroot.as_deref();
        let system = ["/lib", "/usr/lib", "/lib64", "/usr/lib64"].map(Path::new);
        sysroot.is_some_and(|sysroot| dir.starts_with(sysroot))
            || system.iter().any(|system| dir.starts_with(system))
    }

    /// A file that is named by its path.
    fn file(&mut self, path: &Path, whole: bool, index: usize) -> Result<()> {
        let path = absolute(path, &self.words[index], self.request);
        let Ok(bytes) = fs_err::read(&path) else {
            let message = format!("`{}` does not exist", path.display());
            let asked_by = self.words[index].origin.of(&self.words[index].text);
            return Err(Box::new(
                Diagnostic::error(Code::LibraryMissing, message)
                    .detail(format!("asked for by {asked_by}")),
            ));
        };
        let kind = kind(&bytes);
        if matches!(kind, Ok(Kind::Archive | Kind::Elf(_)))
            && let Some(what) = machine::of_file(&bytes, self.request.target)
        {
            return Err(self.wrong_target(&Attempt { path, what }, index));
        }
        match kind {
            Ok(Kind::Archive) => self.take(path, bytes, whole, index),
            Ok(Kind::Elf(identity)) if identity.e_type == ET_REL => {
                self.take(path, bytes, true, index);
            }
            Ok(Kind::Elf(_)) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                self.shared(&format!(":{name}"), &path)?;
            }
            // A script of the linker's, or something that only it knows.
            _ => {
                let asked_by = self.words[index].origin.of(&self.words[index].text).to_string();
                let words = vec![path.display().to_string()];
                self.resolved.link.push(LinkArgument::Flag { words, matters: true, asked_by });
            }
        }
        Ok(())
    }

    /// Makes an archive or object, which is for the target, a part of Go's archive.
    fn take(&mut self, path: PathBuf, bytes: Vec<u8>, whole: bool, index: usize) {
        if let Some(taken) = self.resolved.taken.iter_mut().find(|taken| taken.path == path) {
            taken.whole |= whole;
            return;
        }
        let asked_by = self.words[index].origin.of(&self.words[index].text);
        self.resolved.taken.push(Taken { path, bytes, whole, asked_by });
    }

    /// A library of which only the one file will do: rustc has to know where it lies.
    fn static_library(&mut self, file: &Path, name: &str) {
        let dir = file.parent().unwrap_or(Path::new("/")).to_owned();
        self.resolved.link.push(LinkArgument::SearchDirectory(dir));
        self.resolved.link.push(LinkArgument::StaticLibrary(name.to_owned()));
    }

    /// A shared object. rustc takes libraries by name, and one that is called `libx.so.1` has
    /// none: it gets one, by a link beside the results.
    fn shared(&mut self, name: &str, path: &Path) -> Result<()> {
        let Some(file) = name.strip_prefix(':') else {
            self.resolved.link.push(LinkArgument::Library(name.to_owned()));
            return Ok(());
        };
        let plain = plain_name(file).unwrap_or(file);
        let link = self.request.out_dir.join(format!("lib{plain}.so"));
        fs_err::remove_file(&link).ok();
        crate::overlay::symlink(path, &link)
            .map_err(|error| Box::new(Diagnostic::error(Code::Io, error.to_string())))?;
        self.resolved.link.push(LinkArgument::Library(plain.to_owned()));
        Ok(())
    }

    fn wrong_target(&self, attempt: &Attempt, index: usize) -> Box<Diagnostic> {
        let triple = self.request.target.triple;
        let asked_by = self.words[index].origin.of(&self.words[index].text);
        let message = format!("`{}` is not for `{triple}`", attempt.path.display());
        let tried = Try::new(format!("`{}`", attempt.path.display()), attempt.what.clone());
        Box::new(
            Diagnostic::error(Code::LibraryWrongTarget, message)
                .detail(format!("asked for by {asked_by}"))
                .tries([tried])
                .help(format!(
                    "name one for each target: `#cgo {},{} LDFLAGS: …`",
                    self.request.target.go.os, self.request.target.go.arch
                )),
        )
    }
}

/// A file that was looked at, and what it is.
struct Attempt {
    path: PathBuf,
    what: String,
}

/// The C++ libraries of GNU and of LLVM, and what they consist of.
const CXX_LIBRARIES: &[&str] = &["stdc++", "supc++", "c++", "c++abi"];

/// `ET_REL` (gABI, "ELF Header"): an object for the linker.
const ET_REL: u16 = 1;

/// `z` for `libz.so.1` and `libz.a`.
fn plain_name(file: &str) -> Option<&str> {
    let name = file.strip_prefix("lib")?;
    let end = name.find(".so").or_else(|| name.find(".a"))?;
    Some(&name[..end])
}

/// Go has relative paths start at the package; `${SRCDIR}` is put in already.
fn absolute(path: &Path, word: &Word<'_>, request: &Request<'_>) -> PathBuf {
    word.origin.directory().unwrap_or(request.package).join(path)
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn the_name_of_a_library_is_what_stands_behind_lib() {
        assert_eq!(plain_name("libz.so.1.2"), Some("z"));
        assert_eq!(plain_name("libstdc++.a"), Some("stdc++"));
        assert_eq!(plain_name("x.a"), None);
        assert_eq!(plain_name("libx"), None);
    }
}

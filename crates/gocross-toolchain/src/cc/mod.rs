//! Finds the C compiler of a target. It is probed, not trusted: a small object is
//! compiled and its ELF header compared with the target's row.
//!
//! The order is: what the user named (`CC_FOR_TARGET`, `CC_<triple>`, `TARGET_CC`), the
//! linker of cargo's configuration, `CC`, a GNU compiler in `PATH`, clang, zig. A compiler
//! that the user named for this target has to fit; the others may be passed over. A glibc
//! floor (`--target aarch64-unknown-linux-gnu.2.28`) leaves zig alone in the list.

mod archive_libc;
mod candidates;
mod companions;
mod language;
mod probe;
mod rooted;
pub(crate) mod wrapper;
mod zig;

use gocross_diagnostic::{Code, Diagnostic, Result, Try, hint};
use gocross_targets::{GlibcVersion, Target};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

use crate::sysroot::Sysroot;
use crate::{Cache, Env, Memo, OnStep, Step};
pub use archive_libc::links_statically;
use candidates::{Binding, Candidate, Place};
pub use language::{Cxx, CxxRuntime, Fortran, cxx, fortran, no_compiler};
use probe::{Failure, Language};
use rooted::Rooted;

/// A C compiler that was proven to build for a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CCompiler {
    /// The program, as a full path, and the arguments that belong to it.
    pub command: Vec<String>,
    /// Which family it is of.
    pub family: Family,
    /// The archiver that goes with it.
    pub ar: Option<PathBuf>,
    /// The C++ compiler that goes with it, a command like `command`. It is not proven to fit;
    /// [`cxx`] proves it.
    pub cxx: Option<Vec<String>>,
    /// The Fortran compiler in the same way; [`fortran`] proves it.
    pub fortran: Option<Vec<String>>,
    /// The folders of the C library's headers, without the compiler's own.
    pub include_dirs: Vec<PathBuf>,
    /// The C library's folder as the compiler knows it; none where that is `/`.
    pub sysroot: Option<PathBuf>,
    /// The sysroot that the user named, or that the command names.
    pub root: Option<Sysroot>,
    /// The words at the end of `command` that make the compiler use `root`.
    pub sysroot_words: Vec<String>,
    /// What named it: a variable, a configuration key or a search.
    pub origin: String,
    /// The whole search.
    pub tries: Vec<Try>,
}

/// The families of C compilers, which differ in their arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Family {
    /// GNU C.
    Gcc,
    /// clang, or a compiler built on it.
    Clang,
}

/// What is asked: a compiler for which target.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    /// The target's row.
    pub target: &'static Target,
    /// The oldest glibc that the result is to run with.
    pub glibc: Option<GlibcVersion>,
    /// The linker that cargo's configuration names for the target.
    pub linker: Option<&'a str>,
    /// Whether the target is the machine that this runs on.
    pub native: bool,
    /// Where the scripts and C libraries of zig go; without it zig is left out.
    pub cache: Option<&'a Cache>,
    /// The sysroot that the user named; see [`crate::sysroot::named`].
    pub sysroot: Option<&'a Path>,
    /// Told of steps that take long.
    pub on_step: OnStep<'a>,
}

impl std::fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Query").field("target", &self.target.triple).finish_non_exhaustive()
    }
}

impl CCompiler {
    /// The command in one line, quoted for a shell.
    #[must_use]
    pub fn command_line(&self) -> String {
        join(&self.command)
    }

    /// The command as Go reads `CC`, where Go can: a word is plain or stands in quotes of one kind
    /// as a whole, and there are no escapes (`cmd/internal/quoted` in Go's sources).
    #[must_use]
    pub fn go_command_line(&self) -> Option<String> {
        go_line(&self.command)
    }

    /// The C++ command in one line.
    #[must_use]
    pub fn cxx_command_line(&self) -> Option<String> {
        self.cxx.as_deref().map(join)
    }

    /// The Fortran command in one line.
    #[must_use]
    pub fn fortran_command_line(&self) -> Option<String> {
        self.fortran.as_deref().map(join)
    }

    /// The command without what the sysroot adds to it.
    fn base_words(&self) -> &[String] {
        &self.command[..self.command.len() - self.sysroot_words.len()]
    }

    /// The command as one program, for cargo's `linker` and others who take no arguments.
    ///
    /// # Errors
    ///
    /// [`Code::Io`] where the cache cannot hold a script for it.
    pub fn program(&self, cache: &Cache) -> Result<PathBuf> {
        let name = match self.family {
            Family::Gcc => "gcc",
            Family::Clang => "clang",
        };
        wrapper::program(cache, &self.command, name)
    }

    /// [`CCompiler::clang_args`] in one line.
    #[must_use]
    pub fn clang_args_line(&self, target: &Target) -> String {
        join(&self.clang_args(target))
    }

    /// clang's arguments for reading the target's headers: target, header folders and macros.
    #[must_use]
    pub fn clang_args(&self, target: &Target) -> Vec<String> {
        let mut args = vec![format!("--target={}", target.clang_target)];
        if let Some(sysroot) = &self.sysroot {
            args.push(format!("--sysroot={}", sysroot.display()));
        }
        for dir in &self.include_dirs {
            args.push("-isystem".to_owned());
            args.push(dir.display().to_string());
        }
        // Without the macros of the command a header may say something else, or nothing.
        let is_macro = |word: &&String| word.starts_with("-D") || word.starts_with("-U");
        args.extend(self.command.iter().skip(1).filter(is_macro).cloned());
        args
    }
}

/// A command in one line, for those who split at spaces and know no quotes (the `cc` crate, which
/// takes what is a program as a whole for one): a script of the cache where that is not enough.
///
/// # Errors
///
/// [`Code::Io`] where the cache cannot hold the script.
pub fn plain_line(cache: &Cache, command: &[String], name: &str) -> Result<String> {
    if let [program] = command {
        return Ok(program.clone());
    }
    let splits = |c: char| c.is_whitespace() || matches!(c, '\'' | '"');
    if command.iter().any(|word| word.contains(splits)) {
        return Ok(wrapper::program(cache, command, name)?.display().to_string());
    }
    Ok(command.join(" "))
}

/// Words in one line. Quotes stand only where they must: Go, shells and bindgen read them,
/// the `cc` crate takes them for a part of the word.
fn join(words: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    let quoted = |word: &String| match shlex::try_quote(word) {
        Ok(quoted) if word.is_empty() || !word.chars().all(plain) => quoted.into_owned(),
        _ => word.clone(),
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// Words in one line as Go splits it; none where a word holds both kinds of quotes.
#[must_use]
pub fn go_line(words: &[String]) -> Option<String> {
    let quoted = |word: &String| {
        let is_split = |c: char| c.is_ascii_whitespace() || matches!(c, '\'' | '"');
        match (word.contains('\''), word.contains('"')) {
            (true, true) => None,
            (true, false) => Some(format!("\"{word}\"")),
            _ if word.is_empty() || word.contains(is_split) => Some(format!("'{word}'")),
            _ => Some(word.clone()),
        }
    };
    let words: Option<Vec<String>> = words.iter().map(quoted).collect();
    words.map(|words| words.join(" "))
}

/// Finds and probes the C compiler of a target.
///
/// # Errors
///
/// [`Code::CcMissing`], [`Code::CcWrongTarget`], [`Code::CcBroken`], each with the
/// whole search; those of [`Sysroot::read`].
pub fn find(env: &Env, memo: &Memo<'_>, query: &Query<'_>) -> Result<CCompiler> {
    // What is in a sysroot changes with each package that is unpacked there, so it is read anew
    // and is a part of the key.
    let root = query.sysroot.map(|dir| Sysroot::read(env, query.target, dir, query.cache));
    let root = root.transpose()?;
    let key = format!(
        "cc {} {:?} {} {:?} {:?} {root:?}",
        query.target.triple,
        query.glibc,
        query.native,
        query.linker,
        query.cache.map(Cache::root)
    );
    memo.get(env, &key, |env| search(env, query, root.as_ref()))
}

/// The compiler that a search would come to, without the proof that it fits: for a list of
/// all targets, where probing each would take minutes.
#[must_use]
pub fn glance(env: &Env, query: &Query<'_>) -> Option<String> {
    let gnu = format!("{}-gcc", query.target.gnu_prefix);
    candidates::list(env, query).into_iter().find_map(|place| match place {
        Place::Nothing(_) => None,
        // What is there for any target (`cc`, `clang`) says nothing about this one.
        Place::Command(candidate) => {
            let meant =
                candidate.binding == Binding::Demanded || candidate.words[0] == gnu || query.native;
            let found = meant && env.find_program(&candidate.words[0]).is_some();
            found.then(|| join(&candidate.words))
        }
        Place::Zig => zig::find(env, &mut Vec::new()).map(|_| "zig".to_owned()),
    })
}

/// A glibc floor and a compiler that the user named cannot both be had: only zig comes
/// with a glibc of any age.
fn floor_clash(env: &Env, query: &Query<'_>) -> Option<Box<Diagnostic>> {
    let glibc = query.glibc?;
    let name = candidates::demanding(query.target).find(|name| env.var(name).is_some())?;
    let message = format!("`{name}` names a compiler, and glibc {glibc} is asked for");
    Some(Box::new(
        Diagnostic::error(Code::GlibcSuffix, message)
            .detail("a program for an older glibc is built with zig, Go and C alike")
            .hint(hint!("unset {name}"))
            .help(format!("leave out the `.{glibc}` behind the target")),
    ))
}

fn search(env: &Env, query: &Query<'_>, root: Option<&Sysroot>) -> Result<CCompiler> {
    if let Some(clash) = floor_clash(env, query) {
        return Err(clash);
    }
    let mut tries = Vec::new();
    for place in candidates::list(env, query) {
        let candidate = match place {
            Place::Nothing(attempt) => {
                tries.push(attempt);
                continue;
            }
            Place::Command(candidate) => candidate,
            Place::Zig => match zig::candidate(env, query, &mut tries) {
                Some(candidate) => candidate,
                None => continue,
            },
        };
        if candidate.ar.is_some() {
            (query.on_step)(Step::ZigLibc { target: query.target });
        }
        let words = Rooted::new(env, &candidate.words, root, Family::Gcc).words();
        let probed = probe::probe(env, &words, query.target, Language::C, true);
        (query.on_step)(Step::End);
        match probed {
            Ok(probed) => {
                let outcome = format!("`{}`, {}", join(&candidate.words), probed.summary);
                tries.push(Try::new(candidate.what.clone(), outcome));
                return Ok(companions::complete(env, query, root, candidate, probed, tries));
            }
            Err(failure) => {
                let outcome = format!("`{}`, {}", join(&candidate.words), failure.summary());
                tries.push(Try::new(candidate.what.clone(), outcome));
                if candidate.binding == Binding::Demanded {
                    return Err(unfit(env, query, &candidate, &failure, tries));
                }
            }
        }
    }
    Err(missing(env, query, tries))
}

fn unfit(
    env: &Env,
    query: &Query<'_>,
    candidate: &Candidate,
    failure: &Failure,
    tries: Vec<Try>,
) -> Box<Diagnostic> {
    let triple = query.target.triple;
    let command = join(&candidate.words);
    let (code, message) = match failure {
        Failure::NotFound => (Code::CcMissing, format!("the C compiler `{command}` was not found")),
        Failure::Broken { .. } => {
            (Code::CcBroken, format!("the C compiler `{command}` cannot build a small program"))
        }
        Failure::WrongTarget { .. } => (
            Code::CcWrongTarget,
            format!("the C compiler `{command}` does not build for `{triple}`"),
        ),
    };
    let diagnostic = Diagnostic::error(code, message).detail(failure.detail()).tries(tries);
    Box::new(with_hints(diagnostic, env, query))
}

fn missing(env: &Env, query: &Query<'_>, tries: Vec<Try>) -> Box<Diagnostic> {
    let message = format!("no C compiler for `{}` was found", query.target.triple);
    let diagnostic = Diagnostic::error(Code::CcMissing, message).tries(tries);
    Box::new(with_hints(diagnostic, env, query))
}

fn with_hints(diagnostic: Diagnostic, env: &Env, query: &Query<'_>) -> Diagnostic {
    let target = query.target;
    let own = hint!("export CC_{}=/path/to/cc", target.env_suffix());
    let floor = query.glibc.map(|glibc| format!(".{glibc}")).unwrap_or_default();
    let triple = format!("{}{floor}", target.triple);
    let doctor = hint!("cargo gocross doctor --target {triple}");
    if query.glibc.is_some() {
        return diagnostic.hint(zig::install(env)).hint(doctor);
    }
    let packages = target.packages(query.native);
    let installed = if packages.is_empty() {
        diagnostic.hint(zig::install(env))
    } else if env.find_program("apt-get").is_some() {
        diagnostic.hint(hint!("apt install {}", packages.join(" ")))
    } else {
        diagnostic.help(format!(
            "install a C compiler for {}, such as `{}-gcc`",
            target.elf.machine_name, target.gnu_prefix
        ))
    };
    installed.hint(own).hint(doctor)
}

#[cfg(test)]
mod tests {
    use super::{go_line, join};

    #[test]
    fn go_gets_quotes_that_it_knows() {
        let line = |words: &[&str]| {
            go_line(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(line(&["/bin/cc", "-O", ""]).unwrap(), "/bin/cc -O ''");
        assert_eq!(line(&["/a b$c/é/cc"]).unwrap(), "'/a b$c/é/cc'");
        assert_eq!(line(&["/it's `a` $b/cc", "-m"]).unwrap(), "\"/it's `a` $b/cc\" -m");
        assert_eq!(line(&["/a\"b/cc"]).unwrap(), "'/a\"b/cc'");
        assert_eq!(line(&["/'\"/cc"]), None);
    }

    #[test]
    fn quotes_stand_only_where_a_word_would_fall_apart() {
        let words = ["/usr/bin/clang", "--target=a", "-Dx=a b", ""].map(str::to_owned);
        assert_eq!(join(&words), "/usr/bin/clang --target=a '-Dx=a b' ''");
    }
}

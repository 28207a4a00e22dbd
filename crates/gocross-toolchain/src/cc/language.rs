//! The compilers of C++ and Fortran for a target: found after the C compiler, whose command they
//! share as far as it says something of the target, and probed as it is.
//!
//! The order is: what the user named (`CXX_FOR_TARGET`, `CXX_<triple>`, `TARGET_CXX`), `CXX`, the
//! compiler that goes with the C compiler by name, a GNU compiler in `PATH`, clang. The host's
//! compiler is taken for the host alone. zig's is taken where zig is the C compiler too: what it
//! makes needs zig's own C++ library, which no other compiler links with.

use std::path::Path;

use gocross_diagnostic::{Code, Diagnostic, Result, Try, hint};
use gocross_targets::Target;
use serde::{Deserialize, Serialize};

use super::candidates::{Binding, Place, variable};
use super::probe::{Failure, Language, Probed, probe};
use super::{CCompiler, Family, Query, join, rooted, zig};
use crate::{Env, Memo, Step};

/// A C++ compiler that was proven to build for a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cxx {
    /// The program, as a full path, and the arguments that belong to it.
    pub command: Vec<String>,
    /// The C++ library that its programs need.
    pub runtime: CxxRuntime,
    /// What named it: a variable or a search.
    pub origin: String,
    /// The whole search.
    pub tries: Vec<Try>,
}

/// The C++ libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CxxRuntime {
    /// GNU's, `-lstdc++`.
    Libstdcxx,
    /// LLVM's, `-lc++`.
    Libcxx,
}

impl CxxRuntime {
    /// The name behind `-l`.
    #[must_use]
    pub const fn library(self) -> &'static str {
        match self {
            Self::Libstdcxx => "stdc++",
            Self::Libcxx => "c++",
        }
    }
}

impl Cxx {
    /// The command in one line, quoted for a shell and for Go's `CXX` alike.
    #[must_use]
    pub fn command_line(&self) -> String {
        join(&self.command)
    }
}

/// A Fortran compiler that was proven to build for a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fortran {
    /// The program, as a full path, and the arguments that belong to it.
    pub command: Vec<String>,
    /// What named it: a variable or a search.
    pub origin: String,
    /// The whole search.
    pub tries: Vec<Try>,
}

impl Fortran {
    /// The command in one line, quoted for a shell and for Go's `FC` alike.
    #[must_use]
    pub fn command_line(&self) -> String {
        join(&self.command)
    }
}

/// Finds and probes the C++ compiler that goes with a C compiler.
///
/// # Errors
///
/// [`Code::CxxMissing`], [`Code::CxxWrongTarget`], [`Code::CxxBroken`], each with the whole
/// search.
pub fn cxx(env: &Env, memo: &Memo<'_>, query: &Query<'_>, cc: &CCompiler) -> Result<Cxx> {
    let search = Search { query, cc, language: Language::Cxx };
    memo.get(env, &search.key(), |env| {
        let (command, origin, probed, tries) = search.run(env)?;
        Ok(Cxx { command, runtime: probed.runtime, origin, tries })
    })
}

/// Finds and probes the Fortran compiler that goes with a C compiler.
///
/// # Errors
///
/// [`Code::FcMissing`], [`Code::FcWrongTarget`], [`Code::FcBroken`], each with the whole search.
pub fn fortran(env: &Env, memo: &Memo<'_>, query: &Query<'_>, cc: &CCompiler) -> Result<Fortran> {
    let search = Search { query, cc, language: Language::Fortran };
    memo.get(env, &search.key(), |env| {
        let (command, origin, _, tries) = search.run(env)?;
        Ok(Fortran { command, origin, tries })
    })
}

/// A word to put where a compiler of C++ or Fortran has to be named and there is none for the
/// target: no program has that name, so that nobody takes the host's in silence.
#[must_use]
pub fn no_compiler(target: &Target, language: &str) -> String {
    format!("no-{}-compiler-for-{}", language.to_lowercase(), target.triple)
}

/// The command that a search would begin with, unproven: for those who compile C alone and have
/// to name a compiler all the same.
pub(super) fn glance(
    env: &Env,
    cc: &CCompiler,
    target: &Target,
    language: Language,
) -> Option<Vec<String>> {
    let mut words = variables(target, language)
        .iter()
        .find_map(|name| match named(env, target, name, language) {
            Place::Command(candidate) => Some(candidate.words),
            Place::Nothing(_) | Place::Zig => None,
        })
        .or_else(|| by_name(env, cc, language))?;
    if let Some(program) = env.find_program(&words[0]) {
        words[0] = program.display().to_string();
    }
    Some(rooted_words(&words, cc, language, cc.family))
}

/// The variables with which a user names a compiler for this target, best first.
fn variables(target: &Target, language: Language) -> [String; 4] {
    let name = variable_name(language);
    [
        format!("{name}_FOR_TARGET"),
        format!("{name}_{}", target.triple),
        format!("{name}_{}", target.env_suffix()),
        format!("TARGET_{name}"),
    ]
}

/// The compiler that a variable names. The word for no compiler is handed to build scripts.
fn named(env: &Env, target: &Target, name: &str, language: Language) -> Place {
    let none = no_compiler(target, language.as_str());
    match variable(env, name, Binding::Demanded) {
        Place::Command(candidate) if candidate.words == [none] => {
            Place::Nothing(Try::new(format!("`{name}`"), "none was found before"))
        }
        place => place,
    }
}

/// The variable for this language.
const fn variable_name(language: Language) -> &'static str {
    match language {
        Language::C => "CC",
        Language::Cxx => "CXX",
        Language::Fortran => "FC",
    }
}

/// The names of compilers: C's, and this language's.
const fn names(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::C => &[],
        Language::Cxx => &[("clang", "clang++"), ("gcc", "g++"), ("cc", "c++")],
        Language::Fortran => &[("clang", "flang"), ("gcc", "gfortran"), ("cc", "gfortran")],
    }
}

/// The compiler beside a C compiler, by the names that compilers have: `x-gcc-12` and
/// `x-g++-12`, `clang` and `clang++`, `cc` and `c++`.
fn by_name(env: &Env, cc: &CCompiler, language: Language) -> Option<Vec<String>> {
    let program = Path::new(&cc.command[0]);
    let name = program.file_name()?.to_str()?;
    let other = names(language).iter().find_map(|(c, other)| {
        name.rfind(c).map(|at| format!("{}{other}{}", &name[..at], &name[at + c.len()..]))
    })?;
    let path = env.find_program(program.with_file_name(other))?;
    let own = cc.base_words();
    Some(std::iter::once(path.display().to_string()).chain(own[1..].iter().cloned()).collect())
}

fn rooted_words(
    words: &[String],
    cc: &CCompiler,
    language: Language,
    family: Family,
) -> Vec<String> {
    // Words of an SDK's command name the sysroot already.
    let root = cc.root.as_ref().filter(|_| !cc.sysroot_words.is_empty());
    let mut words = rooted::for_language(words, root, family);
    if language == Language::Fortran {
        let is_header =
            |word: &String| word.starts_with("-isystem") || word.starts_with("-idirafter");
        words.retain(|word| !is_header(word));
    }
    words
}

/// A search for the compiler of a language.
struct Search<'a> {
    query: &'a Query<'a>,
    cc: &'a CCompiler,
    language: Language,
}

type Found = (Vec<String>, String, Probed, Vec<Try>);

impl Search<'_> {
    fn key(&self) -> String {
        let Query { target, glibc, native, .. } = self.query;
        let name = self.language.as_str();
        let line = self.cc.command_line();
        format!("{name} {} {glibc:?} {native} {line} {:?}", target.triple, self.cc.root)
    }

    fn run(&self, env: &Env) -> Result<Found> {
        let mut tries = Vec::new();
        for place in self.places(env) {
            let candidate = match place {
                Place::Nothing(attempt) => {
                    tries.push(attempt);
                    continue;
                }
                Place::Command(candidate) => candidate,
                Place::Zig => continue,
            };
            let family =
                if candidate.words[0].contains("clang") { Family::Clang } else { Family::Gcc };
            let words = rooted_words(&candidate.words, self.cc, self.language, family);
            // zig builds its C++ library for a first link, which takes a minute; it has one for
            // each target.
            let is_zig = zig::is_zig(&words[0]);
            if is_zig {
                (self.query.on_step)(Step::ZigLibc { target: self.query.target });
            }
            let probed = probe(env, &words, self.query.target, self.language, !is_zig);
            (self.query.on_step)(Step::End);
            let line = join(&candidate.words);
            match probed {
                Ok(probed) => {
                    let outcome = format!("`{line}`, {}", probed.summary);
                    tries.push(Try::new(candidate.what.clone(), outcome));
                    let mut command = vec![probed.program.display().to_string()];
                    command.extend_from_slice(&words[1..]);
                    return Ok((command, candidate.what, probed, tries));
                }
                Err(failure) => {
                    let outcome = format!("`{line}`, {}", failure.summary());
                    tries.push(Try::new(candidate.what.clone(), outcome));
                    if candidate.binding == Binding::Demanded {
                        return Err(self.unfit(env, &line, &failure, tries));
                    }
                }
            }
        }
        Err(self.missing(env, tries))
    }

    fn places(&self, env: &Env) -> Vec<Place> {
        let Query { target, native, glibc, .. } = *self.query;
        let name = self.language.as_str();
        let companion = match by_name(env, self.cc, self.language) {
            Some(words) => Place::offered("the C compiler's companion", words),
            None => Place::Nothing(Try::new("the C compiler's companion", "not there")),
        };
        if let Some(glibc) = glibc {
            let outcome = format!("not looked at: only zig can build for glibc {glibc}");
            return vec![Place::Nothing(Try::new("other compilers", outcome)), companion];
        }
        let variables = variables(target, self.language);
        let mut places: Vec<Place> =
            variables.iter().map(|name| named(env, target, name, self.language)).collect();
        // For a foreign target the plain variable may well name the host's compiler.
        let binding = if native { Binding::Demanded } else { Binding::Offered };
        places.push(variable(env, variable_name(self.language), binding));
        places.push(companion);
        if zig::is_zig(&self.cc.command[0]) {
            let outcome = format!("not looked at: C is built with zig, and {name} has to be too");
            places.push(Place::Nothing(Try::new("other compilers", outcome)));
            return places;
        }
        for words in self.searched(target, native) {
            places.push(Place::offered(format!("`{}` in `PATH`", words[0]), words));
        }
        places
    }

    /// The commands that are looked for in `PATH`.
    fn searched(&self, target: &Target, native: bool) -> Vec<Vec<String>> {
        let (gnu, host, clang) = match self.language {
            Language::Cxx => ("g++", "c++", Some("clang++")),
            _ => ("gfortran", "gfortran", None),
        };
        let clang =
            clang.map(|clang| vec![clang.to_owned(), format!("--target={}", target.clang_target)]);
        let host = native.then(|| vec![host.to_owned()]);
        let gnu = vec![format!("{}-{gnu}", target.gnu_prefix)];
        host.into_iter().chain([gnu]).chain(clang).collect()
    }

    fn unfit(&self, env: &Env, line: &str, failure: &Failure, tries: Vec<Try>) -> Box<Diagnostic> {
        let [missing, wrong, broken] = self.codes();
        let what = format!("the {} compiler `{line}`", self.language.as_str());
        let (code, message) = match failure {
            Failure::NotFound => (missing, format!("{what} was not found")),
            Failure::Broken { .. } => (broken, format!("{what} cannot build a small program")),
            Failure::WrongTarget { .. } => {
                (wrong, format!("{what} does not build for `{}`", self.query.target.triple))
            }
        };
        let diagnostic = Diagnostic::error(code, message).detail(failure.detail()).tries(tries);
        Box::new(self.with_hints(diagnostic, env))
    }

    fn missing(&self, env: &Env, tries: Vec<Try>) -> Box<Diagnostic> {
        let (name, triple) = (self.language.as_str(), self.query.target.triple);
        let message = format!("no {name} compiler for `{triple}` was found");
        Box::new(self.with_hints(Diagnostic::error(self.codes()[0], message).tries(tries), env))
    }

    const fn codes(&self) -> [Code; 3] {
        match self.language {
            Language::C => [Code::CcMissing, Code::CcWrongTarget, Code::CcBroken],
            Language::Cxx => [Code::CxxMissing, Code::CxxWrongTarget, Code::CxxBroken],
            Language::Fortran => [Code::FcMissing, Code::FcWrongTarget, Code::FcBroken],
        }
    }

    fn with_hints(&self, diagnostic: Diagnostic, env: &Env) -> Diagnostic {
        let Query { target, native, .. } = *self.query;
        let (gnu, path) = match self.language {
            Language::Cxx => ("g++", "c++"),
            _ => ("gfortran", "gfortran"),
        };
        let package = target.debian_compiler(gnu, native);
        let mut diagnostic = diagnostic;
        if let Some(package) = package.filter(|_| env.find_program("apt-get").is_some()) {
            diagnostic = diagnostic.hint(hint!("apt install {package}"));
        }
        let name = variable_name(self.language);
        diagnostic
            .hint(hint!("export {name}_{}=/path/to/{path}", target.env_suffix()))
            .hint(hint!("cargo gocross doctor --target {}", target.triple))
    }
}

#[cfg(test)]
mod tests;

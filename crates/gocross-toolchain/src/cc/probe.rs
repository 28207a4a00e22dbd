//! Compiles and links a small program with a compiler and looks at what came out.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use gocross_elf::{Identity, Symbols};
use gocross_targets::{Libc, Target};

use super::Family;
use crate::machine::{describe, fits};
use crate::{Env, first_lines, run};

/// A language, and the program with which its compilers are probed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// C.
    C,
    /// C++.
    Cxx,
    /// Fortran.
    Fortran,
}

impl Language {
    /// The language as people write it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::C => "C",
            Self::Cxx => "C++",
            Self::Fortran => "Fortran",
        }
    }

    const fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::C => ("probe.c", SOURCE),
            Self::Cxx => ("probe.cpp", SOURCE_CXX),
            Self::Fortran => ("probe.f90", SOURCE_FORTRAN),
        }
    }

    /// Whether the compiler tells the C library and the float ABI in names of symbols.
    const fn tells_macros(self) -> bool {
        !matches!(self, Self::Fortran)
    }
}

/// What the compiler says of itself goes into the names of symbols: the object is read
/// and never run, so it may be for any machine.
const SOURCE: &str = "\
#include <stdlib.h>
#include <pthread.h>
#if defined(__GLIBC__)
int gocross_probe_libc_gnu = 1;
#endif
#if defined(__clang__)
int gocross_probe_clang = 1;
#endif
#if (defined(__arm__) && !defined(__ARM_PCS_VFP)) || defined(__mips_soft_float) \\
    || defined(__riscv_float_abi_soft)
int gocross_probe_soft_float = 1;
#endif
int main(void) { void *p = malloc(1); free(p); return (int)(pthread_self() == 0); }
";

/// The same for C++, with what a link needs of the C++ library: exceptions and streams. Names
/// in a `extern "C"` block are not mangled; which C++ library it is stands in its own macros
/// (<https://gcc.gnu.org/onlinedocs/libstdc++/manual/using_macros.html>, libc++'s `__config`).
const SOURCE_CXX: &str = "\
#include <cstdlib>
#include <iostream>
#include <stdexcept>
extern \"C\" {
#if defined(__GLIBC__)
int gocross_probe_libc_gnu = 1;
#endif
#if defined(__clang__)
int gocross_probe_clang = 1;
#endif
#if defined(_LIBCPP_VERSION)
int gocross_probe_libcxx = 1;
#endif
#if (defined(__arm__) && !defined(__ARM_PCS_VFP)) || defined(__mips_soft_float) \\
    || defined(__riscv_float_abi_soft)
int gocross_probe_soft_float = 1;
#endif
}
int main() {
    try { throw std::runtime_error(\"probe\"); }
    catch (const std::exception &error) { std::cout << error.what() << std::endl; }
    return 0;
}
";

/// The same for Fortran, with what a link needs of its library.
const SOURCE_FORTRAN: &str = "\
program probe
  implicit none
  print *, 'probe'
end program probe
";

/// What a probe found out.
#[derive(Debug)]
pub(super) struct Probed {
    /// The full path of the program.
    pub(super) program: PathBuf,
    pub(super) family: Family,
    /// The C++ library; of no meaning for other languages.
    pub(super) runtime: super::CxxRuntime,
    /// For a person: what it builds.
    pub(super) summary: String,
}

/// Why a command is not a C compiler for the target.
#[derive(Debug)]
pub(super) enum Failure {
    /// No such program.
    NotFound,
    /// It does not compile or link; its own words.
    Broken { step: &'static str, output: String },
    /// It builds for another target.
    WrongTarget { builds: String, want: String },
}

impl Failure {
    /// One phrase, for a list of tries.
    pub(super) fn summary(&self) -> String {
        match self {
            Self::NotFound => "not there".to_owned(),
            Self::Broken { step, output } => {
                let first = output.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
                format!("cannot {step}: {}", first.trim())
            }
            Self::WrongTarget { builds, want } => format!("builds {builds}, want {want}"),
        }
    }

    /// The compiler's own words, where it said any.
    pub(super) fn detail(&self) -> String {
        match self {
            Self::Broken { output, .. } => first_lines(output, 12),
            Self::NotFound | Self::WrongTarget { .. } => String::new(),
        }
    }
}

/// Probes a command. `links`: whether a link is tried too.
pub(super) fn probe(
    env: &Env,
    words: &[String],
    target: &Target,
    language: Language,
    links: bool,
) -> Result<Probed, Failure> {
    let program = env.find_program(&words[0]).ok_or(Failure::NotFound)?;
    let arguments = &words[1..];
    let broken = |step, error: std::io::Error| Failure::Broken { step, output: error.to_string() };
    let folder = tempfile::tempdir().map_err(|error| broken("make a temporary folder", error))?;
    let (name, text) = language.source();
    let source = folder.path().join(name);
    fs_err::write(&source, text).map_err(|error| broken("write a temporary file", error))?;

    let object = folder.path().join("probe.o");
    let compile: [OsString; 4] = ["-c".into(), source.into(), "-o".into(), object.clone().into()];
    start(env, &program, arguments, &compile, "compile")?;
    let silent = "it ends well and writes no object file";
    let bytes = fs_err::read(&object)
        .map_err(|_| Failure::Broken { step: "compile", output: silent.to_owned() })?;
    let symbols = compare(&bytes, target, language)?;

    if links {
        let linked = folder.path().join("probe");
        let link: [OsString; 4] = [object.into(), "-o".into(), linked.into(), "-pthread".into()];
        start(env, &program, arguments, &link, "link")?;
    }
    let family = if symbols.defines("gocross_probe_clang") { Family::Clang } else { Family::Gcc };
    let runtime = if symbols.defines("gocross_probe_libcxx") {
        super::CxxRuntime::Libcxx
    } else {
        super::CxxRuntime::Libstdcxx
    };
    let summary = format!("builds for {}", target.elf.machine_name);
    Ok(Probed { program, family, runtime, summary })
}

fn start(
    env: &Env,
    program: &Path,
    arguments: &[String],
    more: &[OsString],
    step: &'static str,
) -> Result<(), Failure> {
    let args = arguments.iter().map(OsString::from).chain(more.iter().cloned());
    match run(env, program, args, &[("LC_ALL", "C".as_ref())]) {
        Ok(output) if output.success => Ok(()),
        Ok(output) => Err(Failure::Broken {
            step,
            output: if output.stderr.trim().is_empty() { output.status } else { output.stderr },
        }),
        Err(error) => Err(Failure::Broken { step: "start", output: error.to_string() }),
    }
}

/// Compares the object with the row; its symbols are returned where it fits.
fn compare(bytes: &[u8], target: &Target, language: Language) -> Result<Symbols, Failure> {
    let unreadable = |error: gocross_elf::ReadError| Failure::WrongTarget {
        builds: error.to_string(),
        want: target.elf.machine_name.to_owned(),
    };
    let identity = Identity::parse(bytes).map_err(unreadable)?;
    let symbols = Symbols::read(bytes).map_err(unreadable)?;
    let builds = describe(&identity, target);
    let want = format!(
        "{}{}",
        target.elf.machine_name,
        if identity.machine == target.elf.machine { " as the target has it" } else { "" }
    );
    if !fits(&identity, target) {
        return Err(Failure::WrongTarget { builds, want });
    }
    if !language.tells_macros() {
        return Ok(symbols);
    }
    let gnu = symbols.defines("gocross_probe_libc_gnu");
    if gnu != (target.libc == Libc::Gnu) {
        let builds = if gnu { "for glibc" } else { "for another C library" };
        return Err(Failure::WrongTarget {
            builds: builds.to_owned(),
            want: target.libc.as_str().to_owned(),
        });
    }
    let soft = symbols.defines("gocross_probe_soft_float");
    if soft != target.elf.soft_float {
        let words = |soft| if soft { "soft float" } else { "hard float" }.to_owned();
        return Err(Failure::WrongTarget {
            builds: words(soft),
            want: words(target.elf.soft_float),
        });
    }
    Ok(symbols)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env() -> Env {
        Env::of_process().unwrap()
    }

    fn row(triple: &str) -> &'static Target {
        gocross_targets::find(triple).unwrap()
    }

    fn words(command: &str) -> Vec<String> {
        command.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_hosts_compiler_builds_for_the_host_and_for_no_other_machine() {
        let host = row("x86_64-unknown-linux-gnu");
        if !cfg!(target_arch = "x86_64") {
            return;
        }
        let probed = probe(&env(), &words("cc"), host, Language::C, true).unwrap();
        assert!(probed.program.is_absolute());
        let foreign = row("aarch64-unknown-linux-gnu");
        let failure = probe(&env(), &words("cc"), foreign, Language::C, true).unwrap_err();
        assert_eq!(failure.summary(), "builds ELF x86-64, want AArch64");
    }

    #[test]
    fn arguments_belong_to_the_command() {
        if !cfg!(target_arch = "x86_64") {
            return;
        }
        let host = row("x86_64-unknown-linux-gnu");
        let failure =
            probe(&env(), &words("cc -no-such-argument"), host, Language::C, true).unwrap_err();
        assert!(failure.summary().starts_with("cannot compile: "), "{}", failure.summary());
    }

    #[test]
    fn a_program_that_is_no_compiler_and_a_missing_one() {
        let target = row("x86_64-unknown-linux-gnu");
        let missing =
            probe(&env(), &words("gocross-no-such-cc"), target, Language::C, true).unwrap_err();
        assert_eq!(missing.summary(), "not there");
        let mute = probe(&env(), &words("/bin/true"), target, Language::C, true).unwrap_err();
        assert!(mute.summary().starts_with("cannot compile: "), "{}", mute.summary());
    }
}

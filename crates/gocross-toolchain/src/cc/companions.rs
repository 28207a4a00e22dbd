//! What goes with a C compiler: archiver, C++ compiler, header folders, sysroot.

use std::path::{Path, PathBuf};

use gocross_diagnostic::Try;
use gocross_targets::Target;

use super::candidates::Candidate;
use super::probe::Probed;
use super::{CCompiler, Family};
use crate::{Env, run};

/// Completes a compiler that was probed.
pub(super) fn complete(
    env: &Env,
    target: &Target,
    candidate: Candidate,
    probed: Probed,
    tries: Vec<Try>,
) -> CCompiler {
    let mut command = vec![probed.program.display().to_string()];
    command.extend_from_slice(&candidate.words[1..]);
    CCompiler {
        ar: candidate.ar.or_else(|| archiver(env, target, &command, probed.family)),
        cxx: cxx(env, target, &command),
        include_dirs: include_dirs(env, &command),
        sysroot: sysroot(env, &command),
        family: probed.family,
        origin: candidate.what,
        command,
        tries,
    }
}

/// Asks the compiler a question that it answers with one line.
pub(super) fn ask(env: &Env, command: &[String], question: &str) -> Option<String> {
    let args = command[1..].iter().map(String::as_str).chain([question]);
    let output = run(env, Path::new(&command[0]), args, &[]).ok()?;
    let answer = output.stdout.trim();
    (output.success && !answer.is_empty()).then(|| answer.to_owned())
}

fn archiver(env: &Env, target: &Target, command: &[String], family: Family) -> Option<PathBuf> {
    let named = [
        format!("AR_{}", target.triple),
        format!("AR_{}", target.env_suffix()),
        "TARGET_AR".to_owned(),
    ];
    let own = match family {
        Family::Gcc => ask(env, command, "-print-prog-name=ar"),
        Family::Clang => ask(env, command, "-print-prog-name=llvm-ar"),
    };
    let named = named.iter().find_map(|name| env.var(name));
    let searched = [format!("{}-ar", target.gnu_prefix), "llvm-ar".to_owned()];
    named.into_iter().chain(own).chain(searched).find_map(|name| env.find_program(name))
}

/// The C++ compiler beside a C compiler, by the names that compilers have:
/// `x-gcc-12` and `x-g++-12`, `clang` and `clang++`, `cc` and `c++`.
fn cxx(env: &Env, target: &Target, command: &[String]) -> Option<Vec<String>> {
    let named = [format!("CXX_{}", target.triple), format!("CXX_{}", target.env_suffix())];
    if let Some(value) = named.iter().find_map(|name| env.var(name)) {
        return shlex::split(&value).filter(|words| !words.is_empty());
    }
    let program = Path::new(&command[0]);
    let name = program.file_name()?.to_str()?;
    let cxx_name = [("clang", "clang++"), ("gcc", "g++"), ("cc", "c++")].into_iter().find_map(
        |(c, cxx)| name.rfind(c).map(|at| format!("{}{cxx}{}", &name[..at], &name[at + c.len()..])),
    )?;
    let path = env.find_program(program.with_file_name(cxx_name))?;
    let mut cxx = vec![path.display().to_string()];
    cxx.extend_from_slice(&command[1..]);
    Some(cxx)
}

/// The folders that the compiler searches for `#include <…>`, as it prints them itself.
///
/// Its own headers (`stddef.h`, `arm_neon.h`) are left out: whoever uses the list has
/// a compiler of its own, and brings those.
fn include_dirs(env: &Env, command: &[String]) -> Vec<PathBuf> {
    let args = command[1..].iter().map(String::as_str).chain(["-E", "-v", "-x", "c", "/dev/null"]);
    let Ok(output) = run(env, Path::new(&command[0]), args, &[("LC_ALL", "C".as_ref())]) else {
        return Vec::new();
    };
    output
        .stderr
        .lines()
        .skip_while(|line| !line.starts_with("#include <...>"))
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .map(|line| PathBuf::from(line.trim()))
        .filter(|dir| !is_compilers_own(dir))
        .map(|dir| fs_err::canonicalize(&dir).unwrap_or(dir))
        .collect()
}

fn is_compilers_own(dir: &Path) -> bool {
    let folders: Vec<_> = dir.components().map(|part| part.as_os_str()).collect();
    let own = ["gcc", "gcc-cross", "clang"];
    // `/usr/lib/gcc-cross/aarch64-linux-gnu/12/include` is GCC's own, but
    // `…/12/../../../../aarch64-linux-gnu/include` is the C library's.
    dir.ends_with("include")
        && !folders.iter().any(|part| *part == "..")
        && folders.iter().any(|part| own.iter().any(|own| part == own))
}

fn sysroot(env: &Env, command: &[String]) -> Option<PathBuf> {
    let answer = PathBuf::from(ask(env, command, "-print-sysroot")?);
    (answer != Path::new("/") && env.is_dir(&answer)).then_some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compilers_own_headers_are_told_from_the_c_librarys() {
        for own in [
            "/usr/lib/gcc-cross/aarch64-linux-gnu/12/include",
            "/usr/lib/gcc/x86_64-linux-gnu/12/include",
            "/usr/lib/llvm-14/lib/clang/14.0.6/include",
        ] {
            assert!(is_compilers_own(Path::new(own)), "{own}");
        }
        for other in [
            "/usr/aarch64-linux-gnu/include",
            "/usr/lib/gcc-cross/aarch64-linux-gnu/12/../../../../aarch64-linux-gnu/include",
            "/usr/include/x86_64-linux-gnu",
            "/usr/include",
        ] {
            assert!(!is_compilers_own(Path::new(other)), "{other}");
        }
    }

    #[test]
    fn the_c_plus_plus_compiler_has_the_name_of_its_c_compiler() {
        let dir = tempfile::tempdir().unwrap();
        let target = gocross_targets::find("aarch64-unknown-linux-gnu").unwrap();
        let env = Env::new([("PATH", dir.path())], "/");
        for (c, cxx_name) in [("a-gcc-12", "a-g++-12"), ("clang-14", "clang++-14"), ("cc", "c++")] {
            let c = dir.path().join(c).display().to_string();
            assert_eq!(cxx(&env, target, std::slice::from_ref(&c)), None);
            let expected = dir.path().join(cxx_name);
            fs_err::copy("/bin/sh", &expected).unwrap();
            assert_eq!(
                cxx(&env, target, &[c, "-m32".to_owned()]),
                Some(vec![expected.display().to_string(), "-m32".to_owned()])
            );
        }
    }
}

//! What goes with a C compiler: archiver, compilers of other languages, header folders, sysroot.

use std::path::{Path, PathBuf};

use gocross_diagnostic::Try;
use gocross_targets::Target;

use super::candidates::Candidate;
use super::probe::{Language, Probed};
use super::rooted::{self, Rooted};
use super::{CCompiler, Family, Query, language, zig};
use crate::sysroot::Sysroot;
use crate::{Env, run};

/// Completes a compiler that was probed.
pub(super) fn complete(
    env: &Env,
    query: &Query<'_>,
    root: Option<&Sysroot>,
    candidate: Candidate,
    probed: Probed,
    tries: Vec<Try>,
) -> CCompiler {
    let target = query.target;
    let program = probed.program.display().to_string();
    let rooted = Rooted::new(env, &candidate.words, root, probed.family);
    let words = rooted.words();
    let command: Vec<String> = std::iter::once(program).chain(words[1..].iter().cloned()).collect();
    let named = rooted::named_in(&candidate.words).map(|dir| env.current_dir().join(dir));
    let root =
        root.cloned().or_else(|| rooted::of_command(env, target, named.as_deref(), query.cache));
    // The compiler of an SDK knows its directories, and not the links in them that lead out.
    let mut command = command;
    if rooted.added.is_empty()
        && let Some(links) = root.as_ref().and_then(Sysroot::repaired_links)
    {
        let flag = format!("-L{}", links.display());
        if !command.contains(&flag) {
            command.push(flag);
        }
    }
    // zig keeps its own C library, whatever lies in the sysroot.
    let has_libc = |root: &&Sysroot| root.libc.is_some() && !zig::is_zig(&command[0]);
    let own = root.as_ref().filter(has_libc).map(|root| root.dir.clone());
    let mut cc = CCompiler {
        ar: candidate.ar.or_else(|| archiver(env, target, &command, probed.family)),
        cxx: None,
        fortran: None,
        include_dirs: include_dirs(env, &command),
        sysroot: own.or_else(|| sysroot(env, &command)),
        family: probed.family,
        origin: candidate.what,
        sysroot_words: rooted.added,
        root,
        command,
        tries,
    };
    cc.cxx = language::glance(env, &cc, target, Language::Cxx);
    cc.fortran = language::glance(env, &cc, target, Language::Fortran);
    cc
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

/// The folders that the compiler searches for `#include <…>`, as it prints them itself.
///
/// Its own headers (`stddef.h`, `arm_neon.h`) are left out: whoever uses the list has
/// a compiler of its own, and brings those.
pub(super) fn include_dirs(env: &Env, command: &[String]) -> Vec<PathBuf> {
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
}

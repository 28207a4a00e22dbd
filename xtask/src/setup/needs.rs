//! What the project needs on Debian and Ubuntu: a table, one const row each.

use gocross_targets::Target;

use super::scope::{Audience, Scope};

/// One thing, why, how to recognise it, and the packages that bring it.
#[derive(Debug)]
pub(super) struct Need {
    pub(super) what: String,
    pub(super) why: String,
    /// All of these must be there.
    pub(super) signs: Vec<Sign>,
    pub(super) packages: Vec<String>,
}

/// A sign that a thing is installed.
#[derive(Debug, Clone)]
pub(super) enum Sign {
    /// A program on PATH.
    Program(String),
    /// A file; `*` stands for any part of one name.
    File(String),
    /// libclang, where the user's own `LIBCLANG_PATH` may point as well.
    Libclang,
}

/// A row of [`FIXED`].
struct Row {
    what: &'static str,
    why: &'static str,
    programs: &'static [&'static str],
    files: &'static [&'static str],
    packages: &'static [&'static str],
    audience: Audience,
}

/// What is needed whatever the target.
const FIXED: &[Row] = &[
    Row {
        what: "host C compiler",
        why: "links Rust's build scripts; cgo's compiler for the host",
        programs: &["cc", "gcc"],
        files: &["/usr/include/stdio.h"],
        packages: &["gcc", "libc6-dev"],
        audience: Audience::Builds,
    },
    Row {
        what: "git",
        why: "`cargo xtask tidy` asks it for the files of the project",
        programs: &["git"],
        files: &[],
        packages: &["git"],
        audience: Audience::Tests,
    },
    Row {
        what: "host C++ compiler",
        why: "the tests compare it with that of each target",
        programs: &["g++"],
        files: &[],
        packages: &["g++"],
        audience: Audience::Tests,
    },
    Row {
        what: "pkg-config",
        why: "build scripts and cgo packages ask it for libraries",
        programs: &["pkg-config"],
        files: &[],
        packages: &["pkg-config"],
        audience: Audience::Tests,
    },
    Row {
        what: "zlib",
        why: "a library of this machine's for the tests of `#cgo pkg-config`",
        programs: &[],
        files: &["/usr/include/zlib.h"],
        packages: &["zlib1g-dev"],
        audience: Audience::Tests,
    },
    Row {
        what: "openssl",
        why: "the reference that the SM4 example is compared with",
        programs: &["openssl"],
        files: &[],
        packages: &["openssl"],
        audience: Audience::Builds,
    },
    Row {
        what: "LLVM 22's disassembler",
        why: "the tests compare instructions with it; older ones do not know RISC-V's cryptography",
        programs: &["llvm-mc-22", "llvm-objdump-22"],
        files: &[],
        packages: &["llvm-22"],
        audience: Audience::Tests,
    },
    Row {
        what: "musl",
        why: "the loader of programs that are linked with musl dynamically, for a test",
        programs: &[],
        files: &["/lib/ld-musl-*.so.1"],
        packages: &["musl"],
        audience: Audience::Tests,
    },
];

/// All rows: the fixed ones, libclang, then those that the targets in scope ask for.
pub(super) fn of(scope: &Scope) -> Vec<Need> {
    let mut needs: Vec<Need> =
        FIXED.iter().filter(|row| scope.is_for(row.audience)).map(fixed).collect();
    needs.push(Need {
        what: "libclang".to_owned(),
        why: "bindgen reads the C header of a Go archive with it".to_owned(),
        signs: vec![Sign::Libclang],
        packages: vec!["libclang-dev".to_owned()],
    });
    needs.extend(scope.cross_compiled().map(compiler));
    if scope.is_for(Audience::Tests) {
        needs.extend(scope.cross_compiled().filter_map(cxx_compiler));
    }
    needs.extend(emulators(scope));
    needs
}

fn fixed(row: &Row) -> Need {
    let programs = row.programs.iter().map(|name| Sign::Program((*name).to_owned()));
    let files = row.files.iter().map(|path| Sign::File((*path).to_owned()));
    Need {
        what: row.what.to_owned(),
        why: row.why.to_owned(),
        signs: programs.chain(files).collect(),
        packages: row.packages.iter().map(|&name| name.to_owned()).collect(),
    }
}

fn compiler(row: &Target) -> Need {
    Need {
        what: format!("C compiler and libc for {}", row.triple),
        why: "cgo's compiler and Rust's linker for the target".to_owned(),
        signs: vec![
            Sign::Program(format!("{}-gcc", row.gnu_prefix)),
            Sign::File(format!("{}/include/stdio.h", row.debian_sysroot())),
        ],
        packages: row.debian_packages.iter().map(|&name| name.to_owned()).collect(),
    }
}

fn cxx_compiler(row: &Target) -> Option<Need> {
    Some(Need {
        what: format!("C++ compiler for {}", row.triple),
        why: "cgo packages and build scripts with C++ in them".to_owned(),
        signs: vec![Sign::Program(format!("{}-g++", row.gnu_prefix))],
        packages: vec![row.debian_compiler("g++", false)?],
    })
}

/// One row a program, whichever C libraries it runs programs of.
fn emulators(scope: &Scope) -> Vec<Need> {
    let mut programs: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in scope.emulated() {
        let program = row.qemu.program;
        match programs.iter_mut().find(|(name, _)| *name == program) {
            Some((_, triples)) => triples.push(row.triple),
            None => programs.push((program, vec![row.triple])),
        }
    }
    let need = |(program, triples): (&str, Vec<&str>)| Need {
        what: program.to_owned(),
        why: format!("runs programs for {} on this machine", triples.join(", ")),
        signs: vec![Sign::Program(program.to_owned())],
        packages: vec!["qemu-user".to_owned()],
    };
    programs.into_iter().map(need).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_need_has_a_sign_a_package_and_a_reason() {
        for need in of(&Scope::ci()) {
            assert!(!need.signs.is_empty(), "{need:?}");
            assert!(!need.packages.is_empty(), "{need:?}");
            assert!(!need.why.is_empty(), "{need:?}");
        }
    }

    #[test]
    fn nothing_is_needed_twice() {
        let mut names: Vec<String> = of(&Scope::ci()).into_iter().map(|need| need.what).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn the_demo_asks_for_nothing_that_only_tests_need() {
        let names = |scope: &Scope| -> Vec<String> {
            of(scope).into_iter().map(|need| need.what).collect()
        };
        let triple = "riscv64gc-unknown-linux-gnu";
        let (demo, tests) = (names(&Scope::demo(triple)), names(&Scope::named(&[triple])));
        let only_tests: Vec<_> = tests.iter().filter(|name| !demo.contains(name)).collect();
        let cxx = format!("C++ compiler for {triple}");
        let expected = [
            "git",
            "host C++ compiler",
            "pkg-config",
            "zlib",
            "LLVM 22's disassembler",
            "musl",
            &cxx,
        ];
        assert_eq!(only_tests, expected);
        assert!(demo.iter().all(|name| tests.contains(name)), "{demo:?}");
    }

    #[test]
    fn an_emulator_says_for_which_targets_it_is() {
        let rows = ["mipsel-unknown-linux-gnu", "mipsel-unknown-linux-musl"];
        let needs = emulators(&Scope::named(&rows));
        assert_eq!(needs.len(), 1);
        assert!(rows.iter().all(|row| needs[0].why.contains(row)), "{needs:?}");
    }
}

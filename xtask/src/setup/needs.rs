//! What the project needs on Debian and Ubuntu: a table, one const row each.

use gocross_targets::{TARGETS, Target, Tier};

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
}

/// What is needed whatever the target.
const FIXED: &[Row] = &[
    Row {
        what: "host C compiler",
        why: "links Rust's build scripts; cgo's compiler for the host",
        programs: &["cc", "gcc"],
        files: &["/usr/include/stdio.h"],
        packages: &["gcc", "libc6-dev"],
    },
    Row {
        what: "git",
        why: "`cargo xtask tidy` asks it for the files of the project",
        programs: &["git"],
        files: &[],
        packages: &["git"],
    },
    Row {
        what: "openssl",
        why: "the reference that the SM4 example is compared with",
        programs: &["openssl"],
        files: &[],
        packages: &["openssl"],
    },
];

/// The targets that CI builds and runs, apart from this machine's own.
pub(super) fn foreign_targets() -> impl Iterator<Item = &'static Target> {
    TARGETS.iter().filter(|row| row.tier == Tier::Ci && row.rust_arch != std::env::consts::ARCH)
}

/// All rows: the fixed ones, libclang, then those that each foreign target asks for.
pub(super) fn all() -> Vec<Need> {
    let mut needs: Vec<Need> = FIXED.iter().map(fixed).collect();
    needs.push(Need {
        what: "libclang".to_owned(),
        why: "bindgen reads the C header of a Go archive with it".to_owned(),
        signs: vec![Sign::Libclang],
        packages: vec!["libclang-dev".to_owned()],
    });
    for row in foreign_targets() {
        needs.push(compiler(row));
        needs.push(emulator(row));
    }
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

fn emulator(row: &Target) -> Need {
    Need {
        what: row.qemu.program.to_owned(),
        why: format!("runs programs for {} on this machine", row.triple),
        signs: vec![Sign::Program(row.qemu.program.to_owned())],
        packages: vec!["qemu-user".to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_need_has_a_sign_a_package_and_a_reason() {
        for need in all() {
            assert!(!need.signs.is_empty(), "{need:?}");
            assert!(!need.packages.is_empty(), "{need:?}");
            assert!(!need.why.is_empty(), "{need:?}");
        }
    }

    #[test]
    fn the_host_is_no_foreign_target() {
        assert!(foreign_targets().all(|row| row.rust_arch != std::env::consts::ARCH));
    }
}

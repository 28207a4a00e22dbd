//! The tables of targets and of CPU models: one const row each, read by every other crate.
//!
//! The target triple is the only input of a build. Whatever else differs
//! between two targets (Go's names, the ELF header, the C library, the emulator)
//! is a column here, so that no other file asks "which architecture is this?".
//! The crate does no I/O and has no dependencies.

mod elf;
mod godebug;
mod model;
mod models;
mod releases;
mod row;
mod rows;
mod spec;

pub use godebug::cpu_features_of_go;
pub use model::{Cpu, Mask, Model, QemuRelease};
pub use models::MODELS;
pub use releases::{GO_RELEASES, OLDEST_GO};
pub use row::{CArchive, Class, Complex, Elf, Endian, Go, Libc, Qemu, Target, Tier};
pub use rows::TARGETS;
pub use spec::{GlibcVersion, Spec, SpecError};

/// The row of `triple`, where the table has one.
#[must_use]
pub fn find(triple: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|row| row.triple == triple)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_triple_is_there_once_and_the_table_is_sorted() {
        let triples: Vec<_> = TARGETS.iter().map(|row| row.triple).collect();
        let mut sorted = triples.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(triples, sorted);
    }

    #[test]
    fn find_knows_each_row_and_no_other_triple() {
        for row in TARGETS {
            assert_eq!(find(row.triple), Some(row));
        }
        assert_eq!(find("aarch64-unknown-linux"), None);
        assert_eq!(find(""), None);
    }

    #[test]
    fn a_program_runs_wherever_the_kernel_takes_its_instructions() {
        let row = |triple| find(triple).unwrap();
        let (gnu, musl) = (row("x86_64-unknown-linux-gnu"), row("x86_64-unknown-linux-musl"));
        assert!(musl.runs_on(gnu) && gnu.runs_on(musl) && gnu.runs_on(gnu));
        assert!(row("i686-unknown-linux-musl").runs_on(gnu));
        assert!(!gnu.runs_on(row("i686-unknown-linux-gnu")));
        assert!(!row("aarch64-unknown-linux-musl").runs_on(gnu));
    }

    #[test]
    fn the_machines_own_compiler_is_no_cross_compiler() {
        for row in TARGETS {
            let own = row.packages(true);
            match row.libc {
                Libc::Gnu => assert_eq!(own, ["gcc", "libc6-dev"], "{}", row.triple),
                Libc::Musl => assert!(own.is_empty(), "{}", row.triple),
            }
            for package in row.packages(false) {
                assert!(package.contains("-linux-gnu") || package.ends_with("-cross"), "{package}");
            }
        }
    }

    #[test]
    fn names_derived_from_the_triple_are_those_of_cargo_and_cc() {
        let row = find("aarch64-unknown-linux-gnu").unwrap();
        assert_eq!(row.env_suffix(), "aarch64_unknown_linux_gnu");
        assert_eq!(row.cargo_env("LINKER"), "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER");
    }
}

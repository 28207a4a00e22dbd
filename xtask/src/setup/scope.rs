//! Which rows of the table a set-up is for, what each of them asks of this machine, and who asks.

use gocross_diagnostic::{Hint, hint};
use gocross_targets::{Libc, TARGETS, Target, Tier};

/// What decides whether a target's programs are this machine's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Machine {
    arch: &'static str,
    libc: Libc,
}

impl Machine {
    /// The machine that this program was built for.
    const THIS: Self = Self {
        arch: std::env::consts::ARCH,
        libc: if cfg!(target_env = "musl") { Libc::Musl } else { Libc::Gnu },
    };
}

/// Who needs a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Audience {
    /// Whoever builds a project with Go in it, as the demo does.
    Builds,
    /// The project's own tests and checks, which need all that builds need.
    Tests,
}

/// The rows that are set up.
#[derive(Debug)]
pub(crate) struct Scope {
    audience: Audience,
    rows: Vec<&'static Target>,
    /// Whether the rows were chosen, for the command that says it again.
    chosen: bool,
    machine: Machine,
}

impl Scope {
    /// Every row that CI answers for.
    pub(crate) fn ci() -> Self {
        let rows = TARGETS.iter().filter(|row| row.tier == Tier::Ci).collect();
        Self { audience: Audience::Tests, rows, chosen: false, machine: Machine::THIS }
    }

    /// The rows with these names.
    pub(crate) fn named(triples: &[impl AsRef<str>]) -> Self {
        let is_named = |row: &&Target| triples.iter().any(|name| name.as_ref() == row.triple);
        let rows = TARGETS.iter().filter(is_named).collect();
        Self { audience: Audience::Tests, rows, chosen: true, machine: Machine::THIS }
    }

    /// The demo, on one row: a newcomer waits for nothing that only tests need.
    pub(crate) fn demo(triple: &str) -> Self {
        Self { audience: Audience::Builds, ..Self::named(&[triple]) }
    }

    /// Whether it is for somebody who needs what `audience` needs.
    pub(super) fn is_for(&self, audience: Audience) -> bool {
        self.audience >= audience
    }

    /// The set-up of these rows, as one would type it.
    pub(super) fn command(&self) -> Hint {
        hint!("cargo xtask {}", self.words())
    }

    /// The same with an option behind it.
    pub(super) fn command_with(&self, option: &str) -> Hint {
        hint!("cargo xtask {} {option}", self.words())
    }

    fn words(&self) -> String {
        if self.audience == Audience::Builds {
            return "demo".to_owned();
        }
        let rows = self.rows.iter().filter(|_| self.chosen);
        rows.fold("setup".to_owned(), |line, row| format!("{line} --target {}", row.triple))
    }

    /// The command that looks again whether all is there.
    pub(super) fn check_command(&self) -> Hint {
        match self.audience {
            // It looks by itself.
            Audience::Builds => self.command(),
            Audience::Tests => self.command_with("--check"),
        }
    }

    /// Whether it is for the tests of the whole table.
    pub(super) fn is_for_whole_table(&self) -> bool {
        self.is_for(Audience::Tests) && !self.chosen
    }

    /// All of them.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'static Target> {
        self.rows.iter().copied()
    }

    /// Rows whose programs do not run here by themselves.
    pub(super) fn emulated(&self) -> impl Iterator<Item = &'static Target> {
        self.rows.iter().copied().filter(|row| row.rust_arch != self.machine.arch)
    }

    /// Rows whose C compiler comes from Debian and is not the machine's own.
    pub(super) fn cross_compiled(&self) -> impl Iterator<Item = &'static Target> {
        self.emulated().filter(|row| !row.debian_packages.is_empty())
    }

    /// Rows for which Debian has no C compiler.
    pub(super) fn by_zig(&self) -> impl Iterator<Item = &'static Target> {
        self.rows.iter().copied().filter(|row| row.debian_packages.is_empty())
    }

    /// Rows for which the toolchain may lack Rust's std: all but the one it runs on itself.
    pub(super) fn without_own(&self) -> impl Iterator<Item = &'static Target> {
        let own =
            |row: &&Target| row.rust_arch == self.machine.arch && row.libc == self.machine.libc;
        self.rows.iter().copied().filter(move |row| !own(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of CI on a machine like most.
    fn on_x86_64(mut scope: Scope) -> Scope {
        scope.machine = Machine { arch: "x86_64", libc: Libc::Gnu };
        scope
    }

    fn triples(rows: impl Iterator<Item = &'static Target>) -> Vec<&'static str> {
        rows.map(|row| row.triple).collect()
    }

    #[test]
    fn the_machines_own_row_needs_nothing_of_its_own() {
        let scope = on_x86_64(Scope::named(&["x86_64-unknown-linux-gnu"]));
        assert_eq!(scope.rows.len(), 1);
        assert_eq!(scope.emulated().count(), 0);
        assert_eq!(scope.cross_compiled().count(), 0);
        assert_eq!(scope.by_zig().count(), 0);
        assert_eq!(scope.without_own().count(), 0);
    }

    #[test]
    fn the_machines_own_musl_row_needs_zig_and_std_and_no_emulator() {
        let musl = "x86_64-unknown-linux-musl";
        let scope = on_x86_64(Scope::named(&[musl]));
        assert_eq!(triples(scope.by_zig()), [musl]);
        assert_eq!(triples(scope.without_own()), [musl]);
        assert_eq!(scope.emulated().count(), 0);
        assert_eq!(scope.cross_compiled().count(), 0);
    }

    #[test]
    fn a_foreign_row_needs_a_compiler_an_emulator_and_std() {
        let gnu = "aarch64-unknown-linux-gnu";
        let scope = on_x86_64(Scope::named(&[gnu]));
        assert_eq!(triples(scope.emulated()), [gnu]);
        assert_eq!(triples(scope.cross_compiled()), [gnu]);
        assert_eq!(triples(scope.without_own()), [gnu]);
        assert_eq!(scope.by_zig().count(), 0);
    }

    #[test]
    fn every_row_of_ci_has_exactly_one_source_of_a_c_compiler() {
        let scope = on_x86_64(Scope::ci());
        let own = scope.rows.iter().filter(|row| row.triple == "x86_64-unknown-linux-gnu").count();
        assert_eq!(scope.cross_compiled().count() + scope.by_zig().count() + own, scope.rows.len());
    }

    #[test]
    fn the_command_names_the_rows_that_were_chosen() {
        assert_eq!(Scope::ci().command().as_str(), "cargo xtask setup");
        assert_eq!(
            Scope::named(&["mipsel-unknown-linux-gnu"]).command().as_str(),
            "cargo xtask setup --target mipsel-unknown-linux-gnu"
        );
        let demo = Scope::demo("mipsel-unknown-linux-gnu");
        assert_eq!(demo.command().as_str(), "cargo xtask demo");
        assert_eq!(demo.check_command().as_str(), "cargo xtask demo");
    }

    #[test]
    fn tests_need_what_builds_need_and_more() {
        let demo = Scope::demo("aarch64-unknown-linux-gnu");
        assert!(demo.is_for(Audience::Builds) && !demo.is_for(Audience::Tests));
        assert!(!demo.is_for_whole_table());
        let ci = Scope::ci();
        assert!(ci.is_for(Audience::Builds) && ci.is_for(Audience::Tests));
        assert!(ci.is_for_whole_table());
        assert!(!Scope::named(&["aarch64-unknown-linux-gnu"]).is_for_whole_table());
    }
}

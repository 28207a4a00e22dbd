//! `cargo xtask setup`: shows what the project needs and installs what is missing.

mod apt;
mod debian_roots;
mod golang;
mod look;
mod mirror;
mod needs;
mod newer_qemu;
mod releases;
mod rust_std;
mod scope;
mod zig;

use gocross_diagnostic::Hint;
use scope::Audience;
pub(crate) use scope::Scope;

use crate::cli::Setup;
use crate::failure::{Failure, Result};
use crate::plugin;
use crate::ui::{self, Mark};

/// One thing that the project needs, and whether it is there.
#[derive(Debug)]
pub(crate) struct Item {
    /// What it is.
    what: String,
    /// Where it was found, or why the project needs it.
    state: State,
    /// How to get it.
    cure: Cure,
}

/// Whether a thing is there.
#[derive(Debug)]
enum State {
    /// There, and where.
    There(String),
    /// Missing, and what for.
    Missing(String),
}

/// How a missing thing is had.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cure {
    /// Debian's packages.
    Apt(Vec<String>),
    /// zig, by Python's pip.
    Zig,
    /// Debian's packages for these architectures, unpacked.
    DebianRoots(Vec<&'static str>),
    /// These programs of a QEMU that is newer than the distribution's.
    NewerQemu(Vec<&'static str>),
    /// Our plugin for QEMU, by the C compiler.
    Plugin,
    /// Rust's standard library for this target, by a list of tries.
    RustStd(&'static str),
    /// These releases of Go, by `go` itself.
    GoReleases(Vec<&'static str>),
    /// By hand: the commands to choose from.
    ByHand(Vec<Hint>),
}

impl Item {
    fn is_missing(&self) -> bool {
        matches!(self.state, State::Missing(_))
    }
}

/// Runs `cargo xtask setup`.
pub(crate) fn run(args: &Setup) -> Result {
    let scope = if args.targets.is_empty() { Scope::ci() } else { Scope::named(&args.targets) };
    let items = survey(&scope);
    print(&items);
    if args.check {
        return verdict(&items, scope.command());
    }
    complete(items, args.yes, &scope)
}

/// Makes sure that all is there, for the verbs that need it: one line where nothing is missing.
pub(crate) fn ensure(yes: bool, scope: &Scope) -> Result {
    let items = survey(scope);
    if items.iter().any(Item::is_missing) {
        print(&items);
    }
    complete(items, yes, scope)
}

/// Everything that the targets in scope need, in the order in which it is told.
fn survey(scope: &Scope) -> Vec<Item> {
    let mut items: Vec<Item> = needs::of(scope).into_iter().map(look::at).collect();
    items.extend(zig::look(scope.by_zig()));
    if scope.is_for(Audience::Tests) {
        items.extend(newer_qemu::look(scope.rows()));
        items.extend(debian_roots::look(scope.emulated()));
        items.push(plugin_item());
    }
    items.push(golang::look());
    if scope.is_for_whole_table() {
        items.extend(releases::look());
    }
    items.extend(rust_std::look(scope.without_own()));
    items
}

/// What tells which of a program's instructions run.
fn plugin_item() -> Item {
    let state = plugin::find().map_or_else(
        || State::Missing("tells which instructions a self-test runs; `cargo xtask plugin`".into()),
        |path| State::There(path.display().to_string()),
    );
    Item { what: "plugin for QEMU".to_owned(), state, cure: Cure::Plugin }
}

fn print(items: &[Item]) {
    let cells: Vec<Vec<String>> = items
        .iter()
        .map(|item| {
            let (State::There(text) | State::Missing(text)) = &item.state;
            vec![item.what.clone(), text.clone()]
        })
        .collect();
    for (item, line) in items.iter().zip(ui::columns(&cells)) {
        let (mark, word) =
            if item.is_missing() { (Mark::Bad, "missing") } else { (Mark::Good, "there") };
        ui::marked(mark, word, line);
    }
}

/// Installs what is missing, then looks again.
fn complete(items: Vec<Item>, yes: bool, scope: &Scope) -> Result {
    let missing: Vec<Item> = items.into_iter().filter(Item::is_missing).collect();
    if missing.is_empty() {
        ui::note("setup: everything is there");
        return Ok(());
    }
    let plan = Plan::of(&missing);
    if !plan.is_empty() {
        if !yes && !plan.is_agreed()? {
            return verdict(&missing, scope.command_with("--yes"));
        }
        plan.carry_out()?;
    }
    let items = survey(scope);
    if !plan.is_empty() {
        print(&items);
    }
    verdict(&items, scope.check_command())
}

/// What will be installed: each way of installing is gone once, for all that it brings.
#[derive(Debug, Default, PartialEq, Eq)]
struct Plan {
    packages: Vec<String>,
    zig: bool,
    newer_qemu: Vec<&'static str>,
    debian_roots: Vec<&'static str>,
    plugin: bool,
    rust_std: Vec<&'static str>,
    go_releases: Vec<&'static str>,
}

impl Plan {
    fn of(missing: &[Item]) -> Self {
        let mut plan = Self::default();
        for item in missing {
            match &item.cure {
                Cure::Apt(packages) => plan.packages.extend(packages.iter().cloned()),
                Cure::Zig => plan.zig = true,
                Cure::Plugin => plan.plugin = true,
                Cure::NewerQemu(programs) => plan.newer_qemu.extend(programs),
                Cure::DebianRoots(names) => plan.debian_roots.extend(names),
                Cure::RustStd(triple) => plan.rust_std.push(triple),
                Cure::GoReleases(releases) => plan.go_releases.extend(releases),
                Cure::ByHand(_) => {}
            }
        }
        if plan.zig {
            plan.packages.extend(zig::packages().iter().map(|&name| name.to_owned()));
        }
        plan.packages.sort();
        plan.packages.dedup();
        plan
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn is_agreed(&self) -> Result<bool> {
        if !self.packages.is_empty() {
            ui::note(format!("to install: Debian packages {}", self.packages.join(" ")));
        }
        if self.zig {
            ui::note(format!("to install: zig: {}", zig::plan()));
        }
        if !self.newer_qemu.is_empty() {
            ui::note(format!("to install: {}", newer_qemu::plan()));
        }
        if !self.debian_roots.is_empty() {
            ui::note(format!("to fetch: {}", debian_roots::plan(&self.debian_roots)));
        }
        if self.plugin {
            ui::note("to build: our plugin for QEMU");
        }
        if !self.rust_std.is_empty() {
            ui::note(format!("to install: {}", rust_std::plan(&self.rust_std)));
        }
        if !self.go_releases.is_empty() {
            ui::note(format!("to install: {}", releases::plan(&self.go_releases)));
        }
        ui::agreed("install this?")
    }

    fn carry_out(&self) -> Result {
        if !self.packages.is_empty() {
            apt::install(&self.packages)?;
        }
        if self.zig {
            zig::install()?;
        }
        if !self.newer_qemu.is_empty() {
            newer_qemu::install(&self.newer_qemu)?;
        }
        debian_roots::install(&self.debian_roots)?;
        if self.plugin {
            plugin::build()?;
        }
        if !self.rust_std.is_empty() {
            rust_std::install(&self.rust_std)?;
        }
        releases::install(&self.go_releases)?;
        Ok(())
    }
}

/// Fails when something is missing, with the cure of each thing.
fn verdict(items: &[Item], again: Hint) -> Result {
    let missing: Vec<&Item> = items.iter().filter(|item| item.is_missing()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|item| item.what.as_str()).collect();
    let mut failure = Failure::new(format!("missing: {}", names.join(", ")));
    for item in missing {
        if let Cure::ByHand(commands) = &item.cure {
            failure.hints.extend(commands.iter().cloned());
        }
    }
    Err(failure.hint(again))
}

#[cfg(test)]
mod tests {
    use gocross_diagnostic::hint;

    use super::*;

    fn item(state: State, cure: Cure) -> Item {
        Item { what: "thing".to_owned(), state, cure }
    }

    #[test]
    fn a_missing_thing_is_named_with_its_cure() {
        let items = [
            item(State::There("/usr/bin/thing".to_owned()), Cure::Apt(vec!["thing".to_owned()])),
            item(State::Missing("for this".to_owned()), Cure::ByHand(vec![hint!("unset THAT")])),
        ];
        let failure = verdict(&items, hint!("cargo xtask setup")).unwrap_err();
        assert_eq!(failure.what, "missing: thing");
        assert_eq!(failure.hints, [hint!("unset THAT"), hint!("cargo xtask setup")]);
        assert!(verdict(&items[..1], hint!("cargo xtask setup")).is_ok());
    }

    #[test]
    fn the_demo_asks_for_no_emulator_of_cpu_models() {
        let names: Vec<String> = survey(&Scope::demo("aarch64-unknown-linux-gnu"))
            .into_iter()
            .map(|item| item.what)
            .collect();
        for tests in ["git", "LLVM 22's disassembler", "musl", "plugin for QEMU", "releases of Go"]
        {
            assert!(!names.iter().any(|name| name == tests), "{tests}: {names:?}");
        }
        assert!(!names.iter().any(|name| name.starts_with("qemu-aarch64 of")), "{names:?}");
        assert!(names.iter().any(|name| name == "openssl"), "{names:?}");
    }

    #[test]
    fn each_way_of_installing_is_gone_once() {
        let missing = |cure| item(State::Missing("for this".to_owned()), cure);
        let apt = |name: &str| missing(Cure::Apt(vec!["b".to_owned(), name.to_owned()]));
        let std = |triple| missing(Cure::RustStd(triple));
        let plan = Plan::of(&[apt("c"), std("x"), apt("a"), std("y")]);
        assert_eq!(plan.packages, ["a", "b", "c"]);
        assert_eq!(plan.rust_std, ["x", "y"]);
        assert!(!plan.zig && !plan.is_empty());
        assert!(Plan::of(&[missing(Cure::ByHand(vec![hint!("unset THAT")]))]).is_empty());
    }
}

//! `cargo xtask setup`: shows what the project needs and installs what is missing.

mod apt;
mod golang;
mod look;
mod needs;
mod rust_std;

use crate::cli::Setup;
use crate::failure::{Failure, Result};
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
    /// Rust's standard library for this target, by a list of tries.
    RustStd(&'static str),
    /// By hand: the commands to choose from.
    ByHand(Vec<String>),
}

impl Item {
    fn is_missing(&self) -> bool {
        matches!(self.state, State::Missing(_))
    }
}

/// Runs `cargo xtask setup`.
pub(crate) fn run(args: &Setup) -> Result {
    let items = survey();
    print(&items);
    if args.check {
        return verdict(&items, "cargo xtask setup");
    }
    complete(items, args.yes)
}

/// Makes sure that all is there, for the verbs that need it: one line where nothing is missing.
pub(crate) fn ensure(yes: bool) -> Result {
    let items = survey();
    if items.iter().any(Item::is_missing) {
        print(&items);
    }
    complete(items, yes)
}

/// Everything that the project needs, in the order in which it is told.
fn survey() -> Vec<Item> {
    let mut items: Vec<Item> = needs::all().into_iter().map(look::at).collect();
    items.push(golang::look());
    items.extend(needs::foreign_targets().map(|row| rust_std::look(row.triple)));
    items
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
fn complete(items: Vec<Item>, yes: bool) -> Result {
    let missing: Vec<Item> = items.into_iter().filter(Item::is_missing).collect();
    if missing.is_empty() {
        ui::note("setup: everything is there");
        return Ok(());
    }
    let mut packages: Vec<String> = missing
        .iter()
        .filter_map(|item| {
            if let Cure::Apt(packages) = &item.cure { Some(packages.clone()) } else { None }
        })
        .flatten()
        .collect();
    packages.sort();
    packages.dedup();

    let can_install = missing.iter().any(|item| !matches!(item.cure, Cure::ByHand(_)));
    if can_install && !yes && !agree(&missing, &packages)? {
        return verdict(&missing, "cargo xtask setup --yes");
    }
    if !packages.is_empty() {
        apt::install(&packages)?;
    }
    for item in &missing {
        if let Cure::RustStd(triple) = item.cure {
            rust_std::install(triple)?;
        }
    }
    let items = survey();
    if can_install {
        print(&items);
    }
    verdict(&items, "cargo xtask setup --check")
}

fn agree(missing: &[Item], packages: &[String]) -> Result<bool> {
    for item in missing {
        if let Cure::RustStd(triple) = item.cure {
            ui::note(format!("to install: {}", rust_std::plan(triple)));
        }
    }
    if packages.is_empty() {
        return ui::agreed("install it?");
    }
    ui::note(format!("to install: {}", packages.join(" ")));
    ui::agreed("install these packages?")
}

/// Fails when something is missing, with the cure of each thing.
fn verdict(items: &[Item], again: &str) -> Result {
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
    use super::*;

    fn item(state: State, cure: Cure) -> Item {
        Item { what: "thing".to_owned(), state, cure }
    }

    #[test]
    fn a_missing_thing_is_named_with_its_cure() {
        let items = [
            item(State::There("/usr/bin/thing".to_owned()), Cure::Apt(vec!["thing".to_owned()])),
            item(State::Missing("for this".to_owned()), Cure::ByHand(vec!["do that".to_owned()])),
        ];
        let failure = verdict(&items, "again").unwrap_err();
        assert_eq!(failure.what, "missing: thing");
        assert_eq!(failure.hints, ["do that", "again"]);
        assert!(verdict(&items[..1], "again").is_ok());
    }
}

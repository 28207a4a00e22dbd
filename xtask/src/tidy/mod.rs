//! `cargo xtask tidy`: the rules of the house that a machine can check, one a file.

mod codes;
mod edges;
mod installed;
mod length;
mod links;
mod locks;
mod manifests;
mod modules;
mod words;

use std::fmt;

use crate::failure::{Failure, Result};
use crate::{tree, ui, workspace};

/// A place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
struct Problem {
    path: String,
    line: usize,
    what: String,
    why: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} ({})", self.path, self.line, self.what, self.why)
    }
}

/// Runs `cargo xtask tidy`.
pub(crate) fn run() -> Result {
    let root = workspace::root();
    let sources = tree::tracked(root)?;
    let metadata = workspace::metadata(root)?;
    let mut problems = edges::check(&metadata, root);
    problems.extend(locks::check(&metadata, &sources));
    let of_sources = [
        modules::check,
        length::check,
        codes::check,
        words::check,
        links::check,
        manifests::check,
        installed::check,
    ];
    for check in of_sources {
        problems.extend(check(&sources));
    }
    for problem in &problems {
        ui::data(problem);
    }
    match problems.len() {
        0 => {
            ui::note(format!("tidy: {} files, no problem", sources.len()));
            Ok(())
        }
        1 => Err(Failure::new("tidy found 1 problem")),
        count => Err(Failure::new(format!("tidy found {count} problems"))),
    }
}

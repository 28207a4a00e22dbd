//! Makes what a command wrote comparable: no paths of this machine, no word on the machine's
//! own choice of a Rust toolchain.

use snapbox::Redactions;

use crate::sandbox::Sandbox;
use crate::trial::{Result, Trouble};
use crate::workshop::Workshop;

/// Lines that tell how this machine came by Rust's std for a foreign target. Tests of that
/// look at the raw text.
const MACHINES_CHOICE: &[&str] = &[
    "note[other-toolchain]: building with ",
    "asking rustup for std of ",
    "asking rustup for the sources of std",
    "done in ",
];

/// The placeholders in the expectations of a test.
///
/// # Errors
///
/// None that a caller could cause.
pub fn redactions(workshop: &Workshop, sandbox: &Sandbox) -> Result<Redactions> {
    let mut redactions = Redactions::new();
    let places = [
        ("[PROJECT]", sandbox.dir().to_owned()),
        ("[BUILD]", sandbox.build_dir().to_owned()),
        ("[WORKSHOP]", workshop.root().to_owned()),
        ("[REPOSITORY]", Workshop::repository().to_owned()),
        ("[CACHE]", workshop.cache()),
    ];
    for (placeholder, path) in places {
        let inserted = redactions.insert(placeholder, path.display().to_string());
        inserted.map_err(|error| Trouble::wrong(error.to_string()))?;
    }
    Ok(redactions)
}

/// The text without the lines that only tell of the machine, and without spaces at ends of
/// lines, which editors take out of expectations.
#[must_use]
pub fn plain(text: &str) -> String {
    let lines = text.lines();
    lines
        .filter(|line| !MACHINES_CHOICE.iter().any(|begin| line.starts_with(begin)))
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

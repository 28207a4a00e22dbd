//! Makes what a command wrote comparable: no paths of this machine, no word on the machine's
//! own choice of a Rust toolchain.

use snapbox::Redactions;

use crate::sandbox::Sandbox;
use crate::trial::{Result, Trouble};
use crate::workshop::Workshop;

/// Lines that tell how this machine came by Rust's std for a foreign target. Tests of that
/// look at the raw text.
const MACHINES_CHOICE: &[&str] =
    &["note[std-missing]: building with ", "asking rustup for std of ", "done in "];

/// The placeholders in the expectations of a test.
///
/// # Errors
///
/// None that a caller could cause.
pub fn redactions(workshop: &Workshop, sandbox: &Sandbox) -> Result<Redactions> {
    let mut redactions = Redactions::new();
    let places = [
        ("[PROJECT]", sandbox.dir().to_owned()),
        ("[BUILD]", workshop.build_dir().to_owned()),
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

/// The text without the lines that only tell of the machine.
#[must_use]
pub fn without_machines_choice(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.filter(|line| !MACHINES_CHOICE.iter().any(|begin| line.starts_with(begin))).collect()
}

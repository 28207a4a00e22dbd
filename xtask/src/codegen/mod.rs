//! `cargo xtask codegen`: the files that are generated from the sources, committed and checked.

mod rules;
mod targets;

use crate::failure::{Failure, Result};
use crate::{ui, workspace};

/// Makes the text of a file.
type Generator = fn() -> String;

/// Every generated file: its path from the top folder, and what makes its text.
const FILES: &[(&str, Generator)] =
    &[("docs/rules.md", rules::page), ("docs/targets.md", targets::page)];

/// Runs `cargo xtask codegen`; with `check` it writes nothing.
pub(crate) fn run(check: bool) -> Result {
    let mut stale = Vec::new();
    for (name, text) in FILES {
        let path = workspace::root().join(name);
        let text = text();
        let old = fs_err::read_to_string(&path).ok();
        if old.as_deref() == Some(text.as_str()) {
            continue;
        }
        if check {
            stale.push(format!(
                "{name}:{}: differs from what the sources say",
                first_difference(old.as_deref(), &text)
            ));
        } else {
            if let Some(folder) = path.parent() {
                fs_err::create_dir_all(folder)?;
            }
            fs_err::write(&path, text)?;
            ui::note(format!("wrote {name}"));
        }
    }
    if stale.is_empty() {
        ui::note("codegen: every generated file is up to date");
        return Ok(());
    }
    let mut failure = Failure::new("generated files are out of date");
    failure.why = stale;
    Err(failure.hint("cargo xtask codegen"))
}

/// The number of the first line that differs.
fn first_difference(old: Option<&str>, new: &str) -> usize {
    let Some(old) = old else { return 1 };
    let same = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    same + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_a_line_number() {
        assert_eq!(first_difference(None, "a\n"), 1);
        assert_eq!(first_difference(Some("a\nb\n"), "a\nc\n"), 2);
        assert_eq!(first_difference(Some("a\n"), "a\nb\n"), 2);
    }
}

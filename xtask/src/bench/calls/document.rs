//! The figures in `docs/performance.md`: what the command has printed there last.

use crate::failure::{Failure, Result};
use crate::{ui, workspace};

const PATH: &str = "docs/performance.md";
/// What stands before the figures, and after them.
const BEGIN: &str = "<!-- cargo xtask bench calls --write -->\n```text\n";
const END: &str = "```\n";

/// Puts these lines in the place of the old ones.
pub(super) fn write(lines: &[String]) -> Result {
    let path = workspace::root().join(PATH);
    let text = fs_err::read_to_string(&path)?;
    let new = replaced(&text, lines)
        .ok_or_else(|| Failure::new(format!("`{PATH}` has no place for the figures")))?;
    fs_err::write(path, new)?;
    ui::note(format!("`{PATH}` has these figures now; read what it says of them"));
    Ok(())
}

fn replaced(text: &str, lines: &[String]) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    // At the beginning of a line, as Markdown reads it.
    let after = if rest.starts_with(END) { rest } else { &rest[rest.find("\n```\n")? + 1..] };
    Some(format!("{before}{BEGIN}{}\n{after}", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_replaced_and_the_rest_is_kept() {
        let text = format!("# x\n{BEGIN}old\n`a` ```\n{END}more\n{END}");
        let new = format!("# x\n{BEGIN}a\n\nb\n{END}more\n{END}");
        let lines = ["a".to_owned(), String::new(), "b".to_owned()];
        assert_eq!(replaced(&text, &lines), Some(new.clone()));
        assert_eq!(replaced(&new, &lines), Some(new));
        assert_eq!(replaced("# x\n", &lines), None);
    }

    #[test]
    fn the_document_has_a_place_for_figures() {
        let text = fs_err::read_to_string(workspace::root().join(PATH)).unwrap();
        assert!(replaced(&text, &[]).is_some());
    }
}

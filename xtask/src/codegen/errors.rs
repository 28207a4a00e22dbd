//! `cargo-gocross/src/explain/errors.md`: the sections of `docs/errors.md`, inside of the package
//! that explains them. A package on a registry holds no file from outside of its folder.

use crate::failure::Result;
use crate::workspace;

/// Where the copy is.
pub(super) const COPY: &str = "cargo-gocross/src/explain/errors.md";

const TOP: &str = "<!-- Written by `cargo xtask codegen` from docs/errors.md. -->\n";

/// The text of the copy: all that follows the first heading of a section.
pub(super) fn copy() -> Result<String> {
    let page = fs_err::read_to_string(workspace::root().join("docs/errors.md"))?;
    Ok(format!("{TOP}{}", sections(&page)))
}

fn sections(page: &str) -> &str {
    page.find("\n## ").map_or("", |at| &page[at..])
}

#[cfg(test)]
mod tests {
    use super::sections;

    #[test]
    fn what_stands_before_the_sections_is_left_out() {
        assert_eq!(sections("# A\n\nb\n\n## c\n\nd\n"), "\n## c\n\nd\n");
        assert_eq!(sections("# A\n"), "");
    }
}

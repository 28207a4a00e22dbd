//! Every module says first what it is for.

use super::Problem;
use crate::tree::Source;

const WHY: &str = "a reader learns from the first line what a file is for";

/// Finds Rust files that do not begin with `//!`.
pub(super) fn check(sources: &[Source]) -> Vec<Problem> {
    sources
        .iter()
        .filter(|source| source.has_extension("rs") && source.name() != "build.rs")
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| Problem {
            path: source.path.clone(),
            line: 1,
            what: "the file does not begin with `//!`".to_owned(),
            why: WHY,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_without_a_first_line_is_a_problem() {
        let problems = check(&[Source::new("src/a.rs", "use std::fmt;\n")]);
        assert_eq!(problems[0].path, "src/a.rs");
    }

    #[test]
    fn a_module_with_one_passes_and_so_does_what_is_no_module() {
        let sources = [
            Source::new("src/a.rs", "//! Does a thing.\n"),
            Source::new("examples/x/build.rs", "fn main() {}\n"),
            Source::new("go/x.go", "package main\n"),
        ];
        assert!(check(&sources).is_empty());
    }
}

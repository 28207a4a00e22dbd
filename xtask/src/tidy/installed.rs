//! What the installed programs say names nothing that only a checkout of this repository has.

use super::Problem;
use crate::tree::Source;

const WHY: &str = "whoever installed the program has no checkout; `cargo gocross explain NAME` is \
                   in it";

/// What only a checkout has.
const WORDS: &[&str] = &["docs/", "xtask", "checkout"];
/// How an address on the web begins, which everybody has.
const WEB: &str = "/blob/main/";

/// Finds such words in the texts of the command line and of its libraries.
pub(super) fn check(sources: &[Source]) -> Vec<Problem> {
    sources.iter().filter(|source| is_installed(&source.path)).flat_map(of_source).collect()
}

/// Whether a file is a part of the programs: `cargo-gocross/src/…` and `crates/NAME/src/…`.
fn is_installed(path: &str) -> bool {
    let mut folders = path.split('/');
    match folders.next() {
        Some("cargo-gocross") => folders.next() == Some("src"),
        Some("crates") => folders.nth(1) == Some("src"),
        _ => false,
    }
}

fn of_source(source: &Source) -> Vec<Problem> {
    let told = told(source).flat_map(|(line, text)| words(text).map(move |word| (line, word)));
    let problem = |(line, word)| {
        let what = format!("`{word}`");
        Problem { path: source.path.clone(), line, what, why: WHY }
    };
    told.map(problem).collect()
}

/// The lines whose text a program may print: pages as a whole, and of Rust what is neither a
/// comment nor a test.
fn told(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    // There, doc comments are the help that clap prints.
    let is_help = source.path == "cargo-gocross/src/cli.rs";
    let is_page = source.has_extension("md");
    let count = match (is_page, source.has_extension("rs")) {
        (true, _) => usize::MAX,
        (_, true) if source.name() != "tests.rs" => before_tests(source),
        _ => 0,
    };
    source.lines().take(count).filter(move |(_, line)| {
        let line = line.trim();
        let comment = if is_page { "<!--" } else { "//" };
        !line.starts_with(comment) || (is_help && line.starts_with("///"))
    })
}

/// How many lines stand before the module of tests.
fn before_tests(source: &Source) -> usize {
    let code = source.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().count()
}

fn words(line: &str) -> impl Iterator<Item = &'static str> {
    WORDS
        .iter()
        .copied()
        .filter(move |word| line.match_indices(word).any(|(at, _)| !line[..at].ends_with(WEB)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<usize> {
        check(&[Source::new(path, text)]).iter().map(|problem| problem.line).collect()
    }

    #[test]
    fn a_text_that_needs_a_checkout_is_a_problem() {
        let text =
            "//! docs/a.md\nlet a = \"see docs/a.md\";\n// xtask\nlet b = \"cargo xtask x\";\n";
        assert_eq!(problems("cargo-gocross/src/a.rs", text), [2, 4]);
        assert_eq!(problems("crates/a/src/a.rs", text), [2, 4]);
        assert_eq!(problems("crates/a/src/rules/a.md", "a\n`docs/b.md`\n"), [2]);
        assert_eq!(problems("xtask/src/a.rs", text), [0; 0]);
    }

    #[test]
    fn help_is_written_in_comments() {
        let text = "//! docs/\n/// See docs/a.md\n// docs/\n";
        assert_eq!(problems("cargo-gocross/src/cli.rs", text), [2]);
        assert_eq!(problems("cargo-gocross/src/verb.rs", text), [0; 0]);
    }

    #[test]
    fn tests_and_addresses_pass() {
        let test = "#[cfg(test)]\nmod testing;\n#[cfg(test)]\nmod tests {\n    const A: &str = \"docs/\";\n}\n";
        assert_eq!(problems("crates/a/src/a.rs", test), [0; 0]);
        let web = "const A: &str = \"/blob/main/docs/a.md\";\n";
        assert_eq!(problems("crates/a/src/a.rs", web), [0; 0]);
        assert_eq!(
            problems("crates/a/src/a.md", "<!-- Written by `cargo xtask codegen`. -->\n"),
            [0; 0]
        );
    }
}

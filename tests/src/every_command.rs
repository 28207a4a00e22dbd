//! Whether each command of the documentation is run: by its page's test, by another test that
//! holds it, or by none, with a reason.

use std::collections::BTreeSet;

use gocross_targets::TARGETS;
use serde::Deserialize;

use crate::page::{self, Block, Kind};
use crate::trial::{Result, Trouble, ensure};

/// The commands that no test runs, as they are written down.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotRun {
    command: Vec<Excuse>,
}

/// One of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Excuse {
    page: String,
    line: String,
    why: String,
}

/// A page of the documentation.
#[derive(Debug)]
pub struct Page {
    /// Its path from the repository on.
    pub path: String,
    /// What it says.
    pub text: String,
    /// Whether there is a test that runs it.
    pub has_test: bool,
}

/// Compares the pages with the tests, which `read` gives by their paths, and with the list.
///
/// # Errors
///
/// A command is run by nothing and not listed, or is listed and not there.
pub fn check(pages: &[Page], read: impl Fn(&str) -> Result<String>, listed: &NotRun) -> Result {
    let mut not_run = BTreeSet::new();
    for page in pages {
        let place = |trouble: Trouble| trouble.at(&page.path);
        for block in page::blocks(&page.text).map_err(place)? {
            let lines = not_run_of(page, &block, &read)
                .map_err(|trouble| trouble.at(&format!("{}:{}", page.path, block.line)))?;
            not_run.extend(lines);
        }
    }
    let mut named = BTreeSet::new();
    for Excuse { page, line, why } in &listed.command {
        ensure(!why.trim().is_empty(), || format!("`{line}` is not run, for no reason"))?;
        let is_new = named.insert((page.clone(), line.clone()));
        ensure(is_new, || format!("`{line}` is listed twice for {page}"))?;
    }
    let differ: Vec<_> = not_run.symmetric_difference(&named).collect();
    ensure(differ.is_empty(), || {
        format!("the list and the blocks that are marked `no-test` differ: {differ:#?}")
    })
}

/// The commands of a block that no test runs, each with its page.
fn not_run_of(
    page: &Page,
    block: &Block,
    read: impl Fn(&str) -> Result<String>,
) -> Result<Vec<(String, String)>> {
    match &block.kind {
        Kind::File(_) => {}
        Kind::Run { .. } => ensure(page.has_test, || "the page has no test".to_owned())?,
        Kind::Elsewhere(file) => {
            let test = read(file)?;
            for command in block.commands()? {
                ensure(is_in_test(command.line, &test), || {
                    format!("`{file}` does not run `{}`", command.line)
                })?;
            }
        }
        Kind::NotRun => {
            let commands = block.commands()?.into_iter();
            return Ok(commands.map(|it| (page.path.clone(), it.line.to_owned())).collect());
        }
    }
    Ok(Vec::new())
}

/// Whether a test has a command, be it with a target in the place of `{target}`. From a path on
/// that is the reader's own, the test has another one.
fn is_in_test(line: &str, test: &str) -> bool {
    let fixed = line.split("/path/to/").next().unwrap_or_default();
    // As cargo starts the subcommand.
    let test = test.replace("cargo-gocross gocross", "cargo gocross");
    let triples = TARGETS.iter().map(|row| row.triple).filter(|triple| fixed.contains(triple));
    let filled = triples.map(|triple| test.replace("{target}", triple));
    std::iter::once(test.clone()).chain(filled).any(|test| test.contains(fixed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str, has_test: bool, list: &str) -> Result {
        let page = Page { path: "docs/a.md".to_owned(), text: text.to_owned(), has_test };
        let read = |file: &str| match file {
            "case.toml" => Ok("run = \"cargo gocross run --target {target}\"".to_owned()),
            _ => Err(Trouble::wrong("no such file")),
        };
        check(&[page], read, &toml::from_str(list).unwrap())
    }

    const NONE: &str = "command = []";

    #[test]
    fn a_page_with_commands_needs_a_test() {
        let page = "```console\n$ ls\n```\n";
        checked(page, true, NONE).unwrap();
        assert!(checked(page, false, NONE).is_err());
        checked("```toml\na = 1\n```\n", false, NONE).unwrap();
    }

    #[test]
    fn another_test_must_hold_the_command() {
        let page = |line: &str, file: &str| format!("```console,test={file}\n$ {line}\n```\n");
        let runs = "cargo gocross run --target mipsel-unknown-linux-musl";
        checked(&page(runs, "case.toml"), false, NONE).unwrap();
        assert!(checked(&page("cargo gocross build", "case.toml"), false, NONE).is_err());
        assert!(
            checked(&page("cargo gocross run --target none", "case.toml"), false, NONE).is_err()
        );
        assert!(checked(&page(runs, "other.toml"), false, NONE).is_err());
    }

    #[test]
    fn what_is_not_run_is_listed_and_nothing_else_is() {
        let page = "```console,no-test\n$ docker\n```\n";
        let entry = |line: &str, why: &str| {
            format!("[[command]]\npage = \"docs/a.md\"\nline = \"{line}\"\nwhy = \"{why}\"\n")
        };
        checked(page, false, &entry("docker", "an engine")).unwrap();
        for list in [
            NONE.to_owned(),
            entry("docker", " "),
            entry("podman", "an engine"),
            entry("docker", "an engine") + &entry("podman", "an engine"),
            entry("docker", "an engine") + &entry("docker", "an engine"),
        ] {
            assert!(checked(page, false, &list).is_err(), "{list}");
        }
    }
}

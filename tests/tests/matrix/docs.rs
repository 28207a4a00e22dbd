//! `docs/<page>`: the commands of README and of the pages below `docs/`, run in order, with what
//! the page shows of them. `docs/every-command`: none is left out unless its page says so.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gocross_targets::TARGETS;
use gocross_tests::page::{self, Kind};
use gocross_tests::scenario::Scenario;
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;
use serde::Deserialize;

/// The page that is not below `docs/`.
const README: &str = "README.md";
/// The commands that no test runs.
const NOT_RUN: &str = "docs/not-run.toml";

/// The commands that no test runs, as they are written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NotRun {
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

/// What a page is tested with: `tests/docs/guides/musl.toml` for `docs/guides/musl.md`.
fn scenario_of(page: &str) -> PathBuf {
    let name = page.strip_prefix("docs/").unwrap_or(page);
    Workshop::package().join("docs").join(name).with_extension("toml")
}

/// The pages, by their paths from the repository on.
fn pages() -> Result<Vec<String>> {
    let mut pages = vec![README.to_owned()];
    let mut folders = vec!["docs".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(Workshop::repository().join(&folder))? {
            let entry = entry?;
            let path = format!("{folder}/{}", entry.file_name().display());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if Path::new(&path).extension().is_some_and(|ending| ending == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    Ok(pages)
}

pub(crate) fn trials(workshop: &'static Workshop) -> Result<Vec<Trial>> {
    let pages = pages()?;
    let tested: Vec<_> = pages.iter().filter(|page| scenario_of(page).is_file()).cloned().collect();
    let mut trials = Vec::new();
    for page in tested {
        let name = format!("docs/{}", page.trim_start_matches("docs/").trim_end_matches(".md"));
        trials.push(trial(name.clone(), move || {
            let place = |trouble: Trouble| trouble.at(&page);
            let steps = page::steps(&text(&page)?).map_err(place)?;
            let scenario = Scenario::read(&scenario_of(&page))?.and_then(steps);
            scenario.play(workshop, &name, &[]).map(drop)
        }));
    }
    trials.push(trial("docs/every-command", move || {
        let path = Workshop::package().join(NOT_RUN);
        let excuses: NotRun = toml::from_str(&fs_err::read_to_string(path)?)
            .map_err(|error| Trouble::wrong(format!("`{NOT_RUN}`: {error}")))?;
        every_command(&pages, &excuses)
    }));
    Ok(trials)
}

fn text(page: &str) -> Result<String> {
    Ok(fs_err::read_to_string(Workshop::repository().join(page))?)
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

/// Each command is run by its page's test, stands in another test, or is listed with a reason.
fn every_command(pages: &[String], excuses: &NotRun) -> Result {
    let mut not_run = BTreeSet::new();
    for page in pages {
        let blocks = page::blocks(&text(page)?).map_err(|trouble| trouble.at(page))?;
        for block in blocks {
            let place = format!("{page}:{}", block.line);
            match &block.kind {
                Kind::File(_) => continue,
                Kind::Run { .. } => ensure(scenario_of(page).is_file(), || {
                    format!("{place}: there is no `{}` to run it", scenario_of(page).display())
                })?,
                Kind::Elsewhere(file) => {
                    let test = text(file)?;
                    for command in block.commands()? {
                        ensure(is_in_test(command.line, &test), || {
                            format!("{place}: `{file}` does not run `{}`", command.line)
                        })?;
                    }
                }
                Kind::NotRun => {
                    let lines = block.commands()?.into_iter();
                    not_run.extend(lines.map(|command| (page.clone(), command.line.to_owned())));
                }
            }
        }
    }
    let named = excuses.command.iter().map(|excuse| {
        ensure(!excuse.why.is_empty(), || format!("`{}` has no reason", excuse.line))?;
        Ok((excuse.page.clone(), excuse.line.clone()))
    });
    let named = named.collect::<Result<BTreeSet<_>>>()?;
    let differ: Vec<_> = not_run.symmetric_difference(&named).collect();
    ensure(differ.is_empty(), || {
        format!("`{NOT_RUN}` and the blocks marked `no-test` differ: {differ:#?}")
    })?;
    ensure(named.len() == excuses.command.len(), || format!("`{NOT_RUN}` names a command twice"))
}

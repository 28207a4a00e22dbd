//! `docs/<page>`: the commands of README and of the pages below `docs/`, run in order, with what
//! the page shows of them. `docs/every-command`: none is left out unless its page says so.

use std::path::{Path, PathBuf};

use gocross_tests::every_command::{self, Page};
use gocross_tests::page;
use gocross_tests::scenario::Scenario;
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

/// The page that is not below `docs/`.
const README: &str = "README.md";
/// The commands that no test runs.
const NOT_RUN: &str = "tests/docs/not-run.toml";

pub(crate) fn trials(workshop: &'static Workshop) -> Result<Vec<Trial>> {
    let pages = pages()?;
    let tested = pages.iter().filter(|page| page.has_test).map(|page| page.path.clone());
    let tested: Vec<String> = tested.collect();
    let mut trials = Vec::new();
    for page in tested {
        let name = format!("docs/{}", name(&page));
        trials.push(trial(name.clone(), move || {
            let steps = page::steps(&text(&page)?).map_err(|trouble| trouble.at(&page))?;
            let scenario = Scenario::read(&scenario_of(&page))?.and_then(steps);
            scenario.play(workshop, &name, &[]).map(drop)
        }));
    }
    trials.push(trial("docs/every-command", move || {
        let listed = toml::from_str(&text(NOT_RUN)?)
            .map_err(|error| Trouble::wrong(format!("`{NOT_RUN}`: {error}")))?;
        no_test_without_page(&pages)?;
        every_command::check(&pages, text, &listed).map_err(|trouble| trouble.at(NOT_RUN))
    }));
    Ok(trials)
}

/// README, and all pages below `docs/`.
fn pages() -> Result<Vec<Page>> {
    let paths = std::iter::once(README.to_owned()).chain(files("docs", "md")?);
    let page = |path: String| {
        Ok(Page { text: text(&path)?, has_test: scenario_of(&path).is_file(), path })
    };
    paths.map(page).collect()
}

/// No file of a test is left over from a page that is gone.
fn no_test_without_page(pages: &[Page]) -> Result {
    for file in files("tests/docs", "toml")?.iter().filter(|file| *file != NOT_RUN) {
        let is_used = |page: &Page| scenario_of(&page.path).ends_with(file);
        ensure(pages.iter().any(is_used), || format!("`{file}` is for no page"))?;
    }
    Ok(())
}

/// The files below a folder that have an ending, by their paths from the repository on.
fn files(top: &str, ending: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(Workshop::repository().join(&folder))? {
            let entry = entry?;
            let path = format!("{folder}/{}", entry.file_name().display());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if Path::new(&path).extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// `guides/musl` for `docs/guides/musl.md`.
fn name(page: &str) -> &str {
    let page = page.strip_prefix("docs/").unwrap_or(page);
    page.strip_suffix(".md").unwrap_or(page)
}

/// What a page is tested with: `tests/docs/guides/musl.toml` for `docs/guides/musl.md`.
fn scenario_of(page: &str) -> PathBuf {
    Workshop::package().join("docs").join(format!("{}.toml", name(page)))
}

/// A file of the repository.
fn text(path: &str) -> Result<String> {
    Ok(fs_err::read_to_string(Workshop::repository().join(path))?)
}

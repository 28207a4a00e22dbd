//! `cargo xtask ci`: every check, in order, until one fails.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use gocross_diagnostic::hint;

use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::setup::{self, Scope};
use crate::ui::{self, Mark};
use crate::{codegen, soak, tidy, tree, workspace};

/// With this variable the test harness makes an ignored test a failure.
pub(crate) const NO_IGNORED: &str = "GOCROSS_TESTS_NO_IGNORED";

/// Projects of their own, which cargo does not format with the workspace.
const APART: &[&str] = &["examples/", "fuzz/", "tests/projects/", "xtask/projects/"];

/// One check.
struct Step {
    name: &'static str,
    run: fn(&mut Tally) -> Result,
}

/// All checks: the cheap ones first.
const STEPS: &[Step] = &[
    Step { name: "setup", run: |_| setup::ensure(true, &Scope::ci()) },
    Step { name: "fmt", run: fmt },
    Step { name: "gofmt", run: gofmt },
    Step { name: "tidy", run: |_| tidy::run() },
    Step { name: "codegen", run: |_| codegen::run(true) },
    Step { name: "clippy", run: clippy },
    Step { name: "test", run: test },
    Step { name: "soak", run: |_| soak::run(60) },
    Step { name: "docs", run: docs },
];

/// The names of the steps, for the command line.
pub(crate) fn names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

/// The most lines of failed tests that are repeated at the end of a run.
const LAST_LINES: usize = 300;

/// How many tests ran, added up over all test programs.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
    ignored: u64,
    /// What failed tests printed. It is shown again at the end, because a log of a whole run is long.
    failures: Vec<String>,
    in_failures: bool,
}

impl Tally {
    /// Adds a line of a test program: one of the report on its failed tests, or the closing line.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) =
            line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". "))
        else {
            self.in_failures |= line == "failures:";
            if self.in_failures {
                self.failures.push(line.to_owned());
            }
            return;
        };
        self.in_failures = false;
        for count in counts.split("; ") {
            let Some((number, what)) = count.split_once(' ') else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }

    /// The plain line that closes a run.
    fn line(&self) -> String {
        let skipped =
            if self.ignored == 0 { String::new() } else { format!(", {} skipped", self.ignored) };
        format!("{} passed, {} failed{skipped}", self.passed, self.failed)
    }
}

/// Runs `cargo xtask ci`: the steps named in `only`, or all.
pub(crate) fn run(only: &[String]) -> Result {
    let mut tally = Tally::default();
    let mut times = Vec::new();
    let mut outcome = Ok(());
    let is_wanted = |step: &&Step| only.is_empty() || only.iter().any(|name| name == step.name);
    for step in STEPS.iter().filter(is_wanted) {
        ui::heading(step.name);
        let start = Instant::now();
        let done = (step.run)(&mut tally);
        let took = start.elapsed();
        times.push((step.name, took, done.is_ok()));
        if let Err(failure) = done {
            outcome = Err(failure.hint(hint!("cargo xtask ci {}", step.name)));
            break;
        }
        ui::marked(Mark::Good, "done", seconds(took));
    }
    if !tally.failures.is_empty() {
        ui::heading("failed tests");
        let left_out = tally.failures.len().saturating_sub(LAST_LINES);
        tally.failures.iter().skip(left_out).for_each(ui::data);
    }
    summary(&times);
    if tally.passed + tally.failed + tally.ignored > 0 {
        ui::data(tally.line());
    }
    outcome
}

fn summary(times: &[(&str, Duration, bool)]) {
    ui::heading("summary");
    let cells: Vec<Vec<String>> =
        times.iter().map(|(name, took, _)| vec![(*name).to_owned(), seconds(*took)]).collect();
    for ((_, _, good), line) in times.iter().zip(ui::columns(&cells)) {
        let (mark, word) = if *good { (Mark::Good, "ok") } else { (Mark::Bad, "failed") };
        ui::marked(mark, word, line);
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn fmt(_: &mut Tally) -> Result {
    Cmd::new("cargo").args(["fmt", "--all", "--check"]).dir(workspace::root()).run()?;
    let is_apart = |path: &String| APART.iter().any(|folder| path.starts_with(folder));
    let apart = tracked("rs")?.into_iter().filter(is_apart);
    Cmd::new("rustfmt")
        .args(["--check", "--edition", "2024"])
        .args(apart)
        .shown_as("rustfmt --check --edition 2024 …")
        .dir(workspace::root())
        .run()
}

/// The paths of the files of the repository with an ending.
fn tracked(extension: &str) -> Result<Vec<String>> {
    let sources = tree::tracked(workspace::root())?.into_iter();
    Ok(sources.filter(|source| source.has_extension(extension)).map(|source| source.path).collect())
}

fn gofmt(_: &mut Tally) -> Result {
    // Beside the compiler, because not every installation puts it on PATH.
    let goroot = Cmd::new("go").args(["env", "GOROOT"]).read()?;
    let program = PathBuf::from(goroot.trim_end()).join("bin/gofmt");
    let all = Cmd::new(program).arg("-l").args(tracked("go")?);
    let shown = all.shown_as("gofmt -l …").dir(workspace::root());
    ui::command(&shown);
    let wrong = shown.read()?;
    if wrong.trim().is_empty() {
        return Ok(());
    }
    let mut failure = Failure::new("these Go files are not formatted");
    failure.why = wrong.lines().map(str::to_owned).collect();
    let files: Vec<&str> = wrong.lines().collect();
    Err(failure.hint(hint!("gofmt -w {}", files.join(" "))))
}

fn clippy(_: &mut Tally) -> Result {
    Cmd::new("cargo")
        .args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
        .dir(workspace::root())
        .run()
}

fn test(tally: &mut Tally) -> Result {
    // To the end, so that one run of CI shows every failure.
    Cmd::new("cargo")
        .args(["test", "--workspace", "--no-fail-fast"])
        .env(NO_IGNORED, "1")
        .dir(workspace::root())
        .run_watched(|line| tally.add(line))?;
    // The files that fuzzing begins with; fuzzing itself takes hours.
    Cmd::new("cargo")
        .args(["test", "--manifest-path", "fuzz/Cargo.toml"])
        .dir(workspace::root())
        .run_watched(|line| tally.add(line))
}

/// The documentation of the crates. Not the book: mdBook takes minutes to install, and `tidy` follows
/// the links of its pages.
fn docs(_: &mut Tally) -> Result {
    Cmd::new("cargo")
        .args(["doc", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .dir(workspace::root())
        .run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_added_over_test_programs() {
        let mut tally = Tally::default();
        tally.add("running 3 tests");
        tally.add("test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        tally.add("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        assert_eq!((tally.passed, tally.failed, tally.ignored), (4, 2, 0));
        assert_eq!(tally.line(), "4 passed, 2 failed");
    }

    #[test]
    fn the_report_on_failed_tests_is_kept() {
        let mut tally = Tally::default();
        let report = ["failures:", "", "---- a ----", "wrong", "", "failures:", "    a"];
        ["test a ... FAILED"].iter().chain(&report).for_each(|line| tally.add(line));
        tally.add("test result: FAILED. 0 passed; 1 failed");
        tally.add("running 3 tests");
        assert_eq!(tally.failures, report);
    }

    #[test]
    fn ignored_tests_are_told() {
        let mut tally = Tally::default();
        tally.add("test result: ok. 1 passed; 0 failed; 2 ignored; 0 measured");
        assert_eq!(tally.line(), "1 passed, 0 failed, 2 skipped");
    }

    #[test]
    fn every_step_is_there_once() {
        let mut names = names();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }
}

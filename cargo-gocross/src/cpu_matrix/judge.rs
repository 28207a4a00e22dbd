//! Compares what came of a run with what had to. No I/O.

use std::collections::BTreeSet;

use gocross_verify::cpu::Path;
use serde::Serialize;

use super::go_side::holds;
use super::plan::Forced;
use super::report::Report;
use super::run::{End, Ran, signal_name};

/// How many lines of a self-test's words are told.
const LAST: usize = 5;
/// The status with which a self-test refuses a path that the CPU lacks.
const REFUSED: i32 = 2;

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    /// One word for it, for programs.
    pub(crate) kind: &'static str,
    /// What is wrong.
    pub(crate) message: String,
    /// More of it, a line each.
    pub(crate) details: Vec<String>,
}

impl Problem {
    pub(crate) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), details: Vec::new() }
    }

    pub(crate) fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// With the last that a run said: to standard error, or else as its result.
    fn words_of(mut self, ran: &Ran) -> Self {
        let mut lines = told(&ran.stderr);
        if lines.is_empty() {
            lines = told(&ran.stdout);
        }
        let last = &lines[lines.len().saturating_sub(LAST)..];
        self.details.extend(last.iter().map(|&line| line.to_owned()));
        self
    }
}

/// What Go says of a feature that it does not know.
const UNKNOWN: &str = ": unknown cpu feature";

/// The lines that say something of what happened, and not of the CPU. Go's `internal/cpu` says so
/// of names that only `golang.org/x/sys/cpu` knows, and the other way round.
fn told(text: &str) -> Vec<&str> {
    let is_told = |line: &&str| {
        let is_noise =
            line.starts_with("cpu: ") || (line.starts_with("GODEBUG") && line.contains(UNKNOWN));
        !line.trim().is_empty() && !is_noise
    };
    text.lines().filter(is_told).collect()
}

/// What a plain run of the self-test must show.
#[derive(Debug)]
pub(crate) struct Expected<'a> {
    /// The features that the program must find; none where nobody knows.
    pub(crate) features: Option<&'a BTreeSet<String>>,
    /// The features that the table tells of; what a newer program finds besides is its own.
    pub(crate) known: &'a BTreeSet<String>,
    /// The path of each side.
    pub(crate) paths: &'a [&'a Path],
    /// How long it may take, in words.
    pub(crate) limit: u64,
}

/// Judges a plain run.
pub(crate) fn plain(ran: &Ran, report: &Report, expected: &Expected<'_>) -> Vec<Problem> {
    if let Some(problem) = bad_end("the self-test", ran, expected.limit) {
        return vec![problem];
    }
    if report.is_silent() {
        let message = "the self-test prints no `cpu:` line: nobody knows which path ran";
        let format = "`cpu: features neon aes` and, for each side, `cpu: path sm4.rust = aese`";
        return vec![Problem::new("no-report", message).detail(format!("want {format}"))];
    }
    let mut problems = Vec::new();
    if report.results.iter().all(|line| line.trim().is_empty()) {
        let message = "the self-test prints no result: there is nothing to compare";
        problems.push(Problem::new("no-result", message));
    }
    problems.extend(features(report, expected));
    problems.extend(expected.paths.iter().filter_map(|path| path_taken(report, path)));
    problems
}

fn bad_end(who: &str, ran: &Ran, limit: u64) -> Option<Problem> {
    let problem = match ran.end {
        End::Status(0) => return None,
        End::Status(1) => {
            Problem::new("wrong-result", format!("{who} has found a wrong result (status 1)"))
        }
        End::Status(status) => {
            Problem::new("status", format!("{who} ended with status {status}, want 0"))
        }
        End::Signal(signal) => {
            let name = signal_name(signal);
            let problem = Problem::new("crash", format!("{who} was ended by {name}"));
            if signal == 4 {
                problem.detail("an instruction ran that this CPU has not: a check is missing")
            } else {
                problem
            }
        }
        End::Hung => Problem::new("hang", format!("{who} did not end within {limit} s")),
        End::Flood => Problem::new("flood", format!("{who} prints without an end")),
    };
    Some(problem.words_of(ran))
}

fn features(report: &Report, expected: &Expected<'_>) -> Option<Problem> {
    let Some(found) = &report.features else {
        let message = "the self-test prints no line `cpu: features …`";
        return Some(Problem::new("no-report", message));
    };
    let wanted = expected.features?;
    let missing: Vec<&str> = wanted.difference(found).map(String::as_str).collect();
    let known = |name: &&String| expected.known.contains(*name);
    let more: Vec<&str> = found.difference(wanted).filter(known).map(String::as_str).collect();
    if missing.is_empty() && more.is_empty() {
        return None;
    }
    let mut problem = Problem::new("features", "the program finds other features than the CPU has");
    for (word, names) in [("not found", missing), ("found, and not there", more)] {
        if !names.is_empty() {
            problem = problem.detail(format!("{word}: {}", names.join(" ")));
        }
    }
    Some(problem)
}

fn path_taken(report: &Report, path: &Path) -> Option<Problem> {
    let Path { side, name, needs, .. } = path;
    match report.path(side) {
        Some(found) if found == name => None,
        Some(found) => {
            let why = if needs.is_empty() {
                "no better one has all that it needs".to_owned()
            } else {
                format!("the first that is declared and whose needs are met: {}", needs.join(" "))
            };
            let message = format!("`{side}` took the path `{found}`, want `{name}`");
            Some(Problem::new("path", message).detail(why))
        }
        None => {
            let message = format!("the self-test prints no line `cpu: path {side} = …`");
            Some(Problem::new("no-report", message))
        }
    }
}

/// What is known of a run with a path that was forced.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    /// Whether it is `GOCROSS_CPU` that hides what is lacking.
    pub(crate) hides: bool,
    /// What Go was made to say besides, which may stand among the program's own letters.
    pub(crate) complaints: &'a [String],
    /// The right result and the model that it is of, where it is known.
    pub(crate) reference: Option<(&'a str, &'a [String])>,
    /// How long it may take, in seconds.
    pub(crate) limit: u64,
}

/// Judges a run with a path that was forced.
pub(crate) fn forced(ran: &Ran, forced: &Forced, context: &Context<'_>) -> Vec<Problem> {
    let who = format!("the self-test, told to take `{}`,", forced.path);
    if !forced.lacking.is_empty() {
        return refusal(ran, forced, context, &who).into_iter().collect();
    }
    if ran.end == End::Status(REFUSED) {
        let message =
            format!("the program refuses the path `{}`, and the CPU has all of it", forced.path);
        return vec![Problem::new("refused", message).words_of(ran)];
    }
    if let Some(problem) = bad_end(&who, ran, context.limit) {
        return vec![problem];
    }
    let report = Report::read(&ran.stdout);
    let mut problems = Vec::new();
    for side in &forced.sides {
        let found = report.path(side);
        if found != Some(forced.path.as_str()) {
            let found = found.map_or("nothing".to_owned(), |found| format!("`{found}`"));
            let message = format!("{who} reports {found} for `{side}`");
            problems.push(Problem::new("path", message));
        }
    }
    if let Some((of, reference)) = context.reference {
        problems.extend(difference(&report.results, of, reference, &who));
    }
    problems
}

fn refusal(ran: &Ran, forced: &Forced, context: &Context<'_>, who: &str) -> Option<Problem> {
    let lacking = forced.lacking.join(" ");
    let whose = if context.hides { "`GOCROSS_CPU` hides" } else { "this CPU lacks" };
    let message = format!("the path `{}` is not refused, and {whose} {lacking}", forced.path);
    let names = |need: &String| holds(&ran.stderr, &format!("`{need}`"), context.complaints);
    match ran.end {
        End::Status(REFUSED) if forced.lacking.iter().any(names) => None,
        End::Status(REFUSED) => {
            let want = format!(
                "want the feature's name: error: path `{}` needs `{}`",
                forced.path, forced.lacking[0]
            );
            let message = format!("{who} ends with status 2 and does not say why");
            Some(Problem::new("refusal", message).detail(want).words_of(ran))
        }
        End::Signal(signal) => {
            let how = format!("it was ended by {}", signal_name(signal));
            Some(Problem::new("not-refused", message).detail(how))
        }
        End::Status(status) => {
            let how = format!("it ended with status {status}, want 2");
            Some(Problem::new("not-refused", message).detail(how).words_of(ran))
        }
        End::Hung | End::Flood => Some(Problem::new("not-refused", message)),
    }
}

/// The first line in which results differ from those of the model `of`.
pub(crate) fn difference(
    found: &[String],
    of: &str,
    reference: &[String],
    who: &str,
) -> Option<Problem> {
    if found == reference {
        return None;
    }
    let at = (0..).find(|&at: &usize| found.get(at) != reference.get(at))?;
    let line =
        |lines: &[String]| lines.get(at).map_or("nothing".to_owned(), |line| format!("`{line}`"));
    let message = format!("{who} has other results than on {of}");
    let detail = format!("line {}: {}, want {}", at + 1, line(found), line(reference));
    Some(Problem::new("output", message).detail(detail))
}

/// The results that most runs agree on: a place in the list, the last of those that are as many.
/// The least able models stand last, and what every CPU can do is most likely right.
pub(crate) fn majority(results: &[&[String]]) -> Option<usize> {
    let votes = |index: usize| results.iter().filter(|other| **other == results[index]).count();
    let most = (0..results.len()).map(votes).max()?;
    (0..results.len()).rev().find(|&index| votes(index) == most)
}

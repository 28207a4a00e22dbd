//! The result of `verify --cpu`: a table for people, and JSON.

use std::collections::BTreeSet;

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use serde_json::{Value, json};

use super::judge::Problem;
use super::matrix::{self, Outcome, Program};
use super::plan::Place;
use super::sites::{Gate, Gates};
use crate::ui;

/// A program, and what came of its models.
pub(crate) type Told<'a> = (&'a Program, Vec<Outcome>);

/// How many problems, and models that were not run, there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    run: usize,
    failed: usize,
    not_run: usize,
}

impl Counts {
    pub(crate) fn of(all: &[Told<'_>]) -> Self {
        let mut counts = Self::default();
        for outcome in all.iter().flat_map(|(_, outcomes)| outcomes) {
            counts.run += usize::from(outcome.has_run());
            counts.failed += usize::from(!outcome.problems.is_empty());
            counts.not_run += usize::from(matches!(outcome.planned.place, Place::NotRun(_)));
        }
        counts
    }

    /// The last word, as an exit status or an error.
    pub(crate) fn verdict(self, skip_missing: bool) -> Result<u8> {
        if self.failed > 0 {
            let message = format!("the self-test failed on {}", models(self.failed));
            let hint = hint!("cargo gocross explain {}", Code::SelfTest);
            return Err(Box::new(Diagnostic::error(Code::SelfTest, message).hint(hint)));
        }
        if self.not_run > 0 && !skip_missing {
            let message = format!("the self-test was not run on {}", models(self.not_run));
            let error = Diagnostic::error(Code::ModelsNotRun, message)
                .detail(
                    "their QEMU is looked for in `PATH` and in `qemu-v1/bin` of gocross's cache",
                )
                .help("install QEMU 10 or newer")
                .hint(hint!("cargo gocross verify --cpu --skip-missing"));
            return Err(Box::new(error));
        }
        Ok(0)
    }
}

fn models(count: usize) -> String {
    ui::many(count, "CPU model")
}

/// Tells people: a table a program, and what is wrong.
pub(crate) fn human(all: &[Told<'_>]) {
    for (program, outcomes) in all {
        for (problem, models) in grouped(outcomes) {
            let triple = program.target.triple;
            let message = format!("{triple} on {}: {}", models.join(", "), problem.message);
            let diagnostic = Diagnostic::error(Code::SelfTest, message);
            let add = |told: Diagnostic, line: &String| told.detail(line);
            ui::tell(&problem.details.iter().fold(diagnostic, add));
        }
        ui::print(&format!("{}, {}", program.target.triple, program.file.display()));
        ui::print(&ui::columns(&table(program, outcomes)));
        ui::print(&reached(program, outcomes));
    }
    let Counts { run, failed, not_run } = Counts::of(all);
    ui::print(&format!("{}: {failed} failed, {not_run} not run", models(run + not_run)));
}

/// Each problem once, with the models that have it.
fn grouped(outcomes: &[Outcome]) -> Vec<(&Problem, Vec<String>)> {
    let mut groups: Vec<(&Problem, Vec<String>)> = Vec::new();
    for outcome in outcomes {
        let name = format!("`{}`", outcome.planned.model.name);
        for problem in &outcome.problems {
            match groups.iter_mut().find(|(other, _)| *other == problem) {
                Some((_, models)) => models.push(name.clone()),
                None => groups.push((problem, vec![name.clone()])),
            }
        }
    }
    groups
}

fn table(program: &Program, outcomes: &[Outcome]) -> Vec<Vec<String>> {
    let sides = program.declaration.sides_on(program.target.rust_arch);
    let mut head = vec!["model".to_owned(), "run by".to_owned()];
    head.extend(sides.iter().map(|&side| side.to_owned()));
    head.extend(["forced", "gated code", "verdict"].map(str::to_owned));
    let row = |outcome: &Outcome| {
        let mut cells = vec![outcome.planned.model.name.to_owned(), run_by(outcome)];
        let path = |side: &&str| outcome.report.path(side).unwrap_or("-").to_owned();
        cells.extend(sides.iter().map(path));
        cells.extend([forced(outcome), gated(program, outcome), verdict(outcome)]);
        cells
    };
    std::iter::once(head).chain(outcomes.iter().map(row)).collect()
}

fn run_by(outcome: &Outcome) -> String {
    match &outcome.planned.place {
        Place::Machine => "itself".to_owned(),
        Place::Emulator(emulator) => emulator.release.to_string(),
        Place::NotRun(_) | Place::LeftOut(_) => "-".to_owned(),
    }
}

/// `5 ran, 1 refused`: of those that came out as they had to.
fn forced(outcome: &Outcome) -> String {
    let good = |lacks: bool| {
        let all = outcome.forced.iter();
        all.filter(|(forced, good)| *good && forced.lacking.is_empty() != lacks).count()
    };
    if outcome.forced.is_empty() {
        return "-".to_owned();
    }
    format!("{} ran, {} refused", good(false), good(true))
}

/// How many gated instructions ran on a model, of all.
fn gated(program: &Program, outcome: &Outcome) -> String {
    let Some(ran) = &outcome.sites else { return "-".to_owned() };
    let (ran, all) = program.gates.count(ran);
    format!("{ran} of {all}")
}

/// For each gated function, how many of its gated instructions ran on any model.
fn reached(program: &Program, outcomes: &[Outcome]) -> String {
    let Some(ran) = matrix::all_sites(outcomes) else {
        let Gates { all, calls_intrinsics, .. } = &program.gates;
        let why = match (all.is_empty(), calls_intrinsics) {
            (true, false) => {
                "no declared path has instructions above what every CPU of the target has"
            }
            (true, true) => {
                "not counted: without optimisation the instructions stand in functions of \
                 `core::core_arch`; `-- --release` has them where they are called"
            }
            (false, _) => "not counted: no run under QEMU left an account",
        };
        return format!("gated code: {why}");
    };
    let taken = matrix::taken(outcomes);
    let line = |gate: &Gate| {
        let of = (gate.side.clone(), gate.path.clone());
        let path = format!("{} = {}", gate.side, gate.path);
        let count = gate.sites.intersection(&ran).count();
        let told = match taken.contains_key(&of) {
            true => format!("{count} of {} ran", gate.sites.len()),
            false => "not counted: in no good run under QEMU was the path taken".to_owned(),
        };
        vec![gate.function.clone(), path, told]
    };
    ui::columns(&program.gates.all.iter().map(line).collect::<Vec<_>>())
}

fn verdict(outcome: &Outcome) -> String {
    match &outcome.planned.place {
        Place::NotRun(why) => format!("not run: {why}"),
        Place::LeftOut(why) => format!("left out: {why}"),
        _ if outcome.problems.is_empty() => "ok".to_owned(),
        _ => {
            let mut kinds: Vec<&str> = outcome.problems.iter().map(|one| one.kind).collect();
            let mut told = BTreeSet::new();
            kinds.retain(|kind| told.insert(*kind));
            format!("failed: {}", kinds.join(", "))
        }
    }
}

/// The same for programs.
pub(crate) fn json(all: &[Told<'_>]) -> Value {
    let Counts { run, failed, not_run } = Counts::of(all);
    let program = |(program, outcomes): &Told<'_>| {
        let ran = matrix::all_sites(outcomes);
        json!({
            "target": program.target.triple,
            "program": program.file,
            "models": outcomes.iter().map(|outcome| model(program, outcome)).collect::<Vec<_>>(),
            "gated": ran.map(|ran| functions(program, &ran)),
        })
    };
    json!({
        "run": run,
        "failed": failed,
        "not-run": not_run,
        "programs": all.iter().map(program).collect::<Vec<_>>(),
    })
}

/// The gated functions, and how many of their gated instructions are in a set.
fn functions(program: &Program, ran: &BTreeSet<u64>) -> Vec<Value> {
    let function = |gate: &Gate| {
        json!({
            "function": gate.function,
            "side": gate.side,
            "path": gate.path,
            "instructions": gate.sites.len(),
            "ran": gate.sites.intersection(ran).count(),
        })
    };
    program.gates.all.iter().map(function).collect()
}

fn model(program: &Program, outcome: &Outcome) -> Value {
    let gated = outcome.sites.as_ref().map(|ran| functions(program, ran));
    let model = outcome.planned.model;
    let (status, why) = match &outcome.planned.place {
        Place::NotRun(why) => ("not-run", Some(why)),
        Place::LeftOut(why) => ("left-out", Some(why)),
        _ if outcome.problems.is_empty() => ("ok", None),
        _ => ("failed", None),
    };
    let qemu = match &outcome.planned.place {
        Place::Emulator(emulator) => Some(format!("{}.{}", emulator.release.0, emulator.release.1)),
        _ => None,
    };
    let forced = outcome
        .forced
        .iter()
        .map(|(forced, good)| json!({ "path": forced.path, "lacks": forced.lacking, "ok": good }));
    let paths: serde_json::Map<String, Value> =
        outcome.report.paths.iter().map(|(side, path)| (side.clone(), json!(path))).collect();
    json!({
        "name": model.name,
        "status": status,
        "why": why,
        "qemu": qemu,
        "hidden": model.mask.features().collect::<Vec<_>>(),
        "features": outcome.report.features,
        "paths": paths,
        "report": outcome.report.others,
        "gated": gated,
        "forced": forced.collect::<Vec<_>>(),
        "problems": outcome.problems,
    })
}

//! `cargo xtask bench calls`: what a call from Rust into Go costs, and what Go adds to the start of
//! a program.
//!
//! By the clock: the programs below `xtask/projects` run in turn, many rounds, each with short
//! batches; medians of all batches count, and ratios of medians of the same run. By instructions:
//! under QEMU, which counts and does not time.

mod document;
mod instructions;
mod programs;
mod report;
mod series;
mod starts;

use programs::Programs;
use series::Measured;
use starts::Start;

use super::demand::{self, Demand};
use crate::command::Cmd;
use crate::failure::Result;
use crate::ui;

/// What the project `calls` measures, and how many of its own rounds there are in one of ours. The
/// timer of `tick` takes most of the time.
const MEASUREMENTS: &[(&str, &str)] = &[
    ("call", "50"),
    ("deferred", "20"),
    ("rare", RARE),
    ("thread", "20"),
    ("threads", "2"),
    ("spawn", "4"),
    ("tick", "1"),
];
/// The same for rust2go.
const RUST2GO_MEASUREMENTS: &[(&str, &str)] = &[("call", "20"), ("rare", RARE)];
/// Calls after a pause, in one round.
const RARE: &str = "20";
/// How often each program starts in one round.
const STARTS: u32 = 20;

/// The most times as long as a call without them that one with `gocross`'s types may take.
const WRAPPED: f64 = 1.05;
/// The most times as long as a plain call that one of a batch of 64 may take.
const BATCHED: f64 = 0.2;
/// The most times as long as rust2go's that a call by a future may take.
const ASYNC: f64 = 0.5;
/// The most times as long as without Go that a program may take to start that has a lazy Go in it
/// and does not call it.
const LAZY: f64 = 1.02;

/// Runs `cargo xtask bench calls`.
pub(crate) fn run(rounds: u32, check: bool, write: bool) -> Result {
    let programs = Programs::build()?;

    ui::heading(format!("{rounds} rounds"));
    let mut measured = Measured::default();
    for _ in 0..rounds {
        round(&programs, &mut measured)?;
    }
    ui::heading("instructions under QEMU");
    let counts = instructions::count(&programs)?;

    let demands = demands(&measured)?;
    let mut lines = report::lines(&measured, &counts, &programs, rounds)?;
    lines.push(String::new());
    lines.extend(demand::lines(&demands));
    lines.iter().for_each(ui::data);
    if write {
        document::write(&lines)?;
    }
    if check {
        demand::verdict(&demands, "a call or a start takes too long", "calls")
    } else {
        Ok(())
    }
}

fn round(programs: &Programs, measured: &mut Measured) -> Result {
    for (what, rounds) in MEASUREMENTS {
        measured.read(&Cmd::new(&programs.calls).args([what, rounds]).read()?)?;
    }
    for (what, rounds) in RUST2GO_MEASUREMENTS {
        measured.read(&Cmd::new(&programs.rust2go).args([what, rounds]).read()?)?;
    }
    for turn in 0..STARTS {
        let mut time = |start: &Start| -> Result {
            measured.add(start.name, 1, start.time()?);
            Ok(())
        };
        // Backwards every other time: Go's threads still end while the next program starts.
        if turn % 2 == 0 {
            programs.starts.iter().try_for_each(&mut time)?;
        } else {
            programs.starts.iter().rev().try_for_each(&mut time)?;
        }
    }
    Ok(())
}

fn demands(measured: &Measured) -> Result<Vec<Demand>> {
    let mut demands = Vec::new();
    for row in report::CALLS.iter().filter(|row| row.is_ours) {
        let ratio = measured.ratio(row.name, row.against)?;
        demands.push(Demand::at_most(format!("{}/{}", row.name, row.against), Ok(ratio), WRAPPED));
    }
    let [batch, plain] = [report::BATCH, report::PLAIN];
    let [future, rust2go] = [report::ASYNC, report::RUST2GO_ASYNC];
    for (name, against, bound) in [(batch, plain, BATCHED), (future, rust2go, ASYNC)] {
        let ratio = measured.ratio(name, against)?;
        demands.push(Demand::at_most(format!("{name}/{against}"), Ok(ratio), bound));
    }
    let (lazy, without) = (starts::NOT_CALLED, starts::WITHOUT);
    let ratio = measured.ratio(lazy, without)?;
    demands.push(Demand::at_most(format!("{lazy}/{without}"), Ok(ratio), LAZY));
    Ok(demands)
}

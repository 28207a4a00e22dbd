//! `cpu-scan/…`: what the rule `cpu-paths` says of an instruction is what LLVM says.

mod programs;
mod words;

use gocross_tests::trial::{Result, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

pub(crate) fn trials(workshop: &'static Workshop) -> Result<Vec<Trial>> {
    let mut trials = words::trials(workshop);
    trials.extend(programs::trials(workshop)?);
    trials.push(trial("cpu-scan/names", names));
    Ok(trials)
}

/// `gocross-cpu` knows no feature of another name.
fn names() -> Result {
    let known = |name: &str| {
        let has =
            |architecture: &gocross_verify::cpu::Architecture| architecture.feature(name).is_some();
        gocross_verify::cpu::architecture::ARCHITECTURES.iter().any(has)
    };
    let unknown: Vec<&str> = gocross_cpu::Feature::ALL
        .iter()
        .map(|feature| feature.name())
        .filter(|name| !known(name))
        .collect();
    gocross_tests::trial::ensure(unknown.is_empty(), || format!("unknown: {unknown:?}"))
}

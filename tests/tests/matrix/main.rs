//! All tests of whole builds, under one runner: `cargo test -p gocross-tests -- examples/sm4`.

mod carchive;
mod corpus;
mod cpu;
mod cpu_scan;
mod docs;
mod floor;
mod folders;
mod go_versions;
mod odd_places;
mod rows;
mod schema;
mod shared;
mod start;
mod std_library;
mod std_profiles;
mod table;
mod templates;
mod upstream;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use gocross_tests::times;
use gocross_tests::trial::Result;
use gocross_tests::workshop::Workshop;
use libtest_mimic::{Arguments, Trial};

fn main() -> Result<ExitCode> {
    let arguments = Arguments::from_args();
    let conclusion = libtest_mimic::run(&arguments, trials()?);
    if let Some(summary) = times::summary() {
        writeln!(std::io::stdout(), "{summary}\n")?;
    }
    Ok(conclusion.exit_code())
}

fn trials() -> Result<Vec<Trial>> {
    let program = Path::new(env!("CARGO_BIN_EXE_cargo-gocross-under-test"));
    let builds = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // For the whole process: every test works in it.
    let workshop: &'static Workshop = Box::leak(Box::new(Workshop::open(program, builds)?));
    let mut trials = table::trials(workshop)?;
    trials.extend(rows::trials(workshop)?);
    trials.extend(shared::trials(workshop)?);
    trials.extend(floor::trials(workshop)?);
    for kind in ["cases", "cli", "rebuild"] {
        trials.extend(folders::trials(workshop, kind)?);
    }
    trials.extend(templates::trials(workshop)?);
    trials.extend(docs::trials(workshop)?);
    trials.extend(carchive::trials(workshop));
    trials.extend(upstream::trials(workshop));
    trials.extend(go_versions::trials(workshop));
    trials.extend(std_library::trials(workshop));
    trials.extend(std_profiles::trials(workshop));
    trials.extend(odd_places::trials(workshop));
    trials.extend(corpus::trials(workshop)?);
    trials.extend(schema::trials());
    trials.extend(cpu::trials(workshop)?);
    trials.extend(cpu_scan::trials(workshop)?);
    Ok(trials)
}

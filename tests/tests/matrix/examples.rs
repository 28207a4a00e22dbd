//! `examples/<example>/<triple>`: each example, taken out of the repository, on each row
//! that is under test. A new row and a new example join by themselves.

use std::path::Path;

use gocross_targets::{Target, Tier};
use gocross_tests::elf;
use gocross_tests::rows;
use gocross_tests::sandbox::Sandbox;
use gocross_tests::scenario::Scenario;
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

pub(crate) fn trials(workshop: &'static Workshop) -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for example in examples()? {
        for target in rows::under_test()? {
            let example = example.clone();
            let name = format!("examples/{example}/{}", target.triple);
            trials.push(trial(name.clone(), move || test(workshop, &name, &example, target)));
        }
    }
    Ok(trials)
}

/// The folders of `examples/`.
fn examples() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs_err::read_dir(Workshop::repository().join("examples"))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").is_file() {
            names.push(entry.file_name().display().to_string());
        }
    }
    names.sort();
    Ok(names)
}

fn test(workshop: &Workshop, name: &str, example: &str, target: &'static Target) -> Result {
    let file = match target.tier {
        Tier::BuiltOnly => "examples/built-only".to_owned(),
        Tier::Ci | Tier::ByHand => format!("examples/{example}"),
    };
    let file = Workshop::package().join(format!("{file}.toml"));
    let words = [("example", example), ("target", target.triple), ("goarch", target.go.arch)];
    let sandbox = Scenario::read(&file)?.play(workshop, name, &words)?;
    let program = program(&sandbox, target)?;
    elf::check_header(&program, target)?;
    elf::check_interpreter(&program, target)
}

/// The one program that the example's build has left in cargo's target folder.
fn program(sandbox: &Sandbox, target: &Target) -> Result<std::path::PathBuf> {
    let folder = sandbox.dir().join("target").join(target.triple).join("debug");
    let mut programs = Vec::new();
    for entry in fs_err::read_dir(&folder)? {
        let path = entry?.path();
        if path.is_file() && is_elf(&path)? {
            programs.push(path);
        }
    }
    ensure(programs.len() == 1, || format!("programs in `{}`: {programs:?}", folder.display()))?;
    programs.pop().ok_or_else(|| Trouble::wrong("no program"))
}

fn is_elf(path: &Path) -> Result<bool> {
    Ok(path.extension().is_none() && fs_err::read(path)?.starts_with(b"\x7fELF"))
}

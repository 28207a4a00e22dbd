//! `examples/<example>/<triple>`, `projects/<project>/<triple>`: each project, in a folder of its
//! own, on each row under test. A new row and a new project join by themselves.

use std::path::{Path, PathBuf};

use gocross_targets::{Target, Tier};
use gocross_tests::elf;
use gocross_tests::rows;
use gocross_tests::sandbox::Sandbox;
use gocross_tests::scenario::Scenario;
use gocross_tests::tools;
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

pub(crate) fn trials(workshop: &'static Workshop) -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for (kind, folder) in [
        ("examples", Workshop::repository().join("examples")),
        ("projects", Workshop::package().join("projects")),
    ] {
        for project in projects(&folder)? {
            for target in rows::under_test()? {
                let name = format!("{kind}/{project}/{}", target.triple);
                let project = project.clone();
                trials.push(trial(name, move || test(workshop, kind, &project, target)));
            }
        }
    }
    Ok(trials)
}

/// The folders of `folder` that cargo can build.
fn projects(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").is_file() {
            names.push(entry.file_name().display().to_string());
        }
    }
    names.sort();
    Ok(names)
}

fn test(workshop: &Workshop, kind: &str, project: &str, target: &'static Target) -> Result {
    let name = format!("{kind}/{project}/{}", target.triple);
    let file = match target.tier {
        Tier::BuiltOnly => "built-only.toml".to_owned(),
        Tier::Ci | Tier::ByHand => format!("{kind}/{project}.toml"),
    };
    let file = Workshop::package().join(file);
    let emulator = tools::emulator(workshop, target)?;
    let newest = tools::newest(workshop, target, &emulator)?;
    let words = [
        ("base", project),
        ("target", target.triple),
        ("goarch", target.go.arch),
        ("libc", target.libc.as_str()),
        ("emulator", &emulator),
        ("newest_emulator", &newest),
    ];
    let sandbox = Scenario::read(&file)?.play(workshop, &name, &words)?;
    let program = program(&sandbox, target)?;
    elf::check_header(&program, target)?;
    elf::check_interpreter(&program, target)
}

/// The one program that the project's build has left in cargo's target folder.
pub(crate) fn program(sandbox: &Sandbox, target: &Target) -> Result<PathBuf> {
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

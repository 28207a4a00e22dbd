//! `upstream/<what>/<triple>`: what plain Go does with the same package, the same compiler and
//! no gocross. A failure here is good news: there is something to take out of the product.

use gocross_targets::{CArchive, Libc, TARGETS, Target, Tier};
use gocross_tests::command::Output;
use gocross_tests::kit::{Builder, Kit, SIGSEGV, told};
use gocross_tests::sandbox::Sandbox;
use gocross_tests::trial::{Result, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

use crate::start;

type Test = fn(&Kit, &Sandbox) -> Result;

pub(crate) fn trials(workshop: &'static Workshop) -> Vec<Trial> {
    let of_row = |target: &'static Target| {
        let (what, test): (_, Test) = match (target.go.c_archive, target.libc) {
            (CArchive::ByOverlay, _) => ("refused", refused),
            (CArchive::ByGo, Libc::Musl) => ("crashes", crashes),
            (CArchive::ByGo, Libc::Gnu) => return None,
        };
        let name = format!("upstream/{what}/{}", target.triple);
        Some(trial(name.clone(), move || {
            let kit = Kit::find(workshop, target, &[])?;
            test(&kit, &Sandbox::new(workshop, &name, "")?)
        }))
    };
    let rows = || TARGETS.iter().filter(|row| row.tier == Tier::Ci);
    let starts = |row: &&Target| row.go.c_archive == CArchive::ByGo && row.libc == Libc::Gnu;
    let forks = rows().filter(starts).map(|target| {
        let name = format!("upstream/hangs-in-fork/{}", target.triple);
        trial(name.clone(), move || {
            let kit = Kit::find(workshop, target, &[])?;
            hangs_in_fork(&kit, &Sandbox::new(workshop, &name, "")?)
        })
    });
    rows().filter_map(of_row).chain(forks).collect()
}

/// Go makes no C archive for the row, and says so.
fn refused(kit: &Kit, sandbox: &Sandbox) -> Result {
    let platform = kit.target.go.platform();
    let package = start::lay(sandbox)?;
    let output = kit.go_build(&package, &sandbox.results()?.join("libstart.a")).output()?;
    ensure(output.status != 0, || {
        format!("{} builds c-archives for {platform} now: the overlay can go", kit.go.version_text)
    })?;
    let words = format!("-buildmode=c-archive not supported on {platform}");
    ensure(output.stderr.contains(&words), || format!("no `{words}`: {}", told(&output)))?;
    // The package is not the reason.
    start::check(kit, &start::build(kit, sandbox, Builder::Gocross)?)
}

/// Go's archive ends the program before the first call of Go comes back (golang/go#13492): its
/// runtime starts on a thread of its own, which the program may be quicker than up to there.
fn crashes(kit: &Kit, sandbox: &Sandbox) -> Result {
    let output =
        kit.program(&start::build(kit, sandbox, Builder::Go)?, start::ARGUMENTS).output()?;
    let version = &kit.go.version_text;
    ensure(output.status != 0, || {
        let what = "c-archives start on musl now (golang/go#13492)";
        format!("{version}'s {what}: the rewriting of their start can go")
    })?;
    ensure(output.status == SIGSEGV && "main\n".starts_with(&output.stdout), || {
        format!("{version}'s archive fails on musl, but not as before: {}", told(&output))
    })?;
    // Neither the package nor the program is the reason.
    start::check(kit, &start::build(kit, sandbox, Builder::Gocross)?)
}

/// A call of Go in the child of a fork waits for ever, where ours ends at once with a sentence.
fn hangs_in_fork(kit: &Kit, sandbox: &Sandbox) -> Result {
    let call = |by: Builder| -> Result<Output> {
        let program = start::build_with(kit, sandbox, by, "fork.c")?;
        kit.program(&program, [""; 0]).output()
    };
    let told_of = |child: &str| format!("parent 500500\nchild {child}\nparent 500500\n");
    let output = call(Builder::Go)?;
    ensure(output.status == 0 && output.stdout == told_of("signal 14"), || {
        let version = &kit.go.version_text;
        format!("{version}'s archive does something else in a child: {}", told(&output))
    })?;
    let output = call(Builder::Gocross)?;
    let words = "gocross: Go cannot be called in the child of a fork, ";
    let is_told = output.stdout == told_of("signal 6") && output.stderr.starts_with(words);
    ensure(output.status == 0 && is_told, || told(&output))
}

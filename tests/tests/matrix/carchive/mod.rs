//! `carchive/<test>/<triple>`: Go's own tests of C archives, from the user's `GOROOT`, with
//! archives of gocross's. `carchive-of-go/<test>/<triple>`: the same with Go's, where it
//! makes one that works, as the measure.

mod programs;

use std::path::{Path, PathBuf};
use std::time::Duration;

use gocross_targets::{CArchive, Libc, TARGETS, Target, Tier};
use gocross_tests::command::Output;
use gocross_tests::kit::{Builder, Kit, Shape, told};
use gocross_tests::sandbox::Sandbox;
use gocross_tests::trial::{Result, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

use programs::{PROGRAMS, Program, Run};

/// Where Go keeps them.
const TESTDATA: &str = "src/cmd/cgo/internal/testcarchive/testdata";
/// More than the longest takes under QEMU on a slow machine.
const LIMIT: Duration = Duration::from_secs(120);

pub(crate) fn trials(workshop: &'static Workshop) -> Vec<Trial> {
    let mut trials = Vec::new();
    for target in TARGETS.iter().filter(|row| row.tier == Tier::Ci) {
        for program in PROGRAMS {
            for (kind, by) in [("carchive", Builder::Gocross), ("carchive-of-go", Builder::Go)] {
                if by == Builder::Gocross || is_measure(target) {
                    let name = format!("{kind}/{}/{}", program.test, target.triple);
                    trials.push(trial(name.clone(), move || {
                        test(workshop, &name, program, target, by)
                    }));
                }
            }
        }
    }
    trials
}

/// Whether Go itself makes an archive for the row, and one that starts.
fn is_measure(target: &Target) -> bool {
    target.go.c_archive == CArchive::ByGo && target.libc == Libc::Gnu
}

fn test(
    workshop: &Workshop,
    name: &str,
    program: &Program,
    target: &'static Target,
    by: Builder,
) -> Result {
    let kit = Kit::find(workshop, target, &[])?;
    let sandbox = Sandbox::new(workshop, name, "")?;
    let built = build(&kit, &sandbox, program, by)?;
    for run in program.runs {
        judge(&kit, &built, run)?;
    }
    Ok(())
}

/// The C program, from sources of Go's that are laid out in the sandbox.
fn build(kit: &Kit, sandbox: &Sandbox, program: &Program, by: Builder) -> Result<PathBuf> {
    let dir = sandbox.dir();
    sandbox.lay(&kit.go.goroot.join(TESTDATA))?;
    // As `carchive_test.go` does; its packages import one another by this name.
    fs_err::write(dir.join("go.mod"), "module testcarchive\n")?;
    header_of_p(kit, dir)?;
    let package = dir.join(program.library);
    let name = program.library.trim_start_matches("lib");
    let archive = kit.archive(by, &package, name, dir)?;
    let built = dir.join("program");
    let words = program.sources.iter().chain(program.flags).map(Path::new);
    kit.link(dir, Shape::Usual, words.chain([archive.as_path()]), &built)?;
    Ok(built)
}

/// `main.c` includes the header of a package that its library imports; Go writes none.
fn header_of_p(kit: &Kit, dir: &Path) -> Result {
    let line = ["tool", "cgo", "-objdir", "objects", "-exportheader", "p.h", "p/p.go"];
    kit.go(dir, line).read().map(drop)
}

fn judge(kit: &Kit, built: &Path, run: &Run) -> Result {
    let (signal, tries) = match run.signal {
        Some((signal, tries)) => (Some(signal), tries),
        None => (None, 1),
    };
    let mut outputs = Vec::new();
    for _ in 0..tries {
        let output = play(kit, built, run.arguments, signal)?;
        if run.ends.contains(&output.status) {
            return Ok(());
        }
        // Whoever tries again hopes for another thread, not for another program.
        let again = output.status == 0;
        outputs.push(output);
        if !again {
            break;
        }
    }
    ensure(false, || {
        let last = outputs.last().map(told).unwrap_or_default();
        format!("{run:?}, at try {}: {last}", outputs.len())
    })
}

fn play(kit: &Kit, built: &Path, arguments: &[&str], signal: Option<&str>) -> Result<Output> {
    let mut running = kit.program(built, arguments).start()?;
    if let Some(signal) = signal {
        running.wait_for("OK\n", LIMIT)?;
        // As in `carchive_test.go`: time to enter the function.
        std::thread::sleep(Duration::from_millis(1));
        running.signal(signal)?;
    }
    running.finish(LIMIT)
}

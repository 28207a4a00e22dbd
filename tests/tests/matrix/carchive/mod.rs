//! `carchive/<test>/<triple>`: Go's own tests of C archives, from the user's `GOROOT`, with
//! archives of gocross's. `carchive-of-go/<test>/<triple>`: the same with Go's, where it
//! makes one that works, as the measure.

mod page;
mod programs;

use std::path::{Path, PathBuf};
use std::time::Duration;

use gocross_targets::{CArchive, Libc, TARGETS, Target, Tier};
use gocross_tests::command::Output;
use gocross_tests::elf;
use gocross_tests::kit::{Builder, Kit, Shape, machine, told};
use gocross_tests::sandbox::Sandbox;
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;
use rustix::process::Signal;

use programs::{NOT_RUN, PROGRAMS, Program, Run, exception};

/// Where Go keeps them.
const FOLDER: &str = "src/cmd/cgo/internal/testcarchive";
/// More than the longest takes under QEMU on a slow machine.
const LIMIT: Duration = Duration::from_secs(120);

pub(crate) fn trials(workshop: &'static Workshop) -> Vec<Trial> {
    let mut trials = vec![
        trial("carchive/page", page::check),
        trial("carchive/complete", move || complete(workshop)),
    ];
    for target in TARGETS.iter().filter(|row| row.tier == Tier::Ci) {
        for program in PROGRAMS {
            for (kind, by) in [("carchive", Builder::Gocross), ("carchive-of-go", Builder::Go)] {
                if is_tried(program, target, by) {
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

/// Each test that this machine's Go has is in the table.
fn complete(workshop: &Workshop) -> Result {
    let kit = Kit::find(workshop, machine()?, &[])?;
    let file = kit.go.goroot.join(FOLDER).join("carchive_test.go");
    let text = fs_err::read_to_string(file)?;
    let names = text.lines().filter_map(|line| line.strip_prefix("func ")?.split_once('('));
    let is_test = |name: &&str| name.starts_with("Test") || name.starts_with("Benchmark");
    // The frame of all tests.
    let tests = names.map(|(name, _)| name).filter(is_test).filter(|name| *name != "TestMain");
    let is_known = |name: &&str| {
        PROGRAMS.iter().any(|program| program.test == *name)
            || NOT_RUN.iter().any(|(test, _)| test == name)
    };
    let unknown: Vec<&str> = tests.filter(|name| !is_known(name)).collect();
    ensure(unknown.is_empty(), || format!("{} has {unknown:?} as well", kit.go.version_text))
}

/// Whether a row has the test: with Go's archive where Go makes one, and one that starts.
fn is_tried(program: &Program, target: &Target, by: Builder) -> bool {
    match by {
        Builder::Gocross => {
            exception(program, target.triple).is_none_or(|entry| entry.refusal.is_some())
        }
        Builder::Go => target.go.c_archive == CArchive::ByGo && target.libc == Libc::Gnu,
    }
}

fn test(
    workshop: &Workshop,
    name: &str,
    program: &Program,
    target: &'static Target,
    by: Builder,
) -> Result {
    let go_flags = (!program.go_flags.is_empty()).then_some(("GOFLAGS", program.go_flags));
    let kit = Kit::find(workshop, target, go_flags.as_slice())?;
    let sandbox = Sandbox::new(workshop, name, "")?;
    let built = build(&kit, &sandbox, program, by);
    if let Some(words) = exception(program, target.triple).and_then(|entry| entry.refusal) {
        return match built {
            Err(Trouble::Wrong(said)) if said.contains(words) => Ok(()),
            Err(trouble) => Err(trouble),
            Ok(_) => Err(Trouble::wrong("it links: the exception can go")),
        };
    }
    let built = built?;
    if program.shape == Shape::Pie {
        elf::check_position_independent(&built)?;
    }
    for run in program.runs {
        judge(&kit, &built, run)?;
    }
    Ok(())
}

/// The C program, from sources of Go's that are laid out in the sandbox.
fn build(kit: &Kit, sandbox: &Sandbox, program: &Program, by: Builder) -> Result<PathBuf> {
    let dir = sandbox.dir();
    let testdata = kit.go.goroot.join(FOLDER).join("testdata");
    if !testdata.join(program.library).is_dir() {
        let version = &kit.go.version_text;
        return Err(Trouble::Missing(format!("`{}` of {version}", program.test)));
    }
    sandbox.lay(&testdata)?;
    // As `carchive_test.go` does; its packages import one another by this name.
    fs_err::write(dir.join("go.mod"), "module testcarchive\n")?;
    header_of_p(kit, dir)?;
    let package = dir.join(program.library);
    let name = program.library.trim_start_matches("lib");
    let results = sandbox.results()?;
    let archive = kit.archive(by, &package, name, &results)?;
    let built = results.join("program");
    let words = program.sources.iter().chain(program.flags).map(Path::new);
    kit.link(dir, program.shape, words.chain([archive.as_path()]), &built)?;
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

fn play(kit: &Kit, built: &Path, arguments: &[&str], signal: Option<Signal>) -> Result<Output> {
    let mut command = kit.program(built, arguments);
    // Go ends itself with SIGQUIT, which a shell has ignored by what it starts in the background.
    command.words.splice(0..0, ["env".into(), "--default-signal=QUIT".into()]);
    let mut running = command.start()?;
    if let Some(signal) = signal {
        running.wait_for("OK\n", LIMIT)?;
        // As in `carchive_test.go`: time to enter the function.
        std::thread::sleep(Duration::from_millis(1));
        running.signal(signal)?;
    }
    running.finish(LIMIT)
}

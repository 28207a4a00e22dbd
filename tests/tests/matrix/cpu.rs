//! `cpu/<triple>`: what `gocross::cpu` tells of each CPU model in `cpu.toml`, by a program that
//! prints it (`projects/cpu`), on each release of QEMU that is here.

use std::path::{Path, PathBuf};

use gocross_targets::{QemuRelease, Target};
use gocross_tests::command::Run;
use gocross_tests::expect;
use gocross_tests::kit::told;
use gocross_tests::sandbox::Sandbox;
use gocross_tests::scenario::{Scenario, row};
use gocross_tests::tools::{self, Tools};
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use gocross_toolchain::{Cache, Env, qemu};
use libtest_mimic::Trial;
use serde::Deserialize;

use crate::rows::program;

/// `cpu.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Models {
    model: Vec<Model>,
}

/// What must be told of a model.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    target: String,
    /// QEMU's name of it, for `-cpu`.
    cpu: String,
    /// The first release of QEMU of which this holds.
    #[serde(default)]
    since: (u32, u32),
    /// The first one of which it does not hold any more.
    before: Option<(u32, u32)>,
    /// Whether the model takes only programs that are marked for NaN as IEEE 754-2008 has them.
    #[serde(default)]
    nan2008: bool,
    /// The value of `GOCROSS_CPU`.
    #[serde(default)]
    mask: String,
    /// The line, as a pattern.
    report: String,
}

pub(crate) fn trials(workshop: &'static Workshop) -> Result<Vec<Trial>> {
    let file = Workshop::package().join("cpu.toml");
    let Models { model: models } = toml::from_str(&fs_err::read_to_string(&file)?)
        .map_err(|error| Trouble::wrong(format!("`{}`: {error}", file.display())))?;
    let mut trials: Vec<Trial> = Vec::new();
    for of_target in models.chunk_by(|one, next| one.target == next.target) {
        let target = row(&of_target[0].target)?;
        let of_target = of_target.to_vec();
        let name = format!("cpu/{}", target.triple);
        trials.push(trial(name.clone(), move || test(workshop, &name, target, &of_target)));
    }
    Ok(trials)
}

fn test(workshop: &Workshop, name: &str, target: &'static Target, models: &[Model]) -> Result {
    let emulators = Emulators::find(workshop, target)?;
    let words = [("target", target.triple), ("emulator", "")];
    let scenario = Scenario::read(&Workshop::package().join("cpu-build.toml"))?;
    let sandbox = scenario.play(workshop, name, &words)?;
    let program = program(&sandbox, target)?;
    for model in models {
        for emulator in emulators.of(model)? {
            let mut run = Run::new(workshop, emulator);
            let program = if model.nan2008 { with_nan2008(&program)? } else { program.clone() };
            run.words.push(program.into());
            run.variables.insert("GOCROSS_CPU".into(), model.mask.clone().into());
            let place = format!("`{run}`, GOCROSS_CPU=`{}`", model.mask);
            check(workshop, &sandbox, &run, model).map_err(|trouble| trouble.at(&place))?;
        }
    }
    Ok(())
}

/// A copy of a program of 32 bits and little endian that says that it computes with NaN as IEEE
/// 754-2008 has them. That is wrong, and of no matter to a program that computes none.
fn with_nan2008(program: &Path) -> Result<PathBuf> {
    /// `e_flags` of the header, and the bit in its second byte (`EF_MIPS_NAN2008`, 0x400).
    const FLAGS: usize = 0x24;
    const NAN2008: u8 = 0x4;
    let mut bytes = fs_err::read(program)?;
    bytes[FLAGS + 1] |= NAN2008;
    let copy = program.with_extension("nan2008");
    fs_err::write(&copy, bytes)?;
    fs_err::set_permissions(&copy, fs_err::metadata(program)?.permissions())?;
    Ok(copy)
}

/// Compares the report with the model's, and has the program compare it with std's word.
fn check(workshop: &Workshop, sandbox: &Sandbox, run: &Run, model: &Model) -> Result {
    let output = run.output()?;
    ensure(output.status == 0, || told(&output))?;
    let expected = format!("{}\n", model.report);
    expect::text(workshop, sandbox, "report", &output.stdout, &expected)?;
    let mut run = run.clone();
    run.words.push("std".into());
    let output = run.output()?;
    ensure(output.status == 0, || told(&output))
}

/// The releases of QEMU that are here for a target, and the words that each begins with.
struct Emulators {
    found: Vec<(QemuRelease, Vec<String>)>,
}

impl Emulators {
    fn find(workshop: &Workshop, target: &'static Target) -> Result<Self> {
        let mut run = Run::new(workshop, [""; 0]);
        Tools::default().equip(workshop, &mut run)?;
        let env = Env::new(run.variables, workshop.root());
        let (emulators, _) = qemu::all(&env, &Cache::at(workshop.cache()), target)
            .map_err(|error| Trouble::Missing(error.message.clone()))?;
        // Of the command that runs the target's programs, all but the program; none here where
        // this machine runs them itself, which takes no libraries from elsewhere.
        let command = tools::emulator(workshop, target)?;
        let rest: Vec<String> = command.split(' ').skip(1).map(str::to_owned).collect();
        let words = |emulator: &qemu::Emulator| {
            let program = emulator.program.display().to_string();
            std::iter::once(program).chain(rest.clone()).collect()
        };
        Ok(Self { found: emulators.iter().map(|one| (one.release, words(one))).collect() })
    }

    /// The command lines that run the model, up to the program.
    fn of(&self, model: &Model) -> Result<Vec<Vec<String>>> {
        let holds = |release: QemuRelease| {
            let release = (release.0, release.1);
            model.since <= release && model.before.is_none_or(|before| release < before)
        };
        let fitting = self.found.iter().filter(|(release, _)| holds(*release));
        let lines: Vec<_> = fitting
            .map(|(_, words)| [words.as_slice(), &["-cpu".to_owned(), model.cpu.clone()]].concat())
            .collect();
        // What an old QEMU shows is nothing that everybody must have.
        if lines.is_empty() && model.before.is_none() {
            let (major, minor) = model.since;
            return Err(Trouble::Missing(format!("QEMU {major}.{minor} for `{}`", model.cpu)));
        }
        Ok(lines)
    }
}

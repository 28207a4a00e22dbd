//! One program's self-test on every CPU model of its target.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_targets::{Cpu, Mask, Model, Target};
use gocross_toolchain::qemu::{Emulator, FORK_SAFE};
use gocross_verify::cpu::Declaration;

use super::go_side::GoSide;
use super::judge::{self, Context, Expected, Problem};
use super::plan::{self, Forced, Place, Planned};
use super::report::Report;
use super::run::{End, Ran, Task};
use super::sites::{self, Gates};
use super::watch::Watch;

/// A program, and what runs it.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) file: PathBuf,
    pub(crate) target: &'static Target,
    pub(crate) declaration: Declaration,
    /// Every QEMU for the target.
    pub(crate) emulators: Vec<Emulator>,
    /// Where QEMU looks for the target's libraries.
    pub(crate) library: Option<PathBuf>,
    /// The row of this machine.
    pub(crate) host: Option<&'static Target>,
    /// What its Go knows of CPU features.
    pub(crate) go: GoSide,
    /// The gated instructions of the declared paths.
    pub(crate) gates: Gates,
    /// What tells which of them run; none where there are none.
    pub(crate) watch: Option<Watch>,
}

/// What all runs share.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) limit: Duration,
    pub(crate) folder: PathBuf,
    pub(crate) variables: Vec<(OsString, OsString)>,
}

/// What came of a model.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) planned: Planned,
    /// What the self-test printed.
    pub(crate) report: Report,
    /// Each path that was forced: what had to come of it, and whether it did.
    pub(crate) forced: Vec<(Forced, bool)>,
    /// The gated instructions that ran, plain or forced; none where nobody looked.
    pub(crate) sites: Option<BTreeSet<u64>>,
    pub(crate) problems: Vec<Problem>,
}

impl Outcome {
    /// Whether the model was run at all.
    pub(crate) fn has_run(&self) -> bool {
        matches!(self.planned.place, Place::Machine | Place::Emulator(_))
    }
}

/// Results that other runs are compared with, and the model that they are of.
pub(crate) type Reference = (String, Vec<String>);

/// Runs the self-test on every model, plain and with each path forced.
///
/// `reference` is what the program printed for another target; without one, what most models
/// print is put there.
///
/// # Errors
///
/// [`Code::Io`] where nothing can be started.
pub(crate) fn run(
    program: &Program,
    setting: &Setting,
    reference: &mut Option<Reference>,
) -> Result<Vec<Outcome>> {
    let matrix = Matrix { program, setting };
    let planned = plan::models(program.target, program.host, &program.emulators);
    let plain = matrix.plain(&planned)?;
    let reports: Vec<Report> =
        plain.iter().map(|ran| Report::read(ran.as_ref().map_or("", |ran| &ran.stdout))).collect();
    if reference.is_none() {
        *reference = matrix.reference(&planned, &plain, &reports);
    }
    let features = matrix.features(&planned, &reports);
    // Where no run is good, one more word changes nothing, and every path would be told as well.
    let is_good = |ran: &Option<Ran>| ran.as_ref().is_some_and(|ran| ran.end == End::Status(0));
    let forced = match plain.iter().any(is_good) {
        true => matrix.forced(&planned, &features)?,
        false => Vec::new(),
    };
    let known = known(program.target);
    let mut outcomes: Vec<Outcome> = Vec::new();
    for (index, (planned, report)) in planned.into_iter().zip(reports).enumerate() {
        let features = features[index].as_ref();
        let found = plain[index].as_ref();
        let problems = found.map_or_else(Vec::new, |ran| {
            matrix.judge_plain(ran, &report, features, &known, reference.as_ref())
        });
        let sites = found.and_then(|ran| ran.sites.clone());
        outcomes.push(Outcome { planned, report, forced: Vec::new(), sites, problems });
    }
    for (index, one, ran) in forced {
        let outcome = &mut outcomes[index];
        let model = outcome.planned.model;
        let hides = one.lacking.iter().any(|need| model.mask.hides(need));
        let limit = setting.limit.as_secs();
        let context = Context {
            hides,
            complaints: &program.go.complaints(program.target, &model.mask),
            reference: reference.as_ref().map(|(of, results)| (of.as_str(), results.as_slice())),
            limit,
        };
        let mut problems = judge::forced(&ran, &one, &context);
        outcome.forced.push((one, problems.is_empty()));
        outcome.problems.append(&mut problems);
        if let Some(ran) = ran.sites {
            outcome.sites.get_or_insert_default().extend(ran);
        }
    }
    for (outcome, features) in outcomes.iter_mut().zip(&features) {
        if let (Some(ran), Some(features)) = (&outcome.sites, features) {
            outcome.problems.extend(sites::forbidden(&program.gates, ran, features));
        }
    }
    reach(program, &mut outcomes);
    Ok(outcomes)
}

/// The gated instructions that ran on any model.
pub(crate) fn all_sites(outcomes: &[Outcome]) -> Option<BTreeSet<u64>> {
    outcomes.iter().filter_map(|one| one.sites.clone()).reduce(|all, one| &all | &one)
}

/// The side and the path of each that was taken where somebody looked, by itself or forced, and
/// the first model where it was.
pub(crate) fn taken(outcomes: &[Outcome]) -> BTreeMap<(String, String), usize> {
    let mut taken = BTreeMap::new();
    for (index, outcome) in outcomes.iter().enumerate().filter(|(_, one)| one.sites.is_some()) {
        let forced = outcome.forced.iter().filter(|(one, good)| *good && one.lacking.is_empty());
        let of_sides = |(one, _): &(Forced, bool)| -> Vec<(String, String)> {
            one.sides.iter().map(|side| (side.clone(), one.path.clone())).collect()
        };
        let all = outcome.report.paths.iter().cloned().chain(forced.flat_map(of_sides));
        all.for_each(|one| {
            taken.entry(one).or_insert(index);
        });
    }
    taken
}

/// Tells of functions that never ran, though their path was taken where somebody looked: at the
/// first model that took it.
fn reach(program: &Program, outcomes: &mut [Outcome]) {
    let Some(all) = all_sites(outcomes) else { return };
    for ((side, path), index) in taken(outcomes) {
        let problems = sites::unreached(&program.gates, &all, &side, &path);
        outcomes[index].problems.extend(problems);
    }
}

/// The features that the table tells of.
fn known(target: &Target) -> BTreeSet<String> {
    let models = gocross_targets::MODELS.iter().filter(|row| row.rust_arch == target.rust_arch);
    let names = models
        .flat_map(|row| row.features().unwrap_or_default().into_iter().chain(row.mask.features()));
    names.map(str::to_owned).collect()
}

struct Matrix<'a> {
    program: &'a Program,
    setting: &'a Setting,
}

impl Matrix<'_> {
    /// A plain run on each model that can be run.
    fn plain(&self, planned: &[Planned]) -> Result<Vec<Option<Ran>>> {
        let tasks: Vec<Option<Task>> = planned.iter().map(|one| self.task(one, &[])).collect();
        let mut ran = run_all(&tasks.iter().flatten().cloned().collect::<Vec<_>>())?.into_iter();
        Ok(tasks.iter().map(|task| task.as_ref().and_then(|_| ran.next())).collect())
    }

    /// What most models print.
    fn reference(
        &self,
        planned: &[Planned],
        plain: &[Option<Ran>],
        reports: &[Report],
    ) -> Option<Reference> {
        let is_good = |index: &usize| {
            plain[*index].as_ref().is_some_and(|ran| ran.end == End::Status(0))
                && !reports[*index].results.is_empty()
        };
        let good: Vec<usize> = (0..planned.len()).filter(is_good).collect();
        let results: Vec<&[String]> =
            good.iter().map(|&index| reports[index].results.as_slice()).collect();
        let index = good[judge::majority(&results)?];
        let of = format!("`{}` for `{}`", planned[index].model.name, self.program.target.triple);
        Some((of, reports[index].results.clone()))
    }

    /// What a program must find on each model. On the machine's own CPU that is what it found
    /// with nothing hidden, less what is hidden.
    fn features(&self, planned: &[Planned], reports: &[Report]) -> Vec<Option<BTreeSet<String>>> {
        let is_plain =
            |one: &Planned| one.model.cpu == Cpu::Machine && one.model.mask == Mask::NONE;
        let machine = planned.iter().position(is_plain);
        let machine = machine.and_then(|index| reports[index].features.clone());
        let of = |model: &Model| match model.features() {
            Some(names) => Some(names.into_iter().map(str::to_owned).collect()),
            None => {
                let mut names = machine.clone()?;
                names.retain(|name| !model.mask.hides(name));
                Some(names)
            }
        };
        planned.iter().map(|one| of(one.model)).collect()
    }

    /// Every path forced on every model: the model's place in the list, the path, the run.
    fn forced(
        &self,
        planned: &[Planned],
        features: &[Option<BTreeSet<String>>],
    ) -> Result<Vec<(usize, Forced, Ran)>> {
        let Program { target, declaration, .. } = self.program;
        let mut all = Vec::new();
        for (index, one) in planned.iter().enumerate() {
            let Some(features) = &features[index] else { continue };
            for forced in plan::forced(declaration, target.rust_arch, features) {
                let words = plan::force_words(declaration, &forced.path);
                all.extend(self.task(one, &words).map(|task| (index, forced, task)));
            }
        }
        let tasks: Vec<Task> = all.iter().map(|(_, _, task)| task.clone()).collect();
        let ran = run_all(&tasks)?;
        Ok(all.into_iter().zip(ran).map(|((index, forced, _), ran)| (index, forced, ran)).collect())
    }

    fn judge_plain(
        &self,
        ran: &Ran,
        report: &Report,
        features: Option<&BTreeSet<String>>,
        known: &BTreeSet<String>,
        reference: Option<&Reference>,
    ) -> Vec<Problem> {
        let Program { target, declaration, .. } = self.program;
        // On the machine's own CPU, what the program found is all that is known.
        let visible = features.or(report.features.as_ref());
        let paths = visible
            .map(|features| plan::chosen(declaration, target.rust_arch, features))
            .unwrap_or_default();
        let limit = self.setting.limit.as_secs();
        let expected = Expected { features, known, paths: &paths, limit };
        let mut problems = judge::plain(ran, report, &expected);
        if let (End::Status(0), Some((of, results))) = (ran.end, reference)
            && !report.is_silent()
            && !report.results.is_empty()
        {
            problems.extend(judge::difference(&report.results, of, results, "the self-test"));
        }
        problems
    }

    /// The self-test on a model, with more words; none where the model cannot be run.
    fn task(&self, planned: &Planned, more: &[String]) -> Option<Task> {
        let Program { file, target, declaration, library, .. } = self.program;
        let mut words: Vec<OsString> = Vec::new();
        let mut needs = None;
        let mut account = None;
        if let Place::Emulator(emulator) = &planned.place {
            words.push(emulator.program.clone().into());
            if let Some(watch) = &self.program.watch {
                let (watching, its) = watch.one_run(emulator);
                words.extend(watching);
                account = Some(its);
            }
            if let Some(library) = library {
                words.extend(["-L".into(), library.into()]);
            }
            if let Cpu::Qemu { model, .. } = planned.model.cpu {
                words.extend(["-cpu".into(), model.into()]);
            }
            needs = target.qemu.godebug;
        } else if planned.place != Place::Machine {
            return None;
        }
        words.push(file.into());
        words.extend(declaration.selftest.iter().chain(more).map(OsString::from));
        let mask = &planned.model.mask;
        // The user's own masks would be found in no row.
        let is_ours = |name: &OsString| name == "GOCROSS_CPU" || name == "GODEBUG";
        let mut variables = self.setting.variables.clone();
        variables.retain(|(name, _)| !is_ours(name));
        let masks = [
            ("GOCROSS_CPU", mask.gocross_cpu()),
            ("GODEBUG", self.program.go.godebug(target, mask, needs)),
        ]
        .into_iter();
        variables.extend(masks.filter_map(|(name, value)| Some((name.into(), value?.into()))));
        variables.extend(mask.variables().map(|(name, value)| (name.into(), value.into())));
        let (name, value) = FORK_SAFE;
        variables.push((name.into(), value.into()));
        let Setting { limit, folder, .. } = self.setting;
        Some(Task { words, variables, folder: folder.clone(), limit: *limit, account })
    }
}

/// Runs tasks, as many at once as the machine has CPUs; the results are in the tasks' order.
fn run_all(tasks: &[Task]) -> Result<Vec<Ran>> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Option<std::io::Result<Ran>>>> =
        Mutex::new(tasks.iter().map(|_| None).collect());
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(index) else { break };
            let ran = task.run();
            done.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(ran);
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(tasks.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let ran: std::io::Result<Vec<Ran>> = done.into_iter().flatten().collect();
    ran.map_err(|error| {
        let message = "a self-test cannot be started";
        Box::new(Diagnostic::error(Code::Io, message).detail(error.to_string()))
    })
}

//! `verify --cpu`: the self-test of what was built, on every CPU model of its target.

mod go_side;
mod judge;
mod matrix;
mod plan;
mod report;
mod run;
mod sites;
mod tell;
#[cfg(test)]
mod tests;
mod watch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gocross_cpu::Feature;
use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_elf::File;
use gocross_targets::{Spec, Target};
use gocross_toolchain::{Cache, Env, qemu};
use gocross_verify::cpu::{Architecture, Declaration};

use crate::cargo_messages::{Artifact, Made, triple_of};
use crate::cli::{VerifyArgs, VerifyFormat};
use crate::commands::cargo;
use crate::prepare::{Prepared, Tools};
use crate::verification::{self, Settings};
use crate::{crt_static, prepare, ui};

use go_side::GoSide;
use matrix::{Program, Reference, Setting};
use sites::Gates;
use watch::Watch;

/// Builds, and runs the self-tests.
///
/// # Errors
///
/// [`Code::SelfTest`], [`Code::ModelsNotRun`], [`Code::NoSelfTest`], [`Code::NoCpuModels`]; those
/// of a build and of the search for QEMU.
pub(crate) fn run(env: &Env, args: &VerifyArgs) -> Result<u8> {
    if args.format == VerifyFormat::Sarif {
        let message = "`--cpu` has no SARIF: what it finds has no place in a file";
        return Err(Box::new(
            Diagnostic::error(Code::Usage, message)
                .hint(hint!("cargo gocross verify --cpu --format json")),
        ));
    }
    let plugin = plugin(env, args)?;
    // Before std is built for a target on which nothing is run.
    let targets = args.target.iter().filter_map(|word| Spec::parse(word).ok());
    targets.map(|spec| spec.target).try_for_each(|target| has_models(target, None))?;
    let ready = |prepared: &Prepared| ready(env, prepared, args.skip_missing);
    let (prepared, made) = match cargo::build_for(env, args, ready)? {
        Ok(built) => built,
        Err(status) => return Ok(status),
    };
    let found = declared(&made)?;
    let programs = found.iter().map(|found| program(env, &prepared, found, plugin.as_deref()));
    let programs = programs.collect::<Result<Vec<Program>>>()?;
    let setting = Setting {
        limit: Duration::from_secs(args.timeout),
        folder: env.current_dir().to_owned(),
        variables: env.all().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
    };
    let mut references: BTreeMap<PathBuf, Option<Reference>> = BTreeMap::new();
    let mut told = Vec::new();
    for (program, found) in programs.iter().zip(&found) {
        // One program for several targets has the same results on all of them.
        let reference = references.entry(found.key()).or_default();
        told.push((program, matrix::run(program, &setting, reference)?));
    }
    match args.format {
        VerifyFormat::Human => tell::human(&told),
        _ => ui::json(&tell::json(&told)),
    }
    tell::Counts::of(&told).verdict(args.skip_missing)
}

/// A program that was built, and what its package declares.
struct Found<'a> {
    artifact: &'a Artifact,
    declaration: Declaration,
}

impl Found<'_> {
    /// The program, whatever its target.
    fn key(&self) -> PathBuf {
        let name = self.artifact.file.file_name().unwrap_or_default();
        self.artifact.manifest.join(name)
    }
}

/// The programs with a self-test.
fn declared(made: &Made) -> Result<Vec<Found<'_>>> {
    let mut found = Vec::new();
    for artifact in &made.artifacts {
        let declaration = Settings::of_manifest(&artifact.manifest)?.cpu;
        let is_meant = declaration.is_for(&artifact.file);
        let is_library = artifact.file.extension().is_some_and(|ext| ext == "a" || ext == "so");
        if is_meant && !is_library && !declaration.selftest.is_empty() {
            found.push(Found { artifact, declaration });
        }
    }
    // cargo tells of them in the order in which they were done.
    found.sort_by(|a, b| a.artifact.file.cmp(&b.artifact.file));
    if found.is_empty() { Err(no_self_test(made)) } else { Ok(found) }
}

const WHAT_TO_WRITE: &str = r#"[package.metadata.gocross.cpu]
selftest = ["selftest"]            # words after the program's name
force = ["--path", "{path}"]       # words that make it take one path

[[package.metadata.gocross.cpu.path]]
side = "hash.rust"                 # the best path first, the last without `needs`
name = "aese"
arch = "aarch64"
needs = ["aes"]
functions = ["hash_aese_*"]"#;

fn no_self_test(made: &Made) -> Box<Diagnostic> {
    let Some(first) = made.artifacts.first() else {
        let message = "cargo has built no program, and only programs have a self-test";
        return Box::new(Diagnostic::error(Code::NoSelfTest, message));
    };
    let manifest = first.manifest.display();
    let declaration = Settings::of_manifest(&first.manifest).map(|settings| settings.cpu);
    if let Some(cpu) = declaration.ok().filter(|cpu| !cpu.selftest.is_empty()) {
        let bin = cpu.bin.unwrap_or_default();
        let message = format!("the program `{bin}`, which has the self-test, was not built");
        let names = made.artifacts.iter().filter_map(|one| one.file.file_name());
        let names: Vec<String> = names.map(|name| format!("`{}`", name.display())).collect();
        let error = Diagnostic::error(Code::NoSelfTest, message)
            .detail(format!("`bin` in `{manifest}` names it, or else the package's name"))
            .detail(format!("cargo has built {}", names.join(", ")));
        return Box::new(error.help("name the program in `bin`, or build it as well"));
    }
    let message = format!("`{manifest}` declares no self-test to run on CPU models");
    let diagnostic = Diagnostic::error(Code::NoSelfTest, message);
    let diagnostic = diagnostic.detail("want, for the program that was built:").detail("");
    Box::new(diagnostic.detail(WHAT_TO_WRITE).hint(hint!("cargo gocross explain cpu-paths")))
}

/// A program with all that runs it.
fn program(
    env: &Env,
    prepared: &Prepared,
    found: &Found<'_>,
    plugin: Option<&Path>,
) -> Result<Program> {
    let triples: Vec<&str> = prepared.targets.iter().map(|tools| tools.target.triple).collect();
    let host = gocross_targets::find(&prepared.toolchain.host);
    let triple = triple_of(&found.artifact.file, &triples);
    let mut all = prepared.targets.iter();
    let tools = triple.and_then(|triple| all.find(|tools| tools.target.triple == triple));
    let target = tools.map(|tools| tools.target).or(host).ok_or_else(|| no_row(prepared))?;
    judgeable(&found.declaration, target)?;
    let is_static = tools.is_some_and(|tools| crt_static::of(target, &tools.rustflags.flags));
    let runs_here = host.is_some_and(|host| target.runs_on(host));
    // Whether there has to be one, [`ready`] has said.
    let emulators = qemu::all(env, &Cache::of_user(env)?, target);
    let emulators = emulators.map_or_else(|_| Vec::new(), |(emulators, _)| emulators);
    let library = if is_static || runs_here { None } else { Some(library(env, target, tools)?) };
    let file = match found.artifact.file.strip_prefix(env.current_dir()) {
        Ok(below) => Path::new(".").join(below),
        Err(_) => found.artifact.file.clone(),
    };
    let declaration = found.declaration.clone();
    let bytes = verification::bytes(env, &file)?;
    let (gates, go) = match verification::describe(&file, &bytes)? {
        File::Elf(elf) => {
            (Gates::read(&elf, &declaration, target.rust_arch), GoSide::of(Some(&elf)))
        }
        _ => (Gates::default(), GoSide::of(None)),
    };
    let watch = match gates.all.is_empty() {
        true => None,
        false => Some(Watch::new(plugin.map(Path::to_owned), &gates)?),
    };
    Ok(Program { file, target, declaration, emulators, library, host, go, gates, watch })
}

fn has_models(target: &'static Target, host: Option<&Target>) -> Result<()> {
    let has = gocross_targets::MODELS.iter().any(|model| model.is_for(target, host));
    if has { Ok(()) } else { Err(no_models(target)) }
}

/// Whether there is something to run the programs on: what is missing is said before a build.
fn ready(env: &Env, prepared: &Prepared, skips_missing: bool) -> Result<()> {
    let host = gocross_targets::find(&prepared.toolchain.host);
    let named = prepared.targets.iter().map(|tools| tools.target);
    let own = host.filter(|_| prepared.targets.is_empty());
    for target in named.chain(own) {
        has_models(target, host)?;
        // The machine's own CPU is a model too.
        let runs_here = host.is_some_and(|host| target.runs_on(host));
        if !runs_here && !skips_missing {
            qemu::all(env, &Cache::of_user(env)?, target)?;
        }
    }
    Ok(())
}

/// Whether programs can tell of every feature that a path needs: what they do not name, no model
/// has, and the path would be wrong on each.
fn judgeable(declaration: &Declaration, target: &Target) -> Result<()> {
    let arch = target.rust_arch;
    let is_known = |name: &str| Feature::named(name).is_some();
    for path in declaration.paths_on(arch) {
        let Some(need) = path.needs.iter().find(|need| !is_known(need)) else { continue };
        let message = format!(
            "no CPU model tells of `{need}`, which the path `{}` of `{}` needs",
            path.name, path.side
        );
        let names = Architecture::find(arch).into_iter().flat_map(Architecture::names);
        let names: Vec<&str> = names.filter(|name| is_known(name)).collect();
        let error = Diagnostic::error(Code::NoCpuModels, message)
            .detail(format!("`gocross::cpu` finds these on {arch}: {}", names.join(", ")))
            .help("declare its functions under `gated`, which only the scan reads");
        return Err(Box::new(error));
    }
    Ok(())
}

/// The plugin of the command line, of the environment (empty for none), or of the cache.
fn plugin(env: &Env, args: &VerifyArgs) -> Result<Option<PathBuf>> {
    let named =
        args.plugin.clone().or_else(|| env.var_os("GOCROSS_QEMU_PLUGIN").map(PathBuf::from));
    let Some(named) = named else {
        let ours = qemu::plugin(&Cache::of_user(env)?);
        return Ok(Some(ours).filter(|path| env.is_file(path)));
    };
    if named.as_os_str().is_empty() {
        return Ok(None);
    }
    let path = env.current_dir().join(&named);
    if env.is_file(&path) {
        return Ok(Some(path));
    }
    let message = format!("there is no plugin `{}`", named.display());
    let help = "leave out the plugin: QEMU's log tells as well which instructions run";
    Err(Box::new(Diagnostic::error(Code::Usage, message).help(help)))
}

fn library(env: &Env, target: &Target, tools: Option<&Tools>) -> Result<PathBuf> {
    let Some(cc) = tools.map(|tools| &tools.cc) else {
        return qemu::library(env, target, None, &mut Vec::new());
    };
    let base = qemu::library(env, target, prepare::run_root(cc), &mut Vec::new())?;
    prepare::with_overlay(&Cache::of_user(env)?, target, cc, &base)
}

fn no_row(prepared: &Prepared) -> Box<Diagnostic> {
    let message = format!("there is no row for this machine, `{}`", prepared.toolchain.host);
    Box::new(Diagnostic::error(Code::UnknownTarget, message).hint(hint!("cargo gocross targets")))
}

fn no_models(target: &Target) -> Box<Diagnostic> {
    let message = format!("there is no table of CPU models for {}", target.rust_arch);
    let mut known: Vec<&str> = gocross_targets::MODELS.iter().map(|row| row.rust_arch).collect();
    known.dedup();
    let detail = format!("there are models of {}", known.join(", "));
    let hint = hint!("cargo gocross run --target {} -- ARGUMENTS", target.triple);
    Box::new(Diagnostic::error(Code::NoCpuModels, message).detail(detail).hint(hint))
}

//! cargo's own verbs, with the tools of the targets, and a verdict on what was built.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use gocross_archive::watch;
use gocross_diagnostic::{Code, Diagnostic, ExitStatus, Result, Try};
use gocross_targets::Spec;
use gocross_toolchain::{Cache, Env};
use gocross_verify::Finding;

use crate::cargo_args::CargoArgs;
use crate::cargo_call::Call;
use crate::cargo_messages::{Made, triple_of};
use crate::cli::VerifyArgs;
use crate::prepare::{Prepared, Query, Tools, prepare};
use crate::project::Cargo;
use crate::verb::{Product, Verb};
use crate::verification::{self, Candidate, Settings, settings};
use crate::{metadata, post_mortem, shared_objects, two_owners, ui};

/// What came of a build.
pub(crate) enum Built {
    /// cargo's exit status.
    Failed(u8),
    /// The findings about what was built, and how many files that is.
    Judged(Vec<Finding>, usize),
}

/// Prepares the tools, runs cargo once for all targets, and gives cargo's exit status, or that of
/// a verdict.
///
/// # Errors
///
/// Whatever keeps cargo from being started, and errors in what was built.
pub(crate) fn run(env: &Env, verb: Verb, args: Vec<OsString>) -> Result<u8> {
    let args = CargoArgs::read(args)?;
    let product = if args.no_verify { None } else { Some(verb.product()) };
    let prepared = prepared(env, verb, &args)?;
    let call = Call::new(env, verb, &args, &prepared);
    let code = match product {
        Some(Product::Files) => {
            let (code, made) = call.listened()?;
            if code == 0 {
                let findings = judge(env, &prepared, &made, None)?;
                ui::worst(&findings);
                return verification::verdict(&findings);
            }
            code
        }
        Some(Product::Runs) => {
            let (code, errors) = call.judging_programs()?;
            // The program's own status, or cargo's word for a test that did not run.
            if errors { ExitStatus::Verification as u8 } else { code }
        }
        Some(Product::Nothing) | None => call.plain()?,
    };
    explain_failure(env, &args, &prepared, code);
    Ok(code)
}

/// Builds for `verify`, which tells the findings itself.
///
/// # Errors
///
/// Whatever keeps cargo from being started, or a file from being read.
pub(crate) fn build_quietly(env: &Env, verify: &VerifyArgs) -> Result<Built> {
    let (prepared, made) = match build_for(env, verify, |_| Ok(()))? {
        Ok(built) => built,
        Err(status) => return Ok(Built::Failed(status)),
    };
    let findings = judge(env, &prepared, &made, verify.policy.as_deref())?;
    Ok(Built::Judged(findings, made.artifacts.len()))
}

/// Builds for `verify`, with `--cpu` or without: the tools and what cargo has made, or cargo's exit
/// status. `ready` is asked before cargo starts.
///
/// # Errors
///
/// Whatever keeps cargo from being started.
pub(crate) fn build_for(
    env: &Env,
    verify: &VerifyArgs,
    ready: impl FnOnce(&Prepared) -> Result<()>,
) -> Result<std::result::Result<(Prepared, Made), u8>> {
    let mut args = CargoArgs::read(verify.cargo_args.clone())?;
    args.targets.splice(0..0, verify.target.iter().cloned());
    args.sysroots.splice(0..0, verify.sysroot.iter().cloned());
    let prepared = prepared(env, Verb::Build, &args)?;
    ready(&prepared)?;
    let call = Call::new(env, Verb::Build, &args, &prepared);
    let (code, made) = call.listened()?;
    if code != 0 {
        explain_failure(env, &args, &prepared, code);
        return Ok(Err(code));
    }
    Ok(Ok((prepared, made)))
}

fn prepared(env: &Env, verb: Verb, args: &CargoArgs) -> Result<Prepared> {
    // What is wrong there is wrong before a build as well as after it.
    let config = if verb.is_for_current_package() {
        metadata::checked(env, args.manifest_path.as_deref())?.config
    } else {
        metadata::Metadata::default().config
    };
    let runs = verb.product() == Product::Runs && !args.no_run;
    let CargoArgs { targets, sysroots, offline, configs, .. } = args;
    let query = Query { targets, sysroots, config: &config, runs, offline: *offline, configs };
    let prepared = prepare(env, &query)?;
    is_installed(env, verb, &prepared)?;
    takes_targets(verb, &prepared)?;
    shared_objects::check(env, verb, args, &prepared)?;
    prepared.notes.iter().for_each(ui::tell);
    watch::refresh(&Cache::of_user(env)?);
    Ok(prepared)
}

/// Fails where a verb that is no part of cargo is not there. cargo looks in the same places.
fn is_installed(env: &Env, verb: Verb, prepared: &Prepared) -> Result<()> {
    let Some(command) = verb.installed_by() else { return Ok(()) };
    let program = format!("cargo-{}", verb.as_str());
    let beside = prepared.toolchain.cargo.with_file_name(&program);
    let cargo_home = env.var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| Some(env.home()?.join(".cargo")));
    let places = [Some(beside), cargo_home.map(|home| home.join("bin").join(&program))];
    let mut tries = vec![Try::new(format!("`{program}` in `PATH`"), "not there")];
    if env.find_program(&program).is_some() {
        return Ok(());
    }
    for place in places.into_iter().flatten() {
        if env.find_program(&place).is_some() {
            return Ok(());
        }
        tries.push(Try::new(format!("`{}`", place.display()), "not there"));
    }
    let message = format!("`cargo {}` is not installed", verb.as_str());
    Err(Box::new(Diagnostic::error(Code::CargoSubcommand, message).tries(tries).hint(command)))
}

fn takes_targets(verb: Verb, prepared: &Prepared) -> Result<()> {
    if verb.takes_targets() || prepared.targets.len() < 2 {
        return Ok(());
    }
    let message = format!("`cargo {}` builds for one target a call", verb.as_str());
    let triples = prepared.targets.iter().map(|tools| tools.target.triple);
    let triples = triples.map(|triple| format!("`{triple}`")).collect::<Vec<_>>().join(", ");
    Err(Box::new(
        Diagnostic::error(Code::Usage, message)
            .detail(format!("it was asked for {triples}"))
            .help("call it once for each `--target`"),
    ))
}

fn explain_failure(env: &Env, args: &CargoArgs, prepared: &Prepared, code: u8) {
    if code == post_mortem::CARGO_FAILED
        && let Some(diagnostic) = post_mortem::explain(env, args, prepared)
    {
        ui::tell(&diagnostic);
    }
}

/// Judges what cargo has made, each file for its target and by its package's settings.
fn judge(
    env: &Env,
    prepared: &Prepared,
    made: &Made,
    policy: Option<&str>,
) -> Result<Vec<Finding>> {
    let triples: Vec<&str> = prepared.targets.iter().map(|tools| tools.target.triple).collect();
    let host = gocross_targets::find(&prepared.toolchain.host);
    let host = host.map(|target| Spec { target, glibc: None });
    let spec_of = |tools: &Tools| Spec { target: tools.target, glibc: tools.glibc };
    let mut findings = Vec::new();
    let (mut named, mut built) = (BTreeMap::new(), BTreeSet::new());
    // `cargo install` removes the directory in which it has built a package of a registry.
    for artifact in made.artifacts.iter().filter(|artifact| env.is_file(&artifact.file)) {
        let triple = triple_of(&artifact.file, &triples);
        let mut tools = prepared.targets.iter();
        let spec = match triple {
            Some(triple) => tools.find(|tools| tools.target.triple == triple).map(spec_of),
            None => host,
        };
        let settings = Settings::of_manifest(&artifact.manifest)?.with_policy(policy)?;
        if settings.cpu.is_for(&artifact.file) {
            built.insert(artifact.manifest.as_path());
        }
        named.extend(settings.named_bin.clone().map(|bin| (artifact.manifest.as_path(), bin)));
        let file = match artifact.file.strip_prefix(env.current_dir()) {
            Ok(below) => below.to_owned(),
            Err(_) => artifact.file.clone(),
        };
        let candidate = Candidate { file, spec };
        findings.extend(verification::judge_built(env, &candidate, &settings)?);
    }
    named.retain(|manifest, _| !built.contains(manifest));
    programs_exist(env, named)?;
    verification::name_origins(&mut findings, || archives(prepared, made));
    Ok(findings)
}

/// Fails where a package says that a program has its CPU paths, and has no such program: nobody
/// would look for them. cargo is asked of those alone that were not built.
fn programs_exist(env: &Env, not_built: BTreeMap<&Path, String>) -> Result<()> {
    for (manifest, bin) in not_built {
        let folder = manifest.parent().unwrap_or(Path::new("."));
        let programs = Cargo::find(env)?.programs(folder)?;
        if !programs.contains(&bin) {
            return Err(settings::no_program(manifest, &bin, &programs));
        }
    }
    Ok(())
}

/// All archives that went into what was built, Rust's std among them.
fn archives(prepared: &Prepared, made: &Made) -> Vec<PathBuf> {
    let toolchain = &prepared.toolchain;
    let host = [(&toolchain.sysroot, toolchain.host.as_str())];
    let targets = prepared
        .targets
        .iter()
        .map(|tools| (tools.sysroot.as_ref().unwrap_or(&toolchain.sysroot), tools.target.triple));
    let of_scripts = made.out_dirs.iter().flat_map(|dir| two_owners::archives_in(dir));
    let mut archives: Vec<PathBuf> = made.archives.iter().cloned().chain(of_scripts).collect();
    for (sysroot, triple) in targets.chain(host) {
        let folder = sysroot.join("lib/rustlib").join(triple).join("lib");
        let entries = fs_err::read_dir(folder).into_iter().flatten().flatten();
        let rlibs = entries.map(|entry| entry.path());
        archives.extend(rlibs.filter(|path| path.extension().is_some_and(|ext| ext == "rlib")));
    }
    archives
}

//! `verify`: will these files, or what a build gives, run on their target?

use std::path::PathBuf;

use gocross_config::Config;
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_targets::Spec;
use gocross_toolchain::sysroot::Sysroot;
use gocross_toolchain::{Cache, Env, Memo, rust};
use gocross_verify::{Finding, Level};
use serde_json::json;

use crate::cargo_config::CargoConfig;
use crate::cli::{VerifyArgs, VerifyFormat};
use crate::commands::{cargo, explain};
use crate::sysroots::Sysroots;
use crate::verification::{self, Candidate, Settings};
use crate::{cpu_matrix, metadata, targets, ui};

/// Judges the files, or builds and judges what was built.
///
/// # Errors
///
/// [`Code::Verification`] where there are errors; a file that cannot be read; those of a build.
pub(crate) fn run(env: &Env, args: &VerifyArgs) -> Result<u8> {
    if let Some(name) = &args.explain {
        return explain::page(name);
    }
    if args.cpu {
        return cpu_matrix::run(env, args);
    }
    if args.files.is_empty() {
        let built = cargo::build_quietly(env, args)?;
        return match built {
            cargo::Built::Failed(status) => Ok(status),
            cargo::Built::Judged(findings, count) => tell(args, &findings, count),
        };
    }
    let spec = spec(env, &args.target)?;
    let config = metadata::checked(env, None)?.config;
    let settings = Settings::of_current_dir(env)?.with_policy(args.policy.as_deref())?;
    let candidates: Vec<Candidate> =
        args.files.iter().map(|file| Candidate { file: file.clone(), spec }).collect();
    let root = root(env, args, spec, &config)?;
    let findings = verification::judge(env, &candidates, &settings, root.as_deref())?;
    tell(args, &findings, candidates.len())
}

/// The system on which the files are to start: `--root`, else the sysroot of the target where
/// that has the target's dynamic linker. Without one it is no whole system, and says nothing of
/// libraries that it lacks.
fn root(
    env: &Env,
    args: &VerifyArgs,
    spec: Option<Spec>,
    config: &Config,
) -> Result<Option<PathBuf>> {
    if args.root.is_some() {
        return Ok(args.root.clone());
    }
    let specs: Vec<Spec> = spec.into_iter().collect();
    let sysroots = Sysroots::read(&args.sysroot, &specs, config)?;
    let Some(target) = spec.map(|spec| spec.target) else { return Ok(None) };
    let Some(named) = sysroots.of(env, target) else { return Ok(None) };
    let sysroot = Sysroot::read(env, target, &named.dir, None)?;
    Ok(sysroot.has_loader.then_some(sysroot.dir))
}

/// The target that the files are for. They belong together, so there is one.
fn spec(env: &Env, words: &[String]) -> Result<Option<Spec>> {
    let host = match words {
        [] => return Ok(None),
        [word] if word == "host-tuple" => host(env)?,
        [_] => String::new(),
        _ => {
            let message = "files are judged for one target";
            return Err(Box::new(Diagnostic::error(Code::Usage, message)));
        }
    };
    Ok(targets::specs(words, &host)?.into_iter().next())
}

fn host(env: &Env) -> Result<String> {
    let cache = Cache::of_user(env)?;
    let config = CargoConfig::read(env, &[])?;
    Ok(rust::in_use(env, &Memo::new(&cache), config.rustc(env).as_deref())?.host)
}

/// Prints the findings in the form that was asked for.
fn tell(args: &VerifyArgs, findings: &[Finding], files: usize) -> Result<u8> {
    let [errors, warnings, notes] = [Level::Error, Level::Warning, Level::Note]
        .map(|level| verification::count(findings, level));
    match args.format {
        VerifyFormat::Json => {
            let report = json!({
                "files": files,
                "errors": errors,
                "warnings": warnings,
                "notes": notes,
                "findings": findings,
            });
            ui::json(&report);
        }
        VerifyFormat::Sarif => {
            let report = verification::sarif(findings);
            ui::json(&report);
        }
        VerifyFormat::Human => {
            findings.iter().for_each(ui::finding);
            let counted = [(errors, "error"), (warnings, "warning"), (notes, "note")];
            let counted = counted.map(|(count, noun)| ui::many(count, noun)).join(", ");
            ui::print(&format!("{}: {counted}", ui::many(files, "file")));
        }
    }
    verification::verdict(findings)
}

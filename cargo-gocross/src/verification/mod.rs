//! From files to findings: reads the files, and asks `gocross-verify` about them.

mod cache;
mod loader;
mod origin;
mod read;
mod sarif;
pub(crate) mod settings;

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_elf::File;
use gocross_targets::Spec;
use gocross_toolchain::{Cache, Env, Memo};
use gocross_verify::{Finding, Level, Question, Subject, infer, verify};

pub(crate) use origin::name_origins;
pub(crate) use read::{bad, bytes, describe};
pub(crate) use sarif::sarif;
pub(crate) use settings::Settings;

/// A file that is to be judged.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// The file, as it is told.
    pub(crate) file: PathBuf,
    /// What it is for, where that is known.
    pub(crate) spec: Option<Spec>,
}

/// Judges files that belong together.
///
/// # Errors
///
/// [`Code::BadFile`].
pub(crate) fn judge(
    env: &Env,
    candidates: &[Candidate],
    settings: &Settings,
    root: Option<&Path>,
) -> Result<Vec<Finding>> {
    let read = |candidate: &Candidate| read::contents(env, &candidate.file);
    let contents = candidates.iter().map(read).collect::<Result<Vec<_>>>()?;
    let files = candidates.iter().zip(&contents).map(|(candidate, contents)| {
        let file = describe(&candidate.file, &contents.bytes).map_err(|error| {
            let how = contents.changed.as_ref();
            how.map_or(error, |how| bad(&candidate.file, &format!("it {how}")))
        })?;
        read::refuse_thin(&candidate.file, &file)?;
        Ok(file)
    });
    let files = files.collect::<Result<Vec<File<'_>>>>()?;
    let subjects: Vec<Subject<'_>> = candidates
        .iter()
        .zip(files.iter().zip(&contents))
        .map(|(candidate, (file, contents))| {
            let spec =
                candidate.spec.or_else(|| infer(file).map(|target| Spec { target, glibc: None }));
            let target = spec.map(|spec| spec.target);
            let look = |root| loader::look(env, root, &candidate.file, file, target);
            Subject {
                name: candidate.file.display().to_string(),
                file,
                changed: contents.changed.clone(),
                spec,
                surroundings: root.and_then(look),
            }
        })
        .collect();
    let question = Question {
        subjects: &subjects,
        policy: settings.policy,
        levels: &settings.levels,
        expected: &settings.expected,
        cpu: &settings.cpu,
    };
    Ok(verify(&question))
}

/// Judges a file that a build has made; again only where it or the settings have changed.
///
/// # Errors
///
/// [`Code::BadFile`].
pub(crate) fn judge_built(
    env: &Env,
    candidate: &Candidate,
    settings: &Settings,
) -> Result<Vec<Finding>> {
    let cache = Cache::of_user(env)?;
    let memo = Memo::new(&cache);
    memo.get(env, &cache::key(env.current_dir(), candidate, settings), |env| {
        env.stamp(&env.current_dir().join(&candidate.file));
        judge(env, std::slice::from_ref(candidate), settings, None)
    })
}

/// How many findings have a level.
pub(crate) fn count(findings: &[Finding], level: Level) -> usize {
    findings.iter().filter(|finding| finding.level == level).count()
}

/// The last word about files with errors.
pub(crate) fn verdict(findings: &[Finding]) -> Result<u8> {
    let mut rules: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.level == Level::Error)
        .map(|finding| finding.code.as_str())
        .collect();
    let message = match rules.len() {
        0 => return Ok(0),
        1 => "verification found an error".to_owned(),
        count => format!("verification found {count} errors"),
    };
    rules.dedup();
    let diagnostic = Diagnostic::error(Code::Verification, message);
    Err(Box::new(diagnostic.hint(hint!("cargo gocross explain {}", rules[0]))))
}

//! `doctor`: which tools a build would use, and the whole search for each.

use gocross_diagnostic::{Diagnostic, Result, Try};
use gocross_targets::Spec;
use gocross_toolchain::rust::{self, Toolchain};
use gocross_toolchain::{Cache, Env, Memo, cc, go, libclang, qemu};
use serde::Serialize;

use crate::cargo_config::CargoConfig;
use crate::cli::{DoctorArgs, Format};
use crate::{crt_static, targets, ui};

/// The exit status when a tool is missing.
const INCOMPLETE: u8 = gocross_diagnostic::ExitStatus::SetUp as u8;

/// What was found of one tool; the names are stable.
#[derive(Debug, Serialize)]
struct Finding {
    tool: &'static str,
    /// What it is, or none where it is missing.
    found: Option<String>,
    /// The problem's code, where there is one.
    code: Option<&'static str>,
    problem: Option<String>,
    tries: Vec<Try>,
    hints: Vec<String>,
}

/// What was found for one target.
#[derive(Debug, Serialize)]
struct Report {
    target: &'static str,
    findings: Vec<Finding>,
}

/// Looks for all tools; changes nothing.
///
/// # Errors
///
/// An unknown target, or no Rust at all.
pub(crate) fn run(env: &Env, args: &DoctorArgs) -> Result<u8> {
    let cache = Cache::of_user(env)?;
    let memo = Memo::new(&cache);
    let config = CargoConfig::read(env, &[])?;
    let in_use = rust::in_use(env, &memo, config.rustc(env).as_deref())?;
    let mut words = if args.target.is_empty() { config.targets() } else { args.target.clone() };
    if words.is_empty() {
        words.push(in_use.host.clone());
    }
    let seen = config.with_variables(env);
    let mut reports = Vec::new();
    for spec in targets::specs(&words, &in_use.host)? {
        let linker = config.linker(spec.target)?;
        let examined = Examined { env: &seen, memo: &memo, in_use: &in_use, cache: &cache, spec };
        reports
            .push(Report { target: spec.target.triple, findings: examined.all(linker.as_deref()) });
    }
    match args.format {
        Format::Json => ui::print(&serde_json::to_string_pretty(&reports).unwrap_or_default()),
        Format::Human => ui::print(&human(&reports)),
    }
    let complete = reports.iter().flat_map(|report| &report.findings).all(|f| f.found.is_some());
    Ok(if complete { 0 } else { INCOMPLETE })
}

struct Examined<'a> {
    env: &'a Env,
    memo: &'a Memo<'a>,
    in_use: &'a Toolchain,
    cache: &'a Cache,
    spec: Spec,
}

impl Examined<'_> {
    fn all(&self, linker: Option<&str>) -> Vec<Finding> {
        let native = self.spec.target.triple == self.in_use.host;
        let query = cc::Query {
            target: self.spec.target,
            glibc: self.spec.glibc,
            linker,
            native,
            cache: Some(self.cache),
            on_step: &|_| (),
        };
        // Without the memory: a doctor looks at the patient.
        let cc = cc::find(self.env, &Memo::none(), &query);
        let sysroot = cc.as_ref().ok().and_then(|cc| cc.sysroot.clone());
        let mut findings = vec![
            self.rust(),
            finding("Go", go::find(self.env, self.env.current_dir()), |go| {
                (format!("{} in `{}`", go.version_text, go.goroot.display()), go.tries)
            }),
            finding("C compiler", cc, |cc| {
                (format!("`{}`, from {}", cc.command_line(), cc.origin), cc.tries)
            }),
            finding("libclang", libclang::find(self.env), |clang| {
                (format!("`{}`", clang.file.display()), clang.tries)
            }),
        ];
        let host = gocross_targets::find(&self.in_use.host);
        let is_static = crt_static::of(self.spec.target, &[]);
        if qemu::is_needed(self.env, self.spec.target, host, is_static) {
            let qemu = qemu::find(self.env, self.spec.target, sysroot.as_deref(), is_static);
            findings.push(finding("emulator", qemu, |qemu| {
                (format!("`{}`", qemu.command().join(" ")), qemu.tries)
            }));
        }
        findings
    }

    /// Who could provide Rust's std. Nothing is built or fetched, so this says what a
    /// build would begin with.
    fn rust(&self) -> Finding {
        let tries = rust::survey(self.env, self.memo, self.in_use, self.spec.target);
        let found = rust::glance(self.env, self.memo, self.in_use, &[self.spec.target]).remove(0);
        let hints = match found {
            Some(_) => Vec::new(),
            None => vec![format!("rustup target add {}", self.spec.target.triple)],
        };
        let problem = found.is_none().then(|| "no toolchain has std or its sources".to_owned());
        Finding { tool: "Rust's std", found, code: None, problem, tries, hints }
    }
}

fn finding<T>(
    tool: &'static str,
    outcome: std::result::Result<T, Box<Diagnostic>>,
    describe: impl FnOnce(T) -> (String, Vec<Try>),
) -> Finding {
    match outcome {
        Ok(value) => {
            let (found, tries) = describe(value);
            Finding { tool, found: Some(found), code: None, problem: None, tries, hints: vec![] }
        }
        Err(diagnostic) => Finding {
            tool,
            found: None,
            code: Some(diagnostic.code.as_str()),
            problem: Some(diagnostic.message.clone()),
            tries: diagnostic.tries,
            hints: diagnostic.hints,
        },
    }
}

fn human(reports: &[Report]) -> String {
    let mut text = String::new();
    for report in reports {
        text.push_str(&format!("{}\n", report.target));
        for finding in &report.findings {
            let state = if finding.found.is_some() { "ok" } else { "missing" };
            let what = finding.found.as_ref().or(finding.problem.as_ref());
            let code = finding.code.map(|code| format!(" [{code}]")).unwrap_or_default();
            text.push_str(&format!(
                "  {state:8} {}: {}{code}\n",
                finding.tool,
                what.map_or("", String::as_str)
            ));
            for attempt in &finding.tries {
                text.push_str(&format!("             {attempt}\n"));
            }
            for hint in &finding.hints {
                text.push_str(&format!("             hint: {hint}\n"));
            }
        }
    }
    text.trim_end().to_owned()
}

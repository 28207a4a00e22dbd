//! `doctor`: which tools a build would use, and the whole search for each.

use gocross_diagnostic::{Code, Diagnostic, Hint, Result, Try, hint};
use gocross_targets::Spec;
use gocross_toolchain::rust::{self, StdProfile, Toolchain};
use gocross_toolchain::sysroot::Named;
use gocross_toolchain::{Cache, Env, Memo, cc, go, libclang, pkg_config, qemu};
use serde::Serialize;

use crate::cargo_config::CargoConfig;
use crate::cli::{DoctorArgs, Format};
use crate::commands::doctor_signals;
use crate::prepare::{run_root, with_overlay};
use crate::sysroots::Sysroots;
use crate::{crt_static, metadata, std_profile, targets, ui};

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
    /// What to do, in words.
    help: Vec<String>,
    /// What to type.
    hints: Vec<Hint>,
    /// Whether every build needs it.
    needed: bool,
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
    if args.signals {
        return doctor_signals::run(env, args);
    }
    let manifest = metadata::checked(env, None)?.config;
    let cache = Cache::of_user(env)?;
    let memo = Memo::new(&cache);
    let config = CargoConfig::read(env, &[])?;
    let in_use = rust::in_use(env, &memo, config.rustc(env).as_deref())?;
    let mut words = if args.target.is_empty() { config.targets() } else { args.target.clone() };
    if words.is_empty() {
        words.push(in_use.host.clone());
    }
    let profile = std_profile::of(env, &manifest)?;
    let seen = config.with_variables(env);
    let mut reports = Vec::new();
    let specs = targets::specs(&words, &in_use.host)?;
    let sysroots = Sysroots::read(&args.sysroot, &specs, &manifest)?;
    for spec in specs {
        let linker = config.linker(spec.target)?;
        let sysroot = sysroots.of(&seen, spec.target);
        let (env, in_use) = (&seen, &in_use);
        let examined = Examined { env, memo: &memo, in_use, cache: &cache, spec, sysroot, profile };
        reports
            .push(Report { target: spec.target.triple, findings: examined.all(linker.as_deref()) });
    }
    match args.format {
        Format::Json => ui::json(&reports),
        Format::Human => ui::print(&human(&reports)),
    }
    let complete =
        reports.iter().flat_map(|report| &report.findings).all(|f| f.found.is_some() || !f.needed);
    Ok(if complete { 0 } else { INCOMPLETE })
}

struct Examined<'a> {
    env: &'a Env,
    memo: &'a Memo<'a>,
    in_use: &'a Toolchain,
    cache: &'a Cache,
    spec: Spec,
    sysroot: Option<Named>,
    profile: StdProfile,
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
            sysroot: self.sysroot.as_ref().map(|named| named.dir.as_path()),
            on_step: &|_| (),
        };
        // Without the memory: a doctor looks at the patient.
        let cc = cc::find(self.env, &Memo::none(), &query);
        let found = cc.as_ref().ok().cloned();
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
        findings.extend(found.iter().flat_map(|cc| self.some_need(&query, cc)));
        let host = gocross_targets::find(&self.in_use.host);
        let is_static = crt_static::of(self.spec.target, &[]);
        if qemu::is_needed(self.env, self.spec.target, host, is_static) {
            let root = found.as_ref().and_then(run_root);
            let qemu = qemu::find(self.env, self.spec.target, root, is_static);
            let qemu = qemu.and_then(|qemu| self.overlaid(found.as_ref(), qemu));
            findings.push(finding("emulator", qemu, |qemu| {
                (format!("`{}`", qemu.command().join(" ")), qemu.tries)
            }));
        }
        findings
    }

    /// QEMU as a build would have it, with the libraries of a sysroot without a C library.
    fn overlaid(&self, cc: Option<&cc::CCompiler>, mut qemu: qemu::Qemu) -> Result<qemu::Qemu> {
        if let (Some(cc), Some(base)) = (cc, &qemu.sysroot) {
            qemu.sysroot = Some(with_overlay(self.cache, self.spec.target, cc, base)?);
        }
        Ok(qemu)
    }

    /// What only packages with C++, Fortran or libraries of the target in them need. A compiler
    /// that the user named and that does not fit is missing all the same.
    fn some_need(&self, query: &cc::Query<'_>, cc: &cc::CCompiler) -> Vec<Finding> {
        let memo = Memo::none();
        let cxx = finding("C++ compiler", cc::cxx(self.env, &memo, query, cc), |cxx| {
            let what = format!("`{}`, from {}", cxx.command_line(), cxx.origin);
            (format!("{what}, links with -l{}", cxx.runtime.library()), cxx.tries)
        });
        let fortran = finding("Fortran compiler", cc::fortran(self.env, &memo, query, cc), |fc| {
            (format!("`{}`, from {}", fc.command_line(), fc.origin), fc.tries)
        });
        let may_lack = [Some(Code::CxxMissing.as_str()), Some(Code::FcMissing.as_str())];
        let optional =
            |finding: Finding| Finding { needed: !may_lack.contains(&finding.code), ..finding };
        vec![optional(cxx), optional(fortran), self.pkg_config(query, cc), self.sysroot(cc)]
    }

    fn pkg_config(&self, query: &cc::Query<'_>, cc: &cc::CCompiler) -> Finding {
        let question = pkg_config::Query {
            target: query.target,
            native: query.native,
            cc,
            links_static: crt_static::of(query.target, &[]),
            cache: Some(self.cache),
        };
        let found = pkg_config::find(self.env, &question);
        let program = found.program.map(|path| format!("`{}`", path.display()));
        let hint = hint!("apt install pkg-config");
        Finding {
            tool: "pkg-config",
            problem: program.is_none().then(|| "there is no `pkg-config`".to_owned()),
            help: Vec::new(),
            hints: if program.is_none() { vec![hint] } else { Vec::new() },
            found: program,
            needed: false,
            code: None,
            tries: found.tries,
        }
    }

    /// The directory with the target's libraries: the user's, else the C compiler's own.
    fn sysroot(&self, cc: &cc::CCompiler) -> Finding {
        let variable = gocross_toolchain::sysroot::variable(self.spec.target);
        let named = match &self.sysroot {
            Some(named) => Try::new(&named.what, format!("`{}`", named.dir.display())),
            None => Try::new(format!("`--sysroot`, `{variable}`"), "not set"),
        };
        let own = match &cc.sysroot {
            Some(dir) => format!("`{}`", dir.display()),
            None => "no directory of its own".to_owned(),
        };
        let root = cc.root.as_ref();
        let kind = root.map(|root| if root.libc.is_some() { "with" } else { "without" });
        let found = root
            .zip(kind)
            .map(|(root, kind)| format!("`{}`, {kind} a C library", root.dir.display()));
        let own_root = cc.sysroot.as_ref().map(|dir| format!("`{}`", dir.display()));
        let found = found.or(own_root);
        let problem = "none: only the C library's own headers and libraries".to_owned();
        Finding {
            tool: "sysroot",
            problem: found.is_none().then_some(problem),
            found,
            needed: false,
            code: None,
            tries: vec![named, Try::new("the C compiler", own)],
            help: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Who could provide Rust's std. Nothing is built or fetched, so this says what a
    /// build would begin with.
    fn rust(&self) -> Finding {
        let (memo, target) = (self.memo, self.spec.target);
        let tries = rust::survey(self.env, memo, self.in_use, self.profile, target);
        let found = rust::glance(self.env, memo, self.in_use, self.profile, &[target]).remove(0);
        let (lacks, hint) = match self.profile {
            StdProfile::Release => (
                "no toolchain has std or its sources",
                hint!("rustup target add {}", target.triple),
            ),
            StdProfile::Size => {
                ("no toolchain has the sources of std", hint!("rustup component add rust-src"))
            }
        };
        let hints = found.is_none().then_some(hint).into_iter().collect();
        let problem = found.is_none().then(|| lacks.to_owned());
        let help = Vec::new();
        Finding { tool: "Rust's std", found, needed: true, code: None, problem, tries, help, hints }
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
            Finding {
                tool,
                found: Some(found),
                needed: true,
                code: None,
                problem: None,
                tries,
                help: vec![],
                hints: vec![],
            }
        }
        Err(diagnostic) => Finding {
            tool,
            found: None,
            needed: true,
            code: Some(diagnostic.code.as_str()),
            problem: Some(diagnostic.message.clone()),
            tries: diagnostic.tries,
            help: diagnostic.help,
            hints: diagnostic.hints,
        },
    }
}

fn human(reports: &[Report]) -> String {
    let mut text = String::new();
    for report in reports {
        text.push_str(&format!("{}\n", report.target));
        for finding in &report.findings {
            let state = match (&finding.found, finding.needed) {
                (Some(_), _) => "ok",
                (None, true) => "missing",
                (None, false) => "none",
            };
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
            for help in &finding.help {
                text.push_str(&format!("             help: {help}\n"));
            }
            for hint in &finding.hints {
                text.push_str(&format!("             hint: {hint}\n"));
            }
        }
    }
    text.trim_end().to_owned()
}

//! From targets to tools: everything that is known before cargo starts.

use std::path::PathBuf;

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_targets::{GlibcVersion, Libc, Spec, Target};
use gocross_toolchain::cc::{self, CCompiler};
use gocross_toolchain::rust::{self, Standard, Toolchain};
use gocross_toolchain::{Cache, Env, Memo, qemu};

use crate::cargo_config::{CargoConfig, UserFlags};
use crate::{crt_static, targets, ui};

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<'a> {
    /// The words behind `--target`; none means cargo's configuration, then this machine.
    pub(crate) targets: &'a [String],
    /// Whether the result is to be run.
    pub(crate) runs: bool,
    /// Whether the network may not be used.
    pub(crate) offline: bool,
    /// What stood behind each `--config`.
    pub(crate) configs: &'a [String],
}

/// The tools of one call of cargo.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The toolchain that cargo is started from.
    pub(crate) toolchain: Toolchain,
    /// Why that is not the toolchain in use.
    pub(crate) switched: bool,
    /// The environment that build scripts see: with `[env]` of cargo's configuration.
    pub(crate) seen: Env,
    /// The tools of each target; empty for a plain build for this machine.
    pub(crate) targets: Vec<Tools>,
    /// What the user should know.
    pub(crate) notes: Vec<Diagnostic>,
}

/// The tools of one target, and what the user configured for it.
#[derive(Debug)]
pub(crate) struct Tools {
    pub(crate) target: &'static Target,
    /// The version of glibc behind the triple.
    pub(crate) glibc: Option<GlibcVersion>,
    pub(crate) cc: CCompiler,
    /// The compiler as one program.
    pub(crate) linker: PathBuf,
    /// Whether cargo and build scripts take this compiler by themselves.
    pub(crate) is_default: bool,
    /// The linker of cargo's configuration, which stays.
    pub(crate) user_linker: Option<String>,
    /// The command that runs programs; none where the user has one or none is needed.
    pub(crate) runner: Option<Vec<String>>,
    /// The folder for `rustc --sysroot`, where std was built for the target.
    pub(crate) sysroot: Option<PathBuf>,
    pub(crate) rustflags: UserFlags,
    pub(crate) rustdocflags: UserFlags,
}

/// Finds the tools.
///
/// # Errors
///
/// Those of each search; nothing was built then.
pub(crate) fn prepare(env: &Env, query: &Query<'_>) -> Result<Prepared> {
    let cache = Cache::of_user(env)?;
    let memo = Memo::new(&cache);
    let config = CargoConfig::read(env, query.configs)?;
    let in_use = rust::in_use(env, &memo, config.rustc(env).as_deref())?;
    let seen = config.with_variables(env);
    let configured = config.targets();
    let words = if query.targets.is_empty() { &configured } else { query.targets };
    let specs = targets::specs(words, &in_use.host)?;
    if specs.is_empty() {
        return Ok(Prepared {
            toolchain: in_use,
            switched: false,
            seen,
            targets: Vec::new(),
            notes: Vec::new(),
        });
    }
    let finder = Finder {
        env,
        seen: &seen,
        memo: &memo,
        cache: &cache,
        config: &config,
        host: &in_use.host,
    };
    let mut tools =
        specs.iter().map(|spec| finder.tools(spec, query.runs)).collect::<Result<Vec<Tools>>>()?;
    let standard = finder.standard(&in_use, &tools, query.offline || config.offline())?;
    for (tools, sysroot) in tools.iter_mut().zip(&standard.sysroots) {
        tools.sysroot.clone_from(sysroot);
    }
    let notes = notes(&seen, &in_use, &standard, &tools);
    Ok(Prepared {
        toolchain: standard.toolchain,
        switched: standard.switched,
        seen,
        targets: tools,
        notes,
    })
}

struct Finder<'a> {
    /// What cargo itself sees.
    env: &'a Env,
    /// What build scripts see, and so what names the tools.
    seen: &'a Env,
    memo: &'a Memo<'a>,
    cache: &'a Cache,
    config: &'a CargoConfig,
    host: &'a str,
}

impl Finder<'_> {
    fn tools(&self, spec: &Spec, runs: bool) -> Result<Tools> {
        let target = spec.target;
        let native = target.triple == self.host;
        let user_linker = self.config.linker(target)?;
        let progress = ui::Progress::new();
        let query = cc::Query {
            target,
            glibc: spec.glibc,
            linker: user_linker.as_deref(),
            native,
            cache: Some(self.cache),
            on_step: &|step| progress.step(step),
        };
        let cc = cc::find(self.seen, self.memo, &query)?;
        let rustflags = self.config.rustflags(self.env, target)?;
        let is_static = crt_static::of(target, &rustflags.flags);
        if is_static && target.libc == Libc::Gnu {
            cc::links_statically(self.seen, self.memo, &cc, target)?;
        }
        let own = self.config.runner(target.triple)?;
        let host = gocross_targets::find(self.host);
        let is_foreign = runs && qemu::is_needed(self.env, target, host, is_static);
        let runner = if is_foreign && own.is_none() {
            Some(qemu::find(self.env, target, cc.sysroot.as_deref(), is_static)?.command())
        } else {
            None
        };
        let linker = cc.program(self.cache)?;
        Ok(Tools {
            target,
            glibc: spec.glibc,
            is_default: native && self.seen.find_program("cc").as_ref() == Some(&linker),
            linker,
            cc,
            user_linker,
            runner,
            sysroot: None,
            rustflags,
            rustdocflags: self.config.rustdocflags(self.env, target)?,
        })
    }

    fn standard(&self, in_use: &Toolchain, tools: &[Tools], offline: bool) -> Result<Standard> {
        let targets: Vec<_> = tools
            .iter()
            .map(|tools| {
                let user = tools.user_linker.as_ref().map(PathBuf::from);
                (tools.target, user.unwrap_or_else(|| tools.linker.clone()))
            })
            .collect();
        let pinned = self.config.rustc(self.env).is_some();
        let query = rust::Query { targets: &targets, in_use, pinned, offline };
        let progress = ui::Progress::new();
        rust::provide(self.env, self.memo, self.cache, &query, &|step| progress.step(step))
    }
}

fn notes(env: &Env, in_use: &Toolchain, standard: &Standard, tools: &[Tools]) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    if standard.switched {
        notes.push(Diagnostic::note(
            Code::OtherToolchain,
            format!(
                "building with {}: {} has no std for the target",
                standard.toolchain.describe(),
                in_use.describe()
            ),
        ));
    }
    for tools in tools {
        let Some(linker) = &tools.user_linker else { continue };
        let same = env.find_program(linker).as_deref() == Some(tools.linker.as_path());
        if !same {
            let message = format!(
                "`{}` links with `{linker}`, as configured; C and Go are built with `{}`",
                tools.target.triple,
                tools.cc.command_line()
            );
            notes.push(Diagnostic::note(Code::ConfigClash, message));
        }
    }
    notes
}

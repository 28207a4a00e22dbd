//! From targets to tools: everything that is known before cargo starts.

use std::path::{Path, PathBuf};

use gocross_config::Config;
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_targets::{GlibcVersion, Libc, Spec, Target};
use gocross_toolchain::cc::{self, CCompiler};
use gocross_toolchain::pkg_config::{self, PkgConfig};
use gocross_toolchain::rust::{self, Standard, StdProfile, Toolchain};
use gocross_toolchain::{Cache, Env, Memo, qemu};

use crate::cargo_config::{CargoConfig, UserFlags};
use crate::sysroots::Sysroots;
use crate::{codegen, crt_static, std_profile, targets, ui};

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<'a> {
    /// The words behind `--target`; none means cargo's configuration, then this machine.
    pub(crate) targets: &'a [String],
    /// The words behind `--sysroot`.
    pub(crate) sysroots: &'a [String],
    /// What the manifests say.
    pub(crate) config: &'a Config,
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
    /// The C compiler in one line, for those who split at spaces.
    pub(crate) cc_line: String,
    /// The C++ compiler in the same way, which most packages do without.
    pub(crate) cxx_line: Option<String>,
    /// pkg-config, and as one program that explains itself.
    pub(crate) pkg_config: PkgConfig,
    pub(crate) pkg_config_program: Option<PathBuf>,
    /// The directory that the user named as the target's sysroot.
    pub(crate) named_sysroot: Option<PathBuf>,
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
    let profile = std_profile::of(env, query.config)?;
    let words = if query.targets.is_empty() { &configured } else { query.targets };
    let specs = targets::specs(words, &in_use.host)?;
    let sysroots = Sysroots::read(query.sysroots, &specs, query.config)?;
    if specs.is_empty() {
        let notes = std_profile::unused(profile, &in_use.host).into_iter().collect();
        let targets = Vec::new();
        return Ok(Prepared { toolchain: in_use, switched: false, seen, targets, notes });
    }
    let finder = Finder {
        env,
        seen: &seen,
        memo: &memo,
        cache: &cache,
        config: &config,
        host: &in_use.host,
        sysroots,
    };
    let mut tools =
        specs.iter().map(|spec| finder.tools(spec, query.runs)).collect::<Result<Vec<Tools>>>()?;
    let offline = query.offline || config.offline();
    let standard = finder.standard(&in_use, profile, &tools, offline)?;
    for (tools, sysroot) in tools.iter_mut().zip(&standard.sysroots) {
        tools.sysroot.clone_from(sysroot);
    }
    let notes = notes(&seen, &in_use, profile, &standard, &tools);
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
    sysroots: Sysroots<'a>,
}

impl Finder<'_> {
    fn tools(&self, spec: &Spec, runs: bool) -> Result<Tools> {
        let target = spec.target;
        let native = target.triple == self.host;
        let user_linker = self.config.linker(target)?;
        let progress = ui::Progress::new();
        let named_sysroot = self.sysroots.of(self.seen, target).map(|named| named.dir);
        let query = cc::Query {
            target,
            glibc: spec.glibc,
            linker: user_linker.as_deref(),
            native,
            cache: Some(self.cache),
            sysroot: named_sysroot.as_deref(),
            on_step: &|step| progress.step(step),
        };
        let cc = cc::find(self.seen, self.memo, &query)?;
        let rustflags = self.config.rustflags(self.env, target)?;
        let is_static = crt_static::of(target, &rustflags.flags);
        if is_static && target.libc == Libc::Gnu {
            cc::links_statically(self.seen, self.memo, &cc, target)?;
        }
        let runner = if runs { self.runner(target, &cc, is_static)? } else { None };
        let linker = cc.program(self.cache)?;
        let is_default = native && self.seen.find_program("cc").as_ref() == Some(&linker);
        let pkg_config = pkg_config::Query {
            target,
            native,
            cc: &cc,
            links_static: is_static,
            cache: Some(self.cache),
        };
        let pkg_config = pkg_config::find(self.seen, &pkg_config);
        Ok(Tools {
            target,
            glibc: spec.glibc,
            is_default,
            cc_line: cc::plain_line(self.cache, &cc.command, "gcc")?,
            cxx_line: if is_default { None } else { self.cxx(&query, &cc)? },
            pkg_config_program: pkg_config::explaining(self.cache, target, native, &pkg_config)?,
            pkg_config,
            named_sysroot,
            linker,
            cc,
            user_linker,
            runner,
            sysroot: None,
            rustflags,
            rustdocflags: self.config.rustdocflags(self.env, target)?,
        })
    }

    /// The C++ compiler, where there is one; that there is none is remembered as well. One that
    /// the user named and that does not fit is an error.
    fn cxx(&self, query: &cc::Query<'_>, cc: &CCompiler) -> Result<Option<String>> {
        let key = format!("c++ of {} {:?} {}", query.target.triple, query.glibc, cc.command_line());
        self.memo.get(self.seen, &key, |env| match cc::cxx(env, &Memo::none(), query, cc) {
            Ok(cxx) => cc::plain_line(self.cache, &cxx.command, "g++").map(Some),
            Err(diagnostic) if diagnostic.code == Code::CxxMissing => Ok(None),
            Err(diagnostic) => Err(diagnostic),
        })
    }

    /// The command that runs programs, where they are foreign and the user has none.
    fn runner(
        &self,
        target: &'static Target,
        cc: &CCompiler,
        is_static: bool,
    ) -> Result<Option<Vec<String>>> {
        let host = gocross_targets::find(self.host);
        let is_foreign = qemu::is_needed(self.env, target, host, is_static);
        if !is_foreign || self.config.runner(target.triple)?.is_some() {
            return Ok(None);
        }
        let mut qemu = qemu::find(self.env, target, run_root(cc), is_static)?;
        if let Some(base) = &qemu.sysroot {
            qemu.sysroot = Some(with_overlay(self.cache, target, cc, base)?);
        }
        Ok(Some(qemu.command()))
    }

    fn standard(
        &self,
        in_use: &Toolchain,
        profile: StdProfile,
        tools: &[Tools],
        offline: bool,
    ) -> Result<Standard> {
        let wanted = |tools: &Tools| {
            let user = tools.user_linker.as_ref().map(PathBuf::from);
            rust::Wanted {
                target: tools.target,
                linker: user.unwrap_or_else(|| tools.linker.clone()),
                cpu_flags: codegen::cpu_flags(&tools.rustflags.flags),
            }
        };
        let targets: Vec<_> = tools.iter().map(wanted).collect();
        let pinned = self.config.rustc(self.env).is_some();
        let query = rust::Query { targets: &targets, profile, in_use, pinned, offline };
        let progress = ui::Progress::new();
        rust::provide(self.env, self.memo, self.cache, &query, &|step| progress.step(step))
    }
}

/// The directory in which programs of a compiler find their libraries, as far as it tells.
pub(crate) fn run_root(cc: &CCompiler) -> Option<&Path> {
    let named = cc.root.as_ref().filter(|root| root.has_loader);
    named.map(|root| root.dir.as_path()).or(cc.sysroot.as_deref())
}

/// The root for QEMU, where `base` has the C library: with the libraries of a sysroot that has
/// none.
///
/// # Errors
///
/// [`Code::Io`] for the cache.
pub(crate) fn with_overlay(
    cache: &Cache,
    target: &Target,
    cc: &CCompiler,
    base: &Path,
) -> Result<PathBuf> {
    match cc.root.as_ref().filter(|root| !root.has_loader) {
        Some(root) => qemu::overlaid(cache, target, base, root),
        None => Ok(base.to_owned()),
    }
}

fn notes(
    env: &Env,
    in_use: &Toolchain,
    profile: StdProfile,
    standard: &Standard,
    tools: &[Tools],
) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    if standard.switched {
        let lacks = match profile {
            StdProfile::Release => "no std for the target",
            StdProfile::Size => "no sources of std",
        };
        notes.push(Diagnostic::note(
            Code::OtherToolchain,
            format!(
                "building with {}: {} has {lacks}",
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

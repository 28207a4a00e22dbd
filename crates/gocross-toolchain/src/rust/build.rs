//! Builds Rust's standard library for a target, once a machine.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_targets::Target;
use rustc_build_sysroot::{BuildMode, SysrootBuilder, SysrootConfig};

use super::Toolchain;
use super::recipe::Recipe;
use crate::memo::digest;
use crate::{Cache, Env, OnStep, Step};

const KIND: &str = "std-v2";

/// Variables with which a user changes how his own code is built.
const FOREIGN: &[&str] = &[
    "CARGO_INCREMENTAL",
    "CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
];
/// How many commands may run at once changes nothing in the result.
const JOBS: &str = "CARGO_BUILD_JOBS";
const FOREIGN_PREFIXES: &[&str] = &["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_UNSTABLE_"];

/// What is to be built.
pub(super) struct Request<'a> {
    pub(super) toolchain: &'a Toolchain,
    pub(super) target: &'static Target,
    /// std comes as a shared library too, which has to be linked.
    pub(super) linker: &'a Path,
    pub(super) recipe: Recipe<'a>,
    pub(super) offline: bool,
}

/// The folder for `rustc --sysroot`, built if it is not in the cache.
pub(super) fn sysroot(
    env: &Env,
    cache: &Cache,
    request: &Request<'_>,
    on_step: OnStep<'_>,
) -> Result<PathBuf> {
    let Request { toolchain, target, .. } = request;
    let source = fs_err::canonicalize(toolchain.library_source())
        .unwrap_or_else(|_| toolchain.library_source());
    let name = name(env, request, &source);
    let folder = cache.folder(KIND)?.join(&name);
    let libdir = folder.join("lib/rustlib").join(target.triple).join("lib");
    if env.is_dir(&libdir) {
        return Ok(folder);
    }
    let waiting = || on_step(Step::WaitForStd { target });
    let _lock = cache.lock(KIND, &name, waiting)?;
    // Another process may have built it while we waited.
    if !env.is_dir(&libdir) {
        on_step(Step::BuildStd { target, release: &toolchain.release });
        let built = build(env, request, &source, &folder);
        on_step(Step::End);
        built?;
        env.stamp(&libdir);
    }
    Ok(folder)
}

/// The name of an entry. Everything that decides the result goes into it, so that none is stale.
fn name(env: &Env, request: &Request<'_>, source: &Path) -> String {
    let Request { toolchain, target, recipe, .. } = request;
    // A distribution may mend its sources without a new version of the compiler.
    let stamps = ["Cargo.lock", "std/Cargo.toml", "std/src/lib.rs", "core/src/lib.rs"]
        .map(|file| env.stamp(&source.join(file)));
    let parts = (&toolchain.verbose_version, source, stamps, recipe.key(source));
    let profile = recipe.profile.name();
    format!("{}-{}-{profile}-{}", target.triple, toolchain.release, digest(&format!("{parts:?}")))
}

fn build(env: &Env, request: &Request<'_>, source: &Path, folder: &Path) -> Result<()> {
    let Request { toolchain, target, .. } = request;
    let version = rustc_version::VersionMeta::for_command(Command::new(&toolchain.rustc))
        .map_err(|error| failed(request, &error.to_string()))?;
    let features = request.recipe.features(source);
    fs_err::create_dir_all(folder).map_err(|error| failed(request, &error.to_string()))?;
    // The builder puts the finished library in place with one rename, so the folder's
    // being there means that it is whole.
    SysrootBuilder::new(folder, target.triple)
        .build_mode(BuildMode::Build)
        .sysroot_config(SysrootConfig::WithStd { std_features: features })
        .rustflags(request.recipe.rustflags())
        .rustc_version(version)
        .cargo(cargo(env, request, folder))
        .build_from_source(source)
        .map_err(|error| failed(request, &format!("{error:#}")))?;
    Ok(())
}

fn cargo(env: &Env, request: &Request<'_>, folder: &Path) -> Command {
    let Request { toolchain, target, linker, recipe, offline } = request;
    let mut cargo = Command::new(&toolchain.cargo);
    // What is set for the user's code in the environment is not meant for std.
    let foreign = |name: &OsStr| {
        let name = name.to_string_lossy();
        FOREIGN.contains(&name.as_ref())
            || FOREIGN_PREFIXES.iter().any(|prefix| name.starts_with(prefix) && name != JOBS)
            || name == target.cargo_env("RUSTFLAGS").as_str()
    };
    cargo
        .args(recipe.cargo_args())
        .env_clear()
        .envs(env.all().filter(|(name, _)| !foreign(name)))
        .env("RUSTC", &toolchain.rustc)
        // Lets a stable compiler build its own standard library, as its makers do.
        .env("RUSTC_BOOTSTRAP", "1")
        .env(target.cargo_env("LINKER"), linker)
        .env("CARGO_TERM_COLOR", "never")
        // A configuration in the user's project is not meant for std.
        .current_dir(folder);
    if *offline {
        cargo.env("CARGO_NET_OFFLINE", "true");
    }
    cargo
}

fn failed(request: &Request<'_>, why: &str) -> Box<Diagnostic> {
    let Request { toolchain, target, .. } = request;
    let message = format!("building Rust's std for `{}` failed", target.triple);
    let diagnostic = Diagnostic::error(Code::StdBuild, message)
        .detail(format!("with {}", toolchain.describe()))
        .detail(errors_of(why));
    Box::new(diagnostic.hint(hint!("rustup target add {}", target.triple)))
}

/// The part of cargo's output that begins with its first error; the rest is pages of progress.
fn errors_of(output: &str) -> String {
    let lines: Vec<_> = output.lines().collect();
    let first = lines.iter().position(|line| line.starts_with("error")).unwrap_or(0);
    crate::first_lines(&lines[first..].join("\n"), 25)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::rust::StdProfile;

    #[test]
    fn the_users_settings_for_his_own_code_stay_outside() {
        let toolchain = Toolchain {
            cargo: "/usr/bin/cargo".into(),
            rustc: "/usr/bin/rustc".into(),
            sysroot: "/usr".into(),
            release: "1.96.0".into(),
            host: "x86_64-unknown-linux-gnu".into(),
            verbose_version: String::new(),
        };
        let request = Request {
            toolchain: &toolchain,
            target: gocross_targets::find("mipsel-unknown-linux-musl").unwrap(),
            linker: Path::new("/usr/bin/cc"),
            recipe: Recipe { profile: StdProfile::Release, cpu_flags: &[] },
            offline: false,
        };
        let env = Env::new(
            [
                ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
                ("CARGO_BUILD_RUSTC_WRAPPER", "sccache"),
                ("CARGO_TARGET_MIPSEL_UNKNOWN_LINUX_MUSL_RUSTFLAGS", "-Dwarnings"),
                ("RUSTFLAGS", "-Dwarnings"),
                ("CARGO_BUILD_JOBS", "2"),
                ("HOME", "/home/a"),
            ],
            "/",
        );
        let command = cargo(&env, &request, Path::new("/"));
        let set: BTreeMap<_, _> =
            command.get_envs().filter_map(|(name, value)| Some((name.to_str()?, value?))).collect();
        let names: Vec<_> = set.keys().copied().collect();
        assert_eq!(
            names,
            [
                "CARGO_BUILD_JOBS",
                "CARGO_TARGET_MIPSEL_UNKNOWN_LINUX_MUSL_LINKER",
                "CARGO_TERM_COLOR",
                "HOME",
                "RUSTC",
                "RUSTC_BOOTSTRAP",
            ]
        );
    }
}

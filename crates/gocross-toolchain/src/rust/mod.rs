//! Rust toolchains: the one in use, the others of the machine, and their standard libraries.

#[cfg(feature = "rust-std")]
mod build;
#[cfg(feature = "rust-std")]
mod recipe;
#[cfg(feature = "rust-std")]
mod standard;

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result};
use serde::{Deserialize, Serialize};

use crate::{Env, Memo, first_lines, run};

#[cfg(feature = "rust-std")]
pub use recipe::StdProfile;
#[cfg(feature = "rust-std")]
pub use standard::{Query, Standard, Wanted, glance, provide, survey};

/// A Rust toolchain: a cargo and the rustc that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toolchain {
    /// The cargo program.
    pub cargo: PathBuf,
    /// The rustc program.
    pub rustc: PathBuf,
    /// The folder with its libraries (`rustc --print sysroot`).
    pub sysroot: PathBuf,
    /// Its version, such as `1.95.0`.
    pub release: String,
    /// The triple of the machine it runs on.
    pub host: String,
    /// All that `rustc -vV` says, which tells two builds of one version apart.
    pub verbose_version: String,
}

impl Toolchain {
    /// The toolchain in a few words: version and place.
    #[must_use]
    pub fn describe(&self) -> String {
        format!("rustc {} in `{}`", self.release, self.sysroot.display())
    }

    /// The folder of the standard library's sources, whether it is there or not.
    #[must_use]
    pub fn library_source(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib/src/rust/library")
    }

    /// The folder of a target's standard library, whether it is there or not.
    #[must_use]
    pub fn target_libdir(&self, triple: &str) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(triple).join("lib")
    }

    /// Version numbers for comparing two toolchains; a nightly or beta sorts before all releases.
    #[cfg(feature = "rust-std")]
    fn rank(&self) -> (bool, Vec<u32>) {
        let numbers = self.release.split(['.', '-']).map_while(|part| part.parse().ok()).collect();
        (!self.release.contains('-'), numbers)
    }
}

/// The toolchain that the user called: `$CARGO` (cargo sets it for its subcommands) or
/// the `cargo` in `PATH`, and `rustc` (an override of the user's) or the one beside it.
///
/// # Errors
///
/// [`Code::CargoMissing`] where there is none or it does not answer.
pub fn in_use(env: &Env, memo: &Memo<'_>, rustc: Option<&Path>) -> Result<Toolchain> {
    let named = env.peek("CARGO").and_then(|cargo| env.find_program(cargo));
    let Some(cargo) = named.or_else(|| env.find_program("cargo")) else {
        return Err(Box::new(
            Diagnostic::error(Code::CargoMissing, "the `cargo` command was not found")
                .help("install Rust from https://rustup.rs/"),
        ));
    };
    if let Some(named) = rustc {
        let Some(rustc) = env.find_program(named) else {
            let message = format!("the compiler `{}` was not found", named.display());
            return Err(Box::new(
                Diagnostic::error(Code::CargoMissing, message)
                    .detail("`RUSTC` or `build.rustc` of cargo's configuration names it"),
            ));
        };
        return ask(env, memo, cargo, rustc);
    }
    if !is_rustup_proxy(env, &cargo) {
        let beside = cargo.with_file_name("rustc");
        let rustc = env.find_program(&beside).or_else(|| env.find_program("rustc"));
        return ask(env, memo, cargo, rustc.unwrap_or(beside));
    }
    // Which toolchain a proxy stands for depends on files up to the root: ask it each time.
    let proxy = cargo.with_file_name("rustc");
    let sysroot = PathBuf::from(print(env, &proxy, &["--print", "sysroot"])?.trim());
    let real = |name: &str| sysroot.join("bin").join(name);
    let cargo = env.find_program(real("cargo")).unwrap_or(cargo);
    ask(env, memo, cargo, real("rustc"))
}

fn is_rustup_proxy(env: &Env, cargo: &Path) -> bool {
    env.find_program(cargo.with_file_name("rustup")).is_some()
}

/// Asks a rustc what it is.
fn ask(env: &Env, memo: &Memo<'_>, cargo: PathBuf, rustc: PathBuf) -> Result<Toolchain> {
    let key = format!("rust {} {}", cargo.display(), rustc.display());
    memo.get(env, &key, |env| {
        env.stamp(&cargo);
        let verbose_version = print(env, &rustc, &["-vV"])?;
        let sysroot = PathBuf::from(print(env, &rustc, &["--print", "sysroot"])?.trim());
        let field = |name: &str| {
            let line = verbose_version.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().trim().to_owned()
        };
        let (release, host) = (field("release:"), field("host:"));
        Ok(Toolchain { cargo, rustc, sysroot, release, host, verbose_version })
    })
}

fn print(env: &Env, rustc: &Path, args: &[&str]) -> Result<String> {
    let failed = |why: String| {
        let message = format!("`{} {}` failed", rustc.display(), args.join(" "));
        Box::new(Diagnostic::error(Code::CargoMissing, message).detail(why))
    };
    match run(env, rustc, args, &[]) {
        Ok(output) if output.success => Ok(output.stdout),
        Ok(output) => Err(failed(first_lines(&output.stderr, 10))),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// The other toolchains of the machine, best first: rustup's, and the distribution's
/// under `/usr`; releases before nightlies, newer before older.
#[cfg(feature = "rust-std")]
pub(crate) fn others(env: &Env, memo: &Memo<'_>, in_use: &Toolchain) -> Vec<Toolchain> {
    let rustup = rustup_home(env).map(|home| home.join("toolchains"));
    let folders = rustup.and_then(|folder| fs_err::read_dir(folder).ok());
    let folders = folders.into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<Toolchain> = folders
        .chain([PathBuf::from("/usr")])
        // `stable` may be a link to `1.95.0`.
        .filter_map(|folder| fs_err::canonicalize(folder).ok())
        .filter(|folder| fs_err::canonicalize(&in_use.sysroot).ok().as_ref() != Some(folder))
        .filter_map(|folder| {
            let program = |name| env.find_program(folder.join("bin").join(name));
            ask(env, memo, program("cargo")?, program("rustc")?).ok()
        })
        .collect();
    found.sort_by_key(|toolchain| std::cmp::Reverse(toolchain.rank()));
    found.dedup_by(|a, b| a.sysroot == b.sysroot);
    found
}

/// Where rustup keeps its toolchains. The folder is what counts: rustup itself sets the
/// variable for the programs that it starts.
#[cfg(feature = "rust-std")]
pub(crate) fn rustup_home(env: &Env) -> Option<PathBuf> {
    let named = env.peek("RUSTUP_HOME").map(PathBuf::from);
    let home = named.or_else(|| Some(PathBuf::from(env.peek("HOME")?).join(".rustup")))?;
    env.is_dir(&home).then_some(home)
}

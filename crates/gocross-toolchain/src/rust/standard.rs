//! Rust's standard library for a target: a list of tries.
//!
//! 1. The toolchain in use has it.
//! 2. rustup can add it.
//! 3. The toolchain in use has the library's sources, or rustup can add them: it is built once,
//!    into the cache.
//! 4. Another toolchain of the machine has it, or its sources, and is used instead.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result, Try, hint};
use gocross_targets::Target;
use serde::{Deserialize, Serialize};

use super::recipe::{Recipe, StdProfile};
use super::{Toolchain, build, others, rustup_home};
use crate::{Cache, Env, Memo, OnStep, Step, first_lines, run};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    /// The targets of one cargo call.
    pub targets: &'a [Wanted],
    /// What std is to be optimized for.
    pub profile: StdProfile,
    /// The toolchain in use.
    pub in_use: &'a Toolchain,
    /// Whether the user named the compiler, so that no other toolchain may be taken.
    pub pinned: bool,
    /// Whether the network may not be used.
    pub offline: bool,
}

/// A target for which std is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its row.
    pub target: &'static Target,
    /// The program that links for it: std comes as a shared library too.
    pub linker: PathBuf,
    /// The CPU that the user's code is compiled for, as flags for rustc (`-Ctarget-cpu=…`). A std
    /// that has to be built is built for that CPU as well, else it might not run there.
    pub cpu_flags: Vec<String>,
}

/// A toolchain that can build for all targets asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    /// The toolchain; not always the one in use.
    pub toolchain: Toolchain,
    /// For each target, in the order asked: the folder for `--sysroot`, or none where
    /// the toolchain has the library itself.
    pub sysroots: Vec<Option<PathBuf>>,
    /// Whether the toolchain is another than the one in use.
    pub switched: bool,
    /// The search.
    pub tries: Vec<Try>,
}

/// How a toolchain can come by the library of one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Has,
    Source,
}

/// Finds or makes the standard library for every target of a query.
///
/// # Errors
///
/// [`Code::StdMissing`] with all tries, [`Code::StdBuild`] with the compiler's words.
pub fn provide(
    env: &Env,
    memo: &Memo<'_>,
    cache: &Cache,
    query: &Query<'_>,
    on_step: OnStep<'_>,
) -> Result<Standard> {
    let wanted = query.targets.iter().map(|wanted| (wanted.target.triple, &wanted.cpu_flags));
    let key = format!(
        "std {:?} {} {} {} {}",
        wanted.collect::<Vec<_>>(),
        query.profile.name(),
        query.in_use.rustc.display(),
        query.pinned,
        cache.root().display()
    );
    memo.get(env, &key, |env| Search::new(env, memo, cache, query, on_step).run())
}

/// Lists what each toolchain of the machine could do for a target, and changes nothing.
pub fn survey(
    env: &Env,
    memo: &Memo<'_>,
    in_use: &Toolchain,
    profile: StdProfile,
    target: &Target,
) -> Vec<Try> {
    let mut tries = vec![look(env, in_use, profile, target, "the toolchain in use").1];
    for toolchain in others(env, memo, in_use) {
        tries.push(look(env, &toolchain, profile, target, "another toolchain").1);
    }
    tries
}

/// In a few words, where the standard library of each target would come from; none where no
/// toolchain of the machine has it or its sources.
pub fn glance(
    env: &Env,
    memo: &Memo<'_>,
    in_use: &Toolchain,
    profile: StdProfile,
    targets: &[&Target],
) -> Vec<Option<String>> {
    let others = others(env, memo, in_use);
    let way = |toolchain: &Toolchain, target: &Target| look(env, toolchain, profile, target, "").0;
    let words = |toolchain: &Toolchain, way| match way {
        Way::Has => format!("rustc {}", toolchain.release),
        Way::Source => format!("built by rustc {}", toolchain.release),
    };
    let of_target = |target: &&Target| {
        if let Some(way) = way(in_use, target) {
            return Some(words(in_use, way));
        }
        let able = |wanted: Way| others.iter().find(|other| way(other, target) == Some(wanted));
        let wanted = [Way::Has, Way::Source];
        wanted.into_iter().find_map(|wanted| able(wanted).map(|other| words(other, wanted)))
    };
    targets.iter().map(of_target).collect()
}

/// What a toolchain has for a target.
fn look(
    env: &Env,
    toolchain: &Toolchain,
    profile: StdProfile,
    target: &Target,
    role: &str,
) -> (Option<Way>, Try) {
    let libdir = toolchain.target_libdir(target.triple);
    let source = toolchain.library_source().join("std/Cargo.toml");
    let (way, outcome) = if profile != StdProfile::Release {
        match env.is_file(&source) {
            true => (Some(Way::Source), "has the sources of std".to_owned()),
            false => (None, "has no sources of std".to_owned()),
        }
    } else if env.is_dir(&libdir) && has_std(&libdir) {
        (Some(Way::Has), format!("has std for `{}`", target.triple))
    } else if env.is_file(&source) {
        (Some(Way::Source), format!("has no std for `{}`, but its sources", target.triple))
    } else {
        (None, format!("has neither std for `{}` nor its sources", target.triple))
    };
    (way, Try::new(format!("{role}, {}", toolchain.describe()), outcome))
}

fn has_std(libdir: &Path) -> bool {
    let Ok(entries) = fs_err::read_dir(libdir) else {
        return false;
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .any(|name| name.starts_with("libstd-") && name.ends_with(".rlib"))
}

struct Search<'a> {
    env: &'a Env,
    memo: &'a Memo<'a>,
    cache: &'a Cache,
    query: &'a Query<'a>,
    on_step: OnStep<'a>,
    tries: RefCell<Vec<Try>>,
}

impl<'a> Search<'a> {
    fn new(
        env: &'a Env,
        memo: &'a Memo<'a>,
        cache: &'a Cache,
        query: &'a Query<'a>,
        on_step: OnStep<'a>,
    ) -> Self {
        Self { env, memo, cache, query, on_step, tries: RefCell::default() }
    }

    fn run(self) -> Result<Standard> {
        let in_use = self.query.in_use;
        let mut ways = self.ways(in_use, "the toolchain in use");
        for (index, way) in ways.iter_mut().enumerate() {
            let target = self.query.targets[index].target;
            let can_be_added = self.query.profile == StdProfile::Release;
            if *way != Some(Way::Has) && can_be_added && self.rustup_adds_std(target) {
                *way = Some(Way::Has);
            }
        }
        if ways.contains(&None) && self.rustup_adds_source() {
            ways.iter_mut().for_each(|way| *way = way.or(Some(Way::Source)));
        }
        if let Some(ways) = all(&ways) {
            return self.use_toolchain(in_use.clone(), &ways, false);
        }
        if self.query.pinned {
            self.tell("other toolchains", "not looked at: the compiler was named by `RUSTC`");
            return Err(self.missing());
        }
        let candidates = others(self.env, self.memo, in_use);
        let mut able: Vec<(Toolchain, Vec<Way>)> = candidates
            .into_iter()
            .filter_map(|toolchain| {
                let ways = all(&self.ways(&toolchain, "another toolchain"))?;
                Some((toolchain, ways))
            })
            .collect();
        // One that has everything is better than one that has to build; otherwise the order stands.
        able.sort_by_key(|(_, ways)| ways.contains(&Way::Source));
        match able.into_iter().next() {
            Some((toolchain, ways)) => self.use_toolchain(toolchain, &ways, true),
            None => Err(self.missing()),
        }
    }

    fn ways(&self, toolchain: &Toolchain, role: &str) -> Vec<Option<Way>> {
        let look = |wanted: &Wanted| {
            let profile = self.query.profile;
            let (way, attempt) = look(self.env, toolchain, profile, wanted.target, role);
            self.tries.borrow_mut().push(attempt);
            way
        };
        self.query.targets.iter().map(look).collect()
    }

    fn tell(&self, what: impl Into<String>, outcome: impl Into<String>) {
        self.tries.borrow_mut().push(Try::new(what, outcome));
    }

    /// Asks rustup for the library.
    fn rustup_adds_std(&self, target: &'static Target) -> bool {
        let libdir = self.query.in_use.target_libdir(target.triple);
        let step = Step::Rustup { target };
        self.rustup_adds(["target", "add", target.triple], step, || self.env.is_dir(&libdir))
    }

    /// Asks rustup for the library's sources, from which that of any target can be built.
    fn rustup_adds_source(&self) -> bool {
        let source = self.query.in_use.library_source().join("std/Cargo.toml");
        let step = Step::RustSource;
        self.rustup_adds(["component", "add", "rust-src"], step, || self.env.is_file(&source))
    }

    /// Asks rustup, where it manages the toolchain in use; `is_there` looks whether it came.
    fn rustup_adds(&self, words: [&str; 3], step: Step<'_>, is_there: impl Fn() -> bool) -> bool {
        let what = format!("`rustup {}`", words.join(" "));
        let in_use = self.query.in_use;
        let managed = rustup_home(self.env).map(|home| home.join("toolchains"));
        let is_managed = managed.is_some_and(|folder| in_use.sysroot.parent() == Some(&folder));
        let (Some(rustup), Some(name), true) =
            (self.env.find_program("rustup"), in_use.sysroot.file_name(), is_managed)
        else {
            self.tell(what, "rustup does not manage the toolchain in use");
            return false;
        };
        if self.query.offline {
            self.tell(what, "not tried: offline");
            return false;
        }
        (self.on_step)(step);
        let args = words.into_iter().chain(["--toolchain"]).map(AsRef::as_ref);
        let output = run(self.env, &rustup, args.chain([name]), &[]);
        (self.on_step)(Step::End);
        let outcome = match output {
            Ok(output) if output.success => {
                // The record of this search saw it missing; now it is there.
                let found = is_there();
                self.tell(what, if found { "done" } else { "done, but it is not there" });
                return found;
            }
            Ok(output) => rustups_error(&output.stderr),
            Err(error) => error.to_string(),
        };
        self.tell(what, format!("failed: {outcome}"));
        false
    }

    fn use_toolchain(self, toolchain: Toolchain, ways: &[Way], switched: bool) -> Result<Standard> {
        let mut sysroots = Vec::new();
        let profile = self.query.profile;
        for (Wanted { target, linker, cpu_flags }, way) in self.query.targets.iter().zip(ways) {
            sysroots.push(match way {
                Way::Has => None,
                Way::Source => Some(build::sysroot(
                    self.env,
                    self.cache,
                    &build::Request {
                        toolchain: &toolchain,
                        target,
                        linker,
                        recipe: Recipe { profile, cpu_flags },
                        offline: self.query.offline,
                    },
                    self.on_step,
                )?),
            });
        }
        Ok(Standard { toolchain, sysroots, switched, tries: self.tries.into_inner() })
    }

    fn missing(&self) -> Box<Diagnostic> {
        let triples: Vec<_> =
            self.query.targets.iter().map(|wanted| format!("`{}`", wanted.target.triple)).collect();
        let is_release = self.query.profile == StdProfile::Release;
        let message = if is_release {
            format!("no toolchain has Rust's std for {}", triples.join(" and "))
        } else {
            let profile = self.query.profile.name();
            format!("no toolchain has the sources of Rust's std, to build it for `{profile}`")
        };
        let mut diagnostic = Diagnostic::error(Code::StdMissing, message).tries(self.tries.take());
        for wanted in self.query.targets.iter().filter(|_| is_release) {
            diagnostic = diagnostic.hint(hint!("rustup target add {}", wanted.target.triple));
        }
        diagnostic = diagnostic.hint(hint!("rustup component add rust-src"));
        if self.env.find_program("apt-get").is_some() {
            diagnostic = diagnostic.hint(hint!("apt install rustc-web cargo-web rust-web-src"));
        }
        Box::new(diagnostic)
    }
}

fn all(ways: &[Option<Way>]) -> Option<Vec<Way>> {
    ways.iter().copied().collect()
}

/// The line of rustup's output that says what went wrong.
fn rustups_error(stderr: &str) -> String {
    let line = stderr.lines().find_map(|line| line.strip_prefix("error: "));
    line.map_or_else(|| first_lines(stderr, 1), str::to_owned)
}

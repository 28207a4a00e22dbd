//! `std/…`: Rust's std for a target that no rustup has it for, so that each toolchain must build it.

use std::path::{Path, PathBuf};

use gocross_targets::Target;
use gocross_tests::command::{Output, Run};
use gocross_tests::sandbox::Sandbox;
use gocross_tests::scenario::row;
use gocross_tests::tools::{self, Tools};
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

/// A tier-3 target of Rust's: its std comes from sources and from nowhere else.
const TRIPLE: &str = "mipsel-unknown-linux-gnu";

type Test = fn(&Project<'_>) -> Result;

pub(crate) fn trials(workshop: &'static Workshop) -> Vec<Trial> {
    let tests: [(&str, Test); 3] =
        [("shared", shared), ("cold", cold), ("another-toolchain", another_toolchain)];
    let to_trial = |(name, test): (&str, Test)| {
        let name = format!("std/{name}");
        trial(name.clone(), move || test(&Project::new(workshop, &name)?))
    };
    tests.map(to_trial).into()
}

/// A program without Go, so that std is all there is to wait for.
struct Project<'a> {
    workshop: &'a Workshop,
    sandbox: Sandbox,
    target: &'static Target,
}

impl<'a> Project<'a> {
    fn new(workshop: &'a Workshop, name: &str) -> Result<Self> {
        let target = row(TRIPLE)?;
        tools::need_target(workshop, target)?;
        let sandbox = Sandbox::new(workshop, name, "")?;
        for project in ["one", "two"] {
            let folder = sandbox.dir().join(project);
            fs_err::create_dir_all(folder.join("src"))?;
            let manifest = format!("[package]\nname = \"{project}\"\nedition = \"2024\"\n");
            fs_err::write(folder.join("Cargo.toml"), manifest)?;
            let program = "fn main() {\n    println!(\"{}\", std::env::consts::ARCH);\n}\n";
            fs_err::write(folder.join("src/main.rs"), program)?;
        }
        Ok(Self { workshop, sandbox, target })
    }

    /// A command in one of the projects. rustup cannot fetch anything for it.
    fn command(&self, project: &str, verb: &[&str], cache: Option<&Path>) -> Result<Run> {
        let mut run = Run::new(self.workshop, ["cargo", "gocross"]);
        run.words.extend(verb.iter().map(Into::into));
        run.words.extend(["--target", TRIPLE].map(Into::into));
        run.dir = self.sandbox.dir().join(project);
        let build_dir = self.sandbox.build_dir();
        run.variables.insert("CARGO_BUILD_BUILD_DIR".into(), build_dir.into());
        run.variables.insert("RUSTUP_DIST_SERVER".into(), "file:///nonexistent".into());
        run.variables.extend(cache.map(|path| ("GOCROSS_CACHE".into(), path.into())));
        Tools::default().equip(self.workshop, &mut run)?;
        Ok(run)
    }

    fn run(&self, project: &str, cache: Option<&Path>) -> Result<Output> {
        let output = self.command(project, &["run", "--quiet"], cache)?.output()?;
        let right = output.status == 0 && output.stdout.trim() == self.target.rust_arch;
        ensure(right, || format!("{}: {output:?}", self.target.rust_arch))?;
        Ok(output)
    }
}

/// Whether someone was told that std is being built, or waited for.
fn builds_std(output: &Output) -> bool {
    output.stderr.contains("building std for `") || output.stderr.contains("another build of std")
}

/// The second project of a machine pays nothing for std.
fn shared(project: &Project<'_>) -> Result {
    project.run("one", None)?;
    let second = project.run("two", None)?;
    ensure(!builds_std(&second), || format!("std is built twice:\n{}", second.stderr))
}

/// In an empty cache two processes build it once, both can use it, and a third does nothing.
fn cold(project: &Project<'_>) -> Result {
    let cache = project.sandbox.build_dir().join("cache");
    let ask = |name: &str| project.command(name, &["env", "--format=json"], Some(&cache));
    let (one, two) = (ask("one")?, ask("two")?);
    let outputs = std::thread::scope(|scope| {
        let threads = [one, two].map(|run| scope.spawn(move || run.output()));
        threads.map(|thread| thread.join().unwrap_or_else(|_| Err(Trouble::wrong("a panic"))))
    });
    let [one, two] = outputs;
    let (one, two) = (one?, two?);
    let told = |output: &Output, what: &str| usize::from(output.stderr.contains(what));
    let both = |what: &str| told(&one, what) + told(&two, what);
    ensure(
        both("building std for `") == 1 && both("waiting for another build of std") == 1,
        || format!("two processes, one build?\n{}\n{}", one.stderr, two.stderr),
    )?;
    let sysroot = format!("--sysroot={}", cache.display());
    ensure(one.stdout == two.stdout && one.stdout.contains(&sysroot), || {
        format!("not the same std:\n{}\n{}", one.stdout, two.stdout)
    })?;
    let third = project.run("one", Some(&cache))?;
    ensure(!builds_std(&third), || format!("std is built twice:\n{}", third.stderr))
}

/// Where the toolchain in use cannot build std, another one does, and that is told.
fn another_toolchain(project: &Project<'_>) -> Result {
    let mut run = Run::new(project.workshop, ["rustc", "--print", "sysroot"]);
    Tools::default().equip(project.workshop, &mut run)?;
    let sysroot = PathBuf::from(run.read()?.trim());
    let mut run = project.command("one", &["run", "--quiet"], None)?;
    let source = sysroot.join("lib/rustlib/src").display().to_string();
    Tools { masked: vec![source], ..Tools::default() }.equip(project.workshop, &mut run)?;
    let output = run.output()?;
    let note = "note[other-toolchain]: building with rustc ";
    let line = output.stderr.lines().find(|line| line.starts_with(note));
    let in_use = format!("in `{}` has no std for the target", sysroot.display());
    ensure(line.is_some_and(|line| line.ends_with(&in_use)), || {
        format!("no note of another toolchain:\n{}", output.stderr)
    })
}

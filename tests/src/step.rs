//! One step of a scenario: a change of the project, a command, and what must come of it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::command::{Output, Run};
use crate::expect;
use crate::sandbox::Sandbox;
use crate::scenario::row;
use crate::tools::Tools;
use crate::trial::{Result, Trouble, ensure};
use crate::workshop::Workshop;

/// A step as it is written down.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// A folder of the scenario whose files are laid over the project's.
    lay: Option<String>,
    /// Files and folders that are removed.
    remove: Vec<String>,
    /// Files, and the text that they have from now on.
    write: BTreeMap<String, String>,
    /// Files, a text in them, and what stands there from now on.
    replace: BTreeMap<String, [String; 2]>,
    /// Files that are written anew with what they hold.
    touch: Vec<String>,

    /// Only for a target of whose architecture gocross has CPU models.
    with_models: Option<String>,
    /// The command line, without a shell.
    run: Option<String>,
    /// How often it runs; each run must be right.
    times: Option<u32>,
    /// How often it runs at most until it fails once, whatever its status: for what goes wrong by
    /// chance.
    fails_within: Option<u32>,
    /// Where it runs, from the project's folder on.
    dir: String,
    /// Variables.
    env: BTreeMap<String, String>,
    /// Programs that are not in `PATH`.
    hide: Vec<String>,
    /// Patterns of files that are not there.
    mask: Vec<String>,
    /// Folders that are disks of their own, and how they are mounted.
    disks: BTreeMap<String, String>,
    /// A folder of the scenario with programs that come before all others.
    fakes: Option<String>,

    /// The exit status.
    status: i32,
    /// Standard output, as a pattern.
    stdout: Option<String>,
    /// Standard error, as a pattern.
    stderr: Option<String>,
    /// The packages that were compiled; cargo tells them in its JSON messages.
    compiled: Option<Vec<String>>,
    /// The commands of `go` that were run.
    go: Option<Vec<String>>,
    /// Whether the Go archives are, byte for byte, those of the last step that asked.
    archive: Option<expect::Archive>,
    /// How many of a hundred gated instructions of each function `verify --cpu` has seen run.
    gated: Option<u32>,
    /// Whether a project without a lock file gets the versions that the tests have compiled.
    #[serde(skip)]
    locks: bool,
    /// Two files that must be equal.
    same: Option<[String; 2]>,
}

/// Commands that write a project and build nothing.
const WRITE_ONLY: &[&str] = &["cargo gocross new ", "cargo gocross init"];

/// What the steps of a scenario share.
pub(crate) struct Scene<'a> {
    pub(crate) workshop: &'a Workshop,
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) folder: &'a Path,
    pub(crate) words: &'a [(&'a str, &'a str)],
    pub(crate) env: &'a BTreeMap<String, String>,
    pub(crate) records_go: bool,
    /// The digest of the Go archives at the last look.
    pub(crate) archive: Option<String>,
}

impl Scene<'_> {
    fn fill(&self, text: &str) -> String {
        fill(text, self.words)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.sandbox.dir().join(self.fill(file))
    }
}

/// Puts words in for `{word}`.
pub(crate) fn fill(text: &str, words: &[(&str, &str)]) -> String {
    let put_in =
        |text: String, (name, value): &(&str, &str)| text.replace(&format!("{{{name}}}"), value);
    words.iter().fold(text.to_owned(), put_in)
}

/// Runs a command until it fails.
fn fails_within(run: &Run, times: u32) -> Result {
    for _ in 0..times {
        if run.output()?.status != 0 {
            return Ok(());
        }
    }
    Err(Trouble::wrong(format!("`{run}` was right {times} times, and should fail")))
}

fn split(line: &str) -> Result<Vec<String>> {
    shlex::split(line).ok_or_else(|| Trouble::wrong(format!("`{line}` is no command line")))
}

impl Step {
    /// A command line for a shell, and what a terminal shows of it: standard output and standard
    /// error in one. Where nothing is shown, anything may come.
    pub(crate) fn on_terminal(line: &str, dir: &str, status: i32, shown: String) -> Result<Self> {
        let script = format!("exec 2>&1; {line}");
        let script = shlex::try_quote(&script)
            .map_err(|_| Trouble::wrong(format!("`{line}` is no command line")))?;
        Ok(Self {
            run: Some(format!("sh -c {script}")),
            dir: dir.to_owned(),
            status,
            stdout: (!shown.is_empty()).then_some(shown),
            locks: true,
            ..Self::default()
        })
    }

    /// The same step, after these files have been written.
    pub(crate) fn after_writing(self, write: BTreeMap<String, String>) -> Self {
        Self { write, ..self }
    }

    /// Refuses a step that could not fail.
    pub(crate) fn check(&self) -> Result {
        let explained = self.status == 0 || self.stderr.is_some() || self.stdout.is_some();
        ensure(explained, || format!("{self:?} fails without saying with which words"))?;
        ensure(self.run.is_some() || self.same.is_some(), || format!("{self:?} does nothing"))
    }

    /// Whether it has cargo build without a target.
    pub(crate) fn names_no_target(&self) -> bool {
        let builds = |line: &String| {
            line.starts_with("cargo")
                && !line.contains("--target")
                && !WRITE_ONLY.iter().any(|verb| line.starts_with(verb))
        };
        self.run.as_ref().is_some_and(builds)
    }

    pub(crate) fn looks_at_go(&self) -> bool {
        self.go.is_some()
    }

    /// Whether it is for the target of this scene.
    fn applies(&self, scene: &Scene<'_>) -> Result<bool> {
        let Some(triple) = &self.with_models else { return Ok(true) };
        let target = row(&scene.fill(triple))?;
        Ok(gocross_targets::MODELS.iter().any(|model| model.is_for(target, None)))
    }

    pub(crate) fn play(&self, scene: &mut Scene<'_>) -> Result {
        if !self.applies(scene)? {
            return Ok(());
        }
        self.change(scene)?;
        if self.locks {
            scene.sandbox.lay_lock(&self.dir)?;
        }
        if let Some(line) = &self.run {
            let log = scene.sandbox.dir().join(".go-calls");
            fs_err::remove_file(&log).ok();
            let run = self.command(scene, line, &log)?;
            if let Some(times) = self.fails_within {
                return fails_within(&run, times);
            }
            for time in 1..=self.times.unwrap_or(1) {
                let output = run.output()?;
                let place = |trouble: Trouble| trouble.at(&format!("`{run}`, time {time}"));
                self.judge(scene, &output, &log).map_err(place)?;
            }
        }
        if let Some([one, other]) = &self.same {
            let equal = fs_err::read(scene.path(one))? == fs_err::read(scene.path(other))?;
            ensure(equal, || format!("`{one}` and `{other}` differ"))?;
        }
        Ok(())
    }

    fn change(&self, scene: &Scene<'_>) -> Result {
        if let Some(folder) = &self.lay {
            scene.sandbox.lay(&scene.folder.join(folder))?;
        }
        for file in &self.remove {
            let path = scene.path(file);
            if path.is_dir() {
                fs_err::remove_dir_all(path)?;
            } else {
                fs_err::remove_file(path)?;
            }
        }
        for (file, text) in &self.write {
            let path = scene.path(file);
            fs_err::create_dir_all(path.parent().unwrap_or(Path::new("/")))?;
            fs_err::write(path, scene.fill(text))?;
        }
        for (file, [old, new]) in &self.replace {
            let text = fs_err::read_to_string(scene.path(file))?;
            ensure(text.contains(old.as_str()), || format!("`{file}` does not hold `{old}`"))?;
            fs_err::write(scene.path(file), text.replace(old, &scene.fill(new)))?;
        }
        for file in &self.touch {
            let bytes = fs_err::read(scene.path(file))?;
            fs_err::write(scene.path(file), bytes)?;
        }
        Ok(())
    }

    fn command(&self, scene: &Scene<'_>, line: &str, log: &Path) -> Result<Run> {
        let mut words = Vec::new();
        for word in split(line)? {
            // A command line itself, or nothing.
            if ["{emulator}", "{newest_emulator}"].contains(&word.as_str()) {
                words.extend(split(&scene.fill(&word))?.into_iter().map(OsString::from));
            } else {
                words.push(scene.fill(&word).into());
            }
        }
        if self.compiled.is_some() || self.archive.is_some() {
            words.push("--message-format=json-render-diagnostics".into());
        }
        let mut variables = scene.workshop.variables();
        let build_dir = scene.sandbox.build_dir();
        variables.insert("CARGO_BUILD_BUILD_DIR".into(), build_dir.into());
        for (name, value) in scene.env.iter().chain(&self.env) {
            variables.insert(name.into(), scene.fill(value).into());
        }
        let mut run = Run { words, dir: scene.sandbox.dir().join(&self.dir), variables };
        let disks = self.disks.iter();
        let tools = Tools {
            hidden: self.hide.clone(),
            masked: self.mask.clone(),
            disks: disks.map(|(folder, how)| (scene.path(folder), how.clone())).collect(),
            read_only: Vec::new(),
            fakes: self.fakes.as_ref().map(|folder| scene.folder.join(folder)),
            go_log: scene.records_go.then(|| log.to_owned()),
        };
        tools.equip(scene.workshop, &mut run)?;
        Ok(run)
    }

    fn judge(&self, scene: &mut Scene<'_>, output: &Output, log: &Path) -> Result {
        let both = || format!("\n--- stdout\n{}--- stderr\n{}", output.stdout, output.stderr);
        ensure(output.status == self.status, || {
            format!("status {}, want {}{}", output.status, self.status, both())
        })?;
        expect::no_accident(output).map_err(|trouble| trouble.at(&both()))?;
        for (name, expected, found) in [
            ("standard output", &self.stdout, &output.stdout),
            ("standard error", &self.stderr, &output.stderr),
        ] {
            if let Some(expected) = expected {
                let expected = scene.fill(expected);
                expect::text(scene.workshop, scene.sandbox, name, found, &expected)?;
            }
        }
        if let Some(expected) = &self.go {
            expect::go_calls(log, expected)?;
        }
        if let Some(percent) = self.gated {
            expect::gated(&output.stdout, percent)?;
        }
        if self.compiled.is_none() && self.archive.is_none() {
            return Ok(());
        }
        let build = expect::Build::read(&output.stdout)?;
        if let Some(expected) = &self.compiled {
            build.compiled_just(expected)?;
        }
        if let Some(expected) = self.archive {
            let digest = build.archives()?;
            expected.check(scene.archive.as_deref(), &digest)?;
            scene.archive = Some(digest);
        }
        Ok(())
    }
}

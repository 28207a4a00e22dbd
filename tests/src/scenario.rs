//! A test as it is written down: `case.toml`, and the files beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gocross_targets::Target;
use serde::Deserialize;

use crate::sample::Sample;
use crate::sandbox::Sandbox;
use crate::seed;
use crate::step::{Scene, Step, fill};
use crate::tools;
use crate::trial::{Result, Trouble, ensure};
use crate::vectors;
use crate::workshop::Workshop;

/// A project, and what is done with it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The project that is laid out first: an example, or a folder of `tests/projects`.
    #[serde(default)]
    base: Option<String>,
    /// The example whose compiled dependencies are lent, where no project is laid at first.
    #[serde(default)]
    seed: Option<String>,
    /// The folder in which the project lies, for names that make trouble.
    #[serde(default)]
    project: String,
    /// Programs of the machine that the test cannot do without.
    #[serde(default)]
    needs: Vec<String>,
    /// Files of the machine that the test cannot do without.
    #[serde(default)]
    files: Vec<PathBuf>,
    /// Debian's architectures whose unpacked packages the test cannot do without; they lie in
    /// `{cache}/debian-v1`.
    #[serde(default)]
    debian_roots: Vec<String>,
    /// Targets whose tools the test cannot do without.
    #[serde(default)]
    targets: Vec<String>,
    /// Whether QEMU must be as new as the CPU models of these targets ask for.
    #[serde(default)]
    newest_qemu: bool,
    /// Variables for all steps.
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// Files of pseudo-random bytes, and their sizes.
    #[serde(default)]
    bytes: BTreeMap<String, usize>,
    /// The file that gets cases of SM4 in counter mode, as OpenSSL computes them.
    #[serde(default)]
    sm4_cases: Option<String>,
    /// What is done, in order.
    #[serde(rename = "step", default)]
    steps: Vec<Step>,
    /// The folder of the scenario's files.
    #[serde(skip)]
    folder: PathBuf,
}

impl Scenario {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// It cannot be read, or says what no scenario says.
    pub fn read(file: &Path) -> Result<Self> {
        let text = fs_err::read_to_string(file)?;
        let mut scenario: Self = toml::from_str(&text)
            .map_err(|error| Trouble::wrong(format!("`{}`: {error}", file.display())))?;
        scenario.folder = file.parent().unwrap_or(Path::new("")).to_owned();
        for step in &scenario.steps {
            step.check()?;
        }
        Ok(scenario)
    }

    /// The same scenario with more steps behind its own.
    #[must_use]
    pub fn and_then(mut self, steps: Vec<Step>) -> Self {
        self.steps.extend(steps);
        self
    }

    /// Plays the scenario in a fresh sandbox, which is returned.
    ///
    /// `words` are put in for `{word}` wherever a step names them.
    ///
    /// # Errors
    ///
    /// A tool is missing, or a step does not end as it should.
    pub fn play(&self, workshop: &Workshop, name: &str, words: &[(&str, &str)]) -> Result<Sandbox> {
        ensure(!self.steps.is_empty(), || format!("`{name}` does nothing"))?;
        for program in &self.needs {
            tools::need(workshop, program)?;
        }
        if let Some(file) = self.files.iter().find(|file| !file.exists()) {
            return Err(Trouble::Missing(format!("no file `{}`", file.display())));
        }
        for architecture in &self.debian_roots {
            tools::need_debian_root(workshop, architecture)?;
        }
        for triple in &self.targets {
            let target = row(&fill(triple, words))?;
            tools::need_target(workshop, target)?;
            if self.newest_qemu {
                tools::need_newest_qemu(workshop, target)?;
            }
        }
        let sandbox = Sandbox::new(workshop, name, &self.project)?;
        let base = self.base.as_ref().map(|base| fill(base, words));
        if let Some(base) = &base {
            sandbox.lay(&Workshop::project(base))?;
        }
        let files = self.folder.join("files");
        if files.is_dir() {
            sandbox.lay(&files)?;
        }
        sandbox.lay_lock("")?;
        if sandbox.dir().join("Cargo.toml").is_file() || self.seed.is_some() {
            let this_machine = self.steps.iter().any(Step::names_no_target).then_some(None);
            let named = self.targets.iter().map(|triple| Some(fill(triple, words)));
            let targets: Vec<_> = this_machine.into_iter().chain(named).collect();
            let example = self.seed.as_ref().or(base.as_ref()).map_or("hello", String::as_str);
            seed::sow(workshop, &sandbox, example, &targets)?;
        }
        for (file, size) in &self.bytes {
            fs_err::write(sandbox.dir().join(file), Sample::new(0).bytes(*size))?;
        }
        if let Some(file) = &self.sm4_cases {
            fs_err::copy(vectors::of_openssl(workshop)?, sandbox.dir().join(file))?;
        }
        let project = sandbox.dir().display().to_string();
        let repository = Workshop::repository().display().to_string();
        let build = sandbox.build_dir().display().to_string();
        let cache = workshop.cache().display().to_string();
        let mut all = vec![
            ("project", project.as_str()),
            ("repository", &repository),
            ("build", &build),
            ("cache", &cache),
        ];
        all.extend(words);
        let mut scene = Scene {
            workshop,
            sandbox: &sandbox,
            folder: &self.folder,
            words: &all,
            env: &self.env,
            records_go: self.steps.iter().any(Step::looks_at_go),
            archive: None,
        };
        for (index, step) in self.steps.iter().enumerate() {
            step.play(&mut scene).map_err(|trouble| trouble.at(&format!("step {}", index + 1)))?;
        }
        Ok(sandbox)
    }
}

/// The row of a triple.
///
/// # Errors
///
/// The table has none.
pub fn row(triple: &str) -> Result<&'static Target> {
    gocross_targets::find(triple)
        .ok_or_else(|| Trouble::wrong(format!("`{triple}` is in no row of the table")))
}

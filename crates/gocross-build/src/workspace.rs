//! What cargo knows of the package whose build script this is, and of its workspace.

use cargo_metadata::{Metadata, MetadataCommand, Package};
use gocross_archive::Start;
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::Env;

use crate::script::Script;

/// The answer of `cargo metadata`, with this package in it.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) metadata: Metadata,
    own: usize,
}

/// The table of a package's manifest that is ours to read.
const TABLE: &str = "[package.metadata.gocross]";

impl Workspace {
    /// Asks cargo, which has just resolved the same graph for this build. None where it cannot
    /// be asked again: a package unpacked in its registry has no workspace around it.
    pub(crate) fn ask(env: &Env, task: &Script) -> Option<Self> {
        let cargo = env.peek("CARGO").unwrap_or_else(|| "cargo".into());
        let metadata = MetadataCommand::new()
            .cargo_path(cargo)
            .current_dir(&task.manifest_dir)
            .other_options(
                ["--offline", "--filter-platform", task.target.triple].map(str::to_owned),
            )
            .exec()
            .ok()?;
        let own = metadata.packages.iter().position(|package| {
            package.manifest_path.parent().is_some_and(|dir| dir.as_std_path() == task.manifest_dir)
        })?;
        Some(Self { metadata, own })
    }

    /// This package.
    pub(crate) fn own(&self) -> &Package {
        &self.metadata.packages[self.own]
    }

    /// Whether this package itself is to become a `cdylib`.
    pub(crate) fn has_own_cdylib(&self) -> bool {
        self.own().targets.iter().any(cargo_metadata::Target::is_cdylib)
    }

    /// `start` of `[package.metadata.gocross]`.
    ///
    /// # Errors
    ///
    /// [`Code::Manifest`] for a word or a key that is not known.
    pub(crate) fn start(&self) -> Result<Option<Start>> {
        let Some(table) = self.own().metadata.get("gocross") else {
            return Ok(None);
        };
        let wrong = |what: String| {
            let message = format!("`{TABLE}` of `{}`: {what}", self.own().name);
            Box::new(Diagnostic::error(Code::Manifest, message))
        };
        let keys = table.as_object().ok_or_else(|| wrong("not a table".to_owned()))?;
        // `verify` and `cpu` are for the subcommand, which reads them itself.
        if let Some(key) =
            keys.keys().find(|key| !matches!(key.as_str(), "start" | "verify" | "cpu"))
        {
            let hint = "the keys are `start`, `verify` and `cpu`";
            return Err(Box::new(wrong(format!("unknown key `{key}`")).hint(hint)));
        }
        let Some(word) = keys.get("start") else {
            return Ok(None);
        };
        match word.as_str().and_then(Start::parse) {
            Some(start) => Ok(Some(start)),
            None => {
                let hint = "write start = \"eager\", \"lazy\" or \"explicit\"";
                Err(Box::new(wrong(format!("`start` is {word}")).hint(hint)))
            }
        }
    }
}

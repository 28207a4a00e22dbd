//! What cargo knows of the package whose build script this is, and of its workspace.

use std::path::PathBuf;

use cargo_metadata::{Metadata, MetadataCommand, Package, TargetKind};
use gocross_config::{Config, Table};
use gocross_diagnostic::Result;
use gocross_toolchain::Env;
use serde_json::Value;

use crate::script::Script;

/// The answer of `cargo metadata`, with this package in it.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) metadata: Metadata,
    own: usize,
}

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

    /// Whether the package has a library, which programs of other packages may use.
    pub(crate) fn has_library(&self) -> bool {
        let is_library = |kind: &TargetKind| matches!(kind, TargetKind::Lib | TargetKind::RLib);
        self.own().targets.iter().any(|target| target.kind.iter().any(is_library))
    }

    /// The manifest of the workspace.
    pub(crate) fn root_manifest(&self) -> PathBuf {
        self.metadata.workspace_root.join("Cargo.toml").into()
    }

    /// `[package.metadata.gocross]`, over `[workspace.metadata.gocross]`.
    ///
    /// # Errors
    ///
    /// [`gocross_diagnostic::Code::Manifest`] for what is not understood in either.
    pub(crate) fn config(&self) -> Result<Config> {
        let root = self.root_manifest();
        let root = Table::of_workspace(&root);
        let own = Table::of_package(self.own().manifest_path.as_std_path());
        let read = |table: &Table<'_>, metadata: &Value| match metadata.get("gocross") {
            Some(value) => Config::read(table, value),
            None => Ok(Config::default()),
        };
        let shared = read(&root, &self.metadata.workspace_metadata)?;
        Ok(read(&own, &self.own().metadata)?.in_workspace(&shared))
    }
}

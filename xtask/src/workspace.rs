//! Where things lie.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::Cmd;
use crate::failure::{Failure, Result};

/// The top folder of the repository.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// `cargo metadata --no-deps` of the project whose manifest is in `folder`.
pub(crate) fn metadata(folder: &Path) -> Result<Value> {
    let text = Cmd::new("cargo")
        .args(["metadata", "--format-version=1", "--no-deps"])
        .dir(folder)
        .read()?;
    Ok(serde_json::from_str(&text)?)
}

/// Where cargo puts what it builds for the project in `folder`.
pub(crate) fn target_dir(folder: &Path) -> Result<PathBuf> {
    let metadata = metadata(folder)?;
    metadata["target_directory"]
        .as_str()
        .map(PathBuf::from)
        .ok_or_else(|| Failure::new("`cargo metadata` names no target directory"))
}

/// A path as a reader of the repository knows it.
pub(crate) fn relative(path: &Path) -> &Path {
    path.strip_prefix(root()).unwrap_or(path)
}

//! Builds the projects that are measured.

use std::path::{Path, PathBuf};

use super::starts::{STARTS, Start};
use crate::command::Cmd;
use crate::failure::Result;
use crate::{ui, workspace};

/// What is run.
#[derive(Debug)]
pub(super) struct Programs {
    /// Calls by the generated functions, alone and with `gocross`'s types.
    pub(super) calls: PathBuf,
    /// Calls by rust2go.
    pub(super) rust2go: PathBuf,
    /// The same small program with and without Go.
    pub(super) starts: Vec<Start>,
}

impl Programs {
    /// Builds all, for release, and puts the programs that differ only in a feature side by side.
    pub(super) fn build() -> Result<Self> {
        ui::heading("build the programs");
        let kept = workspace::target_dir(workspace::root())?.join("bench");
        let built = kept.join("calls");
        cargo("calls", &built, &["build", "--bin", "calls", "--features", "deferred"], &[])?;
        let others = kept.join("rust2go");
        cargo("rust2go", &others, &["build"], &[])?;
        let apart = built.join("start");
        fs_err::create_dir_all(&apart)?;
        let mut starts = Vec::new();
        for kind in STARTS {
            let program = apart.join(kind.name);
            let words = ["rustc", "--bin", "start"];
            cargo("calls", &built, &[&words[..], kind.features].concat(), kind.rustc)?;
            fs_err::copy(built.join("release/start"), &program)?;
            starts.push(Start { name: kind.name, program, calls: kind.calls });
        }
        Ok(Self {
            calls: built.join("release/calls"),
            rust2go: others.join("release/rust2go-calls"),
            starts,
        })
    }
}

fn cargo(project: &str, target_dir: &Path, words: &[&str], rustc: &[&str]) -> Result {
    let cmd = Cmd::new("cargo").args(words).args(["--release", "--quiet", "--locked"]);
    let cmd = if rustc.is_empty() { cmd } else { cmd.arg("--").args(rustc) };
    cmd.env("CARGO_TARGET_DIR", target_dir)
        .dir(workspace::root().join("xtask/projects").join(project))
        .run()
}

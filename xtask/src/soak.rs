//! `cargo xtask soak`: a program of Rust and Go that is as busy as it gets, for minutes.
//!
//! The program is the situation `soak` of `tests/projects/guest`; it counts its calls on both sides
//! and looks at its own memory.

use crate::command::Cmd;
use crate::failure::Result;
use crate::workspace;

/// Builds the program with optimisation, for this machine, and runs it.
pub(crate) fn run(seconds: u32) -> Result {
    let project = workspace::root().join("tests/projects/guest");
    let target = workspace::root().join("target/soak");
    Cmd::new("cargo")
        .args(["build", "--release", "--manifest-path"])
        .arg(project.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .dir(workspace::root())
        .run()?;
    Cmd::new(target.join("release/guest"))
        .arg("soak")
        .arg(seconds.to_string())
        .dir(workspace::root())
        .run()
}

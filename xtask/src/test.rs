//! `cargo xtask test`: all tests of the workspace.

use std::ffi::OsString;

use crate::command::Cmd;
use crate::failure::Result;
use crate::setup::{self, Scope};
use crate::workspace;

/// Runs `cargo xtask test`; `args` go on to `cargo test`.
pub(crate) fn run(args: &[OsString]) -> Result {
    setup::ensure(false, &Scope::ci())?;
    Cmd::new("cargo").args(["test", "--workspace"]).args(args).dir(workspace::root()).run()
}

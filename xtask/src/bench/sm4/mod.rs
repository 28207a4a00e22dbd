//! `cargo xtask bench sm4`: how fast each path of `examples/sm4` is, and whether that is enough.
//!
//! On this machine by the clock, against gmsm and OpenSSL in the same run. For other architectures
//! by instructions under QEMU, whose clock says nothing: it ranks paths backwards.

mod emulated;
mod speed;

use std::path::PathBuf;

use super::demand;
use crate::command::Cmd;
use crate::failure::Result;
use crate::{ui, workspace};

const EXAMPLE: &str = "examples/sm4";

/// Runs `cargo xtask bench sm4`.
pub(crate) fn run(runs: u32, host: bool) -> Result {
    let mut demands = speed::run(runs)?;
    if !host {
        ui::heading("build the subcommand");
        let build = Cmd::new("cargo").args(["build", "--quiet", "--package", "cargo-gocross"]);
        build.dir(workspace::root()).run()?;
        for row in emulated::ROWS {
            demands.extend(emulated::run(row)?);
        }
    }
    ui::data("");
    demand::lines(&demands).into_iter().for_each(ui::data);
    demand::verdict(&demands, "a demand on the speed of `examples/sm4` does not hold", "sm4")
}

fn example() -> PathBuf {
    workspace::root().join(EXAMPLE)
}

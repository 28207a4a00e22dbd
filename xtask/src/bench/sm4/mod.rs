//! `cargo xtask bench sm4`: how fast each path of `examples/sm4` is, and whether that is enough.
//!
//! On this machine by the clock, against gmsm and OpenSSL in the same run. For other architectures
//! by instructions under QEMU, whose clock says nothing: it ranks paths backwards.

mod demand;
mod emulated;
mod speed;

use std::path::PathBuf;

use demand::Demand;

use crate::command::Cmd;
use crate::failure::{Failure, Result};
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
    verdict(&demands)
}

/// Prints the demands; fails where one does not hold.
fn verdict(demands: &[Demand]) -> Result {
    ui::data("");
    let head = ["demand", "wanted", "measured", "holds"].map(str::to_owned).to_vec();
    let rows: Vec<_> = std::iter::once(head).chain(demands.iter().map(Demand::row)).collect();
    for line in ui::columns(&rows) {
        ui::data(line);
    }
    let mut failed = demands.iter().filter(|demand| demand.holds() == Some(false)).peekable();
    if failed.peek().is_none() {
        return Ok(());
    }
    let mut failure = Failure::new("a demand on the speed of `examples/sm4` does not hold")
        .hint("`cargo xtask bench sm4` again: another program may have been at work");
    failure.why = failed.map(|demand| demand.row().join(", ")).collect();
    Err(failure)
}

fn example() -> PathBuf {
    workspace::root().join(EXAMPLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_demand_that_does_not_hold_fails_the_command() {
        let good = Demand::at_least("a", Ok(2.0), 2.0);
        let unknown = Demand::at_least("b", Err("no such CPU".to_owned()), 2.0);
        let bad = Demand::at_most("c", Ok(0.9), 0.85);
        verdict(&[good.clone(), unknown.clone()]).unwrap();
        let failure = verdict(&[good, unknown, bad]).unwrap_err();
        assert_eq!(failure.why, ["c, at most 0.85, 0.900, no"]);
    }
}

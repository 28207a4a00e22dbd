//! `cargo xtask test`: all tests of the workspace, or those of some targets.

use gocross_diagnostic::hint;
use gocross_targets::{TARGETS, Tier};

use crate::ci::NO_IGNORED;
use crate::cli::Test;
use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::setup::{self, Scope};
use crate::workspace;

/// Names the targets that are tested besides those of CI.
const TARGETS_UNDER_TEST: &str = "GOCROSS_TESTS_TARGETS";

/// Runs `cargo xtask test`.
pub(crate) fn run(args: &Test) -> Result {
    let targets = targets(args);
    if !targets.is_empty() {
        setup::ensure(args.yes, &Scope::named(&targets))?;
        return of_targets(&targets);
    }
    setup::ensure(args.yes, &Scope::ci())?;
    Cmd::new("cargo").args(["test", "--workspace"]).args(&args.args).dir(workspace::root()).run()
}

fn targets(args: &Test) -> Vec<&str> {
    let beyond_ci = TARGETS.iter().filter(|row| args.by_hand && row.tier != Tier::Ci);
    args.targets.iter().map(String::as_str).chain(beyond_ci.map(|row| row.triple)).collect()
}

/// The tests of whole builds that have a target in their name: one run a target, to the end,
/// so that one call shows every failure.
fn of_targets(targets: &[&str]) -> Result {
    let test = |triple: &&str| {
        let done = Cmd::new("cargo")
            .args(["test", "-p", "gocross-tests", "--test", "matrix", "--", triple])
            .env(TARGETS_UNDER_TEST, triple)
            .env(NO_IGNORED, "1")
            .dir(workspace::root())
            .run();
        done.is_err()
    };
    let failed: Vec<&str> = targets.iter().copied().filter(test).collect();
    if failed.is_empty() {
        return Ok(());
    }
    let failure = Failure::new(format!("tests failed for {}", failed.join(", ")));
    Err(failure.hint(hint!("cargo xtask test --target {}", failed[0])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand_are_the_rows_that_ci_leaves_out_and_no_others() {
        let by_hand = Test { by_hand: true, ..Test::default() };
        let chosen = targets(&by_hand);
        let is_ci = |triple: &&str| gocross_targets::find(triple).unwrap().tier == Tier::Ci;
        assert!(!chosen.is_empty() && !chosen.iter().any(is_ci));
        assert_eq!(chosen.len(), TARGETS.iter().filter(|row| row.tier != Tier::Ci).count());
        assert!(targets(&Test::default()).is_empty());
    }

    #[test]
    fn the_name_of_a_target_chooses_no_other_targets_tests() {
        for row in TARGETS {
            let others = TARGETS.iter().filter(|other| other.triple.contains(row.triple));
            assert_eq!(others.count(), 1, "{}", row.triple);
        }
    }
}

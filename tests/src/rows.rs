//! Which rows of the table whole programs are built for.

use gocross_targets::{TARGETS, Target, Tier};

use crate::environment;
use crate::scenario::row;
use crate::trial::Result;

/// The rows that CI answers for, and those that `GOCROSS_TESTS_TARGETS` names.
///
/// The others are not even listed: a target that was not asked for is no test that was left out.
///
/// # Errors
///
/// The variable names a target that is in no row.
pub fn under_test() -> Result<Vec<&'static Target>> {
    choose(&environment::named_targets())
}

fn choose(named: &[String]) -> Result<Vec<&'static Target>> {
    let named = named.iter().map(|triple| row(triple)).collect::<Result<Vec<_>>>()?;
    let is_under_test = |row: &&Target| row.tier == Tier::Ci || named.contains(row);
    Ok(TARGETS.iter().filter(is_under_test).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_beyond_ci_are_tested_when_they_are_named() {
        let alone = choose(&[]).unwrap();
        assert!(alone.iter().all(|row| row.tier == Tier::Ci));
        let further = TARGETS.iter().find(|row| row.tier != Tier::Ci).unwrap();
        let chosen = choose(&[further.triple.to_owned()]).unwrap();
        assert!(chosen.contains(&further) && chosen.len() == alone.len() + 1);
        assert!(choose(&["pdp11-unknown-linux-gnu".to_owned()]).is_err());
    }
}

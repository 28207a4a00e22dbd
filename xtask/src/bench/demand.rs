//! What is demanded of a figure, and whether it holds.

use crate::failure::{Failure, Result};
use crate::ui;
use gocross_diagnostic::hint;

/// A figure, or why there is none.
pub(super) type Figure = std::result::Result<f64, String>;

/// A figure, and the bound that it has to keep.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    what: String,
    measured: Figure,
    bound: Bound,
}

#[derive(Debug, Clone, Copy)]
enum Bound {
    Least(f64),
    Most(f64),
}

impl Demand {
    pub(super) fn at_least(what: impl Into<String>, measured: Figure, least: f64) -> Self {
        Self { what: what.into(), measured, bound: Bound::Least(least) }
    }

    pub(super) fn at_most(what: impl Into<String>, measured: Figure, most: f64) -> Self {
        Self { what: what.into(), measured, bound: Bound::Most(most) }
    }

    /// Whether it holds; unknown where nothing could be measured.
    pub(super) fn holds(&self) -> Option<bool> {
        let measured = *self.measured.as_ref().ok()?;
        Some(match self.bound {
            Bound::Least(least) => measured >= least,
            Bound::Most(most) => measured <= most,
        })
    }

    /// As a row of a table.
    pub(super) fn row(&self) -> Vec<String> {
        let wanted = match self.bound {
            Bound::Least(least) => format!("at least {least}"),
            Bound::Most(most) => format!("at most {most}"),
        };
        let measured = match &self.measured {
            Ok(figure) => format!("{figure:.3}"),
            Err(why) => why.clone(),
        };
        let holds = match self.holds() {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not measured",
        };
        vec![self.what.clone(), wanted, measured, holds.to_owned()]
    }
}

/// The demands as the lines of a table.
pub(super) fn lines(demands: &[Demand]) -> Vec<String> {
    let head = ["demand", "wanted", "measured", "holds"].map(str::to_owned).to_vec();
    let rows: Vec<_> = std::iter::once(head).chain(demands.iter().map(Demand::row)).collect();
    ui::columns(&rows)
}

/// Fails where a demand does not hold. `what` says of what, and `bench` is the command's name.
pub(super) fn verdict(demands: &[Demand], what: &str, bench: &str) -> Result {
    let mut failed = demands.iter().filter(|demand| demand.holds() == Some(false)).peekable();
    if failed.peek().is_none() {
        return Ok(());
    }
    let mut failure = Failure::new(what)
        .help("measure again: another program may have been at work")
        .hint(hint!("cargo xtask bench {bench}"));
    failure.why = failed.map(|demand| demand.row().join(", ")).collect();
    Err(failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_demand_that_does_not_hold_fails_the_command() {
        let good = Demand::at_least("a", Ok(2.0), 2.0);
        let unknown = Demand::at_least("b", Err("no such CPU".to_owned()), 2.0);
        let bad = Demand::at_most("c", Ok(0.9), 0.85);
        verdict(&[good.clone(), unknown.clone()], "too slow", "x").unwrap();
        let failure = verdict(&[good, unknown, bad], "too slow", "x").unwrap_err();
        assert_eq!(failure.why, ["c, at most 0.85, 0.900, no"]);
    }

    #[test]
    fn a_bound_may_be_met_exactly() {
        let holds = |least, measured| {
            let measured = Ok(measured);
            let make = if least { Demand::at_least } else { Demand::at_most };
            make(String::new(), measured, 2.0).holds()
        };
        assert_eq!([holds(true, 1.99), holds(true, 2.0)], [Some(false), Some(true)]);
        assert_eq!([holds(false, 2.0), holds(false, 2.01)], [Some(true), Some(false)]);
    }

    #[test]
    fn what_was_not_measured_neither_holds_nor_fails() {
        let demand = Demand::at_least("x", Err("no GFNI here".to_owned()), 2.0);
        assert_eq!(demand.holds(), None);
        assert_eq!(demand.row(), ["x", "at least 2", "no GFNI here", "not measured"]);
    }
}

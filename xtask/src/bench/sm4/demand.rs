//! What is demanded of a figure, and whether it holds.

/// A figure, or why there is none.
pub(super) type Figure = Result<f64, String>;

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

#[cfg(test)]
mod tests {
    use super::*;

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

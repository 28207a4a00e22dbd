//! What the programs have measured: by name, the times of batches.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::bench::stats::Times;
use crate::failure::{Failure, Result};

/// Batches of one thing.
#[derive(Debug, Default)]
pub(super) struct Series {
    /// How many there are in a batch.
    times: u32,
    batches: Times,
}

impl Series {
    /// The median of one, in nanoseconds.
    pub(super) fn median(&self) -> f64 {
        self.each(self.batches.median())
    }

    /// The fastest, in nanoseconds.
    pub(super) fn min(&self) -> f64 {
        self.each(self.batches.min())
    }

    /// All but the slowest hundredth take at most so many nanoseconds.
    pub(super) fn most(&self) -> f64 {
        self.each(self.batches.quantile(0.99))
    }

    fn each(&self, batch: Duration) -> f64 {
        batch.as_secs_f64() * 1e9 / f64::from(self.times)
    }
}

/// All that was measured.
#[derive(Debug, Default)]
pub(super) struct Measured(BTreeMap<String, Series>);

impl Measured {
    /// Reads lines of `NAME TIMES NANOSECONDS`.
    pub(super) fn read(&mut self, text: &str) -> Result {
        for line in text.lines() {
            let Some((name, times, took)) = fields(line) else {
                return Err(Failure::new(format!("`{line}` is no measurement")));
            };
            self.add(name, times, took);
        }
        Ok(())
    }

    /// Adds a batch. Those of one name are of the same size.
    pub(super) fn add(&mut self, name: &str, times: u32, took: Duration) {
        let series = self.0.entry(name.to_owned()).or_default();
        series.times = times;
        series.batches.add(took);
    }

    /// The batches of a name.
    pub(super) fn get(&self, name: &str) -> Result<&Series> {
        self.0.get(name).ok_or_else(|| Failure::new(format!("nobody has measured `{name}`")))
    }

    /// How many times as long one takes as the other, by the medians.
    pub(super) fn ratio(&self, name: &str, against: &str) -> Result<f64> {
        Ok(self.get(name)?.median() / self.get(against)?.median())
    }
}

fn fields(line: &str) -> Option<(&str, u32, Duration)> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let times = words.next()?.parse().ok().filter(|times| *times > 0)?;
    let took = Duration::from_nanos(words.next()?.parse().ok()?);
    words.next().is_none().then_some((name, times, took))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_divided_by_its_size() {
        let mut measured = Measured::default();
        measured.read("add 1000 48500\nadd 1000 47500\nadd 1000 900000\nother 1 97\n").unwrap();
        let add = measured.get("add").unwrap();
        assert!((add.median() - 48.5).abs() < 1e-9 && (add.min() - 47.5).abs() < 1e-9);
        assert!((measured.ratio("other", "add").unwrap() - 2.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_no_measurement_is_told() {
        for line in ["add", "add 1000", "add 0 5", "add 1 x", "add 1 5 6"] {
            assert!(Measured::default().read(line).is_err(), "{line}");
        }
        assert!(Measured::default().get("add").is_err());
    }
}

//! Times of one command, summed up.

use std::time::Duration;

/// Times of the same command.
#[derive(Debug, Default)]
pub(super) struct Times(Vec<Duration>);

impl Times {
    /// Adds one run.
    pub(super) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The middle one; the mean of the middle two where there is none. Zero without runs.
    pub(super) fn median(&self) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort();
        let upper = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        if sorted.len() % 2 == 1 || sorted.is_empty() {
            return upper;
        }
        (sorted[sorted.len() / 2 - 1] + upper) / 2
    }

    /// The one below which lies this part of all: 0.99 for all but the slowest hundredth. Zero
    /// without runs.
    pub(super) fn quantile(&self, part: f64) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort();
        let index = (part * (sorted.len().saturating_sub(1)) as f64).round();
        sorted.get(index as usize).copied().unwrap_or_default()
    }

    /// The fastest one. Zero without runs.
    pub(super) fn min(&self) -> Duration {
        self.0.iter().min().copied().unwrap_or_default()
    }
}

/// How many times as long `a` is as `b`.
pub(super) fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(millis: &[u64]) -> Times {
        Times(millis.iter().map(|&millis| Duration::from_millis(millis)).collect())
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(times(&[9, 1, 5]).median(), Duration::from_millis(5));
        assert_eq!(times(&[9, 1, 5, 7]).median(), Duration::from_millis(6));
        assert_eq!(times(&[]).median(), Duration::ZERO);
    }

    #[test]
    fn a_quantile_leaves_the_slowest_out() {
        let all: Vec<u64> = (1..=101).rev().collect();
        assert_eq!(times(&all).quantile(0.99), Duration::from_millis(100));
        assert_eq!(times(&all).quantile(0.5), times(&all).median());
        assert_eq!(times(&[]).quantile(0.99), Duration::ZERO);
    }

    #[test]
    fn one_slow_run_moves_neither_figure() {
        let times = times(&[10, 11, 12, 11, 5000]);
        assert_eq!((times.median().as_millis(), times.min().as_millis()), (11, 10));
    }
}

//! How long each test took: what to look at when a run has become slow.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many tests are named.
const NAMED: usize = 10;
/// A run that is shorter has nothing to tell.
const SHORT: Duration = Duration::from_secs(120);

static TIMES: Mutex<Vec<(String, Duration)>> = Mutex::new(Vec::new());

/// Runs a test, and notes how long that took.
pub fn measured<T>(name: &str, test: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = test();
    let time = (name.to_owned(), start.elapsed());
    TIMES.lock().unwrap_or_else(PoisonError::into_inner).push(time);
    result
}

/// What a run says at its end: the slowest tests, and each kind's share. Tests run beside one
/// another, so the sum is more than the run took. Nothing after a short run.
#[must_use]
pub fn summary() -> Option<String> {
    told(TIMES.lock().unwrap_or_else(PoisonError::into_inner).clone())
}

fn told(mut times: Vec<(String, Duration)>) -> Option<String> {
    if times.iter().map(|(_, time)| *time).sum::<Duration>() < SHORT {
        return None;
    }
    let mut kinds: BTreeMap<&str, (Duration, usize)> = BTreeMap::new();
    for (name, time) in &times {
        let kind = name.split_once('/').map_or(name.as_str(), |(kind, _)| kind);
        let sum = kinds.entry(kind).or_default();
        *sum = (sum.0 + *time, sum.1 + 1);
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, (time, _))| std::cmp::Reverse(*time));
    let mut lines = vec!["time by kind of test, in seconds:".to_owned()];
    lines.extend(kinds.into_iter().map(|(kind, (time, count))| {
        format!(
            "  {:6.0} {kind}, {count} {}",
            time.as_secs_f64(),
            if count == 1 { "test" } else { "tests" }
        )
    }));
    times.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    lines.push("slowest tests:".to_owned());
    let slowest = times.iter().take(NAMED);
    lines.extend(slowest.map(|(name, time)| format!("  {:6.0} {name}", time.as_secs_f64())));
    Some(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_tests_are_told_the_slowest_first() {
        let time = |name: &str, seconds| (name.to_owned(), Duration::from_secs(seconds));
        let times = vec![time("a/1", 40), time("b/1", 90), time("a/2", 60), time("c", 1)];
        let lines = told(times).unwrap();
        let kinds = "     100 a, 2 tests\n      90 b, 1 test\n       1 c, 1 test\n";
        assert!(lines.contains(kinds), "{lines}");
        assert!(lines.ends_with("      90 b/1\n      60 a/2\n      40 a/1\n       1 c"), "{lines}");
        assert_eq!(told(vec![time("a/1", 5)]), None);
    }
}

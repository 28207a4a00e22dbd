//! What a self-test prints: results, and a report of the CPU and of the paths that were taken.

use std::collections::BTreeSet;

/// How each line of the report begins.
const MARK: &str = "cpu: ";

/// A self-test's standard output, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// The lines that must be the same on every CPU.
    pub(crate) results: Vec<String>,
    /// The features that the program sees; none where it does not say.
    pub(crate) features: Option<BTreeSet<String>>,
    /// Each side, and the path that it has taken.
    pub(crate) paths: Vec<(String, String)>,
    /// Whatever else it says of the CPU.
    pub(crate) others: Vec<String>,
}

impl Report {
    /// Takes it apart. A line of the report that is not understood is one of the others.
    pub(crate) fn read(stdout: &str) -> Self {
        let mut report = Self::default();
        for line in stdout.lines() {
            let Some(rest) = line.strip_prefix(MARK.trim_end()) else {
                report.results.push(line.to_owned());
                continue;
            };
            let rest = rest.trim();
            if let Some(path) = path(rest) {
                report.paths.push(path);
            } else if let Some(names) = rest.strip_prefix("features") {
                report.features = Some(names.split_whitespace().map(str::to_owned).collect());
            } else {
                report.others.push(rest.to_owned());
            }
        }
        report
    }

    /// Whether it says anything of the CPU.
    pub(crate) fn is_silent(&self) -> bool {
        self.features.is_none() && self.paths.is_empty() && self.others.is_empty()
    }

    /// The path that a side has taken.
    pub(crate) fn path(&self, side: &str) -> Option<&str> {
        let found = self.paths.iter().find(|(name, _)| name == side);
        found.map(|(_, path)| path.as_str())
    }
}

/// `path sm4.rust = aese`.
fn path(line: &str) -> Option<(String, String)> {
    let (side, path) = line.strip_prefix("path ")?.split_once('=')?;
    Some((side.trim().to_owned(), path.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_and_results_are_told_apart() {
        let report = Report::read(
            "one\ncpu: features neon aes\ncpu: path a.rust = aese\ncpu: path a.go = x y\ncpu: why \
             not\ntwo\n",
        );
        assert_eq!(report.results, ["one", "two"]);
        let features: Vec<_> = report.features.clone().unwrap().into_iter().collect();
        assert_eq!(features, ["aes", "neon"]);
        assert_eq!(report.path("a.rust"), Some("aese"));
        assert_eq!(report.path("a.go"), Some("x y"));
        assert_eq!(report.path("b"), None);
        assert_eq!(report.others, ["why not"]);
    }

    #[test]
    fn no_features_is_something_else_than_no_word_of_features() {
        assert_eq!(Report::read("cpu: features\n").features, Some(BTreeSet::new()));
        assert_eq!(Report::read("cpu: path a = b\n").features, None);
        assert!(Report::read("all right\n").is_silent());
        assert!(!Report::read("cpu: features").is_silent());
    }
}

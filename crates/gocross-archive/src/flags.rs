//! What the user's `GOFLAGS` say of things that the build says something of too: a flag on the
//! command line replaces the same flag in `GOFLAGS`, so the two are joined.

use std::path::PathBuf;

use crate::{Request, quoted};

/// Flags of `GOFLAGS`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Flags {
    /// The words of `-ldflags`, in one string as Go reads it.
    ldflags: Option<String>,
    /// The build tags of `-tags`.
    tags: Vec<String>,
    /// The file of `-overlay`.
    pub(crate) overlay: Option<PathBuf>,
}

impl Flags {
    /// Reads `GOFLAGS`: the build script's joined with the environment's, or else what Go says,
    /// which may stand in the file of `go env -w`.
    pub(crate) fn of_user(request: &Request<'_>, variables: &[(String, String)]) -> Self {
        let joined = variables.iter().rev().find(|(name, _)| name == "GOFLAGS");
        Self::parse(joined.map_or(&request.go.flags, |(_, value)| value))
    }

    fn parse(text: &str) -> Self {
        let mut flags = Self::default();
        for word in quoted::split(text) {
            let word = word.strip_prefix("--").or_else(|| word.strip_prefix('-')).unwrap_or(&word);
            // Of several, the last counts.
            match word.split_once('=') {
                Some(("ldflags", value)) => flags.ldflags = for_main(value).map(str::to_owned),
                Some(("tags", value)) => flags.tags = tags(value),
                Some(("overlay", value)) => flags.overlay = Some(value.into()),
                _ => {}
            }
        }
        flags
    }

    /// The user's arguments for Go's linker, then the build's: of two values for one variable
    /// (`-X`) the last counts.
    pub(crate) fn join_ldflags(&self, ours: &[String]) -> Vec<String> {
        self.ldflags.iter().chain(ours).cloned().collect()
    }

    /// The user's build tags and the build's.
    pub(crate) fn join_tags(&self, ours: &[String]) -> Vec<String> {
        self.tags.iter().chain(ours).cloned().collect()
    }
}

/// The arguments of `-ldflags` that count for the main package: they may be for the packages of a
/// pattern alone (`go help build`, "`[pattern=]arg list`").
fn for_main(value: &str) -> Option<&str> {
    match value.split_once('=') {
        Some((pattern, arguments)) if !value.trim_start().starts_with(['-', '\'', '"']) => {
            matches!(pattern, "all" | "." | "./...").then_some(arguments)
        }
        _ => Some(value),
    }
}

/// Tags are separated by commas, in older forms by spaces.
fn tags(value: &str) -> Vec<String> {
    value.split([',', ' ']).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_in_each_of_their_forms() {
        let flags =
            Flags::parse("-mod=mod '-ldflags=-X=main.v=1.2 -s' --tags=a,b -overlay=/o.json");
        assert_eq!(flags.join_ldflags(&["-w".to_owned()]), ["-X=main.v=1.2 -s", "-w"]);
        assert_eq!(flags.join_tags(&["c".to_owned()]), ["a", "b", "c"]);
        assert_eq!(flags.overlay, Some("/o.json".into()));
        assert_eq!(Flags::parse(""), Flags::default());
    }

    #[test]
    fn arguments_for_other_packages_are_not_for_the_main_one() {
        assert_eq!(for_main("all=-s -w"), Some("-s -w"));
        assert_eq!(for_main("example.com/x=-s"), None);
        assert_eq!(for_main("-X=main.v=1"), Some("-X=main.v=1"));
    }
}

//! Releases of Go besides the machine's own: the tests build with each line of them.
//!
//! Fetched by `go` itself, through whatever module proxy it is told to use, into its module
//! cache. The tests never fetch one.

use gocross_diagnostic::hint;
use gocross_targets::GO_RELEASES;

use super::{Cure, Item, State, look};
use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::ui;

/// Whether all releases are there.
pub(super) fn look() -> Option<Item> {
    // Without any Go the item on Go says all that there is to say.
    look::program("go")?;
    let absent: Vec<&str> = GO_RELEASES.iter().copied().filter(|name| !is_there(name)).collect();
    let state = if absent.is_empty() {
        State::There(format!("{} in go's module cache", GO_RELEASES.join(", ")))
    } else {
        State::Missing(format!("the tests build with each line of Go; {}", plan(&absent)))
    };
    Some(Item { what: "releases of Go".to_owned(), state, cure: Cure::GoReleases(absent) })
}

/// What [`install`] does, in words.
pub(super) fn plan(releases: &[&str]) -> String {
    format!("`go` fetches {} (some 70 MB each)", releases.join(", "))
}

/// Has `go` fetch releases.
pub(super) fn install(releases: &[&str]) -> Result {
    for release in releases {
        let cmd = version(release);
        ui::command(&cmd);
        if let Err(failure) = cmd.read() {
            let mut told = Failure::new(format!("{release} cannot be fetched"));
            told.why = failure.why;
            return Err(told
                .hint(hint!("go env GOPROXY"))
                .hint(hint!("export GOTOOLCHAIN={release} && go env GOVERSION")));
        }
    }
    Ok(())
}

/// Asks a release for its version; `go` fetches it for that, where it is not there.
fn version(release: &str) -> Cmd {
    Cmd::new("go").args(["env", "GOVERSION"]).env("GOTOOLCHAIN", release)
}

fn is_there(release: &str) -> bool {
    let answer = version(release).env("GOPROXY", "off").read();
    answer.is_ok_and(|text| text.trim() == release)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_that_nobody_has_made_is_not_there() {
        assert!(!is_there("go1.22.99"));
    }

    #[test]
    fn the_plan_names_what_is_fetched() {
        assert_eq!(plan(&["go1.22.12"]), "`go` fetches go1.22.12 (some 70 MB each)");
    }
}

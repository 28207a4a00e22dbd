//! Installs Debian packages.

use std::time::Duration;

use gocross_diagnostic::hint;

use super::look;
use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::ui;

/// A mirror can be half-synced for some seconds: its lists name files that it does not have yet.
const TRIES: u32 = 3;
/// How long to wait between two tries.
const PAUSE: Duration = Duration::from_secs(10);

/// Installs packages, with `apt-get update` first.
pub(super) fn install(packages: &[String]) -> Result {
    let by_hand = hint!("apt-get install --no-install-recommends {}", packages.join(" "));
    if look::program("apt-get").is_none() {
        return Err(Failure::new("there is no `apt-get` on this system")
            .why(format!("install what these Debian packages hold: {}", packages.join(" ")))
            .hint(hint!("cargo xtask setup --check")));
    }
    let Some(prefix) = as_root() else {
        return Err(Failure::new(
            "packages cannot be installed: you are not root, and there is no `sudo`",
        )
        .help("run the command as root")
        .hint(by_hand));
    };
    retry(|| attempt(&prefix, packages)).map_err(|failure| failure.hint(by_hand))
}

/// Does something with a mirror, some times if need be.
pub(super) fn retry<T>(mut attempt: impl FnMut() -> Result<T>) -> Result<T> {
    for _ in 1..TRIES {
        match attempt() {
            Ok(done) => return Ok(done),
            Err(failure) => {
                ui::note(format!("{}: trying again in {} s", failure.what, PAUSE.as_secs()));
            }
        }
        std::thread::sleep(PAUSE);
    }
    attempt().map_err(|failure| failure.why(format!("tried {TRIES} times")))
}

fn attempt(prefix: &[&str], packages: &[String]) -> Result {
    let apt = |verb: &str| {
        // Through `env`, because sudo drops the variables that it is called with.
        let words = prefix.iter().copied().chain([
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-q",
            verb,
        ]);
        let words: Vec<&str> = words.collect();
        Cmd::new(words[0]).args(&words[1..])
    };
    // One broken source of many fails the update; whether it matters, the install shows.
    if let Err(failure) = apt("update").run_to_stderr() {
        ui::note(failure.what);
    }
    apt("install").args(["-y", "--no-install-recommends"]).args(packages).run_to_stderr()
}

/// What stands before a command that root must run; `None` where there is no way.
fn as_root() -> Option<Vec<&'static str>> {
    let is_root = Cmd::new("id").arg("-u").read().is_ok_and(|id| id.trim() == "0");
    if is_root {
        return Some(Vec::new());
    }
    look::program("sudo").map(|_| vec!["sudo"])
}

//! `cargo xtask fuzz`: hostile files for what reads files, by libFuzzer.

use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::{ui, workspace};
use gocross_diagnostic::hint;

/// What is fuzzed: the programs of `fuzz/Cargo.toml`.
pub(crate) const TARGETS: &[&str] = &["elf", "archive", "rewrite"];

/// The largest file that is tried: what it takes to have any table more than once.
const MAX_LENGTH: u32 = 128 << 10;
/// The time after which one file counts as an endless loop, in seconds.
const ONE_FILE: u32 = 20;

/// Runs `cargo xtask fuzz`: each target for so many minutes, from the corpus on.
pub(crate) fn run(minutes: u32, only: &[String]) -> Result {
    let wanted = |target: &&&str| only.is_empty() || only.iter().any(|name| name == **target);
    if Cmd::new("cargo").args(["fuzz", "--version"]).read().is_err() {
        return Err(Failure::new("cargo-fuzz is not installed")
            .hint(hint!("cargo install --locked cargo-fuzz"))
            .hint(hint!("apt install g++")));
    }
    for target in TARGETS.iter().filter(wanted) {
        ui::heading(format!("{target}, {minutes} minutes"));
        let found = workspace::root().join("fuzz/found").join(target);
        fs_err::create_dir_all(&found)?;
        // libFuzzer writes what it finds into the first folder, and begins with both.
        Cmd::new("cargo")
            .args(["fuzz", "run", "--features=libfuzzer", target])
            .arg(format!("fuzz/found/{target}"))
            .arg(format!("fuzz/corpus/{target}"))
            .args(["--", "-print_final_stats=1", "-use_value_profile=1"])
            .arg(format!("-max_total_time={}", minutes * 60))
            .arg(format!("-max_len={MAX_LENGTH}"))
            .arg(format!("-timeout={ONE_FILE}"))
            // The sanitizer wants unstable flags, which a stable compiler takes as well.
            .env("RUSTC_BOOTSTRAP", "1")
            .dir(workspace::root())
            .run()?;
    }
    ui::data(format!("{} targets, nothing found", TARGETS.iter().filter(wanted).count()));
    Ok(())
}

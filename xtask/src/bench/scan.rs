//! `cargo xtask bench scan`: how many instructions a second the rule `cpu-paths` reads.

use std::path::PathBuf;

use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::{ui, workspace};

/// The C library of Debian's cross packages: a real file for aarch64, on every machine that is
/// set up.
const AARCH64: &str = "/usr/aarch64-linux-gnu/lib/libc.so.6";
/// Less would be felt after each build.
const FEWEST: f64 = 10e6;

/// Runs `cargo xtask bench scan`.
pub(crate) fn run(runs: u32, files: Vec<PathBuf>) -> Result {
    let files = if files.is_empty() {
        // This program: tens of megabytes for x86-64, with debug information.
        vec![std::env::current_exe()?, PathBuf::from(AARCH64)]
    } else {
        files
    };
    ui::heading("build the scan");
    let package = ["--release", "--package", "gocross-verify", "--example", "scan"];
    Cmd::new("cargo").arg("build").args(package).dir(workspace::root()).run()?;
    let program = workspace::target_dir(workspace::root())?.join("release/examples/scan");
    let mut rows = Vec::new();
    let mut slow = Vec::new();
    for file in files {
        let text = Cmd::new(&program).arg(&file).arg(runs.to_string()).read()?;
        let words: Vec<f64> =
            text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let [instructions, functions, seconds] = words[..] else {
            return Err(Failure::new(format!("`{}` has said: {text}", program.display())));
        };
        let speed = instructions / seconds;
        rows.push(vec![
            file.display().to_string(),
            format!("{:.1} MB", fs_err::metadata(&file)?.len() as f64 / 1e6),
            format!("{:.2} million instructions", instructions / 1e6),
            format!("{functions} functions above the baseline"),
            format!("{:.0} ms", seconds * 1e3),
            format!("{:.1} million a second", speed / 1e6),
        ]);
        if speed < FEWEST {
            slow.push(file.display().to_string());
        }
    }
    for line in ui::columns(&rows) {
        ui::data(line);
    }
    if slow.is_empty() {
        return Ok(());
    }
    let wanted = FEWEST / 1e6;
    Err(Failure::new(format!("less than {wanted} million a second of {}", slow.join(", "))))
}

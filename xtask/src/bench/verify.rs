//! `cargo xtask bench verify`: what the verdict on a large file costs, against the tools that read
//! the same facts from it.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::stats::{Times, ratio};
use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::{ui, workspace};

/// The tools of the binutils that print what the rules look at.
const TOOLS: &str = "readelf -a -W \"$0\"; nm \"$0\"; nm -D \"$0\"; objdump -p \"$0\"";
/// How much memory a file may take, as a multiple of its size.
const MEMORY: u64 = 3;
/// What any program takes before it has read anything, in KiB of addresses.
const OWN_MEMORY: u64 = 64 << 10;

/// Runs `cargo xtask bench verify`.
pub(crate) fn run(file: Option<&Path>, runs: u32, max_ratio: Option<f64>) -> Result {
    let file = file.map_or_else(large_file, |file| Ok(file.to_owned()))?;
    let size = fs_err::metadata(&file)?.len();
    ui::heading("build the subcommand");
    Cmd::new("cargo")
        .args(["build", "--release", "--package", "cargo-gocross"])
        .dir(workspace::root())
        .run()?;
    let program = workspace::target_dir(workspace::root())?.join("release/cargo-gocross");
    // A shell's limit holds for the addresses, which are more than the memory behind them.
    let limit = MEMORY * size / 1024 + OWN_MEMORY;
    let script = format!("ulimit -v {limit}; exec \"$1\" gocross verify --format json \"$0\"");
    let ours = Cmd::new("sh").args(["-c", &script]).arg(&file).arg(&program).dir("/");
    let theirs = Cmd::new("sh").args(["-c", TOOLS]).arg(&file);

    ui::heading(format!("{runs} runs of each, in turn"));
    let (mut our_times, mut their_times) = (Times::default(), Times::default());
    for _ in 0..runs {
        time(&ours, &mut our_times, |stdout| stdout.contains("\"findings\""))?;
        time(&theirs, &mut their_times, |stdout| stdout.contains("Program Header"))?;
    }
    let quotient = ratio(our_times.median(), their_times.median());
    ui::data(format!("`{}`, {} MB", file.display(), size / 1_000_000));
    for (name, times) in
        [("cargo gocross verify", &our_times), ("readelf -a, nm, objdump -p", &their_times)]
    {
        let millis = |time: std::time::Duration| time.as_secs_f64() * 1000.0;
        ui::data(format!(
            "{name}: median {:.0} ms, min {:.0} ms",
            millis(times.median()),
            millis(times.min())
        ));
    }
    ui::data(format!("ratio {quotient:.3}, in at most {MEMORY} times the file's size of memory"));
    match max_ratio {
        Some(max) if quotient > max => {
            Err(Failure::new(format!("the ratio is {quotient:.3}, at most {max:.3} is allowed")))
        }
        _ => Ok(()),
    }
}

/// A large file that every machine with Rust has: the compiler itself.
fn large_file() -> Result<PathBuf> {
    let sysroot = Cmd::new("rustc").args(["--print", "sysroot"]).read()?;
    let folder = Path::new(sysroot.trim()).join("lib");
    let is_compiler = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("librustc_driver-") && name.ends_with(".so")
    };
    let mut files = Vec::new();
    for folder in [folder.clone(), folder.join("x86_64-linux-gnu")] {
        let entries = fs_err::read_dir(folder).into_iter().flatten().flatten();
        files.extend(entries.map(|entry| entry.path()).filter(is_compiler));
    }
    let missing = || Failure::new(format!("no `librustc_driver` in `{}`", folder.display()));
    files.into_iter().next().ok_or_else(|| missing().hint("cargo xtask bench verify --file FILE"))
}

fn time(cmd: &Cmd, times: &mut Times, is_whole: fn(&str) -> bool) -> Result {
    let start = Instant::now();
    let output = cmd.output()?;
    times.add(start.elapsed());
    // Findings make the status another one; an answer there has to be.
    if is_whole(&String::from_utf8_lossy(&output.stdout)) {
        return Ok(());
    }
    let mut failure = Failure::new(format!("`{cmd}` gave no answer"));
    failure.why = String::from_utf8_lossy(&output.stderr).lines().map(str::to_owned).collect();
    Err(failure)
}

//! `cargo xtask bench noop`: what `cargo gocross build` costs when nothing has changed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Instant;

use gocross_diagnostic::hint;
use serde_json::Value;

use super::project;
use super::stats::{Times, ratio};
use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::{environment, ui, workspace};

/// What is built.
const EXAMPLE: &str = "sm4";
const TARGET: &str = "aarch64-unknown-linux-gnu";

/// The target folders: one for each command, and for nothing else.
const GOCROSS: &str = "gocross";
const HOST: &str = "host";
const PLAIN: &str = "plain";

/// A command that is timed.
struct Contender {
    name: &'static str,
    cmd: Cmd,
    times: Times,
}

/// Runs `cargo xtask bench noop`.
pub(crate) fn run(runs: u32, max_ratio: Option<f64>) -> Result {
    let folder = tempfile::Builder::new().prefix("gocross-bench-").tempdir()?;
    let copy = project::copy(EXAMPLE, folder.path())?;
    let path = environment::path_after(subcommand(folder.path())?);
    let mut contenders = contenders(&copy, &path)?;

    for round in ["first builds", "once more: the first run after a build is not like the others"] {
        ui::heading(round);
        for contender in &contenders {
            contender.cmd.run()?;
        }
    }
    ui::heading("nothing has changed");
    nothing_runs(&contenders[0].cmd)?;

    ui::heading(format!("{runs} runs of each, in turn"));
    for _ in 0..runs {
        for contender in &mut contenders {
            time(contender)?;
        }
    }
    forget(&copy)?;
    let ratio = report(&contenders, runs);
    match max_ratio {
        Some(max) if ratio > max => {
            Err(Failure::new(format!("the first command takes {ratio:.2} times as long as the second, at most {max:.2} are allowed"))
                .help("measure again: another program may have been at work")
                .hint(hint!("cargo xtask bench noop")))
        }
        _ => Ok(()),
    }
}

/// Builds the subcommand as a user has it, and puts it alone into a folder.
fn subcommand(folder: &Path) -> Result<PathBuf> {
    ui::heading("build the subcommand");
    Cmd::new("cargo")
        .args(["build", "--release", "--package", "cargo-gocross"])
        .dir(workspace::root())
        .run()?;
    let built = workspace::target_dir(workspace::root())?.join("release/cargo-gocross");
    let bin = folder.join("bin");
    fs_err::create_dir(&bin)?;
    fs_err::copy(built, bin.join("cargo-gocross"))?;
    Ok(bin)
}

/// The commands, the one under test first and what it is measured against second.
fn contenders(copy: &Path, path: &OsString) -> Result<Vec<Contender>> {
    // A folder each, because two compilers in one make cargo ask each for its version again,
    // and two environments may make it compile again.
    let kept = kept()?;
    let cmd = |program: &str, target_dir: &str| {
        Cmd::new(program).env("PATH", path).env("CARGO_TARGET_DIR", kept.join(target_dir)).dir(copy)
    };
    let contender = |name, cmd| Contender { name, cmd, times: Times::default() };
    let mut all = vec![
        contender(
            "cargo gocross build --target T",
            cmd("cargo", GOCROSS).shown_as("cargo").args(["gocross", "build", "--target", TARGET]),
        ),
        contender("cargo build", cmd("cargo", HOST).shown_as("cargo").arg("build")),
    ];
    let env = cmd("cargo", GOCROSS).shown_as("cargo");
    match handed_over(&env.args(["gocross", "env", "--target", TARGET, "--format", "json"])) {
        Ok((cargo, variables)) => {
            let plain = variables
                .iter()
                .fold(cmd(&cargo, PLAIN), |cmd, (name, value)| cmd.env(name, value))
                .shown_as("cargo")
                .args(["build", "--target", TARGET]);
            all.push(contender("cargo build --target T, same environment", plain));
        }
        Err(failure) => ui::note(format!(
            "not measured: plain `cargo build --target {TARGET}` in the same environment ({})",
            failure.why.first().unwrap_or(&failure.what)
        )),
    }
    Ok(all)
}

/// Where built files are kept between measurements, so that dependencies are compiled once.
fn kept() -> Result<PathBuf> {
    Ok(workspace::target_dir(workspace::root())?.join("bench"))
}

/// Removes what was built of the copy itself: the next copy lies elsewhere and cannot use it.
fn forget(copy: &Path) -> Result {
    let clean = |dir: &str| -> Result<Cmd> {
        let cmd = Cmd::new("cargo").args(["clean", "--quiet", "--package", EXAMPLE]);
        Ok(cmd.env("CARGO_TARGET_DIR", kept()?.join(dir)).dir(copy))
    };
    clean(HOST)?.read()?;
    for dir in [GOCROSS, PLAIN] {
        clean(dir)?.args(["--target", TARGET]).read()?;
    }
    Ok(())
}

/// The cargo and the variables that `cargo gocross` gives to its child.
fn handed_over(cmd: &Cmd) -> Result<(String, Vec<(String, String)>)> {
    let text = cmd.read()?;
    let Value::Object(object) = serde_json::from_str(&text)? else {
        return Err(Failure::new("`cargo gocross env` printed no JSON object"));
    };
    let mut cargo = "cargo".to_owned();
    let mut variables = Vec::new();
    for (name, value) in object {
        let Value::String(value) = value else { continue };
        if name == "cargo" {
            cargo = value;
        } else {
            variables.push((name, value));
        }
    }
    Ok((cargo, variables))
}

/// Fails where cargo compiles or runs anything although nothing has changed.
fn nothing_runs(cmd: &Cmd) -> Result {
    let verbose = cmd.clone().arg("--verbose");
    ui::command(&verbose);
    let output = verbose.output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let work = at_work(&text);
    if !output.status.success() || !work.is_empty() {
        let mut failure = Failure::new("a build with nothing changed is not idle");
        failure.why = work;
        return Err(failure);
    }
    let fresh = text.lines().filter(|line| line.trim_start().starts_with("Fresh ")).count();
    ui::data(format!("{fresh} packages fresh, none compiled, no build script run"));
    Ok(())
}

/// The lines in which cargo says that it does something.
fn at_work(stderr: &str) -> Vec<String> {
    let busy = ["Compiling ", "Running ", "Dirty "];
    stderr
        .lines()
        .map(str::trim)
        .filter(|line| busy.iter().any(|word| line.starts_with(word)))
        .map(str::to_owned)
        .collect()
}

fn time(contender: &mut Contender) -> Result {
    let start = Instant::now();
    let output = contender.cmd.output()?;
    let took = start.elapsed();
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || !at_work(&text).is_empty() {
        let mut failure = Failure::new(format!("`{}` was not idle", contender.cmd));
        failure.why = text.lines().map(str::to_owned).collect();
        return Err(failure);
    }
    contender.times.add(took);
    Ok(())
}

/// Prints the figures; gives back the ratio of the first two medians.
fn report(contenders: &[Contender], runs: u32) -> f64 {
    let first = contenders[0].times.median();
    let head = ["command", "median", "min", "first/this"].map(str::to_owned).to_vec();
    let rows = contenders.iter().map(|contender| {
        vec![
            contender.name.to_owned(),
            millis(contender.times.median()),
            millis(contender.times.min()),
            format!("{:.2}", ratio(first, contender.times.median())),
        ]
    });
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    ui::data(format!("{EXAMPLE}, T = {TARGET}, {runs} runs of each, in turn"));
    for line in ui::columns(&rows) {
        ui::data(line);
    }
    ratio(first, contenders[1].times.median())
}

fn millis(time: std::time::Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_build_is_idle_and_a_compiling_one_is_not() {
        assert!(at_work("       Fresh cfg-if v1.0.4\n    Finished `dev` profile\n").is_empty());
        assert_eq!(
            at_work("   Compiling sm4 v0.1.0\n     Running `build-script-build`\n").len(),
            2
        );
    }

    #[test]
    fn what_the_subcommand_hands_over_is_read() {
        let json = r#"{"cargo": "/usr/bin/cargo", "CC_x": "cross-gcc", "n": null}"#;
        let (cargo, variables) = handed_over(&Cmd::new("echo").arg(json)).unwrap();
        assert_eq!(cargo, "/usr/bin/cargo");
        assert_eq!(variables, [("CC_x".to_owned(), "cross-gcc".to_owned())]);
        assert!(handed_over(&Cmd::new("echo").arg("[]")).is_err());
    }
}

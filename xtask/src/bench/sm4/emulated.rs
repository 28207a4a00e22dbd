//! By instructions, under QEMU: the difference of two counts that differ in nothing but how many
//! messages are encrypted.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gocross_targets::{QemuRelease, Target};
use gocross_toolchain::qemu::{self, Emulator};
use gocross_toolchain::{Cache, Env};

use super::super::counted;
use super::super::demand::{Demand, Figure};
use super::example;
use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::{plugin, ui, workspace};

/// Bytes in a message.
const SIZE: u64 = 16384;
/// A difference of so many instructions is large beside what Go's start varies by (some 13,000 on
/// RISC-V).
const ENOUGH: u64 = 2_000_000;
/// The first release that has `-one-insn-per-tb` for `-singlestep`.
const RENAMED: QemuRelease = QemuRelease(8, 1);

/// An architecture, and what is demanded there.
pub(super) struct Row {
    triple: &'static str,
    /// A CPU model that has every path.
    cpu: &'static str,
    /// The first QEMU on which programs find the features of that model.
    since: QemuRelease,
    /// Paths, and the most instructions that one byte may take, in ECB.
    limits: &'static [(&'static str, f64)],
}

pub(super) const ROWS: &[Row] = &[
    Row {
        triple: "aarch64-unknown-linux-gnu",
        cpu: "max",
        since: QemuRelease(7, 2),
        limits: &[("sm4e", 0.85), ("aese", 14.5), ("neon", 13.8)],
    },
    Row {
        triple: "riscv64gc-unknown-linux-gnu",
        cpu: "rv64,v=true,vlen=128,zvksed=true,zvkb=true,zksed=true",
        since: QemuRelease(10, 0),
        limits: &[],
    },
];

/// Measures the paths of a row, prints, and says what is demanded of the figures.
pub(super) fn run(row: &Row) -> Result<Vec<Demand>> {
    let target = gocross_targets::find(row.triple)
        .ok_or_else(|| Failure::new(format!("`{}` is in no row of the table", row.triple)))?;
    ui::heading(row.triple);
    let env = Env::of_process()?;
    let Some(machine) = Machine::find(row, target, &env)? else {
        ui::note(format!("not measured: there is no QEMU of {} or newer", row.since));
        ui::note("`cargo xtask setup` gets one");
        let why = || Err(format!("no QEMU of {} or newer", row.since));
        return Ok(row.limits.iter().map(|limit| demand(row, limit, why())).collect());
    };
    let subcommand = workspace::target_dir(workspace::root())?.join("debug/cargo-gocross");
    Cmd::new(subcommand)
        .arg("gocross")
        .shown_as("cargo gocross")
        .args(["build", "--quiet", "--release", "--target", row.triple])
        .dir(example())
        .run()?;
    let program = workspace::target_dir(&example())?.join(row.triple).join("release/sm4");

    let mut figures = Vec::new();
    for path in usable(&machine.run(&program, &["paths"])?) {
        let figure = per_byte(|messages| {
            let count = messages.to_string();
            let words = ["bench", "--path", &path, "--mode", "ecb", "--repeat", &count];
            machine.count(&program, &words)
        })?;
        figures.push((path, figure));
    }
    ui::data("");
    ui::data(format!("{}, `-cpu {}`, {}", row.triple, row.cpu, machine.emulator));
    let head = vec!["path".to_owned(), "instructions a byte, ECB".to_owned()];
    let rows = figures.iter().map(|(path, figure)| vec![path.clone(), format!("{figure:.3}")]);
    for line in ui::columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>()) {
        ui::data(line);
    }
    Ok(row.limits.iter().map(|limit| judge(row, limit, &figures)).collect())
}

/// A path that is not there keeps no bound.
fn judge(row: &Row, limit: &(&str, f64), figures: &[(String, f64)]) -> Demand {
    let figure = figures.iter().find(|(path, _)| path == limit.0);
    demand(row, limit, Ok(figure.map_or(f64::INFINITY, |(_, figure)| *figure)))
}

fn demand(row: &Row, (path, most): &(&str, f64), figure: Figure) -> Demand {
    Demand::at_most(format!("instructions a byte, {path}, {}", row.triple), figure, *most)
}

/// The paths of Rust's cipher that a CPU has, by what `sm4 paths` says.
fn usable(text: &str) -> Vec<String> {
    let side = text.lines().skip_while(|line| *line != "sm4.rust").skip(1);
    side.take_while(|line| line.starts_with(' '))
        .filter(|line| !["; lacks ", "; hidden "].iter().any(|words| line.contains(words)))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect()
}

/// The instructions for a byte. `count` gives those of a run with so many messages.
fn per_byte(mut count: impl FnMut(u64) -> Result<u64>) -> Result<f64> {
    let before = count(1)?;
    let mut more = 1;
    loop {
        let difference = count(1 + more)?.saturating_sub(before);
        if difference >= ENOUGH {
            return Ok(difference as f64 / (more * SIZE) as f64);
        }
        if more > ENOUGH {
            return Err(Failure::new("more messages do not take more instructions"));
        }
        // Somewhat more than would do, so that the next time is the last.
        more = (more * ENOUGH * 5 / 4).div_ceil(difference.max(ENOUGH / 1000));
    }
}

/// An emulated machine that counts.
struct Machine {
    emulator: Emulator,
    /// Its C library.
    sysroot: PathBuf,
    cpu: &'static str,
    /// Our plugin, where the emulator takes it.
    plugin: Option<PathBuf>,
}

impl Machine {
    /// One whose QEMU takes the plugin, if there is one: tracing is slow.
    fn find(row: &Row, target: &Target, env: &Env) -> Result<Option<Self>> {
        let cache = Cache::of_user(env)?;
        let (emulators, _) = qemu::all(env, &cache, target).map_err(Failure::from)?;
        let mut fit: Vec<_> =
            emulators.into_iter().filter(|one| one.release >= row.since).collect();
        fit.sort_by_key(|one| !one.plugins);
        let Some(emulator) = fit.into_iter().next() else { return Ok(None) };
        let sysroot = qemu::library(env, target, None, &mut Vec::new())?;
        let plugin = if emulator.plugins { Some(plugin::build()?) } else { None };
        Ok(Some(Self { emulator, sysroot, cpu: row.cpu, plugin }))
    }

    fn words(&self, program: &Path, words: &[&str]) -> Vec<std::ffi::OsString> {
        let mut all = vec!["-L".into(), self.sysroot.clone().into()];
        all.extend(["-cpu".into(), self.cpu.into(), program.into()]);
        all.extend(words.iter().map(Into::into));
        all
    }

    fn run(&self, program: &Path, words: &[&str]) -> Result<String> {
        Cmd::new(&self.emulator.program).args(self.words(program, words)).read()
    }

    /// The instructions that a run takes.
    fn count(&self, program: &Path, words: &[&str]) -> Result<u64> {
        let words = self.words(program, words);
        match &self.plugin {
            Some(plugin) => {
                let qemu = quiet_go(Cmd::new(&self.emulator.program));
                Ok(counted::run(qemu, plugin, "", &words)?.instructions)
            }
            None => self.count_by_trace(&words),
        }
    }

    /// By the lines in which QEMU tells of each block of code, where each instruction is one.
    fn count_by_trace(&self, words: &[std::ffi::OsString]) -> Result<u64> {
        let one = if self.emulator.release < RENAMED { "-singlestep" } else { "-one-insn-per-tb" };
        // Not by `Cmd`, which keeps what it reads.
        let mut command = Command::new(&self.emulator.program);
        command.args([one, "-d", "exec,nochain"]).args(words).envs(QUIET_GO.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let mut count = 0;
        if let Some(log) = child.stderr.take() {
            for line in BufReader::new(log).split(b'\n') {
                count += u64::from(line?.starts_with(b"Trace "));
            }
        }
        let status = child.wait()?;
        if !status.success() || count == 0 {
            return Err(Failure::new(format!(
                "{command:?} failed: {status}, {count} instructions"
            )));
        }
        Ok(count)
    }
}

/// So that Go's runtime does the same each time, as far as it goes.
const QUIET_GO: &[(&str, &str)] = &[("GOMAXPROCS", "1"), ("GOGC", "off")];

fn quiet_go(cmd: Cmd) -> Cmd {
    QUIET_GO.iter().fold(cmd, |cmd, (name, value)| cmd.env(name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usable_paths_of_rust_are_read() {
        let text = "sm4.rust\n  sm4e         * needs sm4; lacks sm4\n  aese           needs aes\n  \
                    portable       needs nothing\nsm4.ghash\n  pmull        * needs pmull\n";
        assert_eq!(usable(text), ["aese", "portable"]);
        assert!(usable("").is_empty());
    }

    #[test]
    fn what_every_run_takes_is_not_counted() {
        let mut runs = 0;
        let figure = per_byte(|messages| {
            runs += 1;
            Ok(300_000 + messages * SIZE / 2)
        });
        assert!((figure.unwrap() - 0.5).abs() < 1e-9);
        assert_eq!(runs, 3);
        assert!(per_byte(|_| Ok(300_000)).is_err());
    }

    #[test]
    fn a_path_that_is_not_in_the_program_keeps_no_bound() {
        let figures = [("aese".to_owned(), 14.1)];
        let holds: Vec<_> =
            ROWS[0].limits.iter().map(|limit| judge(&ROWS[0], limit, &figures).holds()).collect();
        assert_eq!(holds, [Some(false), Some(true), Some(false)]);
    }
}

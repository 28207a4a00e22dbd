//! `cargo xtask demo`: the SM4 example for aarch64, run under QEMU, compared with OpenSSL.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gocross_diagnostic::hint;
use gocross_targets::TARGETS;

use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::setup::{self, Scope};
use crate::{ui, workspace};

/// What the example is built for.
const TARGET: &str = "aarch64-unknown-linux-gnu";
/// The size of the file that is encrypted.
const SIZE: usize = 1 << 20;
const KEY: &str = "0123456789abcdeffedcba9876543210";
const IV: &str = "000102030405060708090a0b0c0d0e0f";

/// What was made, and how long it took.
struct Account {
    program: PathBuf,
    ours: PathBuf,
    reference: PathBuf,
    /// What the program says of its CPU and of the paths that it takes there.
    cpu: Vec<String>,
    times: Vec<(&'static str, Duration)>,
}

/// Runs `cargo xtask demo`.
pub(crate) fn run(yes: bool) -> Result {
    setup::ensure(yes, &Scope::demo(TARGET))?;
    let folder = tempfile::Builder::new().prefix("gocross-demo-").tempdir()?;
    let plain = folder.path().join("plain.bin");
    fs_err::write(&plain, pseudo_random(SIZE))?;
    let account = both_ways(&plain, folder.path())?;
    let back = folder.path().join("back.bin");
    tell(&account, &plain, &back)
}

/// Encrypts with the example and with OpenSSL, then decrypts with the example.
fn both_ways(plain: &Path, folder: &Path) -> Result<Account> {
    let (ours, reference, back) =
        (folder.join("sm4.bin"), folder.join("openssl.bin"), folder.join("back.bin"));
    let mut times = Vec::new();
    let mut timed = |what, cmd: Cmd| -> Result {
        let start = Instant::now();
        cmd.run()?;
        times.push((what, start.elapsed()));
        Ok(())
    };

    ui::heading("build the subcommand");
    let build = Cmd::new("cargo").args(["build", "--package", "cargo-gocross"]);
    timed("build cargo-gocross", build.dir(workspace::root()))?;

    ui::heading(format!(
        "build the example for {TARGET} and encrypt {} KiB under QEMU",
        SIZE >> 10
    ));
    ui::command("cd examples/sm4");
    timed("build the example, encrypt", sm4("encrypt", plain, &ours)?)?;

    ui::heading("encrypt the same file with OpenSSL");
    let openssl = Cmd::new("openssl").args(["enc", "-sm4-ctr", "-K", KEY, "-iv", IV, "-in"]);
    timed("OpenSSL", openssl.arg(plain).arg("-out").arg(&reference))?;

    ui::heading("decrypt under QEMU");
    timed("decrypt", sm4("decrypt", &ours, &back)?)?;

    ui::heading("test every code path that QEMU's CPU has");
    let mut cpu = Vec::new();
    example_run(["selftest"])?
        .run_watched(|line| cpu.extend(line.strip_prefix("cpu: ").map(str::to_owned)))?;

    let program = workspace::target_dir(&example())?.join(TARGET).join("release/sm4");
    Ok(Account { program, ours, reference, cpu, times })
}

fn example() -> PathBuf {
    workspace::root().join("examples/sm4")
}

fn sm4(verb: &str, input: &Path, output: &Path) -> Result<Cmd> {
    Ok(example_run([verb, "--key", KEY, "--iv", IV])?.arg(input).arg(output))
}

/// `cargo gocross run` on the example, with the subcommand that was just built.
fn example_run<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Cmd> {
    let subcommand = workspace::target_dir(workspace::root())?.join("debug/cargo-gocross");
    Ok(Cmd::new(subcommand)
        .arg("gocross")
        .shown_as("cargo gocross")
        .args(["run", "--release", "--target", TARGET, "--"])
        .args(words)
        .dir(example()))
}

/// Prints what came out; fails where the bytes are not what they should be.
fn tell(account: &Account, plain: &Path, back: &Path) -> Result {
    let ours = fs_err::read(&account.ours)?;
    let reference = fs_err::read(&account.reference)?;
    let mut rows = vec![
        vec!["program".to_owned(), workspace::relative(&account.program).display().to_string()],
        vec!["kind".to_owned(), describe(&fs_err::read(&account.program)?)],
        vec!["sm4".to_owned(), format!("{} … sha256 {}", hex(&ours), sha256(&account.ours)?)],
        vec![
            "OpenSSL".to_owned(),
            format!("{} … sha256 {}", hex(&reference), sha256(&account.reference)?),
        ],
    ];
    let equal = ours == reference && ours.len() == SIZE;
    let round_trip = fs_err::read(back)? == fs_err::read(plain)?;
    let result = if equal { "equal to OpenSSL" } else { "NOT equal to OpenSSL" };
    rows.push(vec!["result".to_owned(), format!("{} bytes, {result}", ours.len())]);
    let result = if round_trip { "gives the input back" } else { "does NOT give the input back" };
    rows.push(vec!["decrypt".to_owned(), result.to_owned()]);
    rows.extend(account.cpu.iter().map(|line| vec!["cpu".to_owned(), line.clone()]));
    for (what, took) in &account.times {
        rows.push(vec!["time".to_owned(), format!("{:>6.1} s  {what}", took.as_secs_f64())]);
    }
    ui::heading("result");
    for line in ui::columns(&rows) {
        ui::data(line);
    }
    if equal && round_trip {
        return Ok(());
    }
    Err(Failure::new("the example's bytes are wrong").hint(hint!("cargo xtask test")))
}

/// A file that is the same on every machine, and looks random (SplitMix64).
fn pseudo_random(size: usize) -> Vec<u8> {
    let mut state = 0_u64;
    let words = std::iter::repeat_with(|| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (word ^ (word >> 31)).to_le_bytes()
    });
    words.flatten().take(size).collect()
}

/// The class and machine that an ELF header names.
fn describe(bytes: &[u8]) -> String {
    let Some(header) = bytes.get(..20).filter(|header| header.starts_with(b"\x7fELF")) else {
        return "no ELF file".to_owned();
    };
    let class = if header[4] == 2 { "64-bit" } else { "32-bit" };
    let pair = [header[18], header[19]];
    let machine = if header[5] == 2 { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
    let name =
        TARGETS.iter().find(|row| row.elf.machine == machine).map(|row| row.elf.machine_name);
    format!("ELF {class} {}", name.map_or_else(|| format!("machine {machine}"), str::to_owned))
}

/// The first 16 bytes.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn sha256(path: &Path) -> Result<String> {
    let line = Cmd::new("openssl").args(["dgst", "-sha256", "-r"]).arg(path).read()?;
    Ok(line.split_whitespace().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_input_is_the_same_on_every_machine() {
        // The first word of SplitMix64 with seed 0, as its authors publish it.
        assert_eq!(pseudo_random(8), 0xe220_a839_7b1d_cdaf_u64.to_le_bytes());
        assert_eq!(pseudo_random(SIZE).len(), SIZE);
    }

    #[test]
    fn an_elf_header_is_described() {
        let mut header = [0; 20];
        header[..6].copy_from_slice(b"\x7fELF\x02\x01");
        header[18] = 183;
        assert_eq!(describe(&header), "ELF 64-bit AArch64");
        assert_eq!(describe(b"#!/bin/sh"), "no ELF file");
    }
}

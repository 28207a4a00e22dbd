//! `cargo xtask bench verify`: what a verdict costs, against the GNU tools that tell the same facts.
//!
//! The facts are those of `readelf -a` (headers, segments, dynamic section, versions, notes),
//! `nm` (symbols) and `objdump -p` (versions again, with their libraries). The file is a program of
//! 60 to 80 MB: the build script of `examples/hello`, with all of bindgen and debug information in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

use super::stats::{Times, ratio};
use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::{ui, workspace};

/// The commands that are measured against.
const GNU: &[&[&str]] = &[&["readelf", "-aW"], &["nm"], &["objdump", "-p"]];
/// `verify` ends with this where it has found errors: a verdict all the same.
const ERRORS_FOUND: i32 = 97;

/// A command's times and the most memory that one run of it took.
#[derive(Debug, Default)]
struct Cost {
    times: Times,
    /// In bytes; the resident set, with the pages of mapped files in it.
    memory: u64,
}

impl Cost {
    fn run(&mut self, program: &Path, args: &[&str], file: &Path) -> Result<Duration> {
        // Not by `Cmd`, which knows no memory.
        let mut command = Command::new(program);
        command.args(args).arg(file).stdin(Stdio::null()).stdout(Stdio::null());
        let start = Instant::now();
        let mut child = command.stderr(Stdio::null()).spawn()?;
        let used = child.wait4()?;
        let took = start.elapsed();
        if !matches!(used.status.code(), Some(0 | ERRORS_FOUND)) {
            return Err(Failure::new(format!("{command:?} failed: {}", used.status)));
        }
        self.memory = self.memory.max(used.rusage.maxrss);
        Ok(took)
    }
}

/// Runs `cargo xtask bench verify`.
pub(crate) fn run(runs: u32, file: Option<PathBuf>, max_ratio: Option<f64>) -> Result {
    let folder = workspace::target_dir(workspace::root())?;
    ui::heading("build the subcommand");
    Cmd::new("cargo")
        .args(["build", "--release", "--package", "cargo-gocross"])
        .dir(workspace::root())
        .run()?;
    let program = folder.join("release/cargo-gocross");
    let file = match file {
        Some(file) => file,
        None => build_script(&folder.join("bench/verify"))?,
    };
    let size = fs_err::metadata(&file)?.len();

    ui::heading(format!("{runs} runs of each, in turn"));
    let mut ours = Cost::default();
    let mut theirs: Vec<Cost> = GNU.iter().map(|_| Cost::default()).collect();
    let mut together = Times::default();
    for _ in 0..runs {
        let took = ours.run(&program, &["gocross", "verify"], &file)?;
        ours.times.add(took);
        let mut sum = Duration::ZERO;
        for (words, cost) in GNU.iter().zip(&mut theirs) {
            let took = cost.run(Path::new(words[0]), &words[1..], &file)?;
            cost.times.add(took);
            sum += took;
        }
        together.add(sum);
    }
    let ratio = ratio(ours.times.median(), together.median());
    ui::data(format!("{}, {:.1} MB", file.display(), size as f64 / 1e6));
    let row = |name: String, times: &Times, memory: Option<u64>| {
        let memory = memory.map_or_else(String::new, |bytes| {
            format!(
                "{:.0} MB, {:.2} times the file",
                bytes as f64 / 1e6,
                bytes as f64 / size as f64
            )
        });
        vec![name, format!("{:.0} ms", times.median().as_secs_f64() * 1e3), memory]
    };
    let mut rows = vec![row("cargo gocross verify".to_owned(), &ours.times, Some(ours.memory))];
    rows.extend(
        GNU.iter()
            .zip(&theirs)
            .map(|(words, cost)| row(words.join(" "), &cost.times, Some(cost.memory))),
    );
    rows.push(row("the three together".to_owned(), &together, None));
    for line in ui::columns(&rows) {
        ui::data(line);
    }
    ui::data(format!("ratio {ratio:.3} of the medians"));
    match max_ratio {
        Some(max) if ratio > max => {
            Err(Failure::new(format!("the ratio is {ratio:.3}, at most {max:.3} is allowed")))
        }
        _ => Ok(()),
    }
}

/// The build script of `examples/hello`, as cargo links it for a debug build.
fn build_script(folder: &Path) -> Result<PathBuf> {
    ui::heading("build the file");
    Cmd::new("cargo")
        .args(["build", "--manifest-path", "examples/hello/Cargo.toml", "--target-dir"])
        .arg(folder)
        // Three times as big, and closer to what is shipped by mistake.
        .env("CARGO_PROFILE_DEV_BUILD_OVERRIDE_DEBUG", "true")
        .dir(workspace::root())
        .run()?;
    let builds =
        fs_err::read_dir(folder.join("debug/build"))?.collect::<std::io::Result<Vec<_>>>()?;
    let scripts = builds
        .iter()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("hello-"))
        .map(|entry| entry.path().join("build-script-build"));
    scripts
        .filter(|path| path.is_file())
        .max_by_key(|path| fs_err::metadata(path).map_or(0, |metadata| metadata.len()))
        .ok_or_else(|| Failure::new("cargo has left no build script"))
}

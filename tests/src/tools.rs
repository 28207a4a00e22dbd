//! Which tools a command finds: some hidden, some replaced, some files not there at all.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use gocross_targets::{MODELS, Model, Target, Tier};
use gocross_toolchain::qemu::{self, Emulator};
use gocross_toolchain::{Cache, Env};
use serde::Deserialize;

use crate::command::{Run, words};
use crate::trial::{Result, Trouble};
use crate::workshop::Workshop;

/// The program that notes how `go` is called, and then is `go`.
const RECORDER: &str = "tools/recorder";
/// The program that hides files from the command that it starts.
const MASK: &str = "tools/mask";

/// Where a command finds its tools.
#[derive(Debug, Clone, Default)]
pub struct Tools {
    /// Programs that are not in `PATH`.
    pub hidden: Vec<String>,
    /// Patterns of files and folders that are not there.
    pub masked: Vec<String>,
    /// Folders that are disks of their own, with `mount`'s options.
    pub disks: Vec<(PathBuf, String)>,
    /// Folders that nobody can write to.
    pub read_only: Vec<PathBuf>,
    /// A folder of programs that come before all others.
    pub fakes: Option<PathBuf>,
    /// The file in which calls of `go` are noted.
    pub go_log: Option<PathBuf>,
}

impl Tools {
    /// Gives a command these tools.
    ///
    /// # Errors
    ///
    /// This machine does not let us hide files.
    pub fn equip(&self, workshop: &Workshop, run: &mut Run) -> Result {
        let mut path = workshop.path();
        if !self.hidden.is_empty() {
            path = vec![farm(workshop, &self.hidden)?];
        }
        if let Some(log) = &self.go_log {
            let real = need(workshop, "go")?;
            run.variables.insert("GOCROSS_TESTS_GO".into(), real.into());
            run.variables.insert("GOCROSS_TESTS_GO_LOG".into(), log.into());
            path.insert(0, Workshop::package().join(RECORDER));
        }
        path.splice(0..0, self.fakes.clone());
        let path = std::env::join_paths(path).map_err(|error| Trouble::wrong(error.to_string()))?;
        run.variables.insert("PATH".into(), path);
        if !(self.masked.is_empty() && self.disks.is_empty() && self.read_only.is_empty()) {
            self.mask(workshop, run)?;
        }
        Ok(())
    }

    /// Starts the command where it alone sees other mounts than we.
    fn mask(&self, workshop: &Workshop, run: &mut Run) -> Result {
        let mut line = namespace()?.to_vec();
        line.push(Workshop::package().join(MASK).into());
        line.push(workshop.root().join("mask").into());
        line.extend(words(&self.masked));
        for (folder, options) in &self.disks {
            line.extend(["--disk".into(), folder.into(), options.into()]);
        }
        for folder in &self.read_only {
            line.extend(["--read-only".into(), folder.into()]);
        }
        line.push("--".into());
        line.append(&mut run.words);
        run.words = line;
        Ok(())
    }
}

/// A folder with links to all programs of `PATH` but some.
fn farm(workshop: &Workshop, hidden: &[String]) -> Result<PathBuf> {
    let folder = workshop.root().join(format!("without-{}", hidden.join("-")));
    if folder.exists() {
        fs_err::remove_dir_all(&folder)?;
    }
    fs_err::create_dir_all(&folder)?;
    for entry in workshop.path().iter().filter_map(|dir| fs_err::read_dir(dir).ok()).flatten() {
        let entry = entry?;
        let is_hidden = hidden.iter().any(|name| entry.file_name() == name.as_str());
        let place = folder.join(entry.file_name());
        // As in `PATH` itself, the first of a name wins.
        if !is_hidden && place.symlink_metadata().is_err() {
            fs_err::os::unix::fs::symlink(entry.path(), place)?;
        }
    }
    Ok(folder)
}

/// The command that starts another in a mount namespace of its own.
fn namespace() -> Result<&'static [OsString]> {
    static COMMAND: OnceLock<Option<Vec<OsString>>> = OnceLock::new();
    // As root, and as a user where users may.
    let ways = [&["unshare", "--mount"][..], &["unshare", "--mount", "--map-root-user"]];
    let works = |way: &&&[&str]| {
        let probe = Command::new(way[0])
            .args(&way[1..])
            .args(["mount", "-t", "tmpfs", "none", "/mnt"])
            .output();
        probe.is_ok_and(|output| output.status.success())
    };
    let found = COMMAND.get_or_init(|| ways.iter().find(works).map(|way| words(*way)));
    let missing = || Trouble::Missing("the right to mount (`unshare --mount`)".to_owned());
    found.as_deref().ok_or_else(missing)
}

/// A program of this machine.
///
/// # Errors
///
/// [`Trouble::Missing`].
pub fn need(workshop: &Workshop, program: &str) -> Result<PathBuf> {
    let places = workshop.path().into_iter().map(|folder| folder.join(program));
    let found = places.into_iter().find(|path| path.is_file());
    found.ok_or_else(|| Trouble::Missing(format!("`{program}` is not in `PATH`")))
}

/// Debian's packages of an architecture, unpacked; `cargo xtask setup` does that.
///
/// # Errors
///
/// [`Trouble::Missing`].
pub fn need_debian_root(workshop: &Workshop, architecture: &str) -> Result {
    let root = workshop.cache().join("debian-v1").join(architecture);
    if root.join("usr/include/zlib.h").is_file() {
        return Ok(());
    }
    Err(Trouble::Missing(format!("`{}`; `cargo xtask setup` unpacks it", root.display())))
}

/// What `cargo gocross doctor` says of one tool of a target.
#[derive(Debug, Clone, Deserialize)]
pub struct Finding {
    /// What it is for.
    pub tool: String,
    /// The tool, or none where it is missing.
    pub found: Option<String>,
    /// Whether every build needs it.
    pub needed: bool,
    /// Why it is missing.
    pub problem: Option<String>,
}

/// The tools of a target, by gocross's own account: tests that go by it stay right when rows
/// are added, whose tools nobody here knows.
///
/// # Errors
///
/// There is no account.
pub fn of_target(workshop: &Workshop, target: &Target) -> Result<Vec<Finding>> {
    #[derive(Deserialize)]
    struct Report {
        findings: Vec<Finding>,
    }
    let line = ["cargo-gocross", "gocross", "doctor", "--format=json", "--target", target.triple];
    let mut run = Run::new(workshop, line);
    Tools::default().equip(workshop, &mut run)?;
    let output = run.output()?;
    let reports: Vec<Report> = serde_json::from_str(&output.stdout)
        .map_err(|error| Trouble::wrong(format!("`{run}`: {error}\n{}", output.stderr)))?;
    Ok(reports.into_iter().flat_map(|report| report.findings).collect())
}

/// The command line that runs a target's programs here; empty where the machine itself does.
///
/// # Errors
///
/// There is no account of the target's tools.
pub fn emulator(workshop: &Workshop, target: &Target) -> Result<String> {
    let findings = of_target(workshop, target)?;
    let found = findings.into_iter().find(|finding| finding.tool == "emulator");
    Ok(found.and_then(|finding| finding.found).unwrap_or_default().trim_matches('`').to_owned())
}

/// The command line `emulator` with the newest QEMU that is there, which knows most of CPUs; empty
/// where the machine itself runs the target's programs.
///
/// # Errors
///
/// There is no QEMU.
pub fn newest(workshop: &Workshop, target: &Target, emulator: &str) -> Result<String> {
    let Some((_, arguments)) = emulator.split_once(' ') else { return Ok(emulator.to_owned()) };
    let newest = newest_qemu(workshop, target)?;
    Ok(format!("{} {arguments}", newest.program.display()))
}

/// Whether QEMU is as new as the CPU models of a target ask for, where it needs QEMU at all.
///
/// # Errors
///
/// [`Trouble::Missing`], with what is.
pub fn need_newest_qemu(workshop: &Workshop, target: &Target) -> Result {
    let models = MODELS.iter().filter(|model| model.is_for(target, None));
    let wanted = models.filter_map(Model::since).max();
    if emulator(workshop, target)?.is_empty() || wanted.is_none() {
        return Ok(());
    }
    let newest = newest_qemu(workshop, target)?;
    if Some(newest.release) >= wanted {
        return Ok(());
    }
    Err(Trouble::Missing(format!("{newest} is the newest; `cargo xtask setup` gets a newer one")))
}

fn newest_qemu(workshop: &Workshop, target: &Target) -> Result<Emulator> {
    let mut run = Run::new(workshop, [""; 0]);
    Tools::default().equip(workshop, &mut run)?;
    let env = Env::new(run.variables, workshop.root());
    let all = qemu::all(&env, &Cache::at(workshop.cache()), target);
    let (found, _) = all.map_err(|error| Trouble::Missing(error.message.clone()))?;
    let newest = found.into_iter().max_by_key(|emulator| emulator.release);
    newest.ok_or_else(|| Trouble::Missing(format!("no `{}`", target.qemu.program)))
}

/// Whether all is there to build for a target and, where the project runs what it builds for
/// it, to run that.
///
/// # Errors
///
/// [`Trouble::Missing`], with what is.
pub fn need_target(workshop: &Workshop, target: &Target) -> Result {
    let missing: Vec<_> = of_target(workshop, target)?
        .into_iter()
        .filter(|finding| finding.found.is_none() && finding.needed)
        .filter(|finding| target.tier != Tier::BuiltOnly || finding.tool != "emulator")
        .map(|finding| format!("{}: {}", finding.tool, finding.problem.unwrap_or_default()))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(Trouble::Missing(missing.join("; "))) }
}

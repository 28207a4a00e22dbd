//! Finds the emulator that runs a foreign target's programs, and their C library.

mod overlay;
mod releases;

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result, Try, hint};
use gocross_targets::Target;

use crate::Env;

pub use overlay::overlaid;
pub use releases::{Emulator, all, newer, of_program, plugin};

/// The variable that QEMU needs in its own environment, and its value.
///
/// GLib before 2.76 allocates with locks that a fork copies as they are. A child that a program with
/// threads forks may then hang inside of QEMU
/// (<https://gitlab.com/qemu-project/qemu/-/issues/285>). This value has GLib use `malloc`, whose
/// locks glibc resets in the child.
pub const FORK_SAFE: (&str, &str) = ("G_SLICE", "always-malloc");

/// QEMU in user mode, ready to run programs of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qemu {
    /// The program.
    pub program: PathBuf,
    /// The folder in which QEMU looks for the target's dynamic linker and libraries.
    pub sysroot: Option<PathBuf>,
    /// The CPU model, where the row names one.
    pub cpu: Option<&'static str>,
    /// What Go's runtime needs to be told under this emulator, where the row says so.
    pub godebug: Option<&'static str>,
    /// The search.
    pub tries: Vec<Try>,
}

impl Qemu {
    /// The command before the program's own path.
    #[must_use]
    pub fn command(&self) -> Vec<String> {
        let mut command = vec![self.program.display().to_string()];
        if let Some(sysroot) = &self.sysroot {
            command.extend(["-L".to_owned(), sysroot.display().to_string()]);
        }
        if let Some(cpu) = self.cpu {
            command.extend(["-cpu".to_owned(), cpu.to_owned()]);
        }
        if let Some(godebug) = self.godebug {
            command.extend(["-E".to_owned(), format!("GODEBUG={godebug}")]);
        }
        command
    }
}

/// Whether a machine cannot run a target's programs by itself. `host` is the machine's row, where
/// the table has one; a dynamic program needs the C library's loader too.
#[must_use]
pub fn is_needed(env: &Env, target: &Target, host: Option<&Target>, is_static: bool) -> bool {
    let Some(host) = host.filter(|host| target.runs_on(host)) else { return true };
    let has_loader = || env.is_file(Path::new(target.interpreter));
    target != host && !is_static && !has_loader()
}

/// Finds QEMU and the C library for a target.
///
/// `sysroot` is what the user named, or what the C compiler says is its own. The library is looked for in
/// `QEMU_LD_PREFIX` (QEMU's own variable), there, and in Debian's cross folder; the
/// proof is the target's dynamic linker. Static programs (`is_static`) bring their library.
///
/// # Errors
///
/// [`Code::QemuMissing`], [`Code::QemuSysroot`].
pub fn find(env: &Env, target: &Target, sysroot: Option<&Path>, is_static: bool) -> Result<Qemu> {
    let mut tries = Vec::new();
    let program = program(env, target, &mut tries)?;
    let sysroot = if is_static { None } else { Some(library(env, target, sysroot, &mut tries)?) };
    let gocross_targets::Qemu { cpu, godebug, .. } = target.qemu;
    Ok(Qemu { program, sysroot, cpu, godebug, tries })
}

/// The names of a program of QEMU: in Debian's qemu-user-static and Alpine's packages it has a
/// suffix.
fn names(program: &str) -> [String; 2] {
    [program.to_owned(), format!("{program}-static")]
}

fn program(env: &Env, target: &Target, tries: &mut Vec<Try>) -> Result<PathBuf> {
    for name in names(target.qemu.program) {
        let what = format!("`{name}` in `PATH`");
        if let Some(path) = env.find_program(&name) {
            tries.push(Try::new(what, format!("`{}`", path.display())));
            return Ok(path);
        }
        tries.push(Try::new(what, "not there"));
    }
    let error = not_there(env, target, std::mem::take(tries));
    let own = hint!("export {}='your emulator'", target.cargo_env("RUNNER"));
    Err(Box::new(error.hint(own)))
}

fn not_there(env: &Env, target: &Target, tries: Vec<Try>) -> Diagnostic {
    let plain = target.qemu.program;
    let message = format!("there is no `{plain}` to run programs for `{}`", target.triple);
    let missing = Diagnostic::error(Code::QemuMissing, message).tries(tries);
    if env.find_program("apt-get").is_some() {
        missing.hint(hint!("apt install qemu-user"))
    } else {
        missing.help("install QEMU's user-mode emulation")
    }
}

/// The folder with the dynamic linker and the C library of a target, as [`find`] looks for it.
///
/// # Errors
///
/// [`Code::QemuSysroot`].
pub fn library(
    env: &Env,
    target: &Target,
    sysroot: Option<&Path>,
    tries: &mut Vec<Try>,
) -> Result<PathBuf> {
    let prefix = env.var_os("QEMU_LD_PREFIX").map(PathBuf::from);
    let debian = PathBuf::from(target.debian_sysroot());
    let places = [
        ("`QEMU_LD_PREFIX`", prefix),
        ("the target's sysroot", sysroot.map(Path::to_owned)),
        ("Debian's cross folder", Some(debian)),
    ];
    for (what, folder) in places {
        let Some(folder) = folder else {
            tries.push(Try::new(what, "not set"));
            continue;
        };
        let linker = folder.join(target.interpreter.trim_start_matches('/'));
        if env.is_file(&linker) {
            tries.push(Try::new(what, format!("`{}`", folder.display())));
            return Ok(folder);
        }
        tries.push(Try::new(what, format!("no `{}`", linker.display())));
    }
    let message = format!("there is no C library to run programs for `{}` with", target.triple);
    let mut diagnostic = Diagnostic::error(Code::QemuSysroot, message).tries(std::mem::take(tries));
    if !target.debian_packages.is_empty() {
        diagnostic = diagnostic.hint(hint!("apt install {}", target.debian_packages.join(" ")));
    }
    Err(Box::new(diagnostic.hint(hint!("export QEMU_LD_PREFIX=/path/to/sysroot"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> &'static Target {
        gocross_targets::find("aarch64-unknown-linux-gnu").unwrap()
    }

    #[test]
    fn without_an_emulator_every_name_is_told() {
        let error =
            find(&Env::new([("PATH", "/nowhere")], "/"), target(), None, false).unwrap_err();
        assert_eq!(error.code, Code::QemuMissing);
        let text = error.to_string();
        assert!(text.contains("tried `qemu-aarch64-static` in `PATH`: not there"), "{text}");
        assert!(text.contains("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER"), "{text}");
    }

    #[test]
    fn a_foreign_machine_needs_it_and_so_does_a_loader_that_is_not_there() {
        let row = |triple| gocross_targets::find(triple).unwrap();
        let host = Some(row("x86_64-unknown-linux-gnu"));
        let env = Env::new([("PATH", "/nowhere")], "/");
        let needs = |triple, is_static| is_needed(&env, row(triple), host, is_static);
        assert!(!needs("x86_64-unknown-linux-gnu", false));
        assert!(
            !needs("x86_64-unknown-linux-musl", true) && !needs("i686-unknown-linux-musl", true)
        );
        assert!(needs("aarch64-unknown-linux-musl", true));
        assert!(is_needed(&env, row("x86_64-unknown-linux-gnu"), None, true));
        let loader = Path::new("/lib/ld-musl-x86_64.so.1").exists();
        assert_eq!(needs("x86_64-unknown-linux-musl", false), !loader);
    }

    #[test]
    fn the_library_is_where_the_dynamic_linker_is() {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("qemu-aarch64");
        fs_err::copy("/bin/sh", &program).unwrap();
        let env = Env::new([("PATH", dir.path())], "/");
        let root = dir.path().join("root");
        fs_err::create_dir_all(root.join("lib")).unwrap();
        fs_err::write(root.join("lib/ld-linux-aarch64.so.1"), "").unwrap();

        let qemu = find(&env, target(), Some(&root), false).unwrap();
        let expected = [program.display().to_string(), "-L".to_owned(), root.display().to_string()];
        assert_eq!(qemu.command(), expected);
        // QEMU's own variable comes first.
        let named = find(&env.with("QEMU_LD_PREFIX", &root), target(), None, false).unwrap();
        assert_eq!(named.sysroot, Some(root));
    }

    #[test]
    fn a_row_tells_the_emulator_what_go_needs_under_it() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::copy("/bin/sh", dir.path().join("qemu-i386")).unwrap();
        let target = gocross_targets::find("i686-unknown-linux-musl").unwrap();
        let qemu = find(&Env::new([("PATH", dir.path())], "/"), target, None, true).unwrap();
        assert_eq!(qemu.command()[1..], ["-E", "GODEBUG=asyncpreemptoff=1"]);
    }

    #[test]
    fn without_a_library_of_debians_there_is_no_package_to_install() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::copy("/bin/sh", dir.path().join("qemu-loongarch64")).unwrap();
        let target = gocross_targets::find("loongarch64-unknown-linux-gnu").unwrap();
        let error = find(&Env::new([("PATH", dir.path())], "/"), target, None, false).unwrap_err();
        assert_eq!(error.code, Code::QemuSysroot);
        assert_eq!(error.hints, [hint!("export QEMU_LD_PREFIX=/path/to/sysroot")]);
    }
}

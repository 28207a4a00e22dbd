//! Which releases of QEMU are there for a target: CPU models differ from one to the next.
//!
//! The programs in `PATH` come first. `cargo xtask setup` and users may put newer ones into the
//! cache, beside a distribution's QEMU that is too old for some models.

use std::fmt;
use std::path::{Path, PathBuf};

use gocross_diagnostic::{Result, Try};
use gocross_targets::{QemuRelease, Target};

use super::{names, not_there};
use crate::{Cache, Env, run};

/// The folder of the cache with programs of a newer QEMU than that in `PATH`, and the plugin.
const FOLDER: &str = "qemu-v1";
/// The first release that does not take plugins of version 1 of the interface any more.
const NO_PLUGINS_OF_OURS: QemuRelease = QemuRelease(9, 0);

/// A QEMU of one release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emulator {
    /// The program.
    pub program: PathBuf,
    /// Its release.
    pub release: QemuRelease,
    /// Whether it takes our plugin: it knows `-plugin` (Debian's static builds do not), and the
    /// first version of that interface.
    pub plugins: bool,
}

impl fmt::Display for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`, {}", self.program.display(), self.release)
    }
}

/// Where a newer QEMU than that in `PATH` is looked for.
#[must_use]
pub fn newer(cache: &Cache, program: &str) -> PathBuf {
    cache.root().join(FOLDER).join("bin").join(program)
}

/// Where the plugin lies that tells what a program runs (`cargo xtask plugin`).
#[must_use]
pub fn plugin(cache: &Cache) -> PathBuf {
    cache.root().join(FOLDER).join("gocross.so")
}

/// All releases of QEMU for a target, those in `PATH` first, and the tries.
///
/// # Errors
///
/// [`gocross_diagnostic::Code::QemuMissing`] where there is none.
pub fn all(env: &Env, cache: &Cache, target: &Target) -> Result<(Vec<Emulator>, Vec<Try>)> {
    let (found, tries) = of_program(env, cache, target.qemu.program);
    if found.is_empty() { Err(Box::new(not_there(env, target, tries))) } else { Ok((found, tries)) }
}

/// All releases of one of QEMU's programs (`qemu-aarch64`), those in `PATH` first, and the tries.
#[must_use]
pub fn of_program(env: &Env, cache: &Cache, program: &str) -> (Vec<Emulator>, Vec<Try>) {
    let mut tries = Vec::new();
    let mut found = Vec::new();
    for name in names(program) {
        let path = env.find_program(&name);
        consider(env, format!("`{name}` in `PATH`"), path, &mut found, &mut tries);
    }
    let newer = newer(cache, program);
    let path = env.find_program(&newer);
    consider(env, format!("`{}`", newer.display()), path, &mut found, &mut tries);
    (found, tries)
}

fn consider(
    env: &Env,
    what: String,
    path: Option<PathBuf>,
    found: &mut Vec<Emulator>,
    tries: &mut Vec<Try>,
) {
    let Some(path) = path else {
        tries.push(Try::new(what, "not there"));
        return;
    };
    match look(env, &path) {
        Ok(emulator) => {
            tries.push(Try::new(what, emulator.to_string()));
            found.push(emulator);
        }
        Err(why) => tries.push(Try::new(what, why)),
    }
}

/// Asks a program of what release it is, and whether it takes plugins.
///
/// # Errors
///
/// It cannot be started, or is no QEMU; the words say which.
fn look(env: &Env, program: &Path) -> std::result::Result<Emulator, String> {
    let ask =
        |question: &str| run(env, program, [question], &[]).map_err(|error| error.to_string());
    let answer = ask("--version")?.stdout;
    let release = release(&answer).ok_or_else(|| {
        let line = answer.lines().next().unwrap_or_default();
        format!("`{}` does not say of which release it is: `{line}`", program.display())
    })?;
    let knows = |help: String| help.lines().any(|line| line.starts_with("-plugin "));
    let plugins = release < NO_PLUGINS_OF_OURS && knows(ask("--help")?.stdout);
    Ok(Emulator { program: program.to_owned(), release, plugins })
}

/// The release in `qemu-aarch64 version 7.2.22 (Debian …)`.
fn release(answer: &str) -> Option<QemuRelease> {
    let (_, behind) = answer.lines().next()?.split_once(" version ")?;
    let mut numbers = behind.split(|c: char| !c.is_ascii_digit());
    Some(QemuRelease(numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use gocross_diagnostic::Code;

    use super::*;

    #[test]
    fn the_release_is_read_as_qemu_writes_it() {
        let debian = "qemu-aarch64 version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\nCopyright";
        assert_eq!(release(debian), Some(QemuRelease(7, 2)));
        assert_eq!(release("qemu-arm version 10.0.2\n"), Some(QemuRelease(10, 0)));
        assert_eq!(release("qemu-arm version 11.0.50 (v11.0.0-1-gabc)"), Some(QemuRelease(11, 0)));
        assert_eq!(release("bash, version five"), None);
        assert_eq!(release(""), None);
    }

    #[test]
    fn one_in_the_cache_comes_after_those_in_path() {
        let dir = tempfile::tempdir().unwrap();
        let target = gocross_targets::find("aarch64-unknown-linux-gnu").unwrap();
        let cache = Cache::at(dir.path().join("cache"));
        let env = Env::new([("PATH", dir.path())], "/");
        let error = all(&env, &cache, target).unwrap_err();
        assert_eq!(error.code, Code::QemuMissing);
        assert_eq!(error.tries.len(), 3);

        fake(&dir.path().join("qemu-aarch64-static"), "7.2.22", "-plugin x");
        fake(&newer(&cache, "qemu-aarch64"), "10.0.2", "-cpu model");
        let (found, tries) = all(&env, &cache, target).unwrap();
        let seen: Vec<_> = found.iter().map(|one| (one.release, one.plugins)).collect();
        assert_eq!(seen, [(QemuRelease(7, 2), true), (QemuRelease(10, 0), false)]);
        assert_eq!(tries.len(), 3);
    }

    #[test]
    fn a_program_that_is_no_qemu_is_told_and_not_taken() {
        let dir = tempfile::tempdir().unwrap();
        let target = gocross_targets::find("aarch64-unknown-linux-gnu").unwrap();
        let program = dir.path().join("qemu-aarch64");
        fs_err::write(&program, "#!/bin/sh\necho none of that\n").unwrap();
        runnable(&program);
        let env = Env::new([("PATH", dir.path())], "/");
        let error = all(&env, &Cache::at(dir.path()), target).unwrap_err();
        assert!(error.to_string().contains("does not say of which release it is"), "{error}");
    }

    fn fake(program: &Path, release: &str, help: &str) {
        fs_err::create_dir_all(program.parent().unwrap()).unwrap();
        let text = format!(
            "#!/bin/sh\ncase $1 in\n--version) echo 'qemu-aarch64 version {release}' ;;\n*) echo \
             '{help}' ;;\nesac\n"
        );
        fs_err::write(program, text).unwrap();
        runnable(program);
    }

    fn runnable(program: &Path) {
        use std::os::unix::fs::PermissionsExt as _;
        fs_err::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

//! The changes to Go's runtime, made to the files of the user's own Go.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result, hint};

use super::io;
use crate::Request;

/// The function that is added: C can call it.
pub(crate) const PREINIT: &str = "gocross_preinit";

/// The variable of `runtime/runtime2.go` that the linker sets for `-buildmode=c-archive`.
const ARCHIVE_FLAG: &str = "\tisarchive bool ";
const ARCHIVE_FLAG_SET: &str = "\tisarchive = true ";

/// The start of an executable, as the runtime has it for a family of architectures.
struct Start {
    /// The `GOARCH`s of the family.
    arches: [&'static str; 2],
    /// The file below `runtime`.
    file: &'static str,
    /// The end of the function `main`. The added function has to be reachable from there, or
    /// the linker drops it.
    jump: &'static str,
    /// The instruction that reaches it.
    reach: &'static str,
    /// The added function: what it saves follows the C calling convention of the family.
    preinit: &'static str,
}

const STARTS: [Start; 2] = [
    Start {
        arches: ["mips", "mipsle"],
        file: "rt0_linux_mipsx.s",
        jump: "\tMOVW\t$runtime·rt0_go(SB), R1\n\tJMP\t(R1)\n",
        reach: "\tMOVW\t$gocross_preinit(SB), R1\n",
        preinit: include_str!("preinit_mipsx.s"),
    },
    Start {
        arches: ["mips64", "mips64le"],
        file: "rt0_linux_mips64x.s",
        jump: "\tMOVV\t$runtime·rt0_go(SB), R1\n\tJMP\t(R1)\n",
        reach: "\tMOVV\t$gocross_preinit(SB), R1\n",
        preinit: include_str!("preinit_mips64x.s"),
    },
];

/// Writes the changed files; gives their places by the files that they are copies of.
///
/// # Errors
///
/// [`Code::GoTarget`] for a runtime that looks otherwise, [`Code::Io`].
pub(super) fn changed_files(
    request: &Request<'_>,
    folder: &Path,
) -> Result<BTreeMap<PathBuf, PathBuf>> {
    let runtime = request.go.goroot.join("src/runtime");
    let start = Start::of(request.target.go.arch).ok_or_else(|| unknown(request, &runtime))?;
    let mut replace = BTreeMap::new();
    let mut change = |name: &str, change: &dyn Fn(&str) -> Option<String>| -> Result<()> {
        let original = runtime.join(name);
        let text = match fs_err::read_to_string(&original) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(unknown(request, &original));
            }
            Err(error) => return Err(io(&error)),
        };
        let changed = change(&text).ok_or_else(|| unknown(request, &original))?;
        let copy = folder.join(name);
        fs_err::write(&copy, changed).map_err(|error| io(&error))?;
        replace.insert(original, copy);
        Ok(())
    };
    change("runtime2.go", &set_archive_flag)?;
    change(start.file, &|text| start.add_preinit(text))?;
    Ok(replace)
}

/// The runtime behaves as in a library: `main.main` is not run, and signals are as the
/// program has them.
fn set_archive_flag(text: &str) -> Option<String> {
    replace_once(text, ARCHIVE_FLAG, ARCHIVE_FLAG_SET)
}

impl Start {
    fn of(arch: &str) -> Option<&'static Self> {
        STARTS.iter().find(|start| start.arches.contains(&arch))
    }

    fn add_preinit(&self, text: &str) -> Option<String> {
        let reachable = format!("{}{}", self.reach, self.jump);
        replace_once(text, self.jump, &reachable).map(|text| text + self.preinit)
    }
}

/// The text with its one occurrence of `from` replaced; none where there is not exactly one.
fn replace_once(text: &str, from: &str, to: &str) -> Option<String> {
    (text.matches(from).count() == 1).then(|| text.replacen(from, to, 1))
}

fn unknown(request: &Request<'_>, file: &Path) -> Box<Diagnostic> {
    let message = format!(
        "the runtime of {} cannot be made an archive for {}",
        request.go.version_text,
        request.target.go.platform()
    );
    Box::new(
        Diagnostic::error(Code::GoTarget, message)
            .detail("Go makes no C archive for it, and gocross does not know this version's start")
            .detail(format!("`{}` is not as expected", file.display()))
            .hint(hint!("export GOCROSS_GO=/path/to/another/go")),
    )
}

#[cfg(test)]
mod tests {
    use gocross_targets::{CArchive, TARGETS};

    use super::*;

    #[test]
    fn a_text_that_is_not_as_expected_is_not_changed() {
        assert_eq!(set_archive_flag("\tislibrary bool // x\n"), None);
        assert_eq!(set_archive_flag("\tisarchive bool // a\n\tisarchive bool // b\n"), None);
        for start in &STARTS {
            assert_eq!(start.add_preinit("TEXT main(SB),NOSPLIT,$0\n"), None);
        }
    }

    #[test]
    fn the_runtime_of_this_machines_go_is_as_expected() {
        let env = gocross_toolchain::Env::of_process().unwrap();
        let go = gocross_toolchain::go::find(&env, Path::new("/")).unwrap();
        let read = |name| fs_err::read_to_string(go.goroot.join("src/runtime").join(name)).unwrap();
        assert!(set_archive_flag(&read("runtime2.go")).is_some(), "{}", go.version_text);
        for start in &STARTS {
            let text = read(start.file);
            assert!(start.add_preinit(&text).is_some(), "{} of {}", start.file, go.version_text);
        }
    }

    #[test]
    fn every_target_without_an_archive_of_gos_has_a_start() {
        for row in TARGETS.iter().filter(|row| row.go.c_archive == CArchive::ByOverlay) {
            assert!(Start::of(row.go.arch).is_some(), "{}", row.triple);
        }
    }

    #[test]
    fn the_added_function_is_reachable_from_the_start() {
        for start in &STARTS {
            let text = start.add_preinit(&format!("TEXT main(SB)\n{}", start.jump)).unwrap();
            let reached = text.lines().nth(1).unwrap();
            assert!(reached.contains(&format!("${PREINIT}(SB)")), "{text}");
            assert!(text.contains(&format!("TEXT {PREINIT}(SB)")), "{text}");
        }
    }
}

//! The changes to Go's runtime, made to the files of the user's own Go.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result};

use super::io;
use crate::Request;

/// The function that is added: it follows the o32 ABI, so that C can call it.
pub(crate) const PREINIT: &str = "gocross_preinit";

/// The variable of `runtime/runtime2.go` that the linker sets for `-buildmode=c-archive`.
const ARCHIVE_FLAG: &str = "\tisarchive bool ";
const ARCHIVE_FLAG_SET: &str = "\tisarchive = true ";

/// The start of an executable in `runtime/rt0_linux_mipsx.s`. The added function has to be
/// reachable from it, or the linker drops it.
const START: &str = "\tMOVW\t$runtime·rt0_go(SB), R1\n\tJMP\t(R1)\n";

/// Saves what a C caller wants kept (o32: s0 to s7, gp, s8, ra; s8 is Go's `g`) and leaves the
/// 16 bytes in which a callee may store its arguments.
const PREINIT_TEXT: &str = "
TEXT gocross_preinit(SB),NOSPLIT|NOFRAME,$0
	ADDU	$-64, R29
	MOVW	R16, 16(R29)
	MOVW	R17, 20(R29)
	MOVW	R18, 24(R29)
	MOVW	R19, 28(R29)
	MOVW	R20, 32(R29)
	MOVW	R21, 36(R29)
	MOVW	R22, 40(R29)
	MOVW	R23, 44(R29)
	MOVW	R28, 48(R29)
	MOVW	g, 52(R29)
	MOVW	R31, 56(R29)
	MOVW	R0, g
	JAL	runtime·libpreinit(SB)
	MOVW	16(R29), R16
	MOVW	20(R29), R17
	MOVW	24(R29), R18
	MOVW	28(R29), R19
	MOVW	32(R29), R20
	MOVW	36(R29), R21
	MOVW	40(R29), R22
	MOVW	44(R29), R23
	MOVW	48(R29), R28
	MOVW	52(R29), g
	MOVW	56(R29), R31
	ADDU	$64, R29
	JMP	(R31)
";

/// A change to a file's text; none where the file is not as expected.
type Change = fn(&str) -> Option<String>;

/// Files of Go's runtime, and what is changed in each.
const CHANGES: [(&str, Change); 2] =
    [("runtime2.go", set_archive_flag), ("rt0_linux_mipsx.s", add_preinit)];

/// Writes the changed files and the list that `go build -overlay` reads; returns the list.
///
/// # Errors
///
/// [`Code::GoTarget`] for a runtime that looks otherwise, [`Code::Io`].
pub(super) fn write_overlay(request: &Request<'_>, folder: &Path) -> Result<PathBuf> {
    let runtime = request.go.goroot.join("src/runtime");
    let mut replace = BTreeMap::new();
    for (name, change) in CHANGES {
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
    }
    let list = folder.join("overlay.json");
    let text = serde_json::json!({ "Replace": replace }).to_string();
    fs_err::write(&list, text).map_err(|error| io(&error))?;
    Ok(list)
}

/// The runtime behaves as in a library: `main.main` is not run, and signals are as the
/// program has them.
fn set_archive_flag(text: &str) -> Option<String> {
    replace_once(text, ARCHIVE_FLAG, ARCHIVE_FLAG_SET)
}

fn add_preinit(text: &str) -> Option<String> {
    let reachable = format!("\tMOVW\t${PREINIT}(SB), R1\n{START}");
    replace_once(text, START, &reachable).map(|text| text + PREINIT_TEXT)
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
            .hint("export GOCROSS_GO=/path/to/another/go"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_not_as_expected_is_not_changed() {
        assert_eq!(set_archive_flag("\tislibrary bool // x\n"), None);
        assert_eq!(set_archive_flag("\tisarchive bool // a\n\tisarchive bool // b\n"), None);
        assert_eq!(add_preinit("TEXT main(SB),NOSPLIT,$0\n"), None);
    }

    #[test]
    fn the_runtime_of_this_machines_go_is_as_expected() {
        let env = gocross_toolchain::Env::of_process().unwrap();
        let go = gocross_toolchain::go::find(&env, Path::new("/")).unwrap();
        for (name, change) in CHANGES {
            let text = fs_err::read_to_string(go.goroot.join("src/runtime").join(name)).unwrap();
            let changed = change(&text).unwrap_or_else(|| panic!("{name} of {}", go.version_text));
            assert_ne!(changed, text);
        }
    }

    #[test]
    fn the_added_function_is_reachable_from_the_start() {
        let text = add_preinit(&format!("TEXT main(SB)\n{START}")).unwrap();
        assert!(text.starts_with("TEXT main(SB)\n\tMOVW\t$gocross_preinit(SB), R1\n"), "{text}");
        assert!(text.contains("TEXT gocross_preinit(SB)"));
    }
}

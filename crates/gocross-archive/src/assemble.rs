//! From the archive that Go wrote to the one that is linked.

use std::path::Path;

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_elf::{Kind, ReadError, Symbols, kind, members};
use gocross_targets::Target;

use crate::rewrite::{Input, rewrite_object, write_archive};
use crate::start;
use crate::{Export, Request};

/// Rewrites Go's archive and adds objects of our own.
///
/// # Errors
///
/// [`Code::BadArchive`] where the archive is not what this Go should have written.
pub(crate) fn assemble(
    archive: &[u8],
    own: Vec<Input>,
    request: &Request<'_>,
    exports: &[Export],
) -> Result<Vec<u8>> {
    let bad = |why: String| bad(request, &why);
    let mut inputs = Vec::new();
    for member in members(archive).map_err(|error| bad(error.to_string()))? {
        let name = String::from_utf8_lossy(member.name).into_owned();
        let data = rewritten(member.data, &name, request.target);
        let data = data.map_err(|error| bad(format!("`{name}`: {error}")))?;
        inputs.push(Input { data, name });
    }
    inputs.extend(own);
    let bytes = write_archive(&inputs).map_err(|error| bad(error.to_string()))?;
    compare(&bytes, request.target, exports).map_err(bad)?;
    Ok(bytes)
}

fn rewritten(data: &[u8], name: &str, target: &Target) -> std::result::Result<Vec<u8>, ReadError> {
    let Ok(Kind::Elf(_)) = kind(data) else {
        return Ok(data.to_vec());
    };
    // Go's own code is one object; the others come from C, and what they want to run at
    // the program's start is theirs to say.
    let data = if name == "go.o" {
        rewrite_object(data, &start::plan_for_runtime(target))?
    } else {
        data.to_vec()
    };
    rewrite_object(&data, &start::plan_for_all())
}

/// Whether the archive defines what the sources export and what starts Go, and lets the
/// exported functions wait for that; else it says what is not so.
fn compare(archive: &[u8], target: &Target, exports: &[Export]) -> std::result::Result<(), String> {
    let symbols = Symbols::read(archive).map_err(|error| error.to_string())?;
    if !symbols.defines(start::entry_symbol(target)) {
        return Err("it has no object `go.o`".to_owned());
    }
    if !symbols.undefined.contains(start::WAIT_INSTEAD.as_bytes()) {
        return Err(format!("its functions do not call `{}`", start::WAIT));
    }
    match exports.iter().find(|export| !symbols.defines(&export.name)) {
        None => Ok(()),
        Some(Export { name, file, line }) => {
            Err(format!("it does not define `{name}` of {}:{line}", file.display()))
        }
    }
}

fn bad(request: &Request<'_>, why: &str) -> Box<Diagnostic> {
    let version = &request.go.version_text;
    let message = format!("{version} wrote an archive that cannot be linked: {why}");
    Box::new(
        Diagnostic::error(Code::BadArchive, message).hint("export GOCROSS_GO=/path/to/another/go"),
    )
}

/// An object of ours that was just compiled, as a member.
pub(crate) fn own(name: &str, file: &Path) -> Result<Input> {
    Ok(Input { name: name.to_owned(), data: read(file)? })
}

/// Reads a file that was just written.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs_err::read(path).map_err(|error| Box::new(Diagnostic::error(Code::Io, error.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rewrite::tests::compiled;

    #[test]
    fn an_archive_whose_functions_do_not_wait_is_not_taken_for_a_good_one() {
        let target = gocross_targets::find("x86_64-unknown-linux-gnu").unwrap();
        let dir = tempfile::tempdir().unwrap();
        let judge = |source: &str| {
            let object = compiled(dir.path(), source);
            let data = rewrite_object(&object, &start::plan_for_all()).unwrap();
            let archive = write_archive(&[Input { name: "go.o".to_owned(), data }]).unwrap();
            compare(&archive, target, &[])
        };
        let entry = "int gocross_go_entry(void) { return 0; }\n";
        let waits = format!("extern int {0}(void); int f(void) {{ return {0}(); }}", start::WAIT);
        judge(&format!("{entry}{waits}")).unwrap();
        let why = judge(entry).unwrap_err();
        assert_eq!(why, "its functions do not call `_cgo_wait_runtime_init_done`");
        assert_eq!(judge(&waits).unwrap_err(), "it has no object `go.o`");
    }
}

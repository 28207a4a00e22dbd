//! From the archive that Go wrote to the one that is linked.

use std::path::Path;

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_elf::{Kind, Symbols, kind, members};
use gocross_targets::Target;

use crate::Export;
use crate::rewrite::{Input, Plan, rewrite_object, write_archive};
use crate::start;

/// Rewrites Go's archive and adds the start-up object.
///
/// # Errors
///
/// [`Code::BadArchive`] where the archive is not what this Go should have written.
pub(crate) fn assemble(
    archive: &[u8],
    start_object: Vec<u8>,
    target: &Target,
    exports: &[Export],
) -> Result<Vec<u8>> {
    let mut inputs = Vec::new();
    for member in members(archive).map_err(|error| bad(&error.to_string()))? {
        let name = String::from_utf8_lossy(member.name).into_owned();
        inputs.push(Input { data: rewritten(member.data, &name, target)?, name });
    }
    inputs.push(Input { name: "gocross_start.o".to_owned(), data: start_object });
    let bytes = write_archive(&inputs).map_err(|error| bad(&error.to_string()))?;
    compare(&bytes, target, exports)?;
    Ok(bytes)
}

fn rewritten(data: &[u8], name: &str, target: &Target) -> Result<Vec<u8>> {
    let Ok(Kind::Elf(_)) = kind(data) else {
        return Ok(data.to_vec());
    };
    let change = |data: &[u8], plan: &Plan| {
        rewrite_object(data, plan).map_err(|error| bad(&format!("`{name}`: {error}")))
    };
    // Go's own code is one object; the others come from C, and what they want to run at
    // the program's start is theirs to say.
    let data = if name == "go.o" {
        change(data, &start::plan_for_runtime(target))?
    } else {
        data.to_vec()
    };
    change(&data, &start::plan_for_all())
}

/// Whether the archive defines what the sources export and what starts Go.
fn compare(archive: &[u8], target: &Target, exports: &[Export]) -> Result<()> {
    let symbols = Symbols::read(archive).map_err(|error| bad(&error.to_string()))?;
    if !symbols.defines(start::entry_symbol(target)) {
        return Err(bad("it has no object `go.o`"));
    }
    match exports.iter().find(|export| !symbols.defines(&export.name)) {
        None => Ok(()),
        Some(Export { name, file, line }) => {
            Err(bad(&format!("it does not define `{name}` of {}:{line}", file.display())))
        }
    }
}

fn bad(why: &str) -> Box<Diagnostic> {
    let message = format!("Go wrote an archive that cannot be linked: {why}");
    Box::new(Diagnostic::error(Code::BadArchive, message))
}

/// Reads a file that was just written.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs_err::read(path).map_err(|error| Box::new(Diagnostic::error(Code::Io, error.to_string())))
}

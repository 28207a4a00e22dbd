//! From the archive that Go wrote to the one that is linked.

use std::path::Path;

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_elf::{Elf, Kind, ReadError, Symbols, kind, members};
use gocross_targets::Target;

use crate::hide::{Names, Rules};
use crate::link::resolve::{Resolved, Taken};
use crate::rewrite::{Input, add_symbols, rename_globals, rewrite_object, write_archive};
use crate::{Export, Request, machine, start};

/// A function of Go's runtime that each Go archive defines, for C (`runtime/asm_*.s`).
const GO_RUNTIME: &str = "_cgo_topofstack";

/// Rewrites Go's archive, and adds objects of our own, the start-up object first, and the libraries
/// that the package brings.
///
/// # Errors
///
/// [`Code::BadArchive`] where the archive is not what this Go should have written,
/// [`Code::LibraryWrongTarget`] for a member that is for another machine,
/// [`Code::TwoGoArchives`] for a library with a Go runtime in it.
pub(crate) fn assemble(
    archive: &[u8],
    own: Vec<Input>,
    request: &Request<'_>,
    exports: &[Export],
    resolved: &Resolved,
) -> Result<Vec<u8>> {
    let bad = |why: String| bad(request, &why);
    let (mut inputs, mut pulled) = (Vec::new(), Vec::new());
    for member in members(archive).map_err(|error| bad(error.to_string()))? {
        let name = String::from_utf8_lossy(member.name).into_owned();
        if let Some(what) = of_another_machine(member.data, request.target) {
            return Err(wrong_member(request, &name, &what));
        }
        let data = rewritten(member.data, &name, request);
        let data = data.map_err(|error| bad(format!("`{name}`: {error}")))?;
        let mut input = Input { data, name };
        // Go's linker links every object of a package, and not only what somebody refers to.
        if runs_by_itself(&input.data) {
            mark(&mut input, &mut pulled).map_err(|error| bad(error.to_string()))?;
        }
        inputs.push(input);
    }
    let start_at = inputs.len();
    inputs.extend(own);
    for taken in &resolved.taken {
        inputs.extend(members_of(taken, &mut pulled)?);
    }
    if request.signal_guard {
        only_guard(&inputs)?;
    }
    let rules = Rules {
        hide: request.hide_symbols,
        exports,
        keep: request.keep_symbols,
        guards: request.signal_guard,
        wraps: &resolved.wraps,
    };
    let names = Names::of(inputs.iter().map(|input| (input.name.as_str(), &*input.data)), &rules)?;
    pulled.extend(resolved.undefined.iter().map(|name| name.clone().into_bytes()));
    let unreadable = |name: &str, error: ReadError| bad(format!("`{name}`: {error}"));
    // The start-up object is linked into every program, and has what must be linked be looked for.
    let start = &mut inputs[start_at];
    start.data = add_symbols(&start.data, &[], &pulled)
        .map_err(|error| unreadable("gocross_start.o", error))?;
    for input in inputs.iter_mut().filter(|input| matches!(kind(&input.data), Ok(Kind::Elf(_)))) {
        input.data = rename_globals(&input.data, |name, defined| names.new_name(name, defined))
            .map_err(|error| unreadable(&input.name, error))?;
    }
    let bytes = write_archive(&inputs).map_err(|error| bad(error.to_string()))?;
    compare(&bytes, request.target, exports).map_err(bad)?;
    Ok(bytes)
}

fn of_another_machine(data: &[u8], target: &Target) -> Option<String> {
    let Ok(Kind::Elf(identity)) = kind(data) else { return None };
    machine::of_object(&identity, data, target)
}

/// The members of a library that becomes a part of the archive, with a mark in each that has to
/// be linked, for `pulled`.
fn members_of(taken: &Taken, pulled: &mut Vec<Vec<u8>>) -> Result<Vec<Input>> {
    let path = taken.path.display();
    let bad = |why: String| {
        Box::new(
            Diagnostic::error(Code::BadArchive, format!("`{path}` cannot be linked: {why}"))
                .detail(format!("asked for by {}", taken.asked_by)),
        )
    };
    let stem = taken.path.file_stem().unwrap_or_default().to_string_lossy();
    let mut inputs = match kind(&taken.bytes) {
        Ok(Kind::Archive) => {
            let members = members(&taken.bytes).map_err(|error| bad(error.to_string()))?;
            let input = |member: gocross_elf::Member<'_>| Input {
                name: format!("{stem}.{}", String::from_utf8_lossy(member.name)),
                data: member.data.to_vec(),
            };
            members.into_iter().map(input).collect()
        }
        _ => vec![Input { name: format!("{stem}.o"), data: taken.bytes.clone() }],
    };
    for input in inputs.iter_mut().filter(|input| matches!(kind(&input.data), Ok(Kind::Elf(_)))) {
        let is_go = Symbols::read(&input.data).is_ok_and(|symbols| symbols.defines(GO_RUNTIME));
        if is_go {
            return Err(second_runtime(taken));
        }
        if taken.whole {
            mark(input, pulled).map_err(|error| bad(format!("`{}`: {error}", input.name)))?;
        }
    }
    Ok(inputs)
}

/// Whether an object has functions that run at the start or the end of a program, so that it
/// counts without a use of it.
fn runs_by_itself(object: &[u8]) -> bool {
    let names = [&b".init_array"[..], b".preinit_array", b".fini_array", b".ctors", b".dtors"];
    let is_one = |name: &[u8]| names.iter().any(|prefix| name.starts_with(prefix));
    Elf::read(object).is_ok_and(|elf| elf.sections.iter().any(|section| is_one(section.name)))
}

/// Gives an object a symbol of its own, for the start-up object to ask for.
fn mark(input: &mut Input, pulled: &mut Vec<Vec<u8>>) -> std::result::Result<(), ReadError> {
    let mark = format!("gocross_whole_{}", pulled.len());
    input.data = add_symbols(&input.data, std::slice::from_ref(&mark), &[])?;
    pulled.push(mark.into_bytes());
    Ok(())
}

/// Refuses another definition of what the guard defines: one of the two would be lost.
fn only_guard(inputs: &[Input]) -> Result<()> {
    let others = inputs.iter().filter(|input| input.name != start::GUARD_MEMBER);
    for input in others.filter(|input| matches!(kind(&input.data), Ok(Kind::Elf(_)))) {
        let Ok(symbols) = Symbols::read(&input.data) else { continue };
        if let Some(name) = start::GUARDED.iter().find(|name| symbols.defines(name)) {
            let message = format!("the Go package defines `{name}`, and so does the signal guard");
            return Err(Box::new(
                Diagnostic::error(Code::SignalGuard, message)
                    .detail(format!("`{}` of its archive has it", input.name))
                    .detail("the guard adds `SA_ONSTACK` to each handler of the program")
                    .help("take the definition out of the package")
                    .help("or leave out the guard: `signal-guard = false` under `[package.metadata.gocross]`"),
            ));
        }
    }
    Ok(())
}

fn second_runtime(taken: &Taken) -> Box<Diagnostic> {
    let message = format!("`{}` holds a Go runtime of its own", taken.path.display());
    Box::new(
        Diagnostic::error(Code::TwoGoArchives, message)
            .detail(format!("asked for by {}", taken.asked_by))
            .detail("a process can hold one Go runtime, and each Go archive brings one")
            .help("import its Go package instead of linking its archive"),
    )
}

fn wrong_member(request: &Request<'_>, name: &str, what: &str) -> Box<Diagnostic> {
    let message = format!(
        "an object of the Go package in `{}` is not for `{}`",
        request.package.display(),
        request.target.triple
    );
    Box::new(
        Diagnostic::error(Code::LibraryWrongTarget, message)
            .detail(format!("`{name}` {what}"))
            .detail("it is a `.syso` file of a package, or a compiler that Go called made it")
            .help(format!(
                "name a `.syso` file for its target: `x_{}_{}.syso`",
                request.target.go.os, request.target.go.arch
            )),
    )
}

fn rewritten(
    data: &[u8],
    name: &str,
    request: &Request<'_>,
) -> std::result::Result<Vec<u8>, ReadError> {
    let Ok(Kind::Elf(_)) = kind(data) else {
        return Ok(data.to_vec());
    };
    // Go's own code is one object; the others come from C, and what they want to run at
    // the program's start is theirs to say.
    if name == "go.o" {
        let data = rewrite_object(data, &start::plan_for_runtime(request.target))?;
        return rewrite_object(&data, &start::plan_for_all());
    }
    let plan = if request.signal_guard {
        start::plan_for_guarded(&Symbols::read(data)?)
    } else {
        start::plan_for_all()
    };
    rewrite_object(data, &plan)
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
        Diagnostic::error(Code::BadArchive, message)
            .hint(hint!("export GOCROSS_GO=/path/to/another/go")),
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

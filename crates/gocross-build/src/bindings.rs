//! Turns cgo's header into Rust declarations.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use bindgen::callbacks::{DeriveTrait, ImplementsTrait, ParseCallbacks};
use bindgen::{Builder, Formatter, RustTarget};
use gocross_archive::{Archive, Request};
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::{Env, first_lines, libclang};

use crate::{by_pointer, deferred, link};

/// cgo's own types: their Rust counterparts are in `gocross::ffi`, once for all crates.
const GO_TYPES: &str = "_GoString_|Go(String|Slice|Interface|Map|Chan|Int(8|16|32|64)?|Uint(8|16|32|64|ptr)?|Float(32|64)|Complex(64|128))";

/// Writes the declarations of an archive's exports to `file`.
///
/// # Errors
///
/// [`Code::LibclangMissing`], [`Code::Bindings`], [`Code::Io`].
pub(crate) fn write(
    env: &Env,
    request: &Request<'_>,
    archive: &Archive,
    file: &Path,
) -> Result<()> {
    // Looked for first: where there is none, bindgen's words are those of a panic.
    libclang::find(env)?;
    // bindgen reads these by itself; a change of one has to run the script again.
    let triple = request.target.triple;
    let suffix = request.target.env_suffix();
    for name in ["", &format!("_{triple}"), &format!("_{suffix}")] {
        env.var_os(&format!("BINDGEN_EXTRA_CLANG_ARGS{name}"));
    }
    let text = generate(request, archive)?;
    let text = by_pointer::rewrite(&text, request.target, &archive.by_pointer)?;
    let text = match archive.deferred.is_empty() {
        true => text,
        false => deferred::append(&text, request.target, &archive.deferred)?,
    };
    let text = text + &link::attributes(request.name, archive);
    fs_err::write(file, text)
        .map_err(|error| Box::new(Diagnostic::error(Code::Io, error.to_string())))
}

fn generate(request: &Request<'_>, archive: &Archive) -> Result<String> {
    let mut builder = bindgen::builder()
        .header(archive.header.display().to_string())
        .clang_args(request.cc.clang_args(request.target))
        // The preamble of a Go file may include headers that lie beside it.
        .clang_arg(format!("-I{}", request.package.display()))
        .clang_args(&archive.preprocessor)
        // `unsafe extern` blocks need this version; they are right in every edition.
        .rust_target(RustTarget::stable(82, 0).unwrap_or_default())
        .use_core()
        .formatter(Formatter::None)
        .blocklist_type(GO_TYPES)
        .parse_callbacks(Box::new(GoTypes))
        .raw_line("#[allow(unused_imports)]")
        .raw_line("use ::gocross::ffi::*;");
    for export in &archive.exports {
        // bindgen compares the name that it gives, and gives `match_` for `match`.
        builder = builder.allowlist_function(format!("{}_?", export.name));
    }
    run(builder)
}

/// What bindgen cannot see of the types in `gocross::ffi`.
#[derive(Debug)]
struct GoTypes;

impl ParseCallbacks for GoTypes {
    fn blocklisted_type_implements_trait(
        &self,
        _name: &str,
        derived: DeriveTrait,
    ) -> Option<ImplementsTrait> {
        let has = matches!(derived, DeriveTrait::Copy | DeriveTrait::Debug);
        has.then_some(ImplementsTrait::Yes)
    }
}

/// bindgen reports some failures as errors and some as panics.
fn run(builder: Builder) -> Result<String> {
    let failed = |why: String| {
        let message = "the C header of the Go archive cannot be turned into Rust declarations";
        Box::new(Diagnostic::error(Code::Bindings, message).detail(first_lines(&why, 20)))
    };
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    let outcome = catch_unwind(AssertUnwindSafe(|| builder.generate()));
    std::panic::set_hook(hook);
    match outcome {
        Ok(Ok(bindings)) => Ok(bindings.to_string()),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(panic) => {
            let words = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
            Err(failed(words.unwrap_or_else(|| "bindgen panicked".to_owned())))
        }
    }
}

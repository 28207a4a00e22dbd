//! Reads the files that are to be looked at.

use std::path::Path;

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_elf::File;
use gocross_toolchain::Env;
use memmap2::Mmap;

/// The bytes of a regular file.
///
/// # Errors
///
/// [`Code::BadFile`].
pub(crate) fn bytes(env: &Env, file: &Path) -> Result<Mmap> {
    let path = env.current_dir().join(file);
    let metadata = fs_err::metadata(&path).map_err(|error| bad(file, &error.to_string()))?;
    // A pipe is never opened: nobody may write to it for a long time.
    if metadata.is_dir() {
        return Err(bad(file, "it is a folder"));
    }
    if !metadata.is_file() {
        return Err(bad(file, "it is a pipe, a socket or a device"));
    }
    let opened = fs_err::File::open(&path).map_err(|error| bad(file, &error.to_string()))?;
    // Most of a large file is code and DWARF that no rule looks at: mapped, it is never read.
    // SAFETY: nobody writes to a program while it is looked at; who cuts it off meanwhile ends
    // this process with SIGBUS, as it would end the program itself.
    unsafe { Mmap::map(&opened) }.map_err(|error| bad(file, &error.to_string()))
}

/// The facts of a file.
///
/// # Errors
///
/// [`Code::BadFile`].
pub(crate) fn describe<'data>(file: &Path, bytes: &'data [u8]) -> Result<File<'data>> {
    if bytes.is_empty() {
        return Err(bad(file, "it is empty"));
    }
    if bytes.starts_with(b"#!") {
        return Err(bad(file, "it is a script"));
    }
    File::read(bytes).map_err(|error| bad(file, &error.to_string()))
}

/// A thin archive has nothing in it that could be judged.
pub(super) fn refuse_thin(path: &Path, file: &File<'_>) -> Result<()> {
    match file {
        File::Archive(archive) if archive.thin => {
            let mut error = bad(path, "it is a thin archive, whose members lie in other files");
            error.hints = vec![format!("cargo gocross verify $(ar t {})", path.display())];
            Err(error)
        }
        _ => Ok(()),
    }
}

/// A file that cannot be looked at.
pub(crate) fn bad(file: &Path, why: &str) -> Box<Diagnostic> {
    let message = format!("`{}` cannot be looked at", file.display());
    let hint = "name a program, a library, an object or an archive";
    Box::new(Diagnostic::error(Code::BadFile, message).detail(why).hint(hint))
}

//! Which row a file is for, where nobody says.

use gocross_elf::{Elf, File, FloatAbi};
use gocross_targets::{Class, Endian, Libc, TARGETS, Target};

/// The row that fits a file best; none where no row is for its machine.
///
/// The machine comes from the header; the C library from the interpreter, the libraries and the
/// versions of symbols. A static program of either library fits both rows, and gets that whose
/// programs are static.
#[must_use]
pub fn infer(file: &File<'_>) -> Option<&'static Target> {
    let (_, elf) = file.objects().next()?;
    let fitting = || TARGETS.iter().filter(|row| is_for(row, elf));
    let interpreter = elf.interpreter.and_then(|path| std::str::from_utf8(path).ok());
    let libc = libc_of(elf);
    fitting()
        .find(|row| Some(row.interpreter) == interpreter)
        .or_else(|| fitting().find(|row| libc == Some(row.libc)))
        .or_else(|| fitting().next())
}

fn is_for(row: &Target, elf: &Elf<'_>) -> bool {
    let identity = &elf.identity;
    let wanted = if row.elf.soft_float { FloatAbi::Soft } else { FloatAbi::Hard };
    identity.machine == row.elf.machine
        && identity.is_64 == (row.elf.class == Class::Elf64)
        && identity.big_endian == (row.elf.endian == Endian::Big)
        && identity.flags & row.elf.flags_mask == row.elf.flags
        && elf.float_abi.is_none_or(|float| float.fits(wanted))
}

/// The C library that a file is linked with, by what it says.
pub(crate) fn libc_of(elf: &Elf<'_>) -> Option<Libc> {
    let is_musl_path = |path: &[u8]| path.windows(7).any(|word| word == b"ld-musl");
    if let Some(path) = elf.interpreter {
        return Some(if is_musl_path(path) { Libc::Musl } else { Libc::Gnu });
    }
    if asks_for_glibc(elf) {
        return Some(Libc::Gnu);
    }
    let needed = elf.dynamic.iter().flat_map(|dynamic| &dynamic.needed);
    if needed.into_iter().any(|name| is_musl_library(name)) || elf.is_static() {
        return Some(Libc::Musl);
    }
    None
}

/// Whether a file needs glibc by name, or versions that only glibc has.
pub(crate) fn asks_for_glibc(elf: &Elf<'_>) -> bool {
    let needs = elf.dynamic.iter().flat_map(|dynamic| &dynamic.needed);
    elf.versions.iter().any(|version| version.name.starts_with(b"GLIBC_"))
        || needs.into_iter().any(|name| *name == b"libc.so.6")
}

/// Whether a library's name is one of musl's.
pub(crate) fn is_musl_library(name: &[u8]) -> bool {
    name == b"libc.so" || name.starts_with(b"libc.musl-")
}

//! Compares a program or an object with a target's row.

use std::path::Path;

use gocross_elf::Identity;
use gocross_targets::{Class, Endian, Libc, Target};
use object::elf::{DT_TEXTREL, DynamicTag, PT_INTERP};
use object::read::elf::{Dyn, ElfFile, FileHeader, ProgramHeader};

use crate::trial::{Result, Trouble, ensure};

/// Checks the ELF header of a file: class, byte order, machine, ABI flags.
///
/// # Errors
///
/// A field that differs from the row.
pub fn check_header(path: &Path, target: &Target) -> Result {
    let bytes = fs_err::read(path)?;
    let identity = Identity::parse(&bytes).map_err(|error| Trouble::wrong(error.to_string()))?;
    let row = &target.elf;
    let found = (
        identity.machine,
        identity.is_64,
        identity.big_endian,
        identity.flags & row.flags_mask,
        identity.machine_name(),
    );
    let want = (
        row.machine,
        row.class == Class::Elf64,
        row.endian == Endian::Big,
        row.flags,
        row.machine_name.to_owned(),
    );
    ensure(found == want, || {
        format!(
            "`{}`: (machine, 64-bit, big, flags, name) is {found:?}, the row says {want:?}",
            path.display()
        )
    })
}

/// Checks the dynamic linker that a program names; one with musl in it may name none.
///
/// # Errors
///
/// It is not the row's.
pub fn check_interpreter(path: &Path, target: &Target) -> Result {
    let found = interpreter(&fs_err::read(path)?)?;
    let want = target.interpreter;
    let is_static = found.is_none() && target.libc == Libc::Musl;
    ensure(is_static || found.as_deref() == Some(want), || {
        format!("`{}` asks for the interpreter {found:?}, the row says `{want}`", path.display())
    })
}

fn interpreter(bytes: &[u8]) -> Result<Option<String>> {
    let unreadable = |error: object::Error| Trouble::wrong(error.to_string());
    match object::File::parse(bytes).map_err(unreadable)? {
        object::File::Elf32(file) => segment(&file, bytes),
        object::File::Elf64(file) => segment(&file, bytes),
        _ => Err(Trouble::wrong("not an ELF file")),
    }
}

/// Checks that a program can be moved in memory without its code being written to.
///
/// # Errors
///
/// It has relocations in its code (`DT_TEXTREL`), or cannot be moved at all.
pub fn check_position_independent(path: &Path) -> Result {
    let bytes = fs_err::read(path)?;
    let unreadable = |error: object::Error| Trouble::wrong(error.to_string());
    let tags = match object::File::parse(&*bytes).map_err(unreadable)? {
        object::File::Elf32(file) => tags(&file, &bytes).map_err(unreadable)?,
        object::File::Elf64(file) => tags(&file, &bytes).map_err(unreadable)?,
        _ => return Err(Trouble::wrong("not an ELF file")),
    };
    let place = path.display();
    ensure(!tags.is_empty(), || format!("`{place}` cannot be moved: it has no dynamic section"))?;
    ensure(!tags.contains(&DT_TEXTREL), || format!("`{place}` has DT_TEXTREL"))
}

/// The tags of the dynamic section.
fn tags<Header: FileHeader>(
    file: &ElfFile<'_, Header>,
    bytes: &[u8],
) -> std::result::Result<Vec<DynamicTag>, object::Error> {
    let endian = file.endian();
    for header in file.elf_program_headers() {
        if let Some(entries) = header.dynamic(endian, bytes)? {
            return Ok(entries.iter().map(|entry| entry.d_tag(endian)).collect());
        }
    }
    Ok(Vec::new())
}

fn segment<'data, Header: FileHeader>(
    file: &ElfFile<'data, Header>,
    bytes: &'data [u8],
) -> Result<Option<String>> {
    let endian = file.endian();
    let headers = file.elf_program_headers().iter();
    let Some(header) = headers.into_iter().find(|header| header.p_type(endian) == PT_INTERP) else {
        return Ok(None);
    };
    let data = header.data(endian, bytes).map_err(|()| Trouble::wrong("a segment is cut short"))?;
    let text = String::from_utf8_lossy(data);
    Ok(Some(text.trim_end_matches('\0').to_owned()))
}

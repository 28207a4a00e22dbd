//! The members of an `ar` archive.

use object::read::archive::ArchiveFile;

use crate::damage::Damage;
use crate::elf::Elf;
use crate::{Kind, ReadError, kind};

/// A member of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member<'data> {
    /// The member's name, without padding.
    pub name: &'data [u8],
    /// The member's bytes.
    pub data: &'data [u8],
    /// The modification time in seconds since 1970; 0 in a deterministic archive.
    pub mtime: u64,
}

/// Reads the members of an archive, in order, without the symbol and name tables.
///
/// # Errors
///
/// Bytes that are no archive, a thin archive (its members lie in other files),
/// and a member that reaches beyond the end.
pub fn members(bytes: &[u8]) -> Result<Vec<Member<'_>>, ReadError> {
    let archive = ArchiveFile::parse(bytes)?;
    if archive.is_thin() {
        return Err(ReadError::new("a thin archive, which holds names and no data"));
    }
    archive
        .members()
        .map(|member| {
            let member = member?;
            Ok(Member {
                name: member.name(),
                data: member.data(bytes)?,
                mtime: member.date().unwrap_or(0),
            })
        })
        .collect()
}

/// The facts of an archive.
#[derive(Debug, Clone, Default)]
pub struct ArchiveFacts<'data> {
    /// The members that are ELF objects, by name.
    pub objects: Vec<(&'data [u8], Elf<'data>)>,
    /// The members that are something else, such as the text that cgo puts into its archives.
    pub others: Vec<&'data [u8]>,
    /// Whether it is a thin archive, whose members lie in files of their own.
    pub thin: bool,
    /// What does not fit together.
    pub damage: Damage,
}

/// Reads an archive and the objects in it, as far as they can be read.
///
/// # Errors
///
/// Bytes that do not begin as an archive does.
pub(crate) fn read_archive(bytes: &[u8]) -> Result<ArchiveFacts<'_>, ReadError> {
    let archive = ArchiveFile::parse(bytes)?;
    let mut facts = ArchiveFacts { thin: archive.is_thin(), ..ArchiveFacts::default() };
    for member in archive.members() {
        let member = match member {
            Ok(member) => member,
            Err(error) => {
                facts.damage.add(error);
                break;
            }
        };
        if facts.thin {
            facts.others.push(member.name());
            continue;
        }
        match member.data(bytes) {
            Ok(data) => read_member(member.name(), data, &mut facts),
            Err(error) => {
                facts.damage.add(error);
                break;
            }
        }
    }
    Ok(facts)
}

fn read_member<'data>(name: &'data [u8], data: &'data [u8], facts: &mut ArchiveFacts<'data>) {
    match kind(data) {
        Ok(Kind::Elf(_)) => match Elf::read(data) {
            Ok(elf) => {
                for damage in elf.damage.iter() {
                    facts.damage.add(format!("{}: {damage}", String::from_utf8_lossy(name)));
                }
                facts.objects.push((name, elf));
            }
            Err(error) => facts.damage.add(format!("{}: {error}", String::from_utf8_lossy(name))),
        },
        _ if data.starts_with(b"\x7fELF") => {
            facts
                .damage
                .add(format!("{}: its ELF header is cut short", String::from_utf8_lossy(name)));
        }
        _ => facts.others.push(name),
    }
}

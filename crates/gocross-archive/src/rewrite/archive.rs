//! Writes an archive that any linker reads, the same bytes for the same members.

use std::io::Cursor;

use ar_archive_writer::{
    ArchiveKind, DEFAULT_OBJECT_READER, NewArchiveMember, write_archive_to_stream,
};

/// A member of the archive to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) data: Vec<u8>,
}

/// Writes members in their order, with a symbol index, and with no times and owners.
///
/// # Errors
///
/// A member whose symbols cannot be read for the index.
pub(crate) fn write_archive(members: &[Input]) -> std::io::Result<Vec<u8>> {
    let members: Vec<NewArchiveMember<'_>> = members
        .iter()
        .map(|member| {
            NewArchiveMember::new(
                member.data.as_slice(),
                &DEFAULT_OBJECT_READER,
                member.name.clone(),
            )
        })
        .collect();
    let mut bytes = Cursor::new(Vec::new());
    write_archive_to_stream(&mut bytes, &members, ArchiveKind::Gnu, false, None)?;
    Ok(bytes.into_inner())
}

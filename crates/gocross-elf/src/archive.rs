//! The members of an `ar` archive.

use object::read::archive::ArchiveFile;

use crate::ReadError;

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

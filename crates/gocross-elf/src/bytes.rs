//! Numbers and texts at offsets of a file, read with its byte order; what lies outside is none.

/// The longest name that is read. A longer one is no name, and a hostile file with a million
/// of them must not cost a million times its size.
const LONGEST_NAME: usize = 1 << 15;

/// Bytes with the order in which their numbers stand.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bytes<'data> {
    pub(crate) data: &'data [u8],
    pub(crate) big_endian: bool,
    pub(crate) is_64: bool,
}

impl<'data> Bytes<'data> {
    /// Other bytes of the same file.
    pub(crate) fn of(self, data: &'data [u8]) -> Self {
        Self { data, ..self }
    }

    pub(crate) fn u16(self, at: usize) -> Option<u16> {
        let bytes = array(self.data, at)?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    pub(crate) fn u32(self, at: usize) -> Option<u32> {
        let bytes = array(self.data, at)?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    pub(crate) fn u64(self, at: usize) -> Option<u64> {
        let bytes = array(self.data, at)?;
        Some(if self.big_endian { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) })
    }

    /// A number as wide as an address.
    pub(crate) fn word(self, at: usize) -> Option<u64> {
        if self.is_64 { self.u64(at) } else { self.u32(at).map(u64::from) }
    }

    /// The bytes in an address.
    pub(crate) const fn word_size(self) -> usize {
        if self.is_64 { 8 } else { 4 }
    }
}

fn array<const N: usize>(data: &[u8], at: usize) -> Option<[u8; N]> {
    data.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// The text at an offset of a string table, without the zero that ends it. A text that does
/// not end, or not soon, is none.
pub(crate) fn text(table: &[u8], at: usize) -> Option<&[u8]> {
    let tail = table.get(at..)?;
    let end = memchr::memchr(0, &tail[..tail.len().min(LONGEST_NAME)])?;
    Some(&tail[..end])
}

/// The part of a file from an offset, as much as is there of it.
pub(crate) fn part(data: &[u8], offset: u64, size: u64) -> &[u8] {
    let Ok(start) = usize::try_from(offset) else { return &[] };
    let Some(tail) = data.get(start..) else { return &[] };
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    &tail[..tail.len().min(size)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_is_none() {
        let bytes = Bytes { data: &[1, 2, 3, 4, 5], big_endian: true, is_64: false };
        assert_eq!((bytes.u32(1), bytes.u32(2)), (Some(0x0203_0405), None));
        assert_eq!((bytes.u16(usize::MAX), bytes.u64(0)), (None, None));
        assert_eq!(part(&[1, 2, 3], 1, u64::MAX), [2, 3]);
        assert!(part(&[1, 2, 3], u64::MAX, 1).is_empty());
    }

    #[test]
    fn a_text_ends_in_a_zero() {
        assert_eq!(text(b"ab\0cd", 0), Some(b"ab".as_slice()));
        assert_eq!(text(b"ab\0cd", 3), None);
        assert_eq!(text(b"ab\0cd", 9), None);
        assert_eq!(text(&[b'a'; 1 << 16], 0), None);
    }
}

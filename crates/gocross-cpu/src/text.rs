//! A short text in a place of fixed size, since there is no allocator.

use core::fmt;

const SIZE: usize = 64;
const MORE: &[u8] = b"...";

/// A short text: printable ASCII and nothing else, with `?` for any other byte, and cut with
/// `...` where it is longer than 64 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text {
    bytes: [u8; SIZE],
    length: u8,
}

impl Text {
    /// No text.
    pub(crate) const EMPTY: Self = Self { bytes: [0; SIZE], length: 0 };

    /// These bytes, without spaces or NULs around them.
    pub(crate) fn new(text: &[u8]) -> Self {
        let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
        let start = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
        let end = text.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
        let text = &text[start..end];
        let mut this = Self::EMPTY;
        for (place, byte) in this.bytes.iter_mut().zip(text) {
            *place = if byte.is_ascii_graphic() || *byte == b' ' { *byte } else { b'?' };
        }
        if text.len() > SIZE {
            this.bytes[SIZE - MORE.len()..].copy_from_slice(MORE);
        }
        // At most SIZE.
        this.length = text.len().min(SIZE) as u8;
        this
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // All bytes are ASCII.
        core::str::from_utf8(&self.bytes[..self.length.into()]).unwrap_or_default()
    }

    pub(crate) fn not_empty(&self) -> Option<&str> {
        (self.length > 0).then(|| self.as_str())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_printed_is_not() {
        assert_eq!(Text::new(b" MIPS 24Kc\0\0").as_str(), "MIPS 24Kc");
        assert_eq!(Text::new("a\u{7}é\u{1b}[31m".as_bytes()).as_str(), "a????[31m");
        assert_eq!(Text::new(b"  ").not_empty(), None);
        assert_eq!(Text::new(b"").as_str(), "");
    }

    #[test]
    fn what_is_too_long_says_so() {
        let full = [b'x'; SIZE];
        assert_eq!(Text::new(&full).as_str().as_bytes(), full);
        let cut = Text::new(&[b'x'; SIZE + 1]);
        assert_eq!(cut.as_str().len(), SIZE);
        assert!(cut.as_str().ends_with("xx..."));
    }
}

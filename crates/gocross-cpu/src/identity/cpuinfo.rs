//! `/proc/cpuinfo`: lines of a key, a colon and a value.

/// What looks at a line.
pub(super) type Look<'a> = dyn FnMut(&[u8]) + 'a;

/// Hands each line to what looks at it.
pub(super) type Lines<'a> = dyn FnMut(&mut Look<'_>) + 'a;

/// The lines of this machine's file.
#[cfg(target_os = "linux")]
#[cfg_attr(test, allow(dead_code, reason = "x86 asks its CPU instead"))]
pub(super) fn lines() -> impl FnMut(&mut Look<'_>) {
    |look| crate::sys::lines(c"/proc/cpuinfo", look)
}

/// The key and the value, without the spaces around them.
pub(super) fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    Some((line[..colon].trim_ascii(), line[colon + 1..].trim_ascii()))
}

/// A number, with `0x` before hexadecimal digits, that is not above `most`.
#[allow(dead_code, reason = "mips tells no numbers")]
pub(super) fn number(text: &[u8], most: u64) -> Option<u64> {
    let text = core::str::from_utf8(text.trim_ascii()).ok()?;
    let number = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.ok().filter(|number| *number <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_values_and_numbers() {
        assert_eq!(split(b"CPU part\t: 0xd03 "), Some((&b"CPU part"[..], &b"0xd03"[..])));
        assert_eq!(split(b"isa-ext\t\t:"), Some((&b"isa-ext"[..], &b""[..])));
        assert_eq!(split(b""), None);
        assert_eq!(number(b"0xd03\n", 0xfff), Some(0xd03));
        assert_eq!(number(b"8", 0xff), Some(8));
        assert_eq!(number(b"0xfffffffffffffffff", u64::MAX), None);
        assert_eq!(number(b"0x1000", 0xfff), None);
        assert_eq!(number(b"AArch64", u64::MAX), None);
    }
}

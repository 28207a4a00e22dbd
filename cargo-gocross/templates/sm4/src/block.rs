//! Keys and counters as people type them.

/// Bytes in an SM4 key, and in an initial counter.
pub(crate) const LEN: usize = 16;

/// Reads 32 hexadecimal digits, in either case.
pub(crate) fn parse(text: &str) -> Result<[u8; LEN], String> {
    if let Some((at, odd)) = text.chars().enumerate().find(|(_, c)| !c.is_ascii_hexdigit()) {
        return Err(format!("character {} ({odd:?}) is not a hexadecimal digit", at + 1));
    }
    if text.len() != 2 * LEN {
        return Err(format!(
            "want {} hexadecimal digits ({LEN} bytes), have {}",
            2 * LEN,
            text.len()
        ));
    }
    let mut block = [0; LEN];
    for (byte, pair) in block.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = pair.iter().fold(0, |sum, digit| sum << 4 | value(*digit));
    }
    Ok(block)
}

/// The value of an ASCII hexadecimal digit.
fn value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_cases() {
        let block = parse("00010f10fFaAbBcCdDeE0123456789Ff").unwrap();
        assert_eq!(block, *b"\x00\x01\x0f\x10\xff\xaa\xbb\xcc\xdd\xee\x01\x23\x45\x67\x89\xff");
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(parse("").unwrap_err(), "want 32 hexadecimal digits (16 bytes), have 0");
        assert_eq!(
            parse(&"0".repeat(31)).unwrap_err(),
            "want 32 hexadecimal digits (16 bytes), have 31"
        );
        assert_eq!(
            parse(&"0".repeat(33)).unwrap_err(),
            "want 32 hexadecimal digits (16 bytes), have 33"
        );
        assert_eq!(parse("0x12").unwrap_err(), "character 2 ('x') is not a hexadecimal digit");
        assert_eq!(
            parse("\u{e9}").unwrap_err(),
            "character 1 ('\u{e9}') is not a hexadecimal digit"
        );
    }
}

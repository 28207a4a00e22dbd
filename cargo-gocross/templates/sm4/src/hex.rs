//! Bytes as hexadecimal digits.

use anyhow::{Result, ensure};

/// The bytes of a constant.
pub(crate) const fn array<const N: usize>(digits: &str) -> [u8; N] {
    let digits = digits.as_bytes();
    assert!(digits.len() == 2 * N, "two digits a byte");
    let mut bytes = [0; N];
    let mut at = 0;
    while at < N {
        let [Some(high), Some(low)] = [value(digits[2 * at]), value(digits[2 * at + 1])] else {
            panic!("a hexadecimal digit");
        };
        bytes[at] = high << 4 | low;
        at += 1;
    }
    bytes
}

/// The bytes of a word in a file; `-` for none.
pub(crate) fn bytes(word: &[u8]) -> Result<Vec<u8>> {
    if word == b"-" {
        return Ok(Vec::new());
    }
    let (pairs, rest) = word.as_chunks::<2>();
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(value(*high)? << 4 | value(*low)?)).collect();
    ensure!(rest.is_empty() && bytes.is_some(), "a byte is two hexadecimal digits");
    Ok(bytes.unwrap_or_default())
}

/// The digits of bytes.
pub(crate) fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The value of a digit.
const fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

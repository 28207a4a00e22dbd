//! Cases that another program made, such as OpenSSL: one a line.
//!
//! A line is `KEY IV OFFSET PLAIN CIPHER`: key, first counter and both texts in hexadecimal (`-` for
//! no byte), and at which place after an aligned one the text is put.

use std::path::Path;

use anyhow::{Context, ensure};

use super::{Outcome, Paths};
use crate::modes::Ctr;
use crate::{gmsm, hex};

/// No more than this, so that a wrong file does not ask for all memory.
const LARGEST_OFFSET: usize = 4096;

struct Case {
    key: [u8; 16],
    iv: [u8; 16],
    offset: usize,
    plain: Vec<u8>,
    cipher: Vec<u8>,
}

/// Each case on each path, and on Go's.
pub(super) fn run(file: &Path, paths: &Paths) -> Outcome {
    let name = || format!("`{}`", file.display());
    let text = std::fs::read(file).with_context(|| format!("cannot read {}", name()))?;
    let mut cases = 0;
    for (number, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        let place = || format!("{}, line {}", name(), number + 1);
        Case::read(line).with_context(place)?.check(paths).with_context(place)?;
        cases += 1;
    }
    ensure!(cases > 0, "{} has no case", name());
    Ok(format!("{cases} cases"))
}

impl Case {
    fn read(line: &[u8]) -> anyhow::Result<Self> {
        let mut words = line.split(|byte| *byte == b' ');
        let mut next = |what| words.next().with_context(|| format!("has no {what}"));
        let block = |word| {
            let bytes = hex::bytes(word)?;
            bytes
                .try_into()
                .map_err(|bytes: Vec<u8>| anyhow::anyhow!("{} bytes, want 16", bytes.len()))
        };
        let case = Self {
            key: block(next("key")?).context("the key")?,
            iv: block(next("counter")?).context("the counter")?,
            offset: std::str::from_utf8(next("offset")?)?.parse().context("the offset")?,
            plain: hex::bytes(next("plain text")?).context("the plain text")?,
            cipher: hex::bytes(next("cipher text")?).context("the cipher text")?,
        };
        ensure!(words.next().is_none(), "more than five words");
        ensure!(case.offset <= LARGEST_OFFSET, "an offset above {LARGEST_OFFSET}");
        ensure!(case.plain.len() == case.cipher.len(), "texts of different lengths");
        Ok(case)
    }

    fn check(&self, paths: &Paths) -> anyhow::Result<()> {
        let mut room = vec![0; self.offset + self.plain.len()];
        for key in paths.keys(&self.key) {
            let name = key.path();
            room[self.offset..].copy_from_slice(&self.plain);
            Ctr::new(key, &self.iv).apply(&mut room[self.offset..]);
            ensure!(room[self.offset..] == self.cipher, "{name} encrypts otherwise");
        }
        gmsm::ctr(&self.key, &self.iv, &self.plain, &mut room[self.offset..])?;
        ensure!(room[self.offset..] == self.cipher, "Go encrypts otherwise");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong_in_a_line() {
        let key = "00".repeat(16);
        for (line, want) in [
            (format!("{key} {key} 0 00"), "has no cipher text"),
            (format!("{key} 00 0 00 00"), "the counter: 1 bytes, want 16"),
            (format!("{key} {key} x 00 00"), "the offset: invalid digit found in string"),
            (format!("{key} {key} 9999 00 00"), "an offset above 4096"),
            (format!("{key} {key} 1 00 0000"), "texts of different lengths"),
            (format!("{key} {key} 1 00 0g"), "the cipher text: a byte is two hexadecimal digits"),
            (format!("{key} {key} 1 - - -"), "more than five words"),
        ] {
            let error = Case::read(line.as_bytes()).err().unwrap();
            assert_eq!(format!("{error:#}"), want);
        }
        let case = Case::read(format!("{key} {key} 3 - -").as_bytes()).unwrap();
        assert_eq!((case.offset, case.plain.len(), case.cipher.len()), (3, 0, 0));
    }
}

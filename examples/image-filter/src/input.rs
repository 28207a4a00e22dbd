//! The file that is read: all of it, within a limit.

use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes that a file may have. More than any picture that is accepted needs.
const MAX_BYTES: u64 = 1 << 29;

/// The bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("cannot open `{name}`"))?;
    let mut bytes = Vec::new();
    // A device may have no end, so the size that the file system tells is no limit.
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read `{name}`"))?;
    ensure!(bytes.len() as u64 <= MAX_BYTES, "`{name}` has more than {} MiB", MAX_BYTES >> 20);
    Ok(bytes)
}

//! Where the bytes come from: a file, or standard input.

use anyhow::{Context, Result};
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::Path;

/// Something to read, with the name to use in errors.
pub(crate) struct Input<'a> {
    name: String,
    reader: Box<dyn Read + 'a>,
    meta: Option<Metadata>,
}

impl<'a> Input<'a> {
    /// Opens `path`; `-` is `stdin`.
    pub(crate) fn open(path: &Path, stdin: &'a mut dyn Read) -> Result<Self> {
        if path.as_os_str() == "-" {
            return Ok(Self { name: "standard input".into(), reader: Box::new(stdin), meta: None });
        }
        let name = format!("`{}`", path.display());
        let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
        let meta = file.metadata().with_context(|| format!("cannot open {name}"))?;
        Ok(Self { name, reader: Box::new(file), meta: Some(meta) })
    }

    /// What the file system says of a named file.
    pub(crate) fn meta(&self) -> Option<&Metadata> {
        self.meta.as_ref()
    }

    /// Bytes in all, where that is known beforehand.
    pub(crate) fn len(&self) -> Option<u64> {
        self.meta().filter(|meta| meta.is_file()).map(Metadata::len)
    }

    /// Fills the front of `piece` and says how far; 0 is the end.
    pub(crate) fn read(&mut self, piece: &mut [u8]) -> Result<usize> {
        loop {
            match self.reader.read(piece) {
                // A signal cut it short. Go's runtime uses signals, so expect them.
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                done => return done.with_context(|| format!("cannot read {}", self.name)),
            }
        }
    }
}

//! Where the bytes go: a file that appears whole or not at all, standard output, or a device.

use crate::input::Input;
use anyhow::{Context, Result, bail};
use std::fs::{self, Metadata, OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// Something to write, with the name to use in errors.
pub(crate) struct Output<'a> {
    name: String,
    sink: Sink<'a>,
}

enum Sink<'a> {
    /// Written beside its final place and renamed at the end. Dropped before that, it is gone.
    Atomic { temp: NamedTempFile, place: PathBuf },
    /// A pipe or a device: what is written is written.
    Direct(Box<dyn Write + 'a>),
}

impl<'a> Output<'a> {
    /// Prepares to write `path`; `-` is `stdout`. Nothing at `path` changes before
    /// [`finish`](Self::finish), so it may be the very file that `input` reads.
    pub(crate) fn create(path: &Path, input: &Input, stdout: &'a mut dyn Write) -> Result<Self> {
        if path.as_os_str() == "-" {
            return Ok(Self {
                name: "standard output".into(),
                sink: Sink::Direct(Box::new(stdout)),
            });
        }
        let name = format!("`{}`", path.display());
        let sink = match fs::metadata(path) {
            Ok(meta) if meta.is_file() => replace(path, &meta),
            Ok(meta) => device(path, &meta, input),
            Err(error) if error.kind() == ErrorKind::NotFound => beside(path.to_owned(), 0o666),
            Err(error) => Err(error.into()),
        };
        Ok(Self { sink: sink.with_context(|| format!("cannot write {name}"))?, name })
    }

    /// Writes all of `piece`.
    pub(crate) fn write(&mut self, piece: &[u8]) -> Result<()> {
        let written = match &mut self.sink {
            Sink::Atomic { temp, .. } => temp.write_all(piece),
            Sink::Direct(writer) => writer.write_all(piece),
        };
        written.with_context(|| format!("cannot write {}", self.name))
    }

    /// Puts a file in its place; flushes anything else.
    pub(crate) fn finish(self) -> Result<()> {
        let done = match self.sink {
            Sink::Direct(mut writer) => writer.flush(),
            // Synced first: after a power cut there is the old file or the new one, never half.
            Sink::Atomic { temp, place } => {
                temp.as_file().sync_all().and_then(|()| Ok(temp.persist(place).map(drop)?))
            }
        };
        done.with_context(|| format!("cannot write {}", self.name))
    }
}

/// A new file where a regular one is. It keeps the old one's mode.
fn replace<'a>(path: &Path, meta: &Metadata) -> Result<Sink<'a>> {
    // A rename would replace a read-only file without asking; opening it does ask.
    OpenOptions::new().write(true).open(path)?;
    // Behind a symbolic link it is the target that changes, as with any other program.
    let sink = beside(fs::canonicalize(path)?, 0o600)?;
    if let Sink::Atomic { temp, .. } = &sink {
        temp.as_file().set_permissions(meta.permissions())?;
    }
    Ok(sink)
}

/// A temporary file in the folder of `place`: only there is a rename sure to be one step.
fn beside<'a>(place: PathBuf, mode: u32) -> Result<Sink<'a>> {
    let folder = match place.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let temp = Builder::new()
        .prefix(".sm4-")
        .permissions(Permissions::from_mode(mode)) // the umask still applies
        .tempfile_in(folder)?;
    Ok(Sink::Atomic { temp, place })
}

/// A device or pipe such as `/dev/null`: renaming a file onto it would replace it.
fn device<'a>(path: &Path, meta: &Metadata, input: &Input) -> Result<Sink<'a>> {
    let same = |other: &Metadata| (other.dev(), other.ino()) == (meta.dev(), meta.ino());
    if meta.is_dir() {
        bail!("it is a folder");
    }
    if input.meta().is_some_and(same) {
        bail!("it is the input as well, and no regular file that could be replaced at the end");
    }
    let file = OpenOptions::new().write(true).open(path)?;
    Ok(Sink::Direct(Box::new(file)))
}

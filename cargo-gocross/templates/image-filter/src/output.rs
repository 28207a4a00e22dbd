//! The file that is written: it appears whole or not at all, unless it is a pipe or a device.

use anyhow::{Context, Result, bail};
use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// Has `write` fill a file, which is then put in the place of `path`. Nothing at `path` changes
/// before, so it may be the very file that was read.
pub(crate) fn write(path: &Path, write: impl FnOnce(&File) -> Result<()>) -> Result<()> {
    let whole = || {
        let sink = Sink::prepare(path)?;
        write(sink.file())?;
        sink.finish()
    };
    whole().with_context(|| format!("cannot write `{}`", path.display()))
}

enum Sink {
    /// Written beside its final place and renamed at the end. Dropped before that, it is gone.
    Atomic { temp: NamedTempFile, place: PathBuf },
    /// A pipe or a device: what is written is written.
    Direct(File),
}

impl Sink {
    fn prepare(path: &Path) -> Result<Self> {
        match fs::metadata(path) {
            Ok(meta) if meta.is_file() => replace(path, &meta),
            Ok(meta) if meta.is_dir() => bail!("it is a folder"),
            // Renaming a file onto a device would replace it.
            Ok(_) => Ok(Self::Direct(OpenOptions::new().write(true).open(path)?)),
            Err(error) if error.kind() == ErrorKind::NotFound => beside(path.to_owned(), 0o666),
            Err(error) => Err(error.into()),
        }
    }

    fn file(&self) -> &File {
        match self {
            Self::Atomic { temp, .. } => temp.as_file(),
            Self::Direct(file) => file,
        }
    }

    fn finish(self) -> Result<()> {
        if let Self::Atomic { temp, place } = self {
            // Synced first: after a power cut there is the old file or the new one, never half.
            temp.as_file().sync_all()?;
            temp.persist(place)?;
        }
        Ok(())
    }
}

/// A new file where a regular one is. It keeps the old one's mode.
fn replace(path: &Path, meta: &Metadata) -> Result<Sink> {
    // A rename would replace a read-only file without asking; opening it does ask.
    OpenOptions::new().write(true).open(path)?;
    // Behind a symbolic link it is the target that changes, as with any other program.
    let sink = beside(fs::canonicalize(path)?, 0o600)?;
    sink.file().set_permissions(meta.permissions())?;
    Ok(sink)
}

/// A temporary file in the folder of `place`: only there is a rename sure to be one step.
fn beside(place: PathBuf, mode: u32) -> Result<Sink> {
    let folder = match place.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let temp = Builder::new()
        .prefix(".image-filter-")
        .permissions(Permissions::from_mode(mode)) // the umask still applies
        .tempfile_in(folder)?;
    Ok(Sink::Atomic { temp, place })
}

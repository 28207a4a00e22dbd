//! Reads the files that are to be looked at.

use std::io::Read;
use std::path::Path;
use std::time::SystemTime;

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_elf::File;
use gocross_toolchain::{Env, quoted};

/// A file as it was read.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) bytes: Vec<u8>,
    /// What happened to the file meanwhile, in a phrase.
    pub(crate) changed: Option<String>,
}

/// What is read: a file, or in tests one that somebody writes to.
trait Source: Read {
    /// The size in bytes, and the time of the last write where the file system has one.
    fn stamp(&self) -> std::io::Result<(u64, Option<SystemTime>)>;
}

impl Source for fs_err::File {
    fn stamp(&self) -> std::io::Result<(u64, Option<SystemTime>)> {
        let metadata = self.metadata()?;
        Ok((metadata.len(), metadata.modified().ok()))
    }
}

/// Reads a regular file, which others may write to at the same time.
///
/// # Errors
///
/// [`Code::BadFile`].
pub(crate) fn contents(env: &Env, file: &Path) -> Result<Contents> {
    let path = env.current_dir().join(file);
    let metadata = fs_err::metadata(&path).map_err(|error| bad(file, &error.to_string()))?;
    // A pipe is never opened: nobody may write to it for a long time.
    if metadata.is_dir() {
        return Err(bad(file, "it is a folder"));
    }
    if !metadata.is_file() {
        return Err(bad(file, "it is a pipe, a socket or a device"));
    }
    let mut opened = fs_err::File::open(&path).map_err(|error| bad(file, &error.to_string()))?;
    read(&mut opened).map_err(|error| bad(file, &error.to_string()))
}

/// The bytes of a file that nobody writes to.
///
/// # Errors
///
/// [`Code::BadFile`].
pub(crate) fn bytes(env: &Env, file: &Path) -> Result<Vec<u8>> {
    let contents = contents(env, file)?;
    match contents.changed {
        Some(how) => Err(bad(file, &format!("it {how}"))),
        None => Ok(contents.bytes),
    }
}

/// Reads all of it into memory. A mapped file that is cut short ends the process with SIGBUS.
fn read(source: &mut impl Source) -> std::io::Result<Contents> {
    let (size, written) = source.stamp()?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(usize::try_from(size).unwrap_or(usize::MAX))?;
    // No more than the size: the end of a file that grows may never come.
    source.take(size).read_to_end(&mut bytes)?;
    let count = bytes.len() as u64;
    let (size_now, written_now) = source.stamp()?;
    let changed = if count < size || size_now < size {
        let left = count.min(size_now);
        Some(format!("was cut short while it was read: {left} of {size} bytes are left"))
    } else if (size_now, written_now) != (size, written) {
        Some("was written to while it was read".to_owned())
    } else {
        None
    };
    Ok(Contents { bytes, changed })
}

/// The facts of a file.
///
/// # Errors
///
/// [`Code::BadFile`].
pub(crate) fn describe<'data>(file: &Path, bytes: &'data [u8]) -> Result<File<'data>> {
    if bytes.is_empty() {
        return Err(bad(file, "it is empty"));
    }
    if bytes.starts_with(b"#!") {
        return Err(bad(file, "it is a script"));
    }
    File::read(bytes).map_err(|error| bad(file, &error.to_string()))
}

/// A thin archive has nothing in it that could be judged.
pub(super) fn refuse_thin(path: &Path, file: &File<'_>) -> Result<()> {
    match file {
        File::Archive(archive) if archive.thin => {
            let mut error = *bad(path, "it is a thin archive, whose members lie in other files");
            error.help.clear();
            Err(Box::new(error.hint(hint!("cargo gocross verify $(ar t {})", quoted(path)))))
        }
        _ => Ok(()),
    }
}

/// A file that cannot be looked at.
pub(crate) fn bad(file: &Path, why: &str) -> Box<Diagnostic> {
    let message = format!("`{}` cannot be looked at", file.display());
    let help = "name a program, a library, an object or an archive";
    Box::new(Diagnostic::error(Code::BadFile, message).detail(why).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file to which somebody does something as soon as its first bytes were read.
    struct Written<'a> {
        file: fs_err::File,
        path: &'a Path,
        then: Option<fn(&Path)>,
    }

    impl Read for Written<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = buffer.len().min(1000);
            let read = self.file.read(&mut buffer[..count])?;
            if let Some(then) = self.then.take() {
                then(self.path);
            }
            Ok(read)
        }
    }

    impl Source for Written<'_> {
        fn stamp(&self) -> std::io::Result<(u64, Option<SystemTime>)> {
            self.file.stamp()
        }
    }

    /// Copies this test's own program, and reads it while `then` happens to it.
    fn read_while(then: Option<fn(&Path)>) -> Contents {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("program");
        fs_err::copy("/proc/self/exe", &path).unwrap();
        let file = fs_err::File::open(&path).unwrap();
        read(&mut Written { file, path: &path, then }).unwrap()
    }

    fn open(path: &Path) -> fs_err::File {
        fs_err::OpenOptions::new().write(true).open(path).unwrap()
    }

    #[test]
    fn a_file_that_nobody_writes_to_is_whole() {
        let contents = read_while(None);
        assert_eq!(contents.changed, None);
        assert!(contents.bytes == fs_err::read("/proc/self/exe").unwrap());
    }

    #[test]
    fn a_file_that_is_cut_short_meanwhile_is_told() {
        let contents = read_while(Some(|path| open(path).set_len(4096).unwrap()));
        assert_eq!(contents.bytes.len(), 4096);
        let changed = contents.changed.unwrap();
        assert!(changed.starts_with("was cut short while it was read: 4096 of "), "{changed}");
    }

    #[test]
    fn a_file_that_is_emptied_and_written_anew_is_told() {
        let contents = read_while(Some(|path| fs_err::write(path, "new").unwrap()));
        assert!(contents.changed.unwrap().contains("3 of "));
        // As a linker does that writes in place.
        let contents = read_while(Some(|path| {
            let file = open(path);
            let long_ago = SystemTime::UNIX_EPOCH;
            file.file().set_modified(long_ago).unwrap();
        }));
        assert_eq!(contents.changed.as_deref(), Some("was written to while it was read"));
        let contents = read_while(Some(|path| open(path).set_len(1 << 40).unwrap()));
        assert_eq!(contents.changed.as_deref(), Some("was written to while it was read"));
    }
}

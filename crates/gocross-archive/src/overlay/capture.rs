//! The program that Go takes for the linker, and that takes the objects away.

use std::path::{Path, PathBuf};

use gocross_diagnostic::Result;

use super::io;
use crate::Request;
use crate::rewrite::Input;

/// A stand-in for the linker.
pub(super) struct Capture {
    program: PathBuf,
    objects: PathBuf,
}

impl Capture {
    /// Makes the program in a folder.
    ///
    /// # Errors
    ///
    /// The folder cannot be written.
    pub(super) fn new(request: &Request<'_>, folder: &Path) -> Result<Self> {
        let capture =
            Self { program: folder.join("gocross-extld"), objects: folder.join("objects") };
        fs_err::create_dir(&capture.objects).map_err(|error| io(&error))?;
        let folder = shell_quoted(&capture.objects.display().to_string());
        let text = SCRIPT.replace("@CC@", &request.cc.command_line()).replace("@OBJECTS@", &folder);
        fs_err::write(&capture.program, text).map_err(|error| io(&error))?;
        make_executable(&capture.program).map_err(|error| io(&error))?;
        Ok(capture)
    }

    /// The program's path.
    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    /// The objects that Go handed over, by name.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    pub(super) fn objects(&self) -> Result<Vec<Input>> {
        let entries = fs_err::read_dir(&self.objects).map_err(|error| io(&error))?;
        let mut objects = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| io(&error))?;
            let data = fs_err::read(entry.path()).map_err(|error| io(&error))?;
            objects.push(Input { name: entry.file_name().to_string_lossy().into_owned(), data });
        }
        objects.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(objects)
    }
}

/// Go tries arguments out before it links: it compiles something, or links its `trivial.c`.
/// That is for the real compiler. The one link that names objects is the program's.
const SCRIPT: &str = r#"#!/bin/sh
for word do
  case $word in -c|*.c) exec @CC@ "$@" ;; esac
done
output=
previous=
found=
for word do
  if [ "$previous" = -o ]; then output=$word; fi
  case $word in *.o) cp "$word" @OBJECTS@/ || exit 1; found=yes ;; esac
  previous=$word
done
if [ -z "$found" ]; then exec @CC@ "$@"; fi
: > "$output"
"#;

fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs_err::set_permissions(path, PermissionsExt::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> std::io::Result<()> {
    Err(std::io::Error::other("there is no shell to run the stand-in for the linker"))
}

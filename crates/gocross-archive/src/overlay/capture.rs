//! The program that Go takes for the linker, and that takes the objects away.

use std::path::{Path, PathBuf};

use gocross_diagnostic::Result;
use gocross_toolchain::Env;
use tempfile::TempDir;

use super::{io, symlink};
use crate::Request;
use crate::rewrite::Input;

/// A stand-in for the linker.
pub(super) struct Capture {
    program: PathBuf,
    objects: PathBuf,
    /// The folder of the program's other name, which goes with it.
    _link: Option<TempDir>,
}

impl Capture {
    /// Makes the program in a folder.
    ///
    /// # Errors
    ///
    /// The folder cannot be written.
    pub(super) fn new(env: &Env, request: &Request<'_>, folder: &Path) -> Result<Self> {
        let (program, objects) = (folder.join("gocross-extld"), folder.join("objects"));
        fs_err::create_dir(&objects).map_err(|error| io(&error))?;
        let place = shell_quoted(&objects.display().to_string());
        let text = SCRIPT.replace("@CC@", &request.cc.command_line()).replace("@OBJECTS@", &place);
        fs_err::write(&program, text).map_err(|error| io(&error))?;
        make_executable(&program).map_err(|error| io(&error))?;
        let (program, link) = plain_name(env, program).map_err(|error| io(&error))?;
        Ok(Self { program, objects, _link: link })
    }

    /// The program's path, without spaces and quotes.
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

/// Another name for a program whose path holds a space or a quote. Go splits the value of
/// `-extld` twice, once as a part of `-ldflags` (`cmd/internal/quoted`), which would take quotes
/// round quotes, and it knows no escapes. A link and not a copy: nothing may be run from a
/// temporary folder that is mounted `noexec`.
fn plain_name(env: &Env, program: PathBuf) -> std::io::Result<(PathBuf, Option<TempDir>)> {
    let is_plain = |path: &Path| {
        !path.to_string_lossy().contains(|c: char| c.is_whitespace() || matches!(c, '\'' | '"'))
    };
    if is_plain(&program) {
        return Ok((program, None));
    }
    let own = env.peek("TMPDIR").map(PathBuf::from);
    let places = own.into_iter().chain(["/tmp", "/var/tmp", "/dev/shm"].map(PathBuf::from));
    let mut trouble = std::io::Error::other("no temporary folder without a space in its path");
    for place in places.filter(|place| place.is_absolute() && is_plain(place)) {
        match tempfile::Builder::new().prefix("gocross-").tempdir_in(place) {
            Ok(folder) => {
                let link = folder.path().join("extld");
                symlink(&program, &link)?;
                return Ok((link, Some(folder)));
            }
            Err(error) => trouble = error,
        }
    }
    Err(trouble)
}

/// Go tries arguments out before it links: it compiles something, or links its `trivial.c`.
/// That is for the real compiler. The one link that names objects is the program's: Go's own lie
/// beside `go.o`, and those that `#cgo LDFLAGS` name lie elsewhere. Where its
/// arguments are too many for a system, they are the lines of a file, each in quotes
/// (`passLongArgsInResponseFile` in Go's `cmd/link/internal/ld/lib.go`).
const SCRIPT: &str = r#"#!/bin/sh
case $#-$1 in 1-@*)
  file=${1#@}
  set --
  while IFS= read -r line; do
    line=${line#\"}
    set -- "$@" "${line%\"}"
  done < "$file"
esac
for word do
  case $word in -c|*.c) exec @CC@ "$@" ;; esac
done
output=
previous=
found=
own=
for word do
  if [ "$previous" = -o ]; then output=$word; fi
  case $word in */go.o) own=${word%/go.o}; found=yes ;; esac
  if [ -n "$own" ] && [ "$word" = "$own/${word##*/}" ]; then
    case $word in *.o) cp "$word" @OBJECTS@/ || exit 1 ;; esac
  fi
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A stand-in in a folder; its compiler only says that it was called.
    fn script(folder: &Path) -> (PathBuf, PathBuf) {
        let (program, objects) = (folder.join("extld"), folder.join("objects"));
        fs_err::create_dir_all(&objects).unwrap();
        let place = shell_quoted(&objects.display().to_string());
        let text = SCRIPT.replace("@CC@", "echo called").replace("@OBJECTS@", &place);
        fs_err::write(&program, text).unwrap();
        make_executable(&program).unwrap();
        (program, objects)
    }

    #[test]
    fn objects_are_taken_from_arguments_and_from_a_file_of_them() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("it's a=b, é");
        fs_err::create_dir(&folder).unwrap();
        let (program, objects) = script(&folder);
        let env = Env::new([("PATH", "/usr/bin:/bin")], folder.clone());
        // Named by `#cgo LDFLAGS`: not Go's own.
        let other = folder.join("elsewhere/named.o");
        fs_err::create_dir(other.parent().unwrap()).unwrap();
        fs_err::write(&other, "other").unwrap();
        for (name, in_a_file) in [("one.o", false), ("two.o", true)] {
            let [main, object, output] = ["go.o", name, "output"].map(|file| folder.join(file));
            fs_err::write(&main, "go").unwrap();
            fs_err::write(&object, name).unwrap();
            let mut words = vec!["-m32".to_owned(), "-o".to_owned()];
            let paths = [&output, &main, &object, &other];
            words.extend(paths.map(|path| path.display().to_string()));
            if in_a_file {
                let lines: String = words.iter().map(|word| format!("\"{word}\"\n")).collect();
                fs_err::write(folder.join("response"), lines).unwrap();
                words = vec![format!("@{}", folder.join("response").display())];
            }
            let result = gocross_toolchain::run(&env, &program, &words, &[]).unwrap();
            assert!(result.success && result.stdout.is_empty(), "{result:?}");
            assert_eq!(fs_err::read_to_string(objects.join(name)).unwrap(), name);
            assert!(objects.join("go.o").is_file() && !objects.join("named.o").exists());
            fs_err::remove_file(output).unwrap();
        }
        let result = gocross_toolchain::run(&env, &program, ["-c", "x.c"], &[]).unwrap();
        assert_eq!(result.stdout, "called -c x.c\n");
    }

    #[test]
    fn a_path_that_go_would_split_gets_another_name() {
        let dir = tempfile::tempdir().unwrap();
        let odd = dir.path().join("a b");
        fs_err::create_dir(&odd).unwrap();
        let program = odd.join("extld");
        fs_err::write(&program, "x").unwrap();
        // A temporary folder of the user's may have such a name itself.
        for temporary in [dir.path(), odd.as_path()] {
            let env = Env::new([("TMPDIR", temporary)], "/");
            let (name, link) = plain_name(&env, program.clone()).unwrap();
            assert!(!name.display().to_string().contains(' '), "{}", name.display());
            assert_eq!(fs_err::read_to_string(&name).unwrap(), "x");
            drop(link);
            assert!(!name.exists());
        }
        let plain = dir.path().join("extld");
        let env = Env::new([("TMPDIR", dir.path())], "/");
        assert_eq!(plain_name(&env, plain.clone()).unwrap().0, plain);
    }
}

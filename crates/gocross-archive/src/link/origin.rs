//! Who asks for a word of the linker's, for diagnostics.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::list::Package;

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) enum Origin<'a> {
    /// `CGO_LDFLAGS`.
    Environment,
    /// A `#cgo LDFLAGS` line of a package.
    LdFlags(&'a Package),
    /// What pkg-config says for a `#cgo pkg-config` line of a package.
    PkgConfig(&'a Package),
    /// The language of sources of a package.
    Language(&'a Package, &'static str),
}

impl Origin<'_> {
    /// The directory of the package that asks.
    pub(crate) fn directory(&self) -> Option<&Path> {
        match self {
            Self::Environment => None,
            Self::LdFlags(package) | Self::PkgConfig(package) | Self::Language(package, _) => {
                Some(&package.dir)
            }
        }
    }

    /// Who asks for `word`, with the line where one is found: `go list` does not tell lines.
    pub(crate) fn of(&self, word: &str) -> AskedBy {
        let (package, key) = match self {
            Self::Environment => return AskedBy::Environment,
            Self::Language(package, language) => {
                return AskedBy::Language(package.import_path.clone(), language);
            }
            Self::LdFlags(package) => (package, "LDFLAGS"),
            Self::PkgConfig(package) => (package, "pkg-config"),
        };
        let place = package.cgo_files.iter().find_map(|file| {
            let path = package.dir.join(file);
            let text = fs_err::read_to_string(&path).ok()?;
            let found =
                |line: &str| is_line_of(line, key, word, &package.dir.display().to_string());
            Some((path, text.lines().position(found)? + 1))
        });
        let line = place.or_else(|| {
            // pkg-config's words stand in no source: any of the package's lines will do.
            let file = package.cgo_files.first().map(|file| package.dir.join(file))?;
            let text = fs_err::read_to_string(&file).ok()?;
            let found = |line: &str| is_line_of(line, key, "", "");
            Some((file, text.lines().position(found)? + 1))
        });
        AskedBy::Line { key, package: package.import_path.clone(), line }
    }
}

/// Whether a line of a source is a `#cgo` line with a key that holds a word.
fn is_line_of(line: &str, key: &str, word: &str, dir: &str) -> bool {
    // `// #cgo linux LDFLAGS: -lz`, with or without the slashes, in a comment of either kind.
    let line = line.trim_start_matches(['/', '*', ' ', '\t']);
    let Some((head, flags)) = line.strip_prefix("#cgo").and_then(|line| line.split_once(':'))
    else {
        return false;
    };
    head.trim_end().ends_with(key) && flags.replace("${SRCDIR}", dir).contains(word)
}

/// Who asked, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AskedBy {
    /// `CGO_LDFLAGS`.
    Environment,
    /// A `#cgo` line.
    Line { key: &'static str, package: String, line: Option<(PathBuf, usize)> },
    /// The language of sources.
    Language(String, &'static str),
}

impl fmt::Display for AskedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("`CGO_LDFLAGS`"),
            Self::Line { key, line: Some((file, line)), .. } => {
                write!(f, "`#cgo {key}` at {}:{line}", file.display())
            }
            Self::Line { key, package, line: None } => write!(f, "`#cgo {key}` of `{package}`"),
            Self::Language(package, language) => write!(f, "{language} sources of `{package}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_in_every_form_of_comment() {
        for line in [
            "// #cgo LDFLAGS: -L/src/lib -lz",
            "#cgo linux,amd64 LDFLAGS: -lz",
            " * #cgo LDFLAGS:-L${SRCDIR}/x -lz",
        ] {
            assert!(is_line_of(line, "LDFLAGS", "-lz", "/src"), "{line}");
        }
        assert!(is_line_of("#cgo LDFLAGS: ${SRCDIR}/a.a", "LDFLAGS", "/src/a.a", "/src"));
        assert!(!is_line_of("#cgo CFLAGS: -lz", "LDFLAGS", "-lz", "/src"));
        assert!(!is_line_of("// cgo LDFLAGS: -lz", "LDFLAGS", "-lz", "/src"));
    }
}

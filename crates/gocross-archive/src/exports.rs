//! What a package exports to C: its `//export` lines.

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result};

use crate::list::Package;

/// A Go function that C can call, by its `//export` line
/// (<https://pkg.go.dev/cmd/cgo#hdr-C_references_to_Go>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The C name.
    pub name: String,
    /// The file that exports it.
    pub file: PathBuf,
    /// The line of the `//export`, from 1.
    pub line: usize,
}

/// The exports of a package.
///
/// # Errors
///
/// [`Code::GoNoExports`] where there are none, [`Code::Io`].
pub(crate) fn of_package(package: &Package) -> Result<Vec<Export>> {
    let mut exports = Vec::new();
    // cgo looks for exports only in files that import "C".
    for file in &package.cgo_files {
        let path = package.dir.join(file);
        let text = fs_err::read_to_string(&path)
            .map_err(|error| Box::new(Diagnostic::error(Code::Io, error.to_string())))?;
        exports.extend(in_text(&text, &path));
    }
    if exports.is_empty() {
        return Err(none(package));
    }
    Ok(exports)
}

fn in_text(text: &str, file: &Path) -> Vec<Export> {
    let export = |(index, line): (usize, &str)| {
        let name = line.strip_prefix("//export")?;
        // `//exported` is an ordinary comment.
        if !name.starts_with([' ', '\t']) {
            return None;
        }
        let name = name.split_whitespace().next()?.to_owned();
        Some(Export { name, file: file.to_owned(), line: index + 1 })
    };
    text.lines().enumerate().filter_map(export).collect()
}

fn none(package: &Package) -> Box<Diagnostic> {
    let message = format!("the Go package in `{}` exports nothing to C", package.dir.display());
    // The commonest mistake: `//export` in a file that does not import "C" is a comment.
    let ignored = package.go_files.iter().find_map(|file| {
        let path = package.dir.join(file);
        let text = fs_err::read_to_string(&path).ok()?;
        in_text(&text, &path).into_iter().next()
    });
    let diagnostic = Diagnostic::error(Code::GoNoExports, message);
    Box::new(match ignored {
        Some(Export { name, file, line }) => diagnostic
            .detail(format!(
                "`//export {name}` at {}:{line} does not count: the file does not import \"C\"",
                file.display()
            ))
            .help("add `import \"C\"` to that file"),
        None => diagnostic.help(
            "write `//export Name` on the line above `func Name(…)`, in a file with `import \"C\"`",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_are_whole_lines_and_nothing_else() {
        let text = "package main\n//export A\nfunc A() {}\n// export B\n//exported C\n \
                    //export D\n//export\tE // why\n//export\n";
        let names: Vec<_> =
            in_text(text, Path::new("a.go")).into_iter().map(|e| (e.name, e.line)).collect();
        assert_eq!(names, [("A".to_owned(), 2), ("E".to_owned(), 7)]);
    }
}

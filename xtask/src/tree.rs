//! The text files of the project.

use std::path::Path;

use crate::command::Cmd;
use crate::failure::Result;

/// A text file: its path from the top folder, and what it says.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// A file for a test.
    #[cfg(test)]
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The lines, numbered as editors do.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Whether the name ends in this extension.
    pub(crate) fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// All text files below `root` that git tracks or would offer to add.
pub(crate) fn tracked(root: &Path) -> Result<Vec<Source>> {
    let names = Cmd::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .dir(root)
        .read()?;
    let mut sources = Vec::new();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        let path = root.join(name);
        // A file that was deleted and not yet committed as such, or a link to a folder.
        if !path.is_file() {
            continue;
        }
        if let Ok(text) = String::from_utf8(fs_err::read(path)?) {
            sources.push(Source { path: name.to_owned(), text });
        }
    }
    Ok(sources)
}

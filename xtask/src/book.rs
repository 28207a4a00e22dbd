//! `cargo xtask book`: the pages of `docs/` as one book, by mdBook.

use gocross_diagnostic::hint;

use crate::command::Cmd;
use crate::failure::{Failure, Result};
use crate::{ui, workspace};

/// Builds the book beside what cargo builds, and prints the path of its first page.
pub(crate) fn run() -> Result {
    if Cmd::new("mdbook").arg("--version").read().is_err() {
        return Err(Failure::new("mdbook is not installed").hint(hint!("cargo install mdbook")));
    }
    let root = workspace::root();
    let book = workspace::target_dir(root)?.join("book");
    Cmd::new("mdbook").args(["build", "--dest-dir"]).arg(&book).dir(root).run()?;
    ui::data(book.join("index.html").display());
    Ok(())
}

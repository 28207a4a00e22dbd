//! `man`: manual pages, one for the tool and one for each verb.

use std::path::Path;

use clap::Command;
use clap_mangen::Man;
use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_toolchain::{Env, quoted};

use crate::cli::ManArgs;
use crate::{command_tree, ui};

/// Writes all pages to a directory, or prints that of the tool.
///
/// # Errors
///
/// [`Code::Io`] for a directory that cannot be written.
pub(crate) fn run(env: &Env, args: &ManArgs) -> Result<u8> {
    let mut tool =
        command_tree::visible().name(command_tree::PROGRAM).disable_help_subcommand(true);
    tool.build();
    let Some(dir) = &args.dir else {
        ui::print(render(tool)?.1.trim_end());
        return Ok(0);
    };
    let verbs: Vec<Command> = tool.get_subcommands().cloned().collect();
    let folder = env.current_dir().join(dir);
    fs_err::create_dir_all(&folder).map_err(|error| unwritable(dir, &error))?;
    let mut count = 0;
    for command in std::iter::once(tool).chain(verbs) {
        let (file, page) = render(command)?;
        fs_err::write(folder.join(file), page).map_err(|error| unwritable(dir, &error))?;
        count += 1;
    }
    ui::say(&format!("wrote {} to `{}`", ui::many(count, "manual page"), dir.display()));
    let first = dir.join(format!("{}.1", command_tree::PROGRAM));
    ui::hint(&hint!("man -l {}", quoted(&first)));
    Ok(0)
}

/// The name of a page's file, and its text in roff.
fn render(command: Command) -> Result<(String, String)> {
    let page = Man::new(command).source(concat!("cargo-gocross ", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    page.render(&mut text).map_err(|error| unwritable(Path::new("-"), &error))?;
    Ok((page.get_filename(), String::from_utf8_lossy(&text).into_owned()))
}

fn unwritable(dir: &Path, error: &std::io::Error) -> Box<Diagnostic> {
    let message = format!("manual pages cannot be written to `{}`", dir.display());
    Box::new(Diagnostic::error(Code::Io, message).detail(error.to_string()))
}

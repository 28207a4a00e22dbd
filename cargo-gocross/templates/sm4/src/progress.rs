//! A progress bar, where one helps.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};

/// Below this many bytes the work is over before a bar can be read.
const LARGE: u64 = 32 * 1024 * 1024;

/// A bar on standard error, or an invisible one: for small or unknown lengths (bytes), and when
/// standard error is no terminal.
pub(crate) fn bar(len: Option<u64>) -> ProgressBar {
    match len {
        Some(len) if len >= LARGE && stderr().is_terminal() => ProgressBar::new(len).with_style(
            ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}")
                .expect("the template is a constant"),
        ),
        _ => ProgressBar::hidden(),
    }
}

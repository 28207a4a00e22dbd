//! Steps that take long, told while they last.

use std::cell::RefCell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use gocross_toolchain::Step;
use indicatif::{ProgressBar, ProgressStyle};

/// Shows one step at a time: a spinner on a terminal, plain lines elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    running: RefCell<Option<(ProgressBar, Instant)>>,
}

impl Progress {
    /// Nothing is shown until a step begins.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Tells of a step.
    pub(crate) fn step(&self, step: Step<'_>) {
        match step {
            Step::Rustup { target } => {
                self.begin(format!("asking rustup for std of `{}`", target.triple));
            }
            Step::RustSource => self.begin("asking rustup for the sources of std".to_owned()),
            Step::BuildStd { target, release } => self.begin(format!(
                "building std for `{}` with rustc {release}, once for all projects (a minute or two)",
                target.triple
            )),
            Step::WaitForStd { target } => {
                self.begin(format!("waiting for another build of std for `{}`", target.triple));
            }
            Step::ZigLibc { target } => self.begin(format!(
                "trying zig for `{}`; the first time it builds the C library (a minute)",
                target.triple
            )),
            Step::End => self.end(),
        }
    }

    fn begin(&self, what: String) {
        self.end();
        let bar = if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new_spinner().with_message(what);
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        } else {
            eprintln!("{what}");
            ProgressBar::hidden()
        };
        self.running.replace(Some((bar, Instant::now())));
    }

    fn end(&self) {
        let Some((bar, start)) = self.running.take() else { return };
        bar.finish_and_clear();
        let seconds = start.elapsed().as_secs();
        if seconds > 0 {
            eprintln!("done in {seconds} s");
        }
    }
}

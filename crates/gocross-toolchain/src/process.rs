//! Starts other programs, with the environment of an [`Env`] and nothing else.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Env;

/// What a program that ended left behind.
#[derive(Debug, Clone)]
pub struct Output {
    /// Whether it ended with status 0.
    pub success: bool,
    /// Its status in words, such as `exit status: 1`.
    pub status: String,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

/// A path as a shell takes it, for commands that a user is shown.
#[must_use]
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    shlex::try_quote(&text).map_or_else(|_| text.clone(), std::borrow::Cow::into_owned)
}

/// Runs a program to its end with no input and keeps what it wrote.
///
/// The program's stamp is recorded in `env`: another program gives other answers.
///
/// # Errors
///
/// The program cannot be started.
pub fn run<A: AsRef<OsStr>>(
    env: &Env,
    program: &Path,
    args: impl IntoIterator<Item = A>,
    extra: &[(&str, &OsStr)],
) -> std::io::Result<Output> {
    env.stamp(program);
    let output = Command::new(program)
        .args(args)
        .env_clear()
        .envs(env.all())
        .envs(extra.iter().copied())
        .current_dir(env.current_dir())
        .stdin(Stdio::null())
        .output()?;
    Ok(Output {
        success: output.status.success(),
        status: output.status.to_string(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// At most `most` lines of a text, with a line that says how many were left out.
#[must_use]
pub fn first_lines(text: &str, most: usize) -> String {
    let text = text.trim();
    let total = text.lines().count();
    let mut kept = text.lines().take(most).collect::<Vec<_>>().join("\n");
    if total > most {
        kept.push_str(&format!("\n… {} more lines", total - most));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_sees_the_environment_of_env_and_nothing_else() {
        let env = Env::new([("A", "1")], "/");
        let output =
            run(&env, Path::new("/usr/bin/env"), [""; 0], &[("B", OsStr::new("2"))]).unwrap();
        assert_eq!(output.stdout, "A=1\nB=2\n");
    }

    #[test]
    fn long_texts_are_cut_with_a_count() {
        assert_eq!(first_lines("a\nb\nc\n", 2), "a\nb\n… 1 more lines");
        assert_eq!(first_lines("a\nb\n", 2), "a\nb");
    }
}

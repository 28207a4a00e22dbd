//! A command that the user can type.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The programs and shell built-ins with which a hint may begin.
const PROGRAMS: &[&str] = &[
    "apt", "apt-get", "cargo", "cd", "df", "dpkg", "export", "go", "gofmt", "ls", "man", "python3",
    "rustup", "tar", "unset",
];

/// A command that can be typed as it stands: the text of a `hint:` line.
///
/// It is made with [`hint!`](crate::hint!), which does not compile where its text begins with
/// anything but a program. Advice in words is [`Diagnostic::help`](crate::Diagnostic::help).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hint(String);

impl Hint {
    /// A call of a program that is at `path`, which is quoted already where a shell needs that.
    #[must_use]
    pub fn of_program(path: &str, arguments: &str) -> Self {
        Self(format!("{path} {arguments}"))
    }

    /// What [`hint!`](crate::hint!) has checked.
    #[doc(hidden)]
    #[must_use]
    pub const fn checked(command: String) -> Self {
        Self(command)
    }

    /// The command.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes a [`Hint`] of a format string and its arguments, as `format!` does.
///
/// ```
/// # use gocross_diagnostic::hint;
/// let package = "pkg-config";
/// assert_eq!(hint!("apt install {package}").as_str(), "apt install pkg-config");
/// ```
///
/// Prose does not compile:
///
/// ```compile_fail
/// # use gocross_diagnostic::hint;
/// hint!("install a newer Go");
/// ```
///
/// Nor does a command between backticks:
///
/// ```compile_fail
/// # use gocross_diagnostic::hint;
/// hint!("cargo gocross targets` lists them");
/// ```
#[macro_export]
macro_rules! hint {
    ($format:literal $($arguments:tt)*) => {{
        const {
            assert!(
                $crate::is_command($format),
                "a hint is a command that can be typed; advice in words is `help`"
            );
        }
        $crate::Hint::checked(::std::format!($format $($arguments)*))
    }};
}

/// Whether a shell would take a text for a command: it begins with a program, its quotes pair up,
/// and it has no backticks, line breaks or `<placeholders>`.
#[doc(hidden)]
#[must_use]
pub const fn is_command(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut quotes) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'`' | b'\n' | b'<' => return false,
            b'\'' => quotes += 1,
            _ => {}
        }
        at += 1;
    }
    quotes % 2 == 0 && begins_with_program(bytes)
}

const fn begins_with_program(bytes: &[u8]) -> bool {
    let mut program = 0;
    while program < PROGRAMS.len() {
        if is_first_word(bytes, PROGRAMS[program].as_bytes()) {
            return true;
        }
        program += 1;
    }
    false
}

/// `bytes.starts_with(word)` up to a space or the end; slices have no such `const fn`.
const fn is_first_word(bytes: &[u8], word: &[u8]) -> bool {
    if bytes.len() < word.len() || (bytes.len() > word.len() && bytes[word.len()] != b' ') {
        return false;
    }
    let mut at = 0;
    while at < word.len() {
        if bytes[at] != word[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_begins_with_a_program() {
        for text in ["cargo gocross targets", "export CC='a b'", "cd x && cargo run", "ls"] {
            assert!(is_command(text), "{text}");
        }
        for text in
            ["", "cargolike x", "carg", "or cargo", "go `x`", "ls\nls", "cd <dir>", "ls it's"]
        {
            assert!(!is_command(text), "{text}");
        }
    }

    #[test]
    fn a_hint_is_shown_as_it_is_typed() {
        let hint = Hint::of_program("/opt/go/bin/go", "version");
        assert_eq!(hint.to_string(), "/opt/go/bin/go version");
    }
}

//! The one shape of a problem told to a person: what, what was tried, and the cure.
//!
//! ```text
//! error[cc-wrong-target]: the C compiler `cc` does not build for `aarch64-unknown-linux-gnu`
//!   tried `CC_FOR_TARGET`: not set
//!   tried `CC_aarch64_unknown_linux_gnu`: `cc`, builds ELF x86-64, want AArch64
//!
//! hint: apt install gcc-aarch64-linux-gnu
//! ```
//!
//! A `hint:` is a command that can be typed ([`Hint`]), a `help:` says in words what to do.
//!
//! The crate builds that text and prints nothing. Every problem has a [`Code`]:
//! its name, its section in `docs/errors.md` and its exit status hang together there.

mod code;
mod diagnostic;
mod hint;

pub use code::{Code, ExitStatus};
pub use diagnostic::{Diagnostic, Severity, Try};
pub use hint::Hint;
#[doc(hidden)]
pub use hint::is_command;

/// A result whose error can be told to a person as it is.
pub type Result<T> = std::result::Result<T, Box<Diagnostic>>;

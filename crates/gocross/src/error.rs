//! Go errors as Rust errors.
//!
//! Go's `error` is an interface and cannot cross. The pattern is a last result `err *C.char`:
//! nil for success, else `C.CString(e.Error())`, which the caller frees.

use crate::OwnedCStr;
use core::ffi::c_char;
use core::fmt;

/// What a Go function said when it failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoError {
    message: String,
}

impl GoError {
    /// Go's words, unchanged but for bytes that are not UTF-8 (they become U+FFFD).
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for GoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.message.is_empty() {
            return f.write_str("go failed without a message");
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for GoError {}

/// Turns a Go function's error message into a `Result`: nil is `Ok`. The message is freed.
///
/// # Safety
///
/// `err` is null, or a NUL-terminated string on C's heap (Go's `C.CString`) that nobody else
/// frees or uses from now on.
pub unsafe fn check(err: *mut c_char) -> Result<(), GoError> {
    // SAFETY: as this function's own.
    match unsafe { OwnedCStr::from_raw(err) } {
        None => Ok(()),
        Some(text) => Err(GoError { message: text.to_string_lossy().into_owned() }),
    }
}

/// Joins the two results of `func F(...) (r T, err *C.char)`: the value, or the error.
///
/// cgo returns them as `struct F_return { r0, r1 }`, so a call reads
/// `let r = go::F(…); gocross::result(r.r0, r.r1)?`. Group more values in a tuple. When there is
/// an error the value is dropped unseen; a raw pointer in it would leak, so Go returns nil there.
///
/// # Safety
///
/// As for [`check`].
pub unsafe fn result<T>(value: T, err: *mut c_char) -> Result<T, GoError> {
    // SAFETY: as this function's own.
    unsafe { check(err) }.map(|()| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::malloc::testing::{c_bytes, c_string, freed};
    use core::ptr::null_mut;

    #[test]
    fn nil_is_success() {
        // SAFETY: null is allowed.
        unsafe {
            assert_eq!(check(null_mut()), Ok(()));
            assert_eq!(result(("a", 1), null_mut()), Ok(("a", 1)));
        }
        assert_eq!(freed(), 0);
    }

    #[test]
    fn message_is_kept_and_its_memory_freed() {
        // SAFETY: a fresh string on C's heap.
        let error = unsafe { result(5, c_string("open x: no such file")) }.unwrap_err();
        assert_eq!(freed(), 1);
        assert_eq!(error.message(), "open x: no such file");
        assert_eq!(error.to_string(), "open x: no such file");
    }

    #[test]
    fn an_empty_message_is_still_an_error() {
        // SAFETY: a fresh string on C's heap.
        let error = unsafe { check(c_string("")) }.unwrap_err();
        assert_eq!(error.message(), "");
        assert_eq!(error.to_string(), "go failed without a message");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_replaced() {
        // SAFETY: a fresh NUL-terminated allocation on C's heap.
        let error = unsafe { check(c_bytes(b"a\xffb\0").cast()) }.unwrap_err();
        assert_eq!(error.message(), "a\u{fffd}b");
    }
}

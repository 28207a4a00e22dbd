//! A C string that Go made and Rust frees.

use crate::malloc;
use core::ffi::{CStr, c_char};
use core::fmt;
use core::ops::Deref;
use core::ptr::NonNull;

/// A C string from Go's `C.CString` (or `C.malloc`), freed with C's `free` on drop.
///
/// It reads as a [`CStr`]: `text.to_str()`, `text.to_string_lossy()`. A Go string that holds a
/// NUL byte ends there; for such data return bytes and a length ([`OwnedCBytes`]).
///
/// ```no_run
/// # mod go { pub unsafe fn Greet() -> *mut std::ffi::c_char { std::ptr::null_mut() } }
/// use gocross::OwnedCStr;
///
/// // func Greet() *C.char { return C.CString("hello") }
/// // SAFETY: Greet's result comes from C.CString and nobody else frees it.
/// let text = unsafe { OwnedCStr::from_raw(go::Greet()) }.expect("Greet never returns nil");
/// println!("{}", text.to_string_lossy());
/// ```
///
/// [`OwnedCBytes`]: crate::OwnedCBytes
pub struct OwnedCStr(NonNull<c_char>);

// SAFETY: it alone owns plain memory, and any thread may free what another one allocated.
unsafe impl Send for OwnedCStr {}
// SAFETY: a shared reference only reads.
unsafe impl Sync for OwnedCStr {}

impl OwnedCStr {
    /// Takes over a string that Go returned; `None` for nil.
    ///
    /// # Safety
    ///
    /// `text` is null, or a NUL-terminated string on C's heap that nobody else frees, writes or
    /// uses from now on.
    pub unsafe fn from_raw(text: *mut c_char) -> Option<Self> {
        NonNull::new(text).map(Self)
    }

    /// Gives the string up: whoever takes the pointer calls C's `free`.
    pub fn into_raw(self) -> *mut c_char {
        let text = self.0.as_ptr();
        core::mem::forget(self);
        text
    }
}

impl Deref for OwnedCStr {
    type Target = CStr;

    fn deref(&self) -> &CStr {
        // SAFETY: `from_raw` was promised a NUL-terminated string that only we use.
        unsafe { CStr::from_ptr(self.0.as_ptr()) }
    }
}

impl Drop for OwnedCStr {
    fn drop(&mut self) {
        // SAFETY: `from_raw` was promised sole ownership of C memory, and this is its end.
        unsafe { malloc::release(self.0) }
    }
}

impl fmt::Debug for OwnedCStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::malloc::testing::{c_string, freed};

    fn owned(text: &str) -> OwnedCStr {
        // SAFETY: a fresh string on C's heap.
        unsafe { OwnedCStr::from_raw(c_string(text)) }.unwrap()
    }

    #[test]
    fn nil_is_none() {
        // SAFETY: null is allowed.
        assert!(unsafe { OwnedCStr::from_raw(core::ptr::null_mut()) }.is_none());
        assert_eq!(freed(), 0);
    }

    #[test]
    fn reads_and_frees_once() {
        let text = owned("h\u{e9}llo");
        assert_eq!(text.to_str(), Ok("h\u{e9}llo"));
        assert_eq!(format!("{text:?}"), format!("{:?}", c"h\u{e9}llo"));
        assert_eq!(freed(), 0);
        drop(text);
        assert_eq!(freed(), 1);
    }

    #[test]
    fn giving_up_does_not_free() {
        let raw = owned("kept").into_raw();
        assert_eq!(freed(), 0);
        // SAFETY: `into_raw` made it ours alone again.
        let again = unsafe { OwnedCStr::from_raw(raw) }.unwrap();
        assert_eq!(again.to_bytes(), b"kept");
    }

    #[test]
    fn another_thread_may_free_it() {
        let text = owned("far");
        let there = std::thread::spawn(move || {
            drop(text);
            freed()
        });
        assert_eq!((there.join().unwrap(), freed()), (1, 0));
    }
}

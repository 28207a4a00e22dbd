//! Bytes that Go made and Rust frees.

use crate::malloc;
use core::ffi::c_void;
use core::fmt;
use core::ops::Deref;
use core::ptr::NonNull;
use core::slice;

/// Bytes from Go's `C.CBytes` (or `C.malloc`) and their number, freed with C's `free` on drop.
///
/// It reads as a `[u8]`.
///
/// ```no_run
/// # mod go {
/// #     pub struct Read_return { pub r0: *mut std::ffi::c_void, pub r1: usize }
/// #     pub unsafe fn Read() -> Read_return { unreachable!() }
/// # }
/// use gocross::OwnedCBytes;
///
/// // func Read() (unsafe.Pointer, C.size_t) { return C.CBytes(b), C.size_t(len(b)) }
/// // SAFETY: Read's result comes from C.CBytes, is that long, and nobody else frees it.
/// let data = unsafe {
///     let r = go::Read();
///     OwnedCBytes::from_raw(r.r0, r.r1)
/// };
/// ```
pub struct OwnedCBytes {
    data: NonNull<u8>,
    len: usize,
}

// SAFETY: it alone owns plain memory, and any thread may free what another one allocated.
unsafe impl Send for OwnedCBytes {}
// SAFETY: a shared reference only reads.
unsafe impl Sync for OwnedCBytes {}

impl OwnedCBytes {
    /// Takes over `len` bytes that Go returned; `None` for nil. `C.CBytes` of an empty slice is
    /// not nil: it must be freed as well, and is.
    ///
    /// A length that Go counts as `int` comes through [`len`](crate::len()).
    ///
    /// # Safety
    ///
    /// `data` is null, or the start of an allocation on C's heap that holds `len` initialised
    /// bytes (at most `isize::MAX`) and that nobody else frees, writes or uses from now on.
    pub unsafe fn from_raw(data: *mut c_void, len: usize) -> Option<Self> {
        NonNull::new(data.cast()).map(|data| Self { data, len })
    }

    /// Gives the bytes up: whoever takes the pointer calls C's `free`.
    pub fn into_raw(self) -> (*mut c_void, usize) {
        let parts = (self.data.as_ptr().cast(), self.len);
        core::mem::forget(self);
        parts
    }
}

impl Deref for OwnedCBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: `from_raw` was promised `len` initialised bytes that only we use.
        unsafe { slice::from_raw_parts(self.data.as_ptr(), self.len) }
    }
}

impl Drop for OwnedCBytes {
    fn drop(&mut self) {
        // SAFETY: `from_raw` was promised sole ownership of C memory, and this is its end.
        unsafe { malloc::release(self.data) }
    }
}

impl fmt::Debug for OwnedCBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::malloc::testing::{c_bytes, freed};

    fn owned(data: &[u8]) -> OwnedCBytes {
        // SAFETY: a fresh allocation on C's heap of that length.
        unsafe { OwnedCBytes::from_raw(c_bytes(data), data.len()) }.unwrap()
    }

    #[test]
    fn nil_is_none() {
        // SAFETY: null is allowed.
        assert!(unsafe { OwnedCBytes::from_raw(core::ptr::null_mut(), 3) }.is_none());
        assert_eq!(freed(), 0);
    }

    #[test]
    fn reads_past_nul_and_frees_once() {
        let data = owned(b"a\0b");
        assert_eq!(&*data, b"a\0b");
        assert_eq!(format!("{data:?}"), "[97, 0, 98]");
        drop(data);
        assert_eq!(freed(), 1);
    }

    #[test]
    fn no_bytes_are_freed_too() {
        assert!(owned(b"").is_empty());
        assert_eq!(freed(), 1);
    }

    #[test]
    fn giving_up_does_not_free() {
        let (data, len) = owned(b"kept").into_raw();
        assert_eq!(freed(), 0);
        // SAFETY: `into_raw` made it ours alone again.
        let again = unsafe { OwnedCBytes::from_raw(data, len) }.unwrap();
        assert_eq!(&*again, b"kept");
    }
}

//! The C heap, where Go's `C.CString`, `C.CBytes` and `C.malloc` allocate.

use core::ffi::c_void;
use core::ptr::NonNull;

unsafe extern "C" {
    fn free(memory: *mut c_void);
}

/// Frees C memory.
///
/// # Safety
///
/// `memory` came from C's `malloc` (Go's `C.malloc` family is the same heap), is not freed yet
/// and is not used again.
pub(crate) unsafe fn release<T>(memory: NonNull<T>) {
    #[cfg(test)]
    testing::count();
    // SAFETY: as this function's own.
    unsafe { free(memory.as_ptr().cast()) }
}

#[cfg(test)]
pub(crate) mod testing {
    //! A stand-in for Go: allocates as it does, and counts what is freed.

    use super::*;
    use std::cell::Cell;

    unsafe extern "C" {
        fn malloc(size: usize) -> *mut c_void;
    }

    thread_local! {
        static FREED: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn count() {
        FREED.set(FREED.get() + 1);
    }

    /// How many allocations this thread has freed.
    pub(crate) fn freed() -> usize {
        FREED.get()
    }

    /// What `C.CBytes(data)` returns: never null, not even for no bytes.
    pub(crate) fn c_bytes(data: &[u8]) -> *mut c_void {
        // SAFETY: the copy stays inside the allocation, whose size is at least one byte.
        unsafe {
            let memory = malloc(data.len().max(1));
            assert!(!memory.is_null());
            memory.cast::<u8>().copy_from_nonoverlapping(data.as_ptr(), data.len());
            memory
        }
    }

    /// What `C.CString(text)` returns.
    pub(crate) fn c_string(text: &str) -> *mut core::ffi::c_char {
        let mut data = text.as_bytes().to_vec();
        data.push(0);
        c_bytes(&data).cast()
    }
}

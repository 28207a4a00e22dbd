//! A Go value that Rust keeps alive by its handle.

use crate::ffi::GoUintptr;
use core::cell::Cell;
use core::marker::PhantomData;
use core::num::NonZero;

/// A `cgo.Handle` that Rust owns: it keeps a Go value alive and is freed on drop.
///
/// Go pointers must not stay on the Rust side; the number of a `runtime/cgo.Handle` may. Go
/// exports a function that makes it and one that deletes it:
///
/// ```go
/// //export NewThing
/// func NewThing() uintptr { return uintptr(cgo.NewHandle(new(thing))) }
///
/// //export FreeThing
/// func FreeThing(h uintptr) { cgo.Handle(h).Delete() }
/// ```
///
/// ```
/// # mod go {
/// #     pub unsafe extern "C" fn NewThing() -> usize { 7 }
/// #     pub unsafe extern "C" fn FreeThing(h: usize) { assert_eq!(h, 7) }
/// # }
/// use gocross::OwnedHandle;
///
/// // SAFETY: NewThing's handle is ours alone, and FreeThing deletes it.
/// let thing = unsafe { OwnedHandle::new(go::NewThing(), go::FreeThing) };
/// assert_eq!(thing.expect("never zero").raw(), 7);
/// ```
///
/// It may move between threads, since Go does not care which one calls. It is not `Sync`: most
/// Go values are not safe for two calls at once. A wrapper around one that is may say so.
#[derive(Debug)]
pub struct OwnedHandle {
    raw: NonZero<GoUintptr>,
    free: unsafe extern "C" fn(GoUintptr),
    not_sync: PhantomData<Cell<()>>,
}

impl OwnedHandle {
    /// Takes over a handle that Go returned, and the Go function that deletes it. `None` for
    /// zero, which `cgo.NewHandle` never returns.
    ///
    /// # Safety
    ///
    /// `raw` is zero, or a handle that nobody else deletes; `free` may be called with it once,
    /// from any thread.
    pub unsafe fn new(raw: GoUintptr, free: unsafe extern "C" fn(GoUintptr)) -> Option<Self> {
        NonZero::new(raw).map(|raw| Self { raw, free, not_sync: PhantomData })
    }

    /// The number to pass to Go. Go may use it during the call, and must not delete it.
    pub fn raw(&self) -> GoUintptr {
        self.raw.get()
    }

    /// Gives the handle up: whoever takes the number has it deleted.
    pub fn into_raw(self) -> GoUintptr {
        let raw = self.raw.get();
        core::mem::forget(self);
        raw
    }
}

impl Drop for OwnedHandle {
    fn drop(&mut self) {
        // SAFETY: `new` was promised that this handle is ours and that `free` may have it once.
        unsafe { (self.free)(self.raw.get()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    thread_local! {
        static DELETED: RefCell<Vec<GoUintptr>> = const { RefCell::new(Vec::new()) };
    }

    unsafe extern "C" fn delete(handle: GoUintptr) {
        DELETED.with_borrow_mut(|deleted| deleted.push(handle));
    }

    fn owned(raw: GoUintptr) -> Option<OwnedHandle> {
        // SAFETY: `delete` takes any number.
        unsafe { OwnedHandle::new(raw, delete) }
    }

    fn deleted() -> Vec<GoUintptr> {
        DELETED.take()
    }

    #[test]
    fn zero_is_none() {
        assert!(owned(0).is_none());
        assert_eq!(deleted(), []);
    }

    #[test]
    fn dropped_once() {
        let handle = owned(9).unwrap();
        assert_eq!(handle.raw(), 9);
        assert_eq!(deleted(), []);
        drop(handle);
        assert_eq!(deleted(), [9]);
    }

    #[test]
    fn giving_up_does_not_delete() {
        assert_eq!(owned(3).unwrap().into_raw(), 3);
        assert_eq!(deleted(), []);
    }

    #[test]
    fn moves_to_another_thread() {
        let handle = owned(5).unwrap();
        let there = std::thread::spawn(move || {
            drop(handle);
            deleted()
        });
        assert_eq!((there.join().unwrap(), deleted()), (vec![5], vec![]));
    }
}

//! Rust memory lent to Go for one call.
//!
//! Each type holds the Rust borrow itself; `raw()` gives the value that Go reads. Write the two
//! in the argument list, so that the borrow lasts as long as the call:
//! `go::Greet(gocross::str(name).raw())`.

use crate::ffi::{GoInt, GoSlice, GoString};
use core::ptr;

/// Lends a string to Go: [`GoStr`] by a shorter name.
pub fn str(text: &str) -> GoStr<'_> {
    GoStr(text)
}

/// Lends bytes that Go only reads: [`GoBytes`] by a shorter name.
pub fn bytes(data: &[u8]) -> GoBytes<'_> {
    GoBytes(data)
}

/// Lends bytes that Go may write: [`GoBytesMut`] by a shorter name.
pub fn bytes_mut(data: &mut [u8]) -> GoBytesMut<'_> {
    GoBytesMut(data)
}

/// A string lent to Go, which sees it as a `string`.
#[derive(Clone, Copy, Debug)]
pub struct GoStr<'a>(&'a str);

impl GoStr<'_> {
    /// The value to pass. It carries no lifetime: Go must be done with it before the string
    /// changes or ends.
    pub fn raw(self) -> GoString {
        let bytes = self.0.as_bytes();
        GoString { p: nil_if_empty(bytes.as_ptr(), bytes.len()).cast(), n: go_len(bytes.len()) }
    }
}

impl<'a> From<&'a str> for GoStr<'a> {
    fn from(text: &'a str) -> Self {
        Self(text)
    }
}

/// Bytes lent to Go, which sees them as a `[]byte` and must not write to them.
///
/// Go's type says nothing about writing: that the function only reads is part of what the
/// caller's `unsafe` vouches for.
#[derive(Clone, Copy, Debug)]
pub struct GoBytes<'a>(&'a [u8]);

impl GoBytes<'_> {
    /// The value to pass. It carries no lifetime: Go must be done with it before the bytes
    /// change or end.
    pub fn raw(self) -> GoSlice {
        slice(self.0.as_ptr().cast_mut(), self.0.len())
    }
}

impl<'a> From<&'a [u8]> for GoBytes<'a> {
    fn from(data: &'a [u8]) -> Self {
        Self(data)
    }
}

/// Bytes lent to Go, which sees them as a `[]byte` and may write to them.
///
/// The capacity equals the length, so Go's `append` copies instead of writing past the end.
#[derive(Debug)]
pub struct GoBytesMut<'a>(&'a mut [u8]);

impl GoBytesMut<'_> {
    /// The value to pass. It carries no lifetime: Go must be done with it before Rust touches
    /// the bytes again.
    pub fn raw(&mut self) -> GoSlice {
        slice(self.0.as_mut_ptr(), self.0.len())
    }
}

impl<'a> From<&'a mut [u8]> for GoBytesMut<'a> {
    fn from(data: &'a mut [u8]) -> Self {
        Self(data)
    }
}

fn slice(data: *mut u8, len: usize) -> GoSlice {
    let len_go = go_len(len);
    GoSlice { data: nil_if_empty(data, len).cast_mut().cast(), len: len_go, cap: len_go }
}

/// An empty Rust slice points at a small made-up address (1 for bytes). Go ends the process
/// with "invalid pointer found on stack" when it meets a pointer below 4096 while it moves a
/// stack (`adjustpointers` in `runtime/stack.go`), and `checkptr` refuses it as well. Nil is
/// what Go itself uses for "nothing".
fn nil_if_empty(data: *const u8, len: usize) -> *const u8 {
    if len == 0 { ptr::null() } else { data }
}

/// Never wraps: Rust's slices hold at most `isize::MAX` bytes, and that is Go's `int`.
fn go_len(len: usize) -> GoInt {
    len as GoInt
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::slice;

    /// What Go would read.
    fn read(raw: GoSlice) -> Vec<u8> {
        // SAFETY: the tests pass live, non-empty slices.
        unsafe { slice::from_raw_parts(raw.data.cast::<u8>(), raw.len as usize) }.to_vec()
    }

    #[test]
    fn string_points_at_its_bytes() {
        let text = String::from("Gr\u{fc}\u{df}e");
        let raw = str(&text).raw();
        assert_eq!(raw.p.cast(), text.as_ptr());
        assert_eq!(raw.n, 7, "bytes, not characters");
    }

    #[test]
    fn bytes_point_at_the_slice() {
        let data = [1, 2, 3];
        let raw = bytes(&data[1..]).raw();
        assert_eq!(read(raw), [2, 3]);
        assert_eq!(raw.cap, raw.len);
    }

    #[test]
    fn writes_land_in_the_slice() {
        let mut data = *b"abc";
        let raw = GoBytesMut::from(&mut data[..2]).raw();
        assert_eq!((raw.len, raw.cap), (2, 2), "append must not reach the third byte");
        // SAFETY: `raw` covers two live bytes that nothing else borrows.
        unsafe { raw.data.cast::<u8>().add(1).write(b'X') };
        assert_eq!(&data, b"aXc");
    }

    #[test]
    fn empty_is_nil() {
        let held = [7_u8];
        assert!(str("").raw().p.is_null());
        assert!(bytes(&[]).raw().data.is_null());
        assert!(bytes(&held[1..]).raw().data.is_null());
        assert!(bytes_mut(&mut []).raw().data.is_null());
        assert_eq!((str("").raw().n, bytes(&[]).raw().len, bytes(&[]).raw().cap), (0, 0, 0));
    }
}

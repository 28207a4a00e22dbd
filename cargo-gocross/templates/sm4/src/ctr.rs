//! The safe face of the Go functions: the pattern for wrapping Go state in a Rust type.

use crate::go;
use gocross::{GoError, OwnedHandle};

/// An SM4-CTR stream whose state lives in Go. Encrypting and decrypting are the same.
///
/// Dropping it calls `Sm4Free`, so Go's collector can take the state.
pub struct Ctr {
    stream: OwnedHandle,
}

impl Ctr {
    /// Starts at the first byte of the key stream. Fails unless both have 16 bytes.
    pub fn new(key: &[u8], iv: &[u8]) -> Result<Self, GoError> {
        // SAFETY: Go copies both slices and only reads them; the error is C.CString's; the
        // handle is ours alone, and Sm4Free deletes it.
        let stream = unsafe {
            let r = go::Sm4New(gocross::bytes(key).raw(), gocross::bytes(iv).raw());
            let handle = gocross::result(r.r0, r.r1)?;
            OwnedHandle::new(handle, go::Sm4Free)
        };
        Ok(Self { stream: stream.expect("cgo.NewHandle never returns 0") })
    }

    /// Encrypts or decrypts the next `data.len()` bytes of the stream in place. Pieces may have
    /// any length: the stream goes on where the last call ended.
    pub fn apply(&mut self, data: &mut [u8]) -> Result<(), GoError> {
        // SAFETY: Go writes inside `data` only and forgets it; the error is C.CString's. `&mut
        // self` keeps two calls from using one state at once.
        unsafe { gocross::check(go::Sm4Xor(self.stream.raw(), gocross::bytes_mut(data).raw())) }
    }
}

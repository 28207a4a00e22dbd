//! Go's SM4, one whole message a call; [`ctr`](crate::ctr) has the one for streams.

use crate::go;
use gocross::{GoError, OwnedCStr};

/// Which path gmsm takes: it looks at the CPU for itself, and `GODEBUG=cpu.sm4=off` is its
/// `GOCROSS_CPU`.
pub fn path() -> Result<String, GoError> {
    // SAFETY: both are nil or made by C.CString for us to free.
    let name = unsafe {
        let r = go::Sm4Path();
        gocross::check(r.r1)?;
        OwnedCStr::from_raw(r.r0)
    };
    Ok(name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
}

/// Encrypts or decrypts `src` to `dst` in counter mode. Fails unless key and iv have 16 bytes, and
/// where `dst` is shorter than `src`.
pub fn ctr(key: &[u8], iv: &[u8], src: &[u8], dst: &mut [u8]) -> Result<(), GoError> {
    let [key, iv, src] = [key, iv, src].map(gocross::bytes);
    // SAFETY: Go reads the slices, writes inside `dst` only and forgets all of them; the error is
    // C.CString's. The same holds for all calls below.
    unsafe {
        gocross::check(go::Sm4Ctr(key.raw(), iv.raw(), gocross::bytes_mut(dst).raw(), src.raw()))
    }
}

/// Encrypts whole blocks, each on its own.
pub fn ecb(key: &[u8], src: &[u8], dst: &mut [u8]) -> Result<(), GoError> {
    let [key, src] = [key, src].map(gocross::bytes);
    // SAFETY: as in `ctr`.
    unsafe { gocross::check(go::Sm4Ecb(key.raw(), gocross::bytes_mut(dst).raw(), src.raw())) }
}

/// Encrypts `src` in Galois/counter mode, to `dst`, which is 16 bytes longer: the tag is at its end.
pub fn seal(
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    src: &[u8],
    dst: &mut [u8],
) -> Result<(), GoError> {
    let [key, nonce, aad, src] = [key, nonce, aad, src].map(gocross::bytes);
    let mut dst = gocross::bytes_mut(dst);
    // SAFETY: as in `ctr`.
    unsafe { gocross::check(go::Sm4Seal(key.raw(), nonce.raw(), aad.raw(), dst.raw(), src.raw())) }
}

/// Undoes [`seal`]. Fails if anything was changed, and leaves no text in `dst` then.
pub fn open(
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    src: &[u8],
    dst: &mut [u8],
) -> Result<(), GoError> {
    let [key, nonce, aad, src] = [key, nonce, aad, src].map(gocross::bytes);
    let mut dst = gocross::bytes_mut(dst);
    // SAFETY: as in `ctr`.
    unsafe { gocross::check(go::Sm4Open(key.raw(), nonce.raw(), aad.raw(), dst.raw(), src.raw())) }
}

//! Calls Go from Rust: strings, slices, errors and ownership.
//!
//! `gocross-build` compiles a Go package in a build script; this crate is what the code that
//! calls it imports. [`bindings!`] brings the generated functions in, [`str()`](str()),
//! [`bytes`] and [`bytes_mut`] lend Rust memory to them, and the owned types free what they
//! give back.
//!
//! ```
//! # mod go {
//! #     // Stands in for `gocross::bindings!()`: the same shapes, written in Rust.
//! #     use gocross::ffi::{GoInt, GoString};
//! #     use std::ffi::{c_char, c_void};
//! #     unsafe extern "C" { fn malloc(size: usize) -> *mut c_void; }
//! #     pub unsafe extern "C" fn CountRunes(s: GoString) -> GoInt { s.n }
//! #     #[repr(C)]
//! #     pub struct Half_return { pub r0: GoInt, pub r1: *mut c_char }
//! #     pub unsafe extern "C" fn Half(n: GoInt) -> Half_return {
//! #         let mut r1 = std::ptr::null_mut();
//! #         if n % 2 != 0 {
//! #             let text = c"odd number";
//! #             unsafe {
//! #                 r1 = malloc(11).cast();
//! #                 text.as_ptr().copy_to(r1, 11);
//! #             }
//! #         }
//! #         Half_return { r0: n / 2, r1 }
//! #     }
//! # }
//! // SAFETY: CountRunes does not keep the string.
//! let n = unsafe { go::CountRunes(gocross::str("four").raw()) };
//! assert_eq!(n, 4);
//!
//! // func Half(n int) (half int, err *C.char)
//! fn half(n: isize) -> Result<isize, gocross::GoError> {
//!     // SAFETY: `r1` is nil or made by C.CString for us to free.
//!     unsafe {
//!         let r = go::Half(n);
//!         gocross::result(r.r0, r.r1)
//!     }
//! }
//! assert_eq!(half(6), Ok(3));
//! assert_eq!(half(7).unwrap_err().to_string(), "odd number");
//! ```
//!
//! # Who owns what
//!
//! | Go signature | Rust side | memory belongs to |
//! |---|---|---|
//! | parameter `s string` | [`str`](str()) → [`GoStr`] | Rust; Go reads it until it returns |
//! | parameter `b []byte` that Go reads | [`bytes`] → [`GoBytes`] | Rust; Go reads it until it returns |
//! | parameter `b []byte` that Go writes | [`bytes_mut`] → [`GoBytesMut`] | Rust; Go writes it until it returns |
//! | result `*C.char` made by `C.CString` | [`OwnedCStr`] | Rust, freed on drop |
//! | result `unsafe.Pointer` made by `C.CBytes`, and a length | [`OwnedCBytes`] | Rust, freed on drop |
//! | result `err *C.char`, nil for none | [`check`], [`result`] → [`GoError`] | Rust, freed at once |
//! | result `uintptr` made by `cgo.NewHandle` | [`OwnedHandle`] | Rust, freed on drop by a Go function |
//!
//! [`cpu`] tells at run time what the CPU can do.
//!
//! # What `unsafe` asks of a call
//!
//! A generated function is `unsafe` because no compiler sees the other side. The caller vouches
//! that the Go function
//!
//! * keeps no pointer into a borrowed argument after it returns: no sub-slice or sub-string in
//!   a global, a channel, a closure or a goroutine that outlives the call (copy with
//!   `strings.Clone`, `bytes.Clone` or `C.CBytes` instead);
//! * only reads what came from [`str`](str()) or [`bytes`];
//! * lets no panic out: a Go panic that leaves an exported function ends the process, and Rust
//!   cannot catch it. `recover` in Go and return an error.
//!
//! In the child of a `fork` no Go function can be called; [`try_start`] tells.
//!
//! Results that are Go memory (`string`, `[]byte`, `*T`) make Go panic at run time unless they
//! are pinned: return C memory, as in the table. These are the rules of "Passing pointers" in
//! cgo's documentation (`go doc cmd/cgo`).

mod borrow;
mod cbytes;
mod cstr;
pub mod deferred;
mod error;
pub mod ffi;
mod handle;
mod int;
mod malloc;
mod start;

pub use gocross_cpu as cpu;

pub use borrow::{GoBytes, GoBytesMut, GoStr, bytes, bytes_mut, str};
pub use cbytes::OwnedCBytes;
pub use cstr::OwnedCStr;
pub use error::{GoError, check, result};
pub use handle::OwnedHandle;
pub use int::{RangeError, int, len, to_i64, to_u64, uint};
pub use start::{LostByFork, start, try_start};

/// Includes the functions of the Go package that the build script compiled.
///
/// Give them a module of their own, since they keep their Go names:
///
/// ```text
/// mod go {
///     gocross::bindings!();
/// }
/// ```
///
/// The file is `gocross_bindings.rs` in `OUT_DIR`, written by `gocross-build`.
#[macro_export]
macro_rules! bindings {
    () => {
        // Go names are not Rust names, and a program need not call every export. The generated
        // file cannot carry the attribute itself: an included file has no inner attributes.
        #[allow(dead_code, missing_docs, unreachable_pub, unused_imports)]
        #[allow(non_camel_case_types, non_snake_case, non_upper_case_globals)]
        #[allow(clippy::all, clippy::pedantic)]
        mod gocross_bindings {
            ::core::include!(::core::concat!(
                ::core::env!(
                    "OUT_DIR",
                    "no build script ran: add a build.rs that calls gocross_build::GoPackage"
                ),
                "/gocross_bindings.rs"
            ));
        }
        #[allow(unused_imports)]
        pub use self::gocross_bindings::*;
    };
}

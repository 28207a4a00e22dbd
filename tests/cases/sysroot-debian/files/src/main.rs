//! Uses the zlib of the target, in one process with Rust's own.

use std::ffi::{CStr, c_char, c_ulong};

unsafe extern "C" {
    fn zlibVersion() -> *const c_char;
    fn crc32(crc: c_ulong, bytes: *const u8, length: u32) -> c_ulong;
}

fn main() {
    let text = b"123456789";
    let (version, crc) = unsafe { (CStr::from_ptr(zlibVersion()), crc32(0, text.as_ptr(), 9)) };
    println!("zlib {}, crc {crc:x} ({})", version.to_str().unwrap(), std::env::consts::ARCH);
}

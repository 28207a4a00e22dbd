//! What is asked of the C library and the kernel of Linux.
#![allow(dead_code, reason = "each architecture asks for a part of it")]

use core::ffi::{CStr, c_char, c_int, c_ulong};

/// Keys of the auxiliary vector (Linux `include/uapi/linux/auxvec.h`).
pub(crate) const AT_HWCAP: c_ulong = 16;
#[cfg(any(target_arch = "aarch64", target_arch = "arm"))]
pub(crate) const AT_HWCAP2: c_ulong = 26;
#[cfg(target_arch = "arm")]
const AT_PLATFORM: c_ulong = 15;

const O_RDONLY: c_int = 0;
/// The same number on every architecture of `Source::Hwcap` and on x86.
const O_CLOEXEC: c_int = 0o2_000_000;

unsafe extern "C" {
    fn getauxval(kind: c_ulong) -> c_ulong;
    fn getenv(name: *const c_char) -> *const c_char;
    fn open(path: *const c_char, flags: c_int, ...) -> c_int;
    fn read(file: c_int, buffer: *mut u8, size: usize) -> isize;
    fn close(file: c_int) -> c_int;
}

/// A word of the auxiliary vector, 0 where there is none.
pub(crate) fn auxiliary(kind: c_ulong) -> u64 {
    // SAFETY: it only reads the auxiliary vector. The word has 32 bits on some architectures.
    #[allow(clippy::useless_conversion, reason = "c_ulong has 32 bits on some architectures")]
    u64::from(unsafe { getauxval(kind) })
}

/// The kernel's name of the platform.
#[cfg(target_arch = "arm")]
pub(crate) fn platform() -> Option<&'static CStr> {
    // SAFETY: it only reads the auxiliary vector.
    let text = unsafe { getauxval(AT_PLATFORM) } as *const c_char;
    // SAFETY: the kernel has put a text with a NUL at its end there, for as long as the program
    // lasts.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
}

/// Hands a variable's value to `look`. The value is not kept: another thread may change it later.
pub(crate) fn variable<T>(name: &CStr, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
    // SAFETY: the name ends in NUL.
    let value = unsafe { getenv(name.as_ptr()) };
    // SAFETY: a value ends in NUL. As everywhere, who changes the environment while others read
    // it answers for it (`std::env::set_var`).
    (!value.is_null()).then(|| look(unsafe { CStr::from_ptr(value) }.to_bytes()))
}

/// Hands the lines of a file to `look`, of each at most the first 256 bytes; none where the file
/// cannot be read.
pub(crate) fn lines(path: &CStr, mut look: impl FnMut(&[u8])) {
    // SAFETY: the path ends in NUL.
    let file = unsafe { open(path.as_ptr(), O_RDONLY | O_CLOEXEC) };
    if file < 0 {
        return;
    }
    let mut part = [0; 1024];
    let mut line = [0; 256];
    let mut length = 0;
    loop {
        // SAFETY: the buffer is as long as is said.
        let count = unsafe { read(file, part.as_mut_ptr(), part.len()) };
        let Some(bytes) = usize::try_from(count).ok().and_then(|count| part.get(..count)) else {
            break;
        };
        if bytes.is_empty() {
            break;
        }
        for byte in bytes {
            if *byte == b'\n' {
                look(&line[..length]);
                length = 0;
            } else if let Some(place) = line.get_mut(length) {
                *place = *byte;
                length += 1;
            }
        }
    }
    if length > 0 {
        look(&line[..length]);
    }
    // SAFETY: the file was opened here.
    unsafe { close(file) };
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn lines_come_one_by_one() {
        let mut names = Vec::new();
        lines(c"/proc/self/status", |line| {
            names.push(line.split(|byte| *byte == b':').next().unwrap_or_default().to_vec());
        });
        assert_eq!(names[0], b"Name");
        assert!(names.iter().any(|name| name == b"Threads"));
        lines(c"/nowhere", |_| panic!("there is no such file"));
    }

    #[test]
    fn long_lines_are_cut_and_the_last_needs_no_end() {
        let mut lengths = Vec::new();
        lines(c"/proc/self/environ", |line| lengths.push(line.len()));
        assert!(lengths.iter().all(|length| *length <= 256));
        assert!(!lengths.is_empty());
    }

    #[test]
    fn a_variable_is_there_or_not() {
        let path = variable(c"PATH", |value| value.to_vec());
        assert!(path.is_some_and(|path| path.contains(&b'/')));
        assert_eq!(variable(c"GOCROSS_CPU_NO_SUCH_VARIABLE", |_| ()), None);
    }

    #[test]
    fn the_auxiliary_vector_is_read() {
        // AT_PAGESZ, and a key that nobody has.
        assert!(auxiliary(6).is_power_of_two());
        assert!(auxiliary(6) >= 4096);
        assert_eq!(auxiliary(99_999), 0);
    }
}

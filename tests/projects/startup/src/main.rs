//! Spoils what Go must have kept before it asks Go for it.
//!
//! `startup MODE ARGUMENT…`, where MODE is the start that the program was built with. With
//! `STARTUP_EARLY` the environment is changed before anything of Go's has been run. `startup limits`
//! tells of Go's limits, and which of their variables Rust has.

use std::ffi::{CStr, c_char, c_int};

use gocross::OwnedCStr;

mod go {
    gocross::bindings!();
}

unsafe extern "C" {
    /// The first argument itself, on the initial stack (glibc and musl).
    static program_invocation_name: *mut c_char;
    fn getenv(name: *const c_char) -> *const c_char;
    fn setenv(name: *const c_char, value: *const c_char, overwrite: c_int) -> c_int;
    fn unsetenv(name: *const c_char) -> c_int;
    fn getauxval(kind: usize) -> usize;
    fn fork() -> c_int;
    fn waitpid(process: c_int, status: *mut c_int, options: c_int) -> c_int;
}

/// Runs before all constructors without a number, Go's among them: `setenv` moves the
/// environment away from the initial stack, and `unsetenv` leaves a hole there.
#[used]
#[unsafe(link_section = ".init_array.00101")]
static BEFORE_GO: extern "C" fn() = change_environment;

extern "C" fn change_environment() {
    // SAFETY: texts that end with NUL; no other thread is running.
    unsafe {
        if !getenv(c"STARTUP_EARLY".as_ptr()).is_null() {
            unsetenv(c"STARTUP_GONE".as_ptr());
            setenv(c"STARTUP_NEW".as_ptr(), c"set in a constructor".as_ptr(), 1);
        }
    }
}

/// Goes on in a child, as a daemon does, and ends with its status.
///
/// # Safety
///
/// No other thread is running.
unsafe fn continue_in_child() {
    // SAFETY: as above; `status` is written to.
    unsafe {
        let child = fork();
        if child != 0 {
            let mut status = -1;
            waitpid(child, &raw mut status, 0);
            std::process::exit(if status == 0 { 0 } else { 1 });
        }
    }
}

/// Overwrites the arguments and the environment where the kernel has put them, as programs do that
/// set the name that `ps` shows.
///
/// # Safety
///
/// Nobody else reads them.
unsafe fn scribble(arguments: usize) {
    // SAFETY: the kernel lays the arguments one behind the other, each with its final NUL.
    unsafe {
        let mut text = program_invocation_name;
        for _ in 0..arguments {
            let length = CStr::from_ptr(text).count_bytes();
            text.write_bytes(b'#', length);
            text = text.add(length + 1);
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let mode = arguments.get(1).map_or("", String::as_str);
    if mode == "limits" {
        return tell_limits();
    }
    // SAFETY: no other thread of Rust's is running.
    unsafe {
        // Go sees it if it starts from here on.
        std::env::set_var("STARTUP_LATE", "set in main");
        scribble(arguments.len());
        if mode != "eager" {
            continue_in_child();
        }
    }
    if mode == "explicit" {
        gocross::start();
    }
    // SAFETY: C.CString's memory, for us to free.
    let report = unsafe { OwnedCStr::from_raw(go::Report()) };
    println!("{}", report.expect("a report").to_string_lossy());
    println!("auxiliary vector: {}", if same_vector() { "the kernel's" } else { "another one" });
}

fn tell_limits() {
    // SAFETY: C.CString's memory, for us to free.
    let limits = unsafe { OwnedCStr::from_raw(go::Limits()) };
    println!("{}", limits.expect("a text").to_string_lossy());
    let names = ["GOMEMLIMIT", "GOGC", "GOMAXPROCS", "GODEBUG"];
    let set: Vec<_> = names.iter().filter_map(|name| std::env::var(name).ok()).collect();
    println!("in Rust's environment {set:?}");
}

/// Whether Go was told what the kernel has told the C library: values that differ in each process.
fn same_vector() -> bool {
    // <elf.h>: AT_PHDR, AT_ENTRY, AT_RANDOM.
    [3, 9, 25].into_iter().all(|kind| {
        // SAFETY: it only reads the vector.
        let told = unsafe { getauxval(kind) };
        // SAFETY: a number in, a number out.
        told != 0 && told == unsafe { go::AuxiliaryValue(kind) }
    })
}

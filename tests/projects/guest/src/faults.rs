//! Signals that Go and the program share.

use std::ffi::{c_int, c_void};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering::Relaxed};
use std::time::Instant;

use crate::go;

static PAGE: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
static HANDLED: AtomicU32 = AtomicU32::new(0);

fn page_size() -> usize {
    // SAFETY: a constant.
    usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap()
}

/// Makes the page that was touched readable, as garbage collectors and JITs do.
extern "C" fn on_fault(_: c_int, info: *mut libc::siginfo_t, _: *mut c_void) {
    let page = PAGE.load(Relaxed);
    // SAFETY: the kernel has filled in `info`; the page is ours.
    unsafe {
        if (*info).si_addr() != page || libc::mprotect(page, page_size(), libc::PROT_READ) != 0 {
            libc::_exit(3);
        }
    }
    HANDLED.fetch_add(1, Relaxed);
}

extern "C" fn count(_: c_int) {
    HANDLED.fetch_add(1, Relaxed);
}

/// Installs a function, and gives the action before it.
fn install(number: c_int, function: usize, flags: c_int) -> libc::sigaction {
    // SAFETY: all zeros is an action; the function has the form that the flags say.
    unsafe {
        let (mut new, mut old): (libc::sigaction, libc::sigaction) =
            (std::mem::zeroed(), std::mem::zeroed());
        new.sa_sigaction = function;
        new.sa_flags = flags as _;
        assert_eq!(libc::sigaction(number, &raw const new, &raw mut old), 0);
        old
    }
}

/// Touches a page that nobody may read.
fn touch_closed_page() {
    // SAFETY: a page of our own; the handler opens it.
    unsafe {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        let page = libc::mmap(null_mut(), page_size(), libc::PROT_NONE, flags, -1, 0);
        assert_ne!(page, libc::MAP_FAILED);
        PAGE.store(page, Relaxed);
        assert_eq!(page.cast::<u8>().read_volatile(), 0);
    }
}

/// What Go says of a nil pointer.
fn nil() -> String {
    // SAFETY: the text is made by C.CString.
    unsafe { gocross::check(go::Nil()) }.unwrap_err().to_string()
}

/// A handler that is installed after Go started gets the program's faults, and Go its own.
pub(crate) fn shared() {
    let words = "runtime error: invalid memory address or nil pointer dereference";
    assert_eq!(nil(), words);
    let old = install(libc::SIGSEGV, on_fault as *const () as usize, libc::SA_SIGINFO);
    for times in 1..=3 {
        touch_closed_page();
        assert_eq!(HANDLED.load(Relaxed), times);
        assert_eq!(nil(), words);
    }
    std::thread::spawn(touch_closed_page).join().unwrap();
    std::thread::spawn(|| {
        assert_eq!(crate::add(2, 3), 5);
        touch_closed_page();
    })
    .join()
    .unwrap();
    assert_eq!(HANDLED.load(Relaxed), 5);
    // Rust's own, as it was before.
    let own = install(libc::SIGSEGV, old.sa_sigaction, old.sa_flags as _);
    assert_eq!(own.sa_sigaction, on_fault as *const () as usize);
    assert_eq!(nil(), words);
    println!("5 faults of the program, 5 of Go");
}

/// A fault of Rust's that nobody handles ends the process by that signal.
pub(crate) fn of_rust() {
    assert_eq!(crate::add(1, 1), 2);
    // SAFETY: none; this is what the situation is about.
    unsafe { std::ptr::without_provenance::<u8>(16).read_volatile() };
}

/// Go preempts by SIGURG while the program handles it as well.
pub(crate) fn urgent() {
    assert_eq!(crate::add(1, 1), 2);
    install(libc::SIGURG, count as *const () as usize, 0);
    // SAFETY: sends to itself.
    unsafe { libc::raise(libc::SIGURG) };
    assert!(HANDLED.load(Relaxed) > 0, "the program's handler was not called");
    // As long as a garbage collection takes with room to spare, on any machine.
    let (begin, sample) = (Instant::now(), 5_000_000);
    // SAFETY: a number.
    assert_eq!(unsafe { go::Spin(sample) }, sample);
    let rounds = 5.0 / begin.elapsed().as_secs_f64();
    // SAFETY: a number.
    let preempted = unsafe { go::Preempt((rounds * sample as f64) as i64) };
    assert_ne!(preempted, 0, "the loop was not preempted");
    println!("preempted, and handled");
}

/// What a program reads back is what it has written.
pub(crate) fn read_back() {
    assert_eq!(crate::add(1, 1), 2);
    for number in [libc::SIGUSR1, libc::SIGSEGV, libc::SIGURG] {
        let function = count as *const () as usize;
        install(number, function, libc::SA_RESTART);
        let old = install(number, libc::SIG_DFL, 0);
        assert_eq!(old.sa_sigaction, function);
        assert_eq!(old.sa_flags as c_int & libc::SA_ONSTACK, 0);
        assert_ne!(old.sa_flags as c_int & libc::SA_RESTART, 0);
        assert_eq!(install(number, libc::SIG_DFL, 0).sa_sigaction, libc::SIG_DFL);
    }
    // SAFETY: no handler is run; the old one is put back.
    unsafe {
        let old = libc::signal(libc::SIGUSR2, libc::SIG_IGN);
        assert_eq!(libc::signal(libc::SIGUSR2, old), libc::SIG_IGN);
        assert_eq!(libc::signal(1000, old), libc::SIG_ERR);
    }
    println!("as written");
}

/// What the kernel has for a handler that this program has installed, and for one that a library
/// has, which is loaded later.
pub(crate) fn kernel_flags(library: Option<&str>) {
    unsafe extern "C" {
        fn c_is_on_stack(number: c_int) -> c_int;
    }
    assert_eq!(crate::add(1, 1), 2);
    install(libc::SIGUSR1, count as *const () as usize, 0);
    // SAFETY: a number.
    println!("program: {}", unsafe { c_is_on_stack(libc::SIGUSR1) });
    let Some(library) = library else { return };
    let path = std::ffi::CString::new(library).unwrap();
    // SAFETY: the library has this function, which takes a number.
    unsafe {
        let library = libc::dlopen(path.as_ptr(), libc::RTLD_NOW);
        assert!(!library.is_null());
        let installs = libc::dlsym(library, c"installs".as_ptr());
        let installs: extern "C" fn(c_int) -> c_int = std::mem::transmute(installs);
        assert_eq!(installs(libc::SIGUSR2), 0);
        println!("library: {}", c_is_on_stack(libc::SIGUSR2));
    }
}

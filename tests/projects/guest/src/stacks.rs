//! Stacks that overflow, and stacks for handlers.

use std::cell::RefCell;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::time::{Duration, Instant};

use crate::{go, storm};

#[inline(never)]
fn recurse(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 64]);
    if depth == u64::MAX { 0 } else { recurse(depth + 1) + frame[3] }
}

/// Overflows the stack of a thread; Rust says whose it was.
pub(crate) fn overflow(place: &str) {
    match place {
        "main" => drop(recurse(0)),
        "main-after-call" => {
            assert_eq!(crate::add(1, 1), 2);
            recurse(0);
        }
        _ => {
            let calls = place == "thread-after-call";
            let body = move || {
                assert!(!calls || crate::add(1, 1) == 2);
                recurse(0)
            };
            let thread = std::thread::Builder::new().name("deep".to_owned()).spawn(body);
            thread.unwrap().join().unwrap();
        }
    }
}

fn current() -> libc::stack_t {
    // SAFETY: writes to `now`.
    unsafe {
        let mut now: libc::stack_t = std::mem::zeroed();
        assert_eq!(libc::sigaltstack(null_mut(), &raw mut now), 0);
        now
    }
}

fn set(stack: &libc::stack_t) -> std::io::Result<()> {
    // SAFETY: memory that lives as long as the thread.
    match unsafe { libc::sigaltstack(stack, null_mut()) } {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error()),
    }
}

/// Memory for a signal stack, which faults below its end.
fn memory(size: usize) -> *mut c_void {
    // SAFETY: a mapping of our own, which stays.
    unsafe {
        let page = usize::try_from(libc::sysconf(libc::_SC_PAGESIZE)).unwrap();
        let whole = size.next_multiple_of(page) + page;
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        let start = libc::mmap(null_mut(), whole, access, flags, -1, 0);
        assert_ne!(start, libc::MAP_FAILED);
        assert_eq!(libc::mprotect(start, page, libc::PROT_NONE), 0);
        start.byte_add(page)
    }
}

/// The least that a system takes: room for the kernel's frame, and for a small handler.
fn least() -> usize {
    // SAFETY: a constant.
    let frame = unsafe {
        libc::getauxval(51 /* AT_MINSIGSTKSZ */)
    };
    libc::MINSIGSTKSZ.max(usize::try_from(frame).unwrap())
}

/// What a thread reads back as its signal stack, whatever there is in its place; and that Go's
/// handler has room on it.
pub(crate) fn signal_stacks() {
    let body = || {
        assert_eq!(crate::add(1, 1), 2);
        for size in [least(), 16 << 10, 256 << 10, 20 << 10] {
            let stack = libc::stack_t { ss_sp: memory(size), ss_flags: 0, ss_size: size };
            set(&stack).unwrap();
            let now = current();
            assert_eq!((now.ss_sp, now.ss_size, now.ss_flags), (stack.ss_sp, size, 0));
            // SAFETY: the text is made by C.CString.
            unsafe { gocross::check(go::Nil()) }.unwrap_err();
        }
        let none =
            libc::stack_t { ss_sp: null_mut(), ss_flags: libc::SS_DISABLE, ss_size: 1 << 20 };
        set(&none).unwrap();
        assert_eq!(current().ss_flags, libc::SS_DISABLE);
        let small = libc::stack_t { ss_sp: null_mut(), ss_flags: 0, ss_size: 100 };
        assert_eq!(set(&small).unwrap_err().raw_os_error(), Some(libc::ENOMEM));
        assert_eq!(current().ss_flags, libc::SS_DISABLE);
        // SAFETY: the text is made by C.CString.
        unsafe { gocross::check(go::Nil()) }.unwrap_err();
    };
    std::thread::spawn(body).join().unwrap();
    println!("as written");
}

struct CallsGo;

impl Drop for CallsGo {
    /// Rust has taken the thread's signal stack away when this runs.
    fn drop(&mut self) {
        storm::as_target(|| {
            let end = Instant::now() + Duration::from_millis(50);
            while Instant::now() < end {
                // SAFETY: a number.
                assert!(unsafe { go::Work(5) } > 0);
            }
        });
    }
}

thread_local! {
    static LAST: RefCell<Option<CallsGo>> = const { RefCell::new(None) };
}

/// Destructors of thread-local values that call Go while signals arrive.
pub(crate) fn destructor_in_storm() {
    assert_eq!(crate::add(1, 2), 3);
    let _counters = storm::install();
    // SAFETY: the signal of tokio's that is not here.
    unsafe { libc::signal(libc::SIGUSR1, libc::SIG_IGN) };
    let sender = std::thread::spawn(storm::send_until_stopped);
    for _ in 0..20 {
        let threads = [(); 4].map(|()| {
            std::thread::spawn(|| {
                assert_eq!(crate::add(1, 2), 3);
                LAST.set(Some(CallsGo));
            })
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
    storm::stop();
    sender.join().unwrap();
    println!("80 destructors called Go");
}

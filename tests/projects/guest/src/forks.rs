//! Children of `fork`, with `exec` and without.

use std::ffi::c_int;
use std::process::Command;

use crate::go;

/// Runs something in a child, and gives how it ended.
fn in_child(run: impl FnOnce() -> c_int) -> String {
    // SAFETY: the child does nothing that needs another thread; that is the point.
    unsafe {
        let child = libc::fork();
        if child == 0 {
            // Should the call hang, this ends it.
            libc::alarm(20);
            libc::_exit(run());
        }
        let mut status = 0;
        assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
        if libc::WIFSIGNALED(status) {
            format!("signal {}", libc::WTERMSIG(status))
        } else {
            format!("status {}", libc::WEXITSTATUS(status))
        }
    }
}

/// The call has no way to return an error.
pub(crate) fn call_in_child() {
    assert_eq!(crate::add(1, 1), 2);
    println!("{}", in_child(|| crate::add(2, 2)));
    std::thread::spawn(|| println!("{}", in_child(|| crate::add(2, 2)))).join().unwrap();
    assert_eq!(crate::add(2, 2), 4);
}

/// The child is told.
pub(crate) fn try_in_child() {
    gocross::try_start().unwrap();
    assert_eq!(crate::add(1, 1), 2);
    let child = in_child(|| match gocross::try_start() {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("{error}");
            7
        }
    });
    println!("{child}");
    gocross::try_start().unwrap();
}

/// The child's handlers are its own.
pub(crate) fn handlers_in_child() {
    extern "C" fn on_signal(_: c_int) {
        // SAFETY: ends the child.
        unsafe { libc::_exit(9) };
    }
    assert_eq!(crate::add(1, 1), 2);
    let child = in_child(|| {
        for number in [libc::SIGUSR1, libc::SIGSEGV] {
            // SAFETY: the function is safe in a handler.
            unsafe { libc::signal(number, on_signal as *const () as libc::sighandler_t) };
        }
        // SAFETY: none; the handler gets the fault.
        unsafe { std::ptr::without_provenance::<u8>(16).read_volatile() }.into()
    });
    println!("{child}");
}

/// Children of Rust's and of Go's, from several threads at once.
pub(crate) fn command() {
    assert_eq!(crate::add(1, 1), 2);
    let threads = [(); 4].map(|()| {
        std::thread::spawn(|| {
            for _ in 0..10 {
                let output = Command::new("/bin/echo").arg("a word").output().unwrap();
                assert_eq!(output.stdout, b"a word\n");
                // SAFETY: no arguments.
                assert_eq!(unsafe { go::Child() }, 0);
            }
        })
    });
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    println!("80 children");
}

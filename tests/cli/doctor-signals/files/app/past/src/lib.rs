//! A handler that the kernel is told of past the C library.

/// Takes SIGTRAP.
pub fn trap() {
    let action = [0usize; 19];
    // SAFETY: the action is `SIG_DFL`, and the kernel reads no more than is there.
    unsafe { libc::syscall(libc::SYS_rt_sigaction, libc::SIGTRAP, &action, 0, 8) };
    #[cfg(feature = "winch")]
    // SAFETY: as above.
    unsafe {
        libc::signal(libc::SIGWINCH, libc::SIG_DFL);
    }
}

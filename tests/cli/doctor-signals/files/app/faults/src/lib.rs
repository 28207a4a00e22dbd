//! A handler of C.

unsafe extern "C" {
    safe fn guard_faults();
}

/// Has faults told.
pub fn guard() {
    guard_faults();
}

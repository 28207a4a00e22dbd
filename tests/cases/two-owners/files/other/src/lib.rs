//! A library of C with a crate around it.

unsafe extern "C" {
    safe fn answer() -> i32;
}

pub fn ask() -> i32 {
    answer()
}

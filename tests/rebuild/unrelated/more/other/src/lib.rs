//! A crate without Go.

/// A number.
pub fn number() -> i64 {
    40
}

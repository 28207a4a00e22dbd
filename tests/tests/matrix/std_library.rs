//! `std/…`: Rust's std where the toolchain in use has none for the target.

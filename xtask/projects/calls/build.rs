//! Builds the Go half, unless the program is to have none.

use std::env;

use gocross_build::{GoPackage, Start};

fn main() {
    if env::var_os("CARGO_FEATURE_GO").is_none() {
        return;
    }
    let lazy = env::var_os("CARGO_FEATURE_LAZY").is_some();
    GoPackage::new("go").start(if lazy { Start::Lazy } else { Start::Eager }).compile("calls");
}

//! Builds the Go half, unless the program is to have none.

use gocross_build::{GoPackage, Start};

fn main() {
    if cfg!(feature = "go") {
        let start = if cfg!(feature = "lazy") { Start::Lazy } else { Start::Eager };
        GoPackage::new("go").start(start).compile("calls");
    }
}

//! Builds the Go half, unless the program is to have none.

use gocross_build::{GoPackage, Start};

fn main() {
    if cfg!(feature = "go") {
        let start = if cfg!(feature = "lazy") { Start::Lazy } else { Start::Eager };
        let deferred = cfg!(feature = "deferred");
        GoPackage::new("go").start(start).deferred_calls(deferred).compile("calls");
    }
}

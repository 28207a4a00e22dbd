//! Builds the Go half, with counterparts that return calls.

use gocross_build::{GoPackage, Start};

fn main() {
    println!("cargo::rerun-if-env-changed=DEFERRED_START");
    let is_lazy = std::env::var("DEFERRED_START").is_ok_and(|start| start == "lazy");
    let start = if is_lazy { Start::Lazy } else { Start::Eager };
    GoPackage::new("go").start(start).deferred_calls(true).compile("deferred");
}

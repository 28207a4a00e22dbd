//! Compiles the Go package and links it in.

fn main() {
    gocross_build::GoPackage::new("go").compile("counter");
}

//! Builds the Go package.

fn main() {
    gocross_build::GoPackage::new("go").compile("program");
}

//! Builds the Go side.

fn main() {
    gocross_build::GoPackage::new("go").compile("paths");
}

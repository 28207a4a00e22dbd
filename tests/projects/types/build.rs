//! Builds Go.

fn main() {
    gocross_build::GoPackage::new("go").compile("types");
}

//! Builds the Go half.

fn main() {
    gocross_build::GoPackage::new("go").compile("stress");
}

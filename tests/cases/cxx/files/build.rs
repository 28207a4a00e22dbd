//! C++ by the `cc` crate.

fn main() {
    println!("cargo::rerun-if-changed=src/streams.cpp");
    cc::Build::new().cpp(true).file("src/streams.cpp").compile("streams");
}

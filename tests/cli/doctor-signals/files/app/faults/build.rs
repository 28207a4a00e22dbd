//! Compiles the C file.

fn main() {
    cc::Build::new().file("c/faults.c").compile("faults");
}

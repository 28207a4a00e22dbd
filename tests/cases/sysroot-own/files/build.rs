//! C code that includes a header of the device, and the library behind it.

fn main() {
    println!("cargo::rerun-if-changed=src/use.c");
    cc::Build::new().file("src/use.c").compile("use");
    let library = pkg_config::probe_library("third").unwrap();
    println!("cargo::rustc-env=THIRD={}", library.version);
}

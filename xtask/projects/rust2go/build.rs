//! Has rust2go generate its half of the Go code, and builds both.

use std::path::PathBuf;
use std::{env, fs};

const GO: [&str; 2] = ["go.mod", "calls.go"];

fn main() {
    // In a copy: the generated file belongs into the same package, and not into the sources.
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let package = PathBuf::from(out).join("go");
    fs::create_dir_all(&package).expect("the build's folder can be written");
    for name in GO {
        let from = PathBuf::from("go").join(name);
        println!("cargo::rerun-if-changed={}", from.display());
        fs::copy(from, package.join(name)).expect("the build's folder can be written");
    }
    println!("cargo::rerun-if-changed=src/user.rs");
    let generated = package.join("generated.go");
    let generated = generated.to_str().expect("the build's folder is UTF-8");
    rust2go::Builder::new().with_go_src(&package).with_regen("src/user.rs", generated).build();
}

//! Makes the libraries that a Go module would ship for the target, then builds the Go package.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=shipped");
    let lib = Path::new("go/lib");
    std::fs::create_dir_all(lib).expect("the sources can be written");
    for name in ["third", "ping", "pong", "deep"] {
        let library = lib.join(format!("lib{name}.a"));
        let objects = objects(name);
        std::fs::remove_file(&library).ok();
        cc::Build::new().cargo_metadata(false).objects(objects).compile(name);
        let out = std::env::var_os("OUT_DIR").expect("cargo sets it");
        std::fs::copy(Path::new(&out).join(format!("lib{name}.a")), library).expect("it is there");
    }
    // Objects are linked whether somebody uses them or not: these have a constructor alone.
    std::fs::copy(&objects("object")[0], lib.join("object.o")).expect("it is there");
    std::fs::copy(&objects("system")[0], "go/internal/deep/system.syso").expect("it is there");
    rust_library(&lib.join("librusty.a"));
    gocross_build::GoPackage::new("go")
        .env("CGO_LDFLAGS", "-Wl,--wrap=wrapped")
        .env("CGO_CFLAGS", "-DFROM_SCRIPT=1000")
        .tag("scripts_tag")
        .ldflag("-X main.ofScript=script")
        .keep_symbol("kept_*")
        .compile("cgo");
}

fn objects(name: &str) -> Vec<std::path::PathBuf> {
    let mut build = cc::Build::new();
    build.cargo_metadata(false).file(format!("shipped/{name}.c")).compile_intermediates()
}

/// A static library of Rust's for the target, as its makers would build it: with a standard library
/// of its own.
fn rust_library(file: &Path) {
    let variable = |name| std::env::var(name).expect("cargo sets it");
    let flags = variable("CARGO_ENCODED_RUSTFLAGS");
    let flags = flags.split('\u{1f}').filter(|flag| !flag.is_empty());
    let status = std::process::Command::new(variable("RUSTC"))
        .args(["--crate-type", "staticlib", "--edition", "2024", "--target", &variable("TARGET")])
        .args(flags)
        .args(["shipped/rusty.rs", "-o"])
        .arg(file)
        .status();
    assert!(status.expect("rustc starts").success());
}

//! Builds the Go package, with or without its C symbols hidden, and tells the program where a
//! module's data lies.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=MODULES_HIDE");
    let question = ["list", "-m", "-f", "{{.Dir}}", "github.com/yanyiwu/gojieba"];
    let answer = Command::new("go").args(question).current_dir("go").output().expect("go is here");
    let module = String::from_utf8(answer.stdout).expect("a path");
    println!("cargo::rustc-env=JIEBA={}", module.trim());
    gocross_build::GoPackage::new("go")
        .hide_symbols(std::env::var("MODULES_HIDE").as_deref() != Ok("no"))
        // The C code is not what is tested.
        .env("CGO_CFLAGS", "-O0 -g0")
        .env("CGO_CXXFLAGS", "-O0 -g0")
        .compile("modules");
}

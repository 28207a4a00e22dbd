use std::process::Command;

fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    let run = |program: &str, words: &[&str]| {
        assert!(Command::new(program).args(words).status().unwrap().success());
    };
    run("cc", &["-c", "answer.c", "-o", &format!("{out}/answer.o")]);
    run("ar", &["rcs", &format!("{out}/libanswer.a"), &format!("{out}/answer.o")]);
    println!("cargo::rustc-link-search=native={out}");
    println!("cargo::rustc-link-lib=static=answer");
}

//! Builds Go with the start that `STARTUP` names, and with the variables of the Go runtime in
//! `STARTUP_RUNTIME`, such as `GOGC=50`; without one the manifest decides.

fn main() {
    println!("cargo::rerun-if-env-changed=STARTUP");
    println!("cargo::rerun-if-env-changed=STARTUP_RUNTIME");
    let mut package = gocross_build::GoPackage::new("go");
    if let Ok(word) = std::env::var("STARTUP") {
        let start = gocross_build::Start::parse(&word).expect("eager, lazy or explicit");
        package.start(start);
    }
    if let Ok(variables) = std::env::var("STARTUP_RUNTIME") {
        for variable in variables.split_whitespace() {
            let (name, value) = variable.split_once('=').expect("NAME=value");
            package.runtime_env(name, value);
        }
    }
    package.compile("startup");
}

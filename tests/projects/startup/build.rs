//! Builds Go with the start that `STARTUP` names; without one the manifest decides.

fn main() {
    println!("cargo::rerun-if-env-changed=STARTUP");
    let mut package = gocross_build::GoPackage::new("go");
    if let Ok(word) = std::env::var("STARTUP") {
        let start = gocross_build::Start::parse(&word).expect("eager, lazy or explicit");
        package.start(start);
    }
    package.compile("startup");
}

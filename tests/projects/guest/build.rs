//! Builds Go, and handlers of C's. With `GUEST_UNGUARDED` signals are not guarded.

fn main() {
    println!("cargo::rerun-if-env-changed=GUEST_UNGUARDED");
    println!("cargo::rerun-if-env-changed=GUEST_START");
    let mut package = gocross_build::GoPackage::new("go");
    if std::env::var_os("GUEST_UNGUARDED").is_some() {
        package.signal_guard(false);
    }
    if let Ok(word) = std::env::var("GUEST_START") {
        package.start(gocross_build::Start::parse(&word).expect("eager, lazy or explicit"));
    }
    package.compile("guest");
    println!("cargo::rerun-if-changed=c/handlers.c");
    cc::Build::new().file("c/handlers.c").compile("handlers");
}

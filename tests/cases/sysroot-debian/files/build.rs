//! Asks pkg-config for the zlib of the target.

fn main() {
    if let Err(error) = pkg_config::probe_library("zlib") {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

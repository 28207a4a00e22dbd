//! The program under test. cargo tells a package's tests the paths of its own programs only,
//! so this one stands here again, under a name of its own: two programs of one workspace
//! cannot share a file. The tests call it through a link named `cargo-gocross`.

fn main() -> std::process::ExitCode {
    cargo_gocross::main()
}

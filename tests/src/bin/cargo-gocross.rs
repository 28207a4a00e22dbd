//! The program under test. cargo tells a package's tests the paths of its own programs only,
//! so this one stands here again.

fn main() -> std::process::ExitCode {
    cargo_gocross::main()
}

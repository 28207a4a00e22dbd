//! The program `cargo-gocross`, which cargo starts for `cargo gocross`.

fn main() -> std::process::ExitCode {
    cargo_gocross::main()
}

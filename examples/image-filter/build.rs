//! Compiles the Go package in `go/` for the target that cargo builds for, and links it in.

fn main() {
    // The name becomes the archive's: libimagego.a. Two packages in one program is an error, since
    // one process can hold only one Go runtime.
    gocross_build::GoPackage::new("go").compile("imagego");
}

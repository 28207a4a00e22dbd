fn main() {
    gocross_build::GoPackage::new("go").tag("external_libzstd").compile("zstd-by-go");
}

fn main() {
    gocross_build::GoPackage::new("go").compile("program");
}

//! Calls C++ that throws, catches and writes into a stream.

unsafe extern "C" {
    fn streams(value: i32) -> i32;
}

fn main() {
    println!("{} {}", unsafe { streams(1) }, unsafe { streams(0) });
}

//! Calls C code that calls a library of the device.

unsafe extern "C" {
    fn use_third(value: i32) -> i32;
}

fn main() {
    println!("third {}: {}", env!("THIRD"), unsafe { use_third(-7) });
}

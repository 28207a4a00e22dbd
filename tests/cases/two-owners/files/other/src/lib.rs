unsafe extern "C" {
    safe fn answer() -> i32;
}

pub fn ask() -> i32 {
    answer()
}

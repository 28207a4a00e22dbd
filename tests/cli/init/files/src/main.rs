//! A program that has nothing to do with Go yet.

fn answer() -> i64 {
    7
}

fn main() {
    println!("mine: {}", answer());
}

//! Uses the library crate.

fn main() {
    println!("three {}", three::three());
}

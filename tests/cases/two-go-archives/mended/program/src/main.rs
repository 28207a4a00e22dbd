//! A program that calls Go through a library.

fn main() {
    println!("{}", library::number());
}

//! Calls Go: a string in, a string out, numbers, and an error.

use gocross::{GoError, OwnedCStr};

/// The Go functions as the build script found them. They are unsafe and keep their Go names, so
/// give each a safe wrapper and use only that.
mod go {
    gocross::bindings!();
}

fn greet(name: &str) -> String {
    // SAFETY: Greet does not keep the name, and its result is C.CString's, for us to free.
    let text = unsafe { OwnedCStr::from_raw(go::Greet(gocross::str(name).raw())) };
    // The copy is Rust's own; `text` is freed here.
    text.map_or_else(String::new, |text| text.to_string_lossy().into_owned())
}

fn add(a: i64, b: i64) -> i64 {
    // SAFETY: Add takes and gives plain numbers.
    unsafe { go::Add(a, b) }
}

fn divide(a: i64, b: i64) -> Result<i64, GoError> {
    // SAFETY: Divide's second result is nil or C.CString's, for us to free.
    unsafe {
        let both = go::Divide(a, b);
        gocross::result(both.r0, both.r1)
    }
}

fn main() {
    let name = std::env::args_os().nth(1).unwrap_or_else(|| "world".into());
    println!("{}", greet(&name.to_string_lossy()));
    println!("40 + 2 = {}", add(40, 2));
    for divisor in [6, 0] {
        match divide(42, divisor) {
            Ok(quotient) => println!("42 / {divisor} = {quotient}"),
            Err(error) => println!("42 / {divisor}: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greeting_names_the_target() {
        // Go and Rust have different words for some architectures; the name is what they share.
        let text = greet("Zo\u{eb}");
        assert!(text.starts_with("Hello, Zo\u{eb}, from Go (linux/"), "{text}");
        assert!(greet("").starts_with("Hello, , from Go"));
    }

    #[test]
    fn numbers_keep_64_bits() {
        assert_eq!(add(1 << 40, -1), (1 << 40) - 1);
    }

    #[test]
    fn go_errors_are_results() {
        assert_eq!(divide(-7, 2), Ok(-3));
        assert_eq!(divide(1, 0).unwrap_err().to_string(), "cannot divide by zero");
    }
}

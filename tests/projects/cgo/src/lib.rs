//! The bindings in a library, and functions that C calls or has of its own.

/// What Go exports.
pub mod go {
    gocross::bindings!();
}

/// C code of the Go package calls it.
#[unsafe(no_mangle)]
pub extern "C" fn of_rust(n: i32) -> i32 {
    n + 1
}

/// The Go package has C functions of these names too.
#[unsafe(no_mangle)]
pub extern "C" fn same_name_in_c() -> i32 {
    -5
}

/// See [`same_name_in_c`].
#[unsafe(no_mangle)]
pub extern "C" fn third() -> i32 {
    -9
}

unsafe extern "C" {
    /// A C function of the Go package, kept by `keep_symbol`.
    fn kept_for_rust() -> i32;
    /// Counts the objects that were linked for their constructors.
    static kept_constructors: i32;
}

/// Whether the program's own copy of Rust's standard library unwinds.
fn caught() -> bool {
    std::panic::catch_unwind(|| std::panic::resume_unwind(Box::new(1))).is_err()
}

/// What each piece gives, a line each.
pub fn lines() -> Vec<String> {
    // SAFETY: the functions take numbers; the texts are Go's to free.
    unsafe {
        let text =
            |text| gocross::OwnedCStr::from_raw(text).unwrap().to_string_lossy().into_owned();
        vec![
            format!("third {} {}", go::Third(3), third()),
            format!("ping {}", go::Ping(5)),
            format!("own {} {}", go::OfC(), same_name_in_c()),
            format!("rust {}", go::OfRust(6)),
            format!("assembler {}", go::OfAssembler()),
            format!("macros {}", go::Macros()),
            format!("wrapped {}", go::Wrapped(1)),
            format!("deep {}", go::Deep()),
            format!("callback {}", go::Callback(21)),
            format!("cxx {}, {}", text(go::OfCxx(1)), text(go::OfCxx(-1))),
            format!("rusty {} {}", go::Rusty(3), caught()),
            format!("kept {} {}", kept_for_rust(), kept_constructors),
            format!("settings {}", text(go::Settings()).trim_end()),
        ]
    }
}

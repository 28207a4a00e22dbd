//! The bindings in a test of the package.

mod go {
    #![allow(dead_code)]
    gocross::bindings!();
}

#[test]
fn the_library_and_the_test_call_one_go() {
    assert!(cgo::lines().contains(&"third 12 -9".to_owned()));
    // SAFETY: it takes a number.
    assert_eq!(unsafe { go::Third(0) }, 9);
}

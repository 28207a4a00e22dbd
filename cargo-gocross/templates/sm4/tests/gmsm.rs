//! Go's one-shot functions: what they refuse.

use {{crate}}::gmsm;

const KEY: [u8; 16] = [1; 16];

#[test]
fn wrong_lengths_are_errors() {
    let mut dst = [0; 40];
    let said = |result: Result<(), gocross::GoError>| result.unwrap_err().to_string();
    assert_eq!(said(gmsm::ctr(&KEY[1..], &KEY, &[0; 8], &mut dst)), "sm4: invalid key size 15");
    assert_eq!(said(gmsm::ctr(&KEY, &KEY[1..], &[0; 8], &mut dst)), "sm4: invalid iv size 15");
    // Each path of gmsm has words of its own for these.
    gmsm::ctr(&KEY, &KEY, &[0; 8], &mut dst[..7]).unwrap_err();
    gmsm::ecb(&KEY, &[0; 17], &mut dst).unwrap_err();
    let error = said(gmsm::seal(&KEY, &[0; 12], &[], &[0; 8], &mut dst[..23]));
    assert_eq!(error, "sm4: no room for the tag: 23 bytes for a text of 8");
    gmsm::seal(&KEY, &[], &[], &[0; 8], &mut dst[..24]).unwrap_err();
    let error = said(gmsm::open(&KEY, &[0; 12], &[], &[0; 24], &mut dst[..7]));
    assert_eq!(error, "sm4: 7 bytes for the text of 24");
}

#[test]
fn a_change_is_noticed_and_nothing_is_shown() {
    let mut sealed = [0; 24];
    gmsm::seal(&KEY, &[0; 12], b"head", b"the text", &mut sealed).unwrap();
    let mut text = [0; 8];
    gmsm::open(&KEY, &[0; 12], b"head", &sealed, &mut text).unwrap();
    assert_eq!(&text, b"the text");
    let mut text = [0; 8];
    gmsm::open(&KEY, &[0; 12], b"heap", &sealed, &mut text).unwrap_err();
    assert_eq!(text, [0; 8]);
}

#[test]
fn the_path_has_a_name() {
    let names = ["sm4e", "aese", "gfni", "avx2", "aesni", "vector", "portable"];
    assert!(names.contains(&&*gmsm::path().unwrap()));
}

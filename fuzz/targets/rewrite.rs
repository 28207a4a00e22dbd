//! libFuzzer's entry: the work is in the library.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gocross_fuzz::rewrite(bytes));

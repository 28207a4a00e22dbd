//! Stands for the Go functions in examples/hello, so that the size of the Rust program alone can
//! be measured: the same names and types, and nothing behind them. Nothing is inlined or foreseen,
//! so the program keeps the code for every answer.

#![allow(non_camel_case_types, non_snake_case)]

use core::ffi::c_char;
use core::hint::black_box;
use core::ptr;

use gocross::ffi::{GoInt64, GoString};

pub struct Divide_return {
    pub r0: GoInt64,
    pub r1: *mut c_char,
}

#[inline(never)]
pub unsafe fn Greet(name: GoString) -> *mut c_char {
    black_box(name);
    black_box(ptr::null_mut())
}

#[inline(never)]
pub unsafe fn Add(a: GoInt64, b: GoInt64) -> GoInt64 {
    black_box(a ^ b)
}

#[inline(never)]
pub unsafe fn Divide(a: GoInt64, b: GoInt64) -> Divide_return {
    black_box(Divide_return { r0: a ^ b, r1: ptr::null_mut() })
}

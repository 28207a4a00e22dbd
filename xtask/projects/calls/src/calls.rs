//! One call after the other on a thread that has called before: as C would call, and by the crate's
//! types.
//!
//! A raw call and its counterpart do the same, but for what `gocross` adds.

use std::ffi::c_void;
use std::hint::black_box;

use gocross::OwnedCBytes;
use gocross::ffi::{GoInt, GoSlice, GoString};

use crate::go;
use crate::measure::Case;

/// Calls at once: some 50 microseconds, a part of what a thread has before another gets the CPU.
const CALLS: u32 = 1000;
const TEXT: &str = "a text of just thirty-two bytes.";
const _: () = assert!(TEXT.len() == 32);
const PAGE: usize = 4096;

unsafe extern "C" {
    fn free(memory: *mut c_void);
}

/// The cases.
pub const CASES: &[Case] = &[
    case("add", add),
    case("int-raw", int_raw),
    case("int", int),
    case("string-raw", string_raw),
    case("string", string),
    case("bytes-raw", bytes_raw),
    case("bytes", bytes),
    case("fill-raw", fill_raw),
    case("fill", fill),
    case("page-raw", page_raw),
    case("page", page),
];

const fn case(name: &'static str, run: fn(u32)) -> Case {
    Case { name, times: CALLS, run }
}

/// `Add`: the same by either way, since Go's `int32` is Rust's `i32`.
pub fn add(calls: u32) {
    let mut sum = 0;
    for _ in 0..calls {
        // SAFETY: Add takes and gives plain numbers.
        sum = unsafe { go::Add(black_box(sum), 1) };
    }
    assert_eq!(i64::from(sum), i64::from(calls));
}

fn int_raw(calls: u32) {
    let mut sum: GoInt = 0;
    for _ in 0..calls {
        // SAFETY: AddInt takes and gives plain numbers.
        sum = unsafe { go::AddInt(black_box(sum), 1) };
    }
    assert_eq!(sum, calls as GoInt);
}

fn int(calls: u32) {
    let mut sum: usize = 0;
    for _ in 0..calls {
        let value = gocross::int(black_box(sum)).expect("the sum is small");
        // SAFETY: AddInt takes and gives plain numbers.
        let more = unsafe { go::AddInt(value, 1) };
        sum = gocross::len(more).expect("the sum is not negative");
    }
    assert_eq!(sum, calls as usize);
}

fn string_raw(calls: u32) {
    for _ in 0..calls {
        let text = black_box(TEXT);
        let text = GoString { p: text.as_ptr().cast(), n: text.len() as GoInt };
        // SAFETY: StringEnds reads the text and does not keep it.
        black_box(unsafe { go::StringEnds(text) });
    }
}

fn string(calls: u32) {
    for _ in 0..calls {
        let text = black_box(TEXT);
        // SAFETY: StringEnds does not keep the text.
        black_box(unsafe { go::StringEnds(gocross::str(text).raw()) });
    }
}

fn bytes_raw(calls: u32) {
    let page = [7_u8; PAGE];
    for _ in 0..calls {
        let page = black_box(&page[..]);
        let len = page.len() as GoInt;
        let page = GoSlice { data: page.as_ptr().cast_mut().cast(), len, cap: len };
        // SAFETY: BytesEnds reads the page and does not keep it.
        black_box(unsafe { go::BytesEnds(page) });
    }
}

fn bytes(calls: u32) {
    let page = [7_u8; PAGE];
    for _ in 0..calls {
        let page = black_box(&page[..]);
        // SAFETY: BytesEnds only reads, and does not keep the page.
        black_box(unsafe { go::BytesEnds(gocross::bytes(page).raw()) });
    }
}

fn fill_raw(calls: u32) {
    let mut page = [0_u8; PAGE];
    for _ in 0..calls {
        let page = black_box(&mut page[..]);
        let len = page.len() as GoInt;
        let page = GoSlice { data: page.as_mut_ptr().cast(), len, cap: len };
        // SAFETY: Fill writes to the page and does not keep it.
        black_box(unsafe { go::Fill(page) });
    }
}

fn fill(calls: u32) {
    let mut page = [0_u8; PAGE];
    for _ in 0..calls {
        let page = black_box(&mut page[..]);
        // SAFETY: Fill does not keep the page.
        black_box(unsafe { go::Fill(gocross::bytes_mut(page).raw()) });
    }
}

fn page_raw(calls: u32) {
    for _ in 0..calls {
        // SAFETY: Page returns C memory that nobody else frees.
        unsafe {
            let page = go::Page();
            black_box((page.r0, page.r1));
            free(page.r0);
        }
    }
}

fn page(calls: u32) {
    for _ in 0..calls {
        // SAFETY: Page returns C memory of that length, and nobody else frees it.
        let page = unsafe {
            let page = go::Page();
            OwnedCBytes::from_raw(page.r0, page.r1)
        };
        black_box(page.as_deref());
    }
}

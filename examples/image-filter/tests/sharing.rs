//! The picture is in one place of memory, which is Rust's: no copy is made for Go.
//!
//! This test counts what Rust allocates; `go/image_test.go` counts what Go does.

use image_filter::filter::Filter;
use image_filter::picture::{MAX_PIXELS, Picture};
use image_filter::{path, sample};
use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Read, Seek};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

const WIDTH: u32 = 500;
const HEIGHT: u32 = 300;
const BYTES: usize = WIDTH as usize * HEIGHT as usize * 4;

/// Counts allocations that could hold half of the picture.
struct Counter;

static LARGE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator.
unsafe impl GlobalAlloc for Counter {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LARGE.fetch_add(usize::from(layout.size() >= BYTES / 2), Relaxed);
        // SAFETY: as this function's own.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as this function's own.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LARGE.fetch_add(usize::from(size >= BYTES / 2), Relaxed);
        // SAFETY: as this function's own.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTER: Counter = Counter;

/// How many large allocations `work` makes.
fn large<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = LARGE.load(Relaxed);
    let done = work();
    (LARGE.load(Relaxed) - before, done)
}

// One test, so that no other one allocates meanwhile.
#[test]
fn one_allocation_from_file_to_file() {
    let original = sample::rings(WIDTH, HEIGHT).unwrap();
    let mut file = tempfile::tempfile().unwrap();
    let (count, ()) = large(|| original.encode(&file).unwrap());
    assert_eq!(count, 0, "Go encodes from the picture itself");

    let mut png = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut png).unwrap();
    let (count, mut picture) = large(|| Picture::decode(&png, MAX_PIXELS).unwrap());
    assert_eq!(count, 1, "the memory that Go decodes into");
    // Rust has written nothing but zeroes there.
    assert_eq!(picture, original);
    let address = picture.pixels().as_ptr() as usize;
    assert_eq!(picture.address_in_go(), address, "Go sees Rust's memory");

    let (count, ()) = large(|| {
        Filter::ALL.into_iter().for_each(|filter| filter.apply(&mut picture, path::best()));
    });
    assert_eq!(count, 0, "filters work in place");
    assert_eq!(picture.pixels().as_ptr() as usize, address);

    let (count, copy) = large(|| picture.clone());
    assert_eq!(count, 1, "the counter sees a copy");
    assert_ne!(copy.address_in_go(), address);
}

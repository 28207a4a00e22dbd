//! Passes every type of cgo's header to Go and back, and looks at what comes.

use std::ffi::{CStr, c_void};
use std::ptr::{from_mut, null_mut};

use gocross::ffi::{Complex, GoComplex64, GoComplex128, GoSlice};

mod go {
    gocross::bindings!();
}

fn main() {
    // SAFETY: Go keeps nothing of what it is given, and only writes where it may.
    unsafe {
        scalars();
        c_integers();
        complex_numbers();
        complex_in_structs();
        strings_and_slices();
        structs();
        odd_structs();
        unions_and_enums();
        callbacks();
        handles();
        names();
    }
    println!("every type went to Go and came back");
}

fn z64(re: f32, im: f32) -> GoComplex64 {
    Complex { re, im }
}

fn z128(re: f64, im: f64) -> GoComplex128 {
    Complex { re, im }
}

unsafe fn scalars() {
    unsafe {
        let r = go::Bool(1, true);
        assert_eq!((r.r0, r.r1), (0, false));
        let r = go::Signed(-0x12, 0x1234, -0x1234_5678, i64::MAX, -77, 'ö' as i32);
        assert_eq!((r.r0, r.r1, r.r2), (0x12, -0x1234, 0x1234_5678));
        assert_eq!((r.r3, r.r4, r.r5), (-i64::MAX, 77, -('ö' as i32)));
        let r = go::Unsigned(1, 2, 3, 4, 5, 6, 7);
        assert_eq!((r.r0, r.r1, r.r2, r.r3), (!1, !2, !3, !4));
        assert_eq!((r.r4, r.r5, r.r6), (!5, !6, !7));
        let r = go::Floats(1.0, 3.0, 5.0, 7.0, 9.0);
        assert_eq!((r.r0, r.r1, r.r2, r.r3, r.r4), (0.5, 1.5, 2.5, 3.5, 4.5));
    }
}

unsafe fn c_integers() {
    unsafe {
        let sum = go::CIntegers(1, -2, 4, -8, 16, -32, 64, -128, 256, -512, 1 << 40, 1024);
        assert_eq!(sum, 1 - 2 + 4 - 8 + 16 - 32 + 64 - 128 + 256 - 512 + (1 << 40) + 1024);
        assert_eq!(go::Exact(1, 2, 3, 1 << 60, 5, 6), 1 + 2 + 3 + (1 << 60) + 5 + 6);
    }
}

unsafe fn complex_numbers() {
    unsafe {
        assert_eq!(go::Complex64(z64(1.5, 2.5)), z64(-2.5, 1.5));
        assert_eq!(go::Complex128(z128(1.0, 2.0), z128(3.0, 4.0)), z128(-5.0, 10.0));
        let (a, b, c, d) = (z64(0.5, 1.0), z128(10.0, 20.0), z64(100.0, 200.0), z128(1e3, 2e3));
        let r = go::ComplexAmong(7, a, gocross::str("text").raw(), b, 0.25, c, d, -3);
        assert_eq!((r.r0, r.r1, r.r2), (z128(1117.75, 2218.0), 4, a));
        let mut all = [z128(1.0, -1.0), z128(2.0, 5.0), z128(0.0, 0.5)];
        let slice = GoSlice { data: from_mut(&mut all).cast(), len: 3, cap: 3 };
        assert_eq!(go::ComplexSum(slice), z128(3.0, 4.5));
        assert_eq!(all[1], z128(-2.0, -5.0));
    }
}

unsafe fn complex_in_structs() {
    unsafe {
        let wave = go::wave { low: z64(1.0, 2.0), high: z128(3.0, 4.0), n: 5 };
        let mut wave = go::Wave(wave, z128(0.0, 1.0));
        assert_eq!((wave.low, wave.high, wave.n), (z64(-2.0, 1.0), z128(-4.0, 3.0), 6));
        let mut by = z128(1.0, 1.0);
        go::WaveAt(&raw mut wave, &raw mut by);
        assert_eq!((wave.high, by), (z128(-3.0, 4.0), z128(-1.0, -1.0)));
    }
}

unsafe fn strings_and_slices() {
    unsafe {
        let text = gocross::str("Zoë!");
        let r = go::Text(text.raw());
        assert_eq!((r.r0, r.r1), (5, b'!'));
        let r = go::Label(go::label { text: text.raw(), n: -9 });
        assert_eq!((r.r0, r.r1, r.r2), (5, 5, -9));
        let mut numbers = [1, 2, 3, 40];
        let slice = GoSlice { data: from_mut(&mut numbers).cast(), len: 3, cap: 4 };
        let r = go::Slice(slice);
        assert_eq!((r.r0, r.r1, r.r2, numbers), (3, 4, 6, [2, 4, 6, 40]));
        let r = go::Half(8);
        assert!(r.r0 == 4 && r.r1.is_null());
        let r = go::Half(7);
        assert_eq!(gocross::result(r.r0, r.r1).unwrap_err().to_string(), "odd number");
    }
}

unsafe fn structs() {
    unsafe {
        let mut q = go::point { x: 30.0, y: 400.0 };
        let p = go::Point(go::point { x: 1.0, y: 2.0 }, &raw mut q);
        assert_eq!((p.x, p.y), (401.0, 32.0));
        let m = go::Mixed(0.5, go::mixed { f: 1.0, i: 2, d: 3.0 }, 0.25);
        assert_eq!((m.f, m.i, m.d), (1.5, -2, 3.25));
        let s = go::Small(go::small { a: 1, b: 2, c: 3 });
        assert_eq!((s.a, s.b, s.c), (3, 1, 2));
        let mut next = go::small { a: 9, b: 0, c: 0 };
        let mut name = [0; 12];
        name[0] = b'a' as _;
        let corner = [p, q];
        let inner = go::mixed { f: 1.0, i: 21, d: 3.0 };
        let n = go::Nested(go::nested { corner, name, next: &raw mut next, inner });
        assert_eq!((n.corner[0].x, n.corner[1].x, n.inner.i, next.a), (30.0, 401.0, 42, 10));
        assert_eq!(CStr::from_ptr(n.name.as_ptr()), c"b");
    }
}

unsafe fn odd_structs() {
    unsafe {
        let mut bits = go::bits { f: 1.5, ..std::mem::zeroed() };
        bits.set_low(5);
        bits.set_middle(-200);
        bits.set_high(0xf_00f0);
        let bits = go::Bits(bits, 2.0);
        assert_eq!((bits.low(), bits.middle(), bits.high(), bits.f), (5, -200, 0xf_00f0, 3.0));
        let r = go::Tight(go::tight { a: 1, b: 1 << 50, c: 3 }, 77);
        let go::tight { a, b, c } = r.r0;
        assert_eq!((a, b, c, r.r1), (2, 1 << 50, 3, 77));
        let wide = go::Wide(0.5, go::wide { f: 1.0, ..std::mem::zeroed() }, 2);
        assert_eq!((wide.f, align_of::<go::wide>()), (3.5, 16));
        assert_eq!(go::Vector([1.0, 2.0, 3.0, 4.0], 10), [11.0, 12.0, 13.0, 14.0]);
    }
}

unsafe fn unions_and_enums() {
    unsafe {
        assert_eq!(go::Number(go::number { i: 40 }, 2).i, 42);
        assert_eq!(go::Fraction(go::fraction { f: 1.5 }).f, 4.5);
        let number = go::number { bytes: [1, 2, 3, 4, 5, 6, 7, 8] };
        let t = go::Tagged(go::tagged { kind: 0, number });
        assert_eq!((t.kind, t.number.bytes), (7, [1, 2, 3, 4, 5, 6, 7, 9]));
        assert_eq!(go::Colour(go::colour_GREEN), go::colour_BLUE);
        assert_eq!(go::Colour(go::colour_BLUE), go::colour_RED);
    }
}

unsafe extern "C" fn visit(index: i32, place: go::point, context: *mut c_void) -> i32 {
    // SAFETY: the context is the number that `callbacks` lends.
    let context = unsafe { &mut *context.cast::<f64>() };
    *context += place.x + place.y;
    index * 10
}

unsafe fn callbacks() {
    let mut seen = 0.0_f64;
    let context: *mut c_void = from_mut(&mut seen).cast();
    unsafe {
        assert_eq!((go::Visit(Some(visit), context), seen), (30, 4.5));
        let table = go::table { each: Some(visit), context, count: 6 };
        assert_eq!((go::Table(table), seen), (60, 4.5));
        complex_callback();
    }
}

#[cfg(target_arch = "mips")]
unsafe fn complex_callback() {}

#[cfg(not(target_arch = "mips"))]
unsafe fn complex_callback() {
    unsafe extern "C" fn turn(z: GoComplex128, by: GoComplex64, n: i32) -> GoComplex128 {
        assert_eq!((z, by, n), (z128(1.0, 2.0), z64(3.0, 4.0), 5));
        z128(6.0, 7.0)
    }
    let turned = unsafe { go::Turn(Some(turn), z128(1.0, 2.0), z64(3.0, 4.0), 5) };
    assert_eq!(turned, z128(7.0, 7.0));
}

unsafe fn handles() {
    unsafe {
        let handle = go::Handle(gocross::str("seven").raw());
        assert_eq!(go::HandleValue(handle), 5);
        let mut place = 0_u8;
        let pointer: *mut c_void = from_mut(&mut place).cast();
        let r = go::Pass(pointer, null_mut());
        assert!(r.r0 == pointer && r.r1.is_null());
        let r = go::Nothing();
        assert!(r.r0.is_null() && r.r1.is_null() && r.r2.t.is_null() && r.r4.len == 0);
        assert_eq!(go::IsNothing(r.r0, r.r1, r.r2, r.r3, null_mut()), 1);
    }
}

unsafe fn names() {
    let r = unsafe { go::match_(1, z64(2.0, 3.0), 4) };
    assert_eq!((r.r0, r.r1), (z64(2.0, 3.0), 5));
}

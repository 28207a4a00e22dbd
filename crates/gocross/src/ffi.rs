//! The types of the header that cgo writes, under cgo's names.
//!
//! The source is the "cgo-gcc-export-header-prolog" text of every generated header
//! (`cmd/cgo/out.go`). Generated bindings name these types; other code seldom needs them.
//!
//! C passes `_Complex` by rules that no Rust type follows on every target, so `gocross-build` lets
//! numbers of that type, and the structs that hold them, pass by address. Nothing is seen of that
//! where a Go function is called by its name.

use core::ffi::{c_char, c_void};

/// Go's `int8`.
pub type GoInt8 = i8;
/// Go's `uint8`, `byte` and `bool` (0 or 1).
pub type GoUint8 = u8;
/// Go's `int16`.
pub type GoInt16 = i16;
/// Go's `uint16`.
pub type GoUint16 = u16;
/// Go's `int32` and `rune`.
pub type GoInt32 = i32;
/// Go's `uint32`.
pub type GoUint32 = u32;
/// Go's `int64`.
pub type GoInt64 = i64;
/// Go's `uint64`.
pub type GoUint64 = u64;
/// Go's `int`: as wide as a pointer, on every target that Go has.
pub type GoInt = isize;
/// Go's `uint`: as wide as a pointer.
pub type GoUint = usize;
/// Go's `uintptr`, which is also how a `cgo.Handle` crosses.
pub type GoUintptr = usize;
/// Go's `float32`.
pub type GoFloat32 = f32;
/// Go's `float64`.
pub type GoFloat64 = f64;
/// Go's `complex64`.
pub type GoComplex64 = Complex<f32>;
/// Go's `complex128`.
pub type GoComplex128 = Complex<f64>;
/// The name of [`GoString`] in a preamble.
#[allow(non_camel_case_types, reason = "cgo's name")]
pub type _GoString_ = GoString;
/// A Go `map`: opaque, and only for handing back to Go.
pub type GoMap = *mut c_void;
/// A Go `chan`: opaque, and only for handing back to Go.
pub type GoChan = *mut c_void;

/// A Go `string`: `n` bytes at `p`, without a final NUL.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GoString {
    /// The first byte; may be null when `n` is 0.
    pub p: *const c_char,
    /// Length in bytes (C's `ptrdiff_t`).
    pub n: isize,
}

/// A complex number, laid out as C's `_Complex`, Go's `complex64` and `complex128`, and
/// `num_complex::Complex` are: the real part, then the imaginary part (C11, 6.2.5).
///
/// ```
/// use gocross::ffi::Complex;
///
/// let i = Complex { re: 0.0, im: 1.0 };
/// assert_eq!(i, Complex::from((0.0, 1.0)));
/// let (re, im) = i.into();
/// assert_eq!((re, im), (0.0, 1.0));
/// ```
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Complex<T> {
    /// The real part.
    pub re: T,
    /// The imaginary part.
    pub im: T,
}

impl<T> From<(T, T)> for Complex<T> {
    fn from((re, im): (T, T)) -> Self {
        Self { re, im }
    }
}

impl<T> From<Complex<T>> for (T, T) {
    fn from(number: Complex<T>) -> Self {
        (number.re, number.im)
    }
}

/// A Go slice of any element type.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GoSlice {
    /// The first element; null for a nil slice.
    pub data: *mut c_void,
    /// Length in elements.
    pub len: GoInt,
    /// Capacity in elements: how far `append` writes in place.
    pub cap: GoInt,
}

/// A Go interface value: opaque, and only for handing back to Go.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GoInterface {
    /// Its type.
    pub t: *mut c_void,
    /// Its value.
    pub v: *mut c_void,
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::mem::{align_of, offset_of, size_of};

    const WORD: usize = size_of::<*const c_void>();

    #[test]
    fn layout_is_cgos() {
        assert_eq!((size_of::<GoString>(), align_of::<GoString>()), (2 * WORD, WORD));
        assert_eq!((offset_of!(GoString, p), offset_of!(GoString, n)), (0, WORD));
        assert_eq!((size_of::<GoSlice>(), align_of::<GoSlice>()), (3 * WORD, WORD));
        assert_eq!(
            (offset_of!(GoSlice, data), offset_of!(GoSlice, len), offset_of!(GoSlice, cap)),
            (0, WORD, 2 * WORD)
        );
        assert_eq!(size_of::<GoInterface>(), 2 * WORD);
        assert_eq!((offset_of!(GoComplex64, re), offset_of!(GoComplex64, im)), (0, 4));
        assert_eq!((offset_of!(GoComplex128, re), offset_of!(GoComplex128, im)), (0, 8));
        assert_eq!((size_of::<GoComplex64>(), size_of::<GoComplex128>()), (8, 16));
        assert_eq!(align_of::<GoComplex128>(), align_of::<f64>());
        assert_eq!((offset_of!(GoInterface, t), offset_of!(GoInterface, v)), (0, WORD));
    }

    #[test]
    fn int_is_a_word() {
        // The header checks the same with `_check_for_64_bit_pointer_matching_GoInt`.
        assert_eq!(size_of::<GoInt>(), WORD);
        assert_eq!(size_of::<GoUintptr>(), WORD);
    }
}

//! Whole numbers whose width depends on the target.
//!
//! Go's `int` and `uint` have 32 bits on a 32-bit target. `as` would cut silently there, and the
//! program would pass every test on a 64-bit machine. Types with a number in their name
//! (`int64`, `uint32`) need nothing from here.

use crate::ffi::{GoInt, GoUint};
use core::fmt;

/// A number that does not fit the type on the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeError {
    value: String,
    wanted: Wanted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Int,
    Uint,
    Length,
}

impl RangeError {
    /// Apart, so that the text is not made where the number is used.
    #[cold]
    fn new(value: impl fmt::Display, wanted: Wanted) -> Self {
        Self { value: value.to_string(), wanted }
    }
}

impl fmt::Display for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value, wanted } = self;
        match wanted {
            Wanted::Int => write!(f, "{value} does not fit a go int of {} bits", GoInt::BITS),
            Wanted::Uint => write!(f, "{value} does not fit a go uint of {} bits", GoUint::BITS),
            Wanted::Length => write!(f, "{value} from go is not a length"),
        }
    }
}

impl std::error::Error for RangeError {}

/// Any whole number as Go's `int`.
///
/// ```
/// assert_eq!(gocross::int(7_u64), Ok(7));
/// assert!(gocross::int(u64::MAX).is_err());
/// ```
#[inline]
pub fn int<T>(value: T) -> Result<GoInt, RangeError>
where
    T: TryInto<GoInt> + Copy + fmt::Display,
{
    value.try_into().map_err(|_| RangeError::new(value, Wanted::Int))
}

/// Any whole number as Go's `uint` or `uintptr`.
///
/// ```
/// assert_eq!(gocross::uint(7_i32), Ok(7));
/// assert!(gocross::uint(-1).is_err());
/// ```
#[inline]
pub fn uint<T>(value: T) -> Result<GoUint, RangeError>
where
    T: TryInto<GoUint> + Copy + fmt::Display,
{
    value.try_into().map_err(|_| RangeError::new(value, Wanted::Uint))
}

/// A length that Go returned as `int`. Go code that says -1 for "none" is an error here.
// Without the attribute each use is a call, with a result that goes through memory.
#[inline]
pub fn len(value: GoInt) -> Result<usize, RangeError> {
    value.try_into().map_err(|_| RangeError::new(value, Wanted::Length))
}

/// Go's `int` as an `i64`, which holds it on every target. (`i64::from` does not exist, since
/// Rust leaves room for wider pointers.)
pub const fn to_i64(value: GoInt) -> i64 {
    const { assert!(GoInt::BITS <= i64::BITS) };
    value as i64
}

/// Go's `uint` or `uintptr` as a `u64`, which holds it on every target.
pub const fn to_u64(value: GoUint) -> u64 {
    const { assert!(GoUint::BITS <= u64::BITS) };
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    // i128 can say "one too many" whatever the target's width.
    const TOO_BIG: i128 = GoInt::MAX as i128 + 1;

    #[test]
    fn edges_fit() {
        assert_eq!(int(GoInt::MAX as i128), Ok(GoInt::MAX));
        assert_eq!(int(GoInt::MIN as i128), Ok(GoInt::MIN));
        assert_eq!(uint(GoUint::MAX as u128), Ok(GoUint::MAX));
        assert_eq!(len(GoInt::MAX), Ok(GoInt::MAX as usize));
    }

    #[test]
    fn one_too_many_is_an_error_that_names_it() {
        let said = int(TOO_BIG).unwrap_err().to_string();
        assert_eq!(said, format!("{TOO_BIG} does not fit a go int of {} bits", GoInt::BITS));
        assert!(int(-TOO_BIG - 1).is_err());
        let said = uint(-1).unwrap_err().to_string();
        assert_eq!(said, format!("-1 does not fit a go uint of {} bits", GoUint::BITS));
        assert_eq!(len(-1).unwrap_err().to_string(), "-1 from go is not a length");
    }

    #[test]
    fn widening_keeps_the_sign() {
        assert_eq!(to_i64(-1), -1);
        assert_eq!(to_i64(GoInt::MIN) as i128, GoInt::MIN as i128);
        assert_eq!(to_u64(GoUint::MAX) as u128, GoUint::MAX as u128);
    }
}

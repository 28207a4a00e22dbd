//! The instructions of x86 that tell about the CPU.

#[cfg(target_arch = "x86")]
use core::arch::x86 as arch;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64 as arch;

use arch::CpuidResult;

/// A leaf and a sub-leaf. Leaf 0 tells which is the last one.
pub(crate) fn cpuid(leaf: u32, sub_leaf: u32) -> CpuidResult {
    // SAFETY: every CPU that Rust builds for by default has the instruction.
    #[allow(unused_unsafe, reason = "safe to call in later versions of Rust")]
    unsafe {
        arch::__cpuid_count(leaf, sub_leaf)
    }
}

/// The registers that the system saves.
///
/// # Safety
///
/// The system must have set OSXSAVE.
#[target_feature(enable = "xsave")]
pub(crate) unsafe fn xcr0() -> u64 {
    // SAFETY: the caller has looked at OSXSAVE.
    #[allow(unused_unsafe, reason = "safe to call in later versions of Rust")]
    unsafe {
        arch::_xgetbv(0)
    }
}

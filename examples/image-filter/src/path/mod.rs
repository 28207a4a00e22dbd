//! The paths: the same functions, each written for what a CPU may have.
//!
//! [`PATHS`] is the whole table, the best path first; the last one needs nothing. A path is chosen
//! once, and its functions are called through the pointers in its row. Whoever holds a [`Path`] has
//! the proof that the CPU can run it: the only ways to one are [`best`], [`named`] and [`usable`].
//!
//! A path is one file. Its functions have fixed names in the program, so that
//! `cargo gocross verify` finds them, and are never inlined, so that their instructions stay in
//! them. What is left at the end of a row goes to the scalar path, where vectors do not fit.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod error;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "arm")]
mod neon_arm;
#[cfg(target_arch = "riscv64")]
mod rvv;
mod scalar;
#[cfg(target_arch = "aarch64")]
mod sve2;

use std::sync::OnceLock;

use crate::picture::PIXEL;
use gocross::cpu::Features;

pub use error::PathError;

/// The paths of this architecture, the best one first.
static PATHS: &[Path] = &[
    #[cfg(target_arch = "aarch64")]
    sve2::PATH,
    #[cfg(target_arch = "aarch64")]
    neon::PATH,
    #[cfg(target_arch = "arm")]
    neon_arm::PATH,
    #[cfg(target_arch = "riscv64")]
    rvv::PATH,
    #[cfg(target_arch = "x86_64")]
    avx2::PATH,
    scalar::PATH,
];

/// A way to compute the filters, for CPUs with certain features.
#[derive(Debug)]
pub struct Path {
    name: &'static str,
    needs: Features,
    functions: Functions,
}

/// What each path computes. Unsafe, because the CPU must have the path's features, and because
/// those in assembly trust the lengths that [`Path`]'s methods check.
#[derive(Debug)]
struct Functions {
    /// `sums[i] = row[i] + 2 * row[i + 4] + row[i + 8]`; `row` is 8 longer than `sums`, whose
    /// length is a multiple of 4.
    horizontal: unsafe fn(row: &[u8], sums: &mut [u16]),
    /// `out[i] = (above[i] + 2 * here[i] + below[i] + 8) >> 4`; all are equally long, and their
    /// length is a multiple of 4.
    vertical: unsafe fn(sums: [&[u16]; 3], out: &mut [u8]),
    /// Red, green and blue become luma; alpha stays. Whole pixels.
    grey: unsafe fn(pixels: &mut [u8]),
}

impl Path {
    /// Its name, as `--path` takes it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The features that it cannot do without.
    #[must_use]
    pub fn needs(&self) -> Features {
        self.needs
    }

    pub(crate) fn horizontal(&self, row: &[u8], sums: &mut [u16]) {
        assert!(row.len() == sums.len() + 2 * PIXEL && sums.len().is_multiple_of(PIXEL));
        // SAFETY: the CPU has the path's features (see the top), and the lengths are right.
        unsafe { (self.functions.horizontal)(row, sums) }
    }

    pub(crate) fn vertical(&self, sums: [&[u16]; 3], out: &mut [u8]) {
        assert!(sums.iter().all(|row| row.len() == out.len()) && out.len().is_multiple_of(PIXEL));
        // SAFETY: the CPU has the path's features (see the top), and the lengths are right.
        unsafe { (self.functions.vertical)(sums, out) }
    }

    pub(crate) fn grey(&self, pixels: &mut [u8]) {
        assert!(pixels.len().is_multiple_of(PIXEL));
        // SAFETY: the CPU has the path's features (see the top), and the length is right.
        unsafe { (self.functions.grey)(pixels) }
    }

    fn check(&'static self) -> Result<&'static Self, PathError> {
        PathError::check(self.name, self.needs).map(|()| self)
    }
}

/// The best path that the CPU can run; chosen at the first call.
pub fn best() -> &'static Path {
    static BEST: OnceLock<&Path> = OnceLock::new();
    BEST.get_or_init(|| usable().next().expect("the last path needs nothing"))
}

/// The path of that name.
///
/// # Errors
///
/// There is none for this architecture, or the CPU cannot run it.
pub fn named(name: &str) -> Result<&'static Path, PathError> {
    let found = PATHS.iter().find(|path| path.name == name);
    found.ok_or_else(|| PathError::unknown(name, PATHS.iter().map(|path| path.name)))?.check()
}

/// The paths that the CPU can run, the best one first.
pub fn usable() -> impl Iterator<Item = &'static Path> {
    PATHS.iter().filter_map(|path| path.check().ok())
}

/// Each path of this architecture: its name, what it needs, and why it cannot be taken.
pub fn all() -> impl Iterator<Item = (&'static str, Features, Option<PathError>)> {
    PATHS.iter().map(|path| (path.name, path.needs, path.check().err()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_path_runs_anywhere() {
        let last = PATHS.last().unwrap();
        assert!(last.needs.is_empty() && last.name == "scalar");
        assert!(PATHS[..PATHS.len() - 1].iter().all(|path| !path.needs.is_empty()));
        assert_eq!(best().name(), usable().next().unwrap().name());
        assert_eq!(named("scalar").unwrap().name(), "scalar");
    }

    #[test]
    fn a_path_of_another_architecture_is_unknown() {
        let said = named("altivec").unwrap_err().to_string();
        assert!(said.starts_with("no path `altivec` for this architecture; there "), "{said}");
        assert!(said.ends_with("`scalar`"), "{said}");
    }

    #[test]
    #[should_panic(expected = "len()")]
    fn lengths_that_do_not_fit_never_reach_a_path() {
        best().horizontal(&[0; 16], &mut [0; 12]);
    }
}

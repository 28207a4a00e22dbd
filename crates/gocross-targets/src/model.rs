//! The columns of the table of CPU models, and what follows from them.

use std::fmt;

use crate::Target;

/// A release of QEMU: its first two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct QemuRelease(pub u32, pub u32);

impl fmt::Display for QemuRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QEMU {}.{}", self.0, self.1)
    }
}

/// One row: a CPU on which a program's self-test runs, and what the program must see there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// Its name in tables.
    pub name: &'static str,
    /// Rust's `target_arch`.
    pub rust_arch: &'static str,
    /// Whose CPU it is.
    pub cpu: Cpu,
    /// Whether it computes with floating point.
    pub fpu: bool,
    /// What is hidden from the program, for tiers that no model has.
    pub mask: Mask,
}

/// Whose CPU runs the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cpu {
    /// That of the machine, where it runs the target's programs. Its features are not known
    /// before.
    Machine,
    /// One of QEMU's.
    Qemu {
        /// The value of `-cpu`.
        model: &'static str,
        /// The first release of QEMU on which the row holds.
        since: QemuRelease,
        /// The first release on which it no longer does. Such a row adds what an older QEMU can
        /// show, and nobody has to have it.
        before: Option<QemuRelease>,
        /// The features that a program finds, by the names of `gocross-cpu`.
        features: &'static [&'static str],
    },
}

/// Features that are hidden from both sides of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mask {
    /// What is hidden besides, where one tier lies below another.
    pub below: Option<&'static Self>,
    /// By the names of `gocross-cpu`, for `GOCROSS_CPU`.
    pub features: &'static [&'static str],
    /// By the names of Go's `internal/cpu` and `golang.org/x/sys/cpu`, for `GODEBUG=cpu.*=off`.
    pub go: &'static [&'static str],
    /// Variables of Go packages that ask the CPU by themselves.
    pub variables: &'static [(&'static str, &'static str)],
}

impl Mask {
    /// Nothing is hidden.
    pub const NONE: Self = Self { below: None, features: &[], go: &[], variables: &[] };

    /// The features that are hidden, by the names of `gocross-cpu`.
    pub fn features(&self) -> impl Iterator<Item = &'static str> {
        self.all(|mask| mask.features)
    }

    /// Whether it hides a feature.
    #[must_use]
    pub fn hides(&self, feature: &str) -> bool {
        self.features().any(|name| name == feature)
    }

    /// The variables of Go packages that ask the CPU by themselves, with their values.
    pub fn variables(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.all(|mask| mask.variables)
    }

    /// The value of `GOCROSS_CPU`, where something is hidden.
    #[must_use]
    pub fn gocross_cpu(&self) -> Option<String> {
        let words: Vec<String> = self.features().map(|name| format!("-{name}")).collect();
        (!words.is_empty()).then(|| words.join(","))
    }

    /// The features that are hidden, by Go's names.
    pub fn go(&self) -> impl Iterator<Item = &'static str> {
        self.all(|mask| mask.go)
    }

    /// The value of `GODEBUG`, behind what the target needs there, with the names that the program
    /// knows.
    pub fn godebug(
        &self,
        of_target: Option<&str>,
        is_known: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let names = self.go().filter(|name| is_known(name));
        let masks = names.map(|name| format!("cpu.{name}=off"));
        let words: Vec<String> = of_target.map(str::to_owned).into_iter().chain(masks).collect();
        (!words.is_empty()).then(|| words.join(","))
    }

    /// One column of this mask and of those it lies below, the uppermost first.
    fn all<T: Copy + 'static>(
        &self,
        column: fn(&Self) -> &'static [T],
    ) -> impl Iterator<Item = T> + use<T> {
        let tiers = std::iter::successors(Some(self), |mask| mask.below).map(column);
        let tiers: Vec<&'static [T]> = tiers.collect();
        tiers.into_iter().rev().flatten().copied()
    }
}

impl Model {
    /// Whether the row is for programs of a target; `host` is the row of the machine.
    #[must_use]
    pub fn is_for(&self, target: &Target, host: Option<&Target>) -> bool {
        let is_there = match self.cpu {
            Cpu::Machine => host.is_some_and(|host| target.runs_on(host)),
            Cpu::Qemu { .. } => true,
        };
        self.rust_arch == target.rust_arch && is_there && (self.fpu || target.elf.soft_float)
    }

    /// The first release of QEMU that can be this model; none for the machine.
    #[must_use]
    pub fn since(&self) -> Option<QemuRelease> {
        match self.cpu {
            Cpu::Machine => None,
            Cpu::Qemu { since, .. } => Some(since),
        }
    }

    /// Whether a release of QEMU can be this model; the machine needs none.
    #[must_use]
    pub fn is_in(&self, release: QemuRelease) -> bool {
        match self.cpu {
            Cpu::Machine => false,
            Cpu::Qemu { since, before, .. } => {
                since <= release && before.is_none_or(|before| release < before)
            }
        }
    }

    /// The features that a program must find, without those that are hidden; none for the
    /// machine's own CPU.
    #[must_use]
    pub fn features(&self) -> Option<Vec<&'static str>> {
        match self.cpu {
            Cpu::Machine => None,
            Cpu::Qemu { features, .. } => {
                Some(features.iter().copied().filter(|name| !self.mask.hides(name)).collect())
            }
        }
    }
}

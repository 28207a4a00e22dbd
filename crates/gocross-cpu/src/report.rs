//! One line about this machine.

use core::fmt;

use crate::{Features, Identity, Json, Mask, Source, detect, identity, mask};

/// What is known of this machine's CPU: one line by [`Display`](fmt::Display), the same as JSON by
/// [`Report::json`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    pub(crate) hardware: Features,
    pub(crate) source: Source,
    pub(crate) mask: Mask,
    pub(crate) identity: Identity,
}

/// Looks at this machine. The identity is read anew each time, so keep the report.
#[must_use]
pub fn report() -> Report {
    let found = detect::found();
    Report { hardware: found.features, source: found.source, mask: mask(), identity: identity() }
}

impl Report {
    /// Rust's name of the architecture that the program was built for.
    #[must_use]
    pub const fn architecture(&self) -> &'static str {
        ARCHITECTURE
    }

    /// The features that code may use.
    #[must_use]
    pub const fn features(&self) -> Features {
        self.hardware.without(self.mask.hidden())
    }

    /// The features that are there, and hidden by `GOCROSS_CPU`.
    #[must_use]
    pub const fn hidden(&self) -> Features {
        self.hardware.common(self.mask.hidden())
    }

    /// What `GOCROSS_CPU` says.
    #[must_use]
    pub const fn mask(&self) -> Mask {
        self.mask
    }

    /// Where the features were learnt.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }

    /// Which CPU it is.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The same as JSON.
    #[must_use]
    pub const fn json(&self) -> Json<'_> {
        Json::new(self)
    }
}

/// `aarch64, Kunpeng 920 (HiSilicon 0x48, part 0xd01): neon aes; hidden by GOCROSS_CPU: sm4; from
/// HWCAP`.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.architecture())?;
        if !self.identity.cores().is_empty() {
            write!(f, ", {}", self.identity)?;
        }
        if self.features().is_empty() {
            f.write_str(": no features")?;
        } else {
            write!(f, ": {}", self.features())?;
        }
        if !self.hidden().is_empty() {
            write!(f, "; hidden by GOCROSS_CPU: {}", self.hidden())?;
        }
        if let Some(error) = self.mask.error() {
            write!(f, "; {error}")?;
        }
        write!(f, "; from {}", self.source)?;
        if let Some(limit) = self.source.limit() {
            write!(f, ": {limit}")?;
        }
        Ok(())
    }
}

macro_rules! architecture {
    ($($name:literal)*) => {
        $(
            #[cfg(target_arch = $name)]
            const ARCHITECTURE: &str = $name;
        )*
        #[cfg(not(any($(target_arch = $name),*)))]
        const ARCHITECTURE: &str = "another architecture";
    };
}

architecture! {
    "aarch64" "arm" "loongarch32" "loongarch64" "m68k" "mips" "mips64" "powerpc" "powerpc64"
    "riscv32" "riscv64" "s390x" "sparc" "sparc64" "wasm32" "wasm64" "x86" "x86_64"
}

#[cfg(test)]
pub(crate) mod tests {
    use std::string::ToString;

    use super::*;
    use crate::Feature;

    pub(crate) const NOTHING: Report = Report {
        hardware: Features::NONE,
        source: Source::None,
        mask: Mask::NOTHING,
        identity: Identity::UNKNOWN,
    };

    #[test]
    fn the_architecture_is_rust_s() {
        assert_eq!(NOTHING.architecture(), std::env::consts::ARCH);
    }

    #[test]
    fn what_is_not_there_is_not_hidden() {
        let report = Report {
            hardware: Features::of(&[Feature::Zbb, Feature::Zksed]),
            source: Source::Hwprobe,
            mask: Mask::parse(b"-zksed,-zksh"),
            ..NOTHING
        };
        assert_eq!(
            report.to_string(),
            std::format!("{ARCHITECTURE}: zbb; hidden by GOCROSS_CPU: zksed; from riscv_hwprobe")
        );
    }

    #[test]
    fn what_cannot_be_known_is_told() {
        let report = Report { source: Source::HwcapLetters, mask: Mask::parse(b"sm4"), ..NOTHING };
        assert_eq!(
            report.to_string(),
            std::format!(
                "{ARCHITECTURE}: no features; `sm4` in `GOCROSS_CPU` has no `-` before it: features \
                 can be hidden, not added; from letters of HWCAP: the kernel has no riscv_hwprobe, \
                 so nothing is known of extensions whose names are longer than a letter"
            )
        );
    }

    #[test]
    fn this_machine_s_is_one_line() {
        let line = report().to_string();
        assert!(line.starts_with(std::env::consts::ARCH), "{line}");
        assert!(!line.contains('\n'), "{line}");
        assert_eq!(report().features(), crate::features());
    }
}

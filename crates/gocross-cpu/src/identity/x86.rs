//! x86: the vendor, the signature and the brand, from `cpuid`.
//!
//! "Intel 64 and IA-32 Architectures Software Developer's Manual", Volume 2, CPUID: leaf 0, leaf 1,
//! and 0x80000002 to 0x80000004.

use super::{Core, Identity, IdentitySource, Numbers};
use crate::Text;

/// The numbers in the signature, EAX of leaf 1.
fn numbers(signature: u32) -> Numbers {
    let bits = |low: u32, count: u32| signature >> low & ((1 << count) - 1);
    let base = bits(8, 4);
    let family = if base == 0xf { base + bits(20, 8) } else { base };
    let is_extended = base == 0x6 || base == 0xf;
    let model = bits(4, 4) | if is_extended { bits(16, 4) << 4 } else { 0 };
    Numbers::X86 { family, model, stepping: bits(0, 4) }
}

/// The bytes of registers, the lowest first.
fn text<const N: usize>(words: [u32; N]) -> Text {
    let mut bytes = [0; 48];
    for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    Text::new(&bytes)
}

fn of_words(vendor: [u32; 3], signature: u32, brand: [u32; 12]) -> Identity {
    let mut identity = Identity::from(IdentitySource::Cpuid);
    identity.add(Core { vendor: text(vendor), name: text(brand), numbers: numbers(signature) });
    identity
}

#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
pub(super) fn look() -> Identity {
    use crate::cpuid::cpuid;

    const BRAND: u32 = 0x8000_0002;
    let zero = cpuid(0, 0);
    let mut brand = [0; 12];
    if cpuid(0x8000_0000, 0).eax >= BRAND + 2 {
        for (words, leaf) in brand.chunks_exact_mut(4).zip(BRAND..) {
            let part = cpuid(leaf, 0);
            words.copy_from_slice(&[part.eax, part.ebx, part.ecx, part.edx]);
        }
    }
    of_words([zero.ebx, zero.edx, zero.ecx], cpuid(1, 0).eax, brand)
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    fn words<const N: usize>(text: &str) -> [u32; N] {
        let mut bytes = text.bytes().chain(core::iter::repeat(0));
        core::array::from_fn(|_| {
            u32::from_le_bytes(core::array::from_fn(|_| bytes.next().unwrap()))
        })
    }

    #[test]
    fn names_are_in_the_registers() {
        let identity =
            of_words(words("GenuineIntel"), 0x000c_06f2, words("Intel(R) Xeon(R) Processor"));
        assert_eq!(
            identity.to_string(),
            "Intel(R) Xeon(R) Processor (GenuineIntel, family 6, model 207, stepping 2)"
        );
        let unnamed = of_words(words("AuthenticAMD"), 0x00a2_0f12, [0; 12]);
        assert_eq!(unnamed.to_string(), "AuthenticAMD, family 25, model 33, stepping 2");
    }

    #[test]
    fn old_families_have_no_extended_model() {
        let pentium = Numbers::X86 { family: 5, model: 4, stepping: 3 };
        assert_eq!(numbers(0x00ff_0543), pentium);
    }

    /// Compares with what the kernel says of this machine.
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    #[test]
    fn the_kernel_says_the_same() {
        let mut told = std::vec::Vec::new();
        crate::sys::lines(c"/proc/cpuinfo", |line| {
            told.push(std::string::String::from_utf8_lossy(line).into_owned());
        });
        let value = |key: &str| -> std::string::String {
            let line = told.iter().find(|line| line.split(':').next().unwrap().trim() == key);
            line.unwrap().split_once(':').unwrap().1.trim().into()
        };
        let identity = look();
        let core = identity.cores()[0];
        assert_eq!(core.vendor(), Some(value("vendor_id").as_str()));
        assert_eq!(core.name(), Some(value("model name").as_str()));
        let number = |key| value(key).parse().unwrap();
        let numbers = Numbers::X86 {
            family: number("cpu family"),
            model: number("model"),
            stepping: number("stepping"),
        };
        assert_eq!(core.numbers(), numbers);
    }
}

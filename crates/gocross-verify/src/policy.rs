//! What systems have: the newest versions of symbols, and the libraries. Data only.

use gocross_targets::Libc;

/// A system, or a family of them, that programs are to run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it stands for.
    pub title: &'static str,
    /// The C library.
    pub libc: Libc,
    /// The newest version of each family of symbols.
    pub versions: &'static [Ceiling],
    /// The libraries that are there without being installed. The dynamic linker is one everywhere.
    pub libraries: &'static [&'static str],
}

/// The newest version of a family of symbols, such as `GLIBC_2.28`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceiling {
    /// What stands before the `_`.
    pub family: &'static str,
    /// The numbers behind it.
    pub version: [u16; 3],
}

impl std::fmt::Display for Ceiling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.family, dotted(self.version))
    }
}

const fn glibc(minor: u16) -> Ceiling {
    Ceiling { family: "GLIBC", version: [2, minor, 0] }
}

const fn glibcxx(patch: u16) -> Ceiling {
    Ceiling { family: "GLIBCXX", version: [3, 4, patch] }
}

const fn cxxabi(patch: u16) -> Ceiling {
    Ceiling { family: "CXXABI", version: [1, 3, patch] }
}

const fn gcc(major: u16, minor: u16) -> Ceiling {
    Ceiling { family: "GCC", version: [major, minor, 0] }
}

/// The libraries of glibc, and those of GCC that every distribution installs.
const GNU: &[&str] = &[
    "libBrokenLocale.so.1",
    "libanl.so.1",
    "libatomic.so.1",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libnsl.so.1",
    "libpthread.so.0",
    "libresolv.so.2",
    "librt.so.1",
    "libstdc++.so.6",
    "libthread_db.so.1",
    "libutil.so.1",
];

/// What PEP 600's policies allow (auditwheel, `manylinux-policy.json`).
const MANYLINUX: &[&str] = &[
    "libGL.so.1",
    "libICE.so.6",
    "libSM.so.6",
    "libX11.so.6",
    "libXext.so.6",
    "libXrender.so.1",
    "libc.so.6",
    "libdl.so.2",
    "libexpat.so.1",
    "libgcc_s.so.1",
    "libglib-2.0.so.0",
    "libgobject-2.0.so.0",
    "libgthread-2.0.so.0",
    "libm.so.6",
    "libnsl.so.1",
    "libpthread.so.0",
    "libresolv.so.2",
    "librt.so.1",
    "libstdc++.so.6",
    "libutil.so.1",
    "libz.so.1",
];

/// musl is one library; its name differs between distributions.
const MUSL: &[&str] = &["libc.so", "libgcc_s.so.1"];

/// Every policy, sorted by name.
///
/// The manylinux policies hold for every architecture of the table. PEP 600 leaves out MIPS; its
/// numbers are those of glibc and GCC, which are the same there.
pub const POLICIES: &[Policy] = &[
    Policy {
        name: "alpine",
        title: "Alpine Linux, any release: musl",
        libc: Libc::Musl,
        versions: &[],
        libraries: MUSL,
    },
    Policy {
        name: "debian-12",
        title: "Debian 12 (bookworm): glibc 2.36, GCC 12",
        libc: Libc::Gnu,
        versions: &[glibc(36), glibcxx(30), cxxabi(13), gcc(12, 0)],
        libraries: GNU,
    },
    Policy {
        name: "kylin-v10",
        title: "Kylin V10: glibc 2.28, GCC 7",
        libc: Libc::Gnu,
        versions: &[glibc(28), glibcxx(24), cxxabi(11), gcc(7, 0)],
        libraries: GNU,
    },
    Policy {
        name: "manylinux_2_17",
        title: "PEP 600, glibc 2.17 (manylinux2014): CentOS 7",
        libc: Libc::Gnu,
        versions: &[glibc(17), glibcxx(19), cxxabi(7), gcc(4, 8)],
        libraries: MANYLINUX,
    },
    Policy {
        name: "manylinux_2_28",
        title: "PEP 600, glibc 2.28: RHEL 8, Debian 10",
        libc: Libc::Gnu,
        versions: &[glibc(28), glibcxx(25), cxxabi(11), gcc(8, 0)],
        libraries: MANYLINUX,
    },
    Policy {
        name: "manylinux_2_34",
        title: "PEP 600, glibc 2.34: RHEL 9, Ubuntu 22.04",
        libc: Libc::Gnu,
        versions: &[glibc(34), glibcxx(29), cxxabi(13), gcc(11, 0)],
        libraries: MANYLINUX,
    },
    Policy {
        name: "openeuler-22.03",
        title: "openEuler 22.03 LTS: glibc 2.34, GCC 10",
        libc: Libc::Gnu,
        versions: &[glibc(34), glibcxx(28), cxxabi(12), gcc(10, 0)],
        libraries: GNU,
    },
    Policy {
        name: "openwrt-musl",
        title: "OpenWrt, any release: musl",
        libc: Libc::Musl,
        versions: &[],
        libraries: MUSL,
    },
];

impl Policy {
    /// The policy with a name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        POLICIES.iter().find(|policy| policy.name == name)
    }

    /// Whether the system has a library.
    #[must_use]
    pub fn has_library(&self, name: &str) -> bool {
        is_dynamic_linker(name)
            || self.libraries.contains(&name)
            || (self.libc == Libc::Musl && name.starts_with("libc.musl-"))
    }

    /// The newest version of a family of symbols.
    #[must_use]
    pub fn newest(&self, family: &str) -> Option<[u16; 3]> {
        self.versions.iter().find(|ceiling| ceiling.family == family).map(|found| found.version)
    }
}

/// Whether a library is the dynamic linker itself, which programs may need by its name.
fn is_dynamic_linker(name: &str) -> bool {
    ["ld-linux", "ld-musl", "ld64.so", "ld.so"].iter().any(|prefix| name.starts_with(prefix))
}

/// A version of a symbol as family and numbers; none where it is no numbered version.
pub(crate) fn numbered(version: &[u8]) -> Option<(&str, [u16; 3])> {
    let version = std::str::from_utf8(version).ok()?;
    let (family, numbers) = version.rsplit_once('_')?;
    // Asked for by programs with packed relocations; the loader has it since glibc 2.36.
    if version == "GLIBC_ABI_DT_RELR" {
        return Some(("GLIBC", [2, 36, 0]));
    }
    let mut parsed = [0; 3];
    let mut words = numbers.split('.');
    for (slot, word) in parsed.iter_mut().zip(&mut words) {
        *slot = word.parse().ok()?;
    }
    words.next().is_none().then_some((family, parsed))
}

/// Numbers with dots between them, without zeros at the end.
pub(crate) fn dotted([major, minor, patch]: [u16; 3]) -> String {
    match patch {
        0 => format!("{major}.{minor}"),
        patch => format!("{major}.{minor}.{patch}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_sorted_and_found() {
        let names: Vec<_> = POLICIES.iter().map(|policy| policy.name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(names, sorted);
        assert_eq!(Policy::find("kylin-v10").unwrap().newest("GLIBC"), Some([2, 28, 0]));
        assert_eq!(Policy::find("kylin"), None);
    }

    #[test]
    fn the_dynamic_linker_is_everywhere() {
        let alpine = Policy::find("alpine").unwrap();
        assert!(alpine.has_library("libc.musl-x86_64.so.1") && !alpine.has_library("libc.so.6"));
        assert!(Policy::find("debian-12").unwrap().has_library("ld-linux-aarch64.so.1"));
    }

    #[test]
    fn versions_have_numbers_or_are_none() {
        assert_eq!(numbered(b"GLIBC_2.2.5"), Some(("GLIBC", [2, 2, 5])));
        assert_eq!(numbered(b"GLIBC_2.34"), Some(("GLIBC", [2, 34, 0])));
        assert_eq!(numbered(b"GLIBC_PRIVATE"), None);
        assert_eq!(numbered(b"GLIBC_1.2.3.4"), None);
        assert_eq!(numbered(b"OPENSSL_3.0.0"), Some(("OPENSSL", [3, 0, 0])));
        assert_eq!(dotted([2, 2, 5]), "2.2.5");
    }
}

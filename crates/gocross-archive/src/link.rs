//! What a Go package asks of the linker and the preprocessor (`#cgo` lines).

use crate::list::Package;

/// One thing that the final link needs besides the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkArgument {
    /// A library by its name (`-lNAME`).
    Library(String),
    /// A folder to search for libraries (`-LDIR`).
    SearchFolder(String),
    /// Anything else, as it stands.
    Other(String),
}

/// The `#cgo LDFLAGS` of all packages, each argument once, in the order of the imports.
pub(crate) fn arguments(packages: &[Package]) -> Vec<LinkArgument> {
    let mut arguments = Vec::new();
    // The last package is the one that was asked for; a library must come after its users.
    for package in packages.iter().rev() {
        let mut words = package.cgo_ldflags.iter();
        while let Some(word) = words.next() {
            let argument = match word.as_str() {
                "-l" => words.next().map(|name| LinkArgument::Library(name.clone())),
                "-L" => words.next().map(|dir| LinkArgument::SearchFolder(dir.clone())),
                "-pthread" => Some(LinkArgument::Library("pthread".to_owned())),
                word => Some(if let Some(name) = word.strip_prefix("-l") {
                    LinkArgument::Library(name.to_owned())
                } else if let Some(dir) = word.strip_prefix("-L") {
                    LinkArgument::SearchFolder(dir.to_owned())
                } else {
                    LinkArgument::Other(word.to_owned())
                }),
            };
            arguments.extend(argument.filter(|argument| !arguments.contains(argument)));
        }
    }
    arguments
}

/// The `#cgo CPPFLAGS` and `CFLAGS` that decide what a header says: `-I`, `-isystem`, `-D`, `-U`.
pub(crate) fn preprocessor_arguments(package: &Package) -> Vec<String> {
    let mut kept = Vec::new();
    let mut words = package.cgo_cppflags.iter().chain(&package.cgo_cflags);
    while let Some(word) = words.next() {
        if matches!(word.as_str(), "-I" | "-isystem" | "-D" | "-U") {
            kept.push(word.clone());
            kept.extend(words.next().cloned());
        } else if ["-I", "-isystem", "-D", "-U"].iter().any(|flag| word.starts_with(flag)) {
            kept.push(word.clone());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(flags: &[&str]) -> Package {
        Package { cgo_ldflags: flags.iter().map(|&f| f.to_owned()).collect(), ..Package::default() }
    }

    #[test]
    fn what_decides_a_header_is_kept_and_the_rest_is_not() {
        let flags = ["-O2", "-I/a", "-I", "/b", "-DX=1", "-Wall", "-isystem", "/c"];
        let cgo_cflags = flags.iter().map(|&flag| flag.to_owned()).collect();
        let package = Package { cgo_cflags, ..Package::default() };
        let kept = preprocessor_arguments(&package);
        assert_eq!(kept, ["-I/a", "-I", "/b", "-DX=1", "-isystem", "/c"]);
    }

    #[test]
    fn users_come_before_what_they_use_and_each_once() {
        let packages =
            [package(&["-lpthread"]), package(&["-L/x", "-l", "z", "-pthread", "-Wl,-O1"])];
        assert_eq!(
            arguments(&packages),
            [
                LinkArgument::SearchFolder("/x".to_owned()),
                LinkArgument::Library("z".to_owned()),
                LinkArgument::Library("pthread".to_owned()),
                LinkArgument::Other("-Wl,-O1".to_owned()),
            ]
        );
    }
}

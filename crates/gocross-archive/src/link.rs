//! What a Go package asks of the linker, in the terms of cargo's build scripts.

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

#[cfg(test)]
mod tests {
    use super::*;

    fn package(flags: &[&str]) -> Package {
        Package { cgo_ldflags: flags.iter().map(|&f| f.to_owned()).collect(), ..Package::default() }
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

//! What a Go package tells the preprocessor (`#cgo` lines).

use crate::list::Package;

/// The `#cgo CPPFLAGS` and `CFLAGS` that decide what a header says: `-I`, `-isystem`, `-D`, `-U`.
pub(crate) fn arguments(package: &Package) -> Vec<String> {
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

    #[test]
    fn what_decides_a_header_is_kept_and_the_rest_is_not() {
        let flags = ["-O2", "-I/a", "-I", "/b", "-DX=1", "-Wall", "-isystem", "/c"];
        let cgo_cflags = flags.iter().map(|&flag| flag.to_owned()).collect();
        let package = Package { cgo_cflags, ..Package::default() };
        let kept = arguments(&package);
        assert_eq!(kept, ["-I/a", "-I", "/b", "-DX=1", "-isystem", "/c"]);
    }
}

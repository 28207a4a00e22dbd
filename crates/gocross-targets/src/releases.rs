//! The releases of Go that the project answers for.

/// The two numbers of the oldest release that is accepted.
pub const OLDEST_GO: (u32, u32) = (1, 22);

/// The releases that the tests build and run programs with, besides the machine's own: the
/// last one of each line, the oldest line first. `go list -m -versions golang.org/toolchain`
/// tells what there is.
pub const GO_RELEASES: &[&str] =
    &["go1.22.12", "go1.23.12", "go1.24.13", "go1.25.14", "go1.26.11", "go1.27.4"];

#[cfg(test)]
mod tests {
    use super::*;

    fn line(release: &str) -> Option<(u32, u32)> {
        let mut numbers = release.strip_prefix("go")?.split('.').map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    }

    #[test]
    fn there_is_one_release_of_each_line_from_the_oldest_on() {
        let lines: Vec<_> = GO_RELEASES.iter().map(|release| line(release).unwrap()).collect();
        let (major, minor) = OLDEST_GO;
        let want: Vec<_> = (minor..).take(lines.len()).map(|minor| (major, minor)).collect();
        assert_eq!(lines, want);
    }
}

//! `[package.metadata.gocross.cpu]`: whether the CPU paths that a project declares can be meant.

use gocross_config::{Cpu as Declaration, CpuPath as Path};

use super::architecture::{ARCHITECTURES, Architecture};

/// Looks whether a declaration can be meant.
///
/// # Errors
///
/// What is wrong, in a phrase.
pub fn check(declared: &Declaration) -> Result<(), String> {
    if declared.bin.as_deref() == Some("") {
        return Err("`bin` is empty".to_owned());
    }
    if !declared.force.is_empty() && declared.selftest.is_empty() {
        return Err("`force` without `selftest`: the self-test takes its words".to_owned());
    }
    if !declared.force.is_empty() && !declared.force.iter().any(|word| word.contains("{path}")) {
        return Err("no word of `force` has `{path}`, the place of the path's name".to_owned());
    }
    for path in &declared.paths {
        check_path(path)?;
    }
    for gated in &declared.gated {
        arch("gated", gated.arch.as_deref())?;
        features("gated", &gated.features, gated.arch.as_deref())?;
        patterns("gated", &gated.functions)?;
        if gated.features.is_empty() {
            return Err("`gated` without `features`".to_owned());
        }
    }
    if !declared.dispatch.is_empty() {
        patterns("dispatch", &declared.dispatch)?;
    }
    check_order(declared)
}

/// Each side ends with its fall-back, on each architecture.
fn check_order(declared: &Declaration) -> Result<(), String> {
    for row in gocross_targets::TARGETS {
        for side in declared.sides_on(row.rust_arch) {
            let of_side = |path: &&Path| path.side == side;
            let paths: Vec<&Path> = declared.paths_on(row.rust_arch).filter(of_side).collect();
            for (index, path) in paths.iter().enumerate() {
                let is_last = index + 1 == paths.len();
                if path.needs.is_empty() != is_last {
                    return Err(order(side, row.rust_arch, path, is_last));
                }
                if paths[..index].iter().any(|other| other.name == path.name) {
                    return Err(format!(
                        "`{side}` has two paths called `{}` on {}",
                        path.name, row.rust_arch
                    ));
                }
            }
        }
    }
    Ok(())
}

fn order(side: &str, arch: &str, path: &Path, is_last: bool) -> String {
    let name = &path.name;
    if is_last {
        format!(
            "`{side}` has no fall-back on {arch}: its last path, `{name}`, is to be one without `needs`"
        )
    } else {
        format!(
            "the path `{name}` of `{side}` has no `needs` and is not the last on {arch}: the paths \
             after it would never be taken"
        )
    }
}

fn check_path(path: &Path) -> Result<(), String> {
    let Path { side, name, .. } = path;
    for (key, value) in [("side", side), ("name", name)] {
        if value.is_empty() || value.contains(char::is_whitespace) {
            return Err(format!("`{key} = \"{value}\"` of a path is not one word"));
        }
    }
    let whose = format!("the path `{name}` of `{side}`");
    arch(&whose, path.arch.as_deref())?;
    features(&whose, &path.needs, path.arch.as_deref())?;
    patterns(&whose, &path.functions)
}

fn arch(whose: &str, arch: Option<&str>) -> Result<(), String> {
    let Some(arch) = arch else { return Ok(()) };
    let mut known: Vec<&str> = gocross_targets::TARGETS.iter().map(|row| row.rust_arch).collect();
    if known.contains(&arch) {
        return Ok(());
    }
    known.sort_unstable();
    known.dedup();
    Err(format!("{whose}: no target has the architecture `{arch}`; there are {}", known.join(", ")))
}

fn features(whose: &str, names: &[String], arch: Option<&str>) -> Result<(), String> {
    for name in names {
        // What two features have in common has a name of our own.
        let is_own = |name: &str| name.contains('/');
        let has =
            |architecture: &Architecture| architecture.feature(name).is_some() && !is_own(name);
        match arch.map(|arch| (arch, Architecture::find(arch))) {
            None if ARCHITECTURES.iter().any(has) => {}
            None => return Err(format!("{whose}: no architecture has a feature `{name}`")),
            Some((_, Some(architecture))) if has(architecture) => {}
            Some((arch, found)) => {
                let known = found.into_iter().flat_map(Architecture::names);
                let known: Vec<&str> = known.filter(|name| !is_own(name)).collect();
                let known = if known.is_empty() {
                    "none is known there".to_owned()
                } else {
                    known.join(", ")
                };
                return Err(format!("{whose}: {arch} has no feature `{name}`: {known}"));
            }
        }
    }
    Ok(())
}

fn patterns(whose: &str, patterns: &[String]) -> Result<(), String> {
    if patterns.is_empty() {
        return Err(format!("{whose}: `functions` is empty, and nothing says where its code is"));
    }
    match patterns.iter().find(|pattern| pattern.chars().all(|letter| letter == '*')) {
        Some(pattern) => Err(format!("{whose}: `{pattern}` stands for every function")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use gocross_config::Gated;

    use super::*;

    fn path(side: &str, name: &str, arch: Option<&str>, needs: &[&str]) -> Path {
        Path {
            side: side.to_owned(),
            name: name.to_owned(),
            arch: arch.map(str::to_owned),
            needs: needs.iter().map(|need| (*need).to_owned()).collect(),
            functions: vec![format!("{name}_*")],
        }
    }

    fn declared(paths: Vec<Path>) -> Declaration {
        Declaration { paths, ..Declaration::default() }
    }

    #[test]
    fn paths_are_those_of_the_architecture() {
        let declared = declared(vec![
            path("a", "sm4e", Some("aarch64"), &["sm4"]),
            path("b", "v", Some("riscv64"), &["v"]),
            path("a", "plain", None, &[]),
            path("b", "plain", None, &[]),
        ]);
        assert_eq!(check(&declared), Ok(()));
        assert_eq!(declared.sides_on("aarch64"), ["a", "b"]);
        let names =
            |arch| declared.paths_on(arch).map(|path| path.name.clone()).collect::<Vec<_>>();
        assert_eq!(names("aarch64"), ["sm4e", "plain", "plain"]);
        assert_eq!(names("mips"), ["plain", "plain"]);
    }

    #[test]
    fn what_cannot_be_meant_is_an_error() {
        let said = |paths| check(&declared(paths)).unwrap_err();
        let plain = || path("a", "plain", None, &[]);
        for (paths, words) in [
            (
                vec![path("a", "x", Some("arm64"), &[]), plain()],
                "no target has the architecture `arm64`",
            ),
            (
                vec![path("a", "x", Some("aarch64"), &["avx2"]), plain()],
                "aarch64 has no feature `avx2`",
            ),
            (vec![path("a", "x", Some("s390x"), &["v"]), plain()], "none is known there"),
            (vec![path("a", "x", None, &["sm5"]), plain()], "no architecture has a feature `sm5`"),
            (vec![path("a", "x", Some("aarch64"), &["sm4"])], "`a` has no fall-back on aarch64"),
            (vec![plain(), path("a", "x", Some("aarch64"), &["sm4"])], "is not the last"),
            (
                vec![path("a", "x", None, &["aes"]), path("a", "x", None, &[])],
                "two paths called `x`",
            ),
            (vec![path("a b", "x", None, &[])], "is not one word"),
            (vec![Path { functions: vec![], ..plain() }], "`functions` is empty"),
            (vec![Path { functions: vec!["*".to_owned()], ..plain() }], "every function"),
        ] {
            let said = said(paths);
            assert!(said.contains(words), "{said}\n{words}");
        }
    }

    #[test]
    fn the_words_of_the_selftest_fit_together() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let with = |selftest: &[&str], force: &[&str]| Declaration {
            selftest: words(selftest),
            force: words(force),
            ..Declaration::default()
        };
        assert_eq!(check(&with(&["selftest"], &["--path", "{path}"])), Ok(()));
        assert!(check(&with(&[], &["{path}"])).unwrap_err().contains("without `selftest`"));
        assert!(check(&with(&["t"], &["--path"])).unwrap_err().contains("{path}"));
        let gated = Gated { functions: vec!["a".to_owned()], ..Gated::default() };
        let gated = Declaration { gated: vec![gated], ..Declaration::default() };
        assert!(check(&gated).unwrap_err().contains("without `features`"));
    }
}

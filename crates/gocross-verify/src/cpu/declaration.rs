//! `[package.metadata.gocross.cpu]`: the CPU paths that a project says it has.

use serde::{Deserialize, Serialize};

use super::architecture::{ARCHITECTURES, Architecture};

/// The CPU paths of a program, as its manifest declares them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Declaration {
    /// The program that has the paths; a manifest means the package's own where it does not say.
    pub bin: Option<String>,
    /// The words after the program's name that make it test itself.
    pub selftest: Vec<String>,
    /// The words that make the self-test take one path; `{path}` stands for its name.
    pub force: Vec<String>,
    /// The paths of each side: the best first, the fall-back last.
    #[serde(rename = "path")]
    pub paths: Vec<Path>,
    /// Functions of no side that have instructions above the baseline all the same.
    pub gated: Vec<Gated>,
    /// Functions that look at the CPU and may call what is gated by name.
    pub dispatch: Vec<String>,
}

/// One way to do what a side does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Path {
    /// What chooses between paths: a line of the self-test's report, such as `sm4.rust`.
    pub side: String,
    /// The path, as the program calls it.
    pub name: String,
    /// Rust's `target_arch`; every architecture where it is not said.
    #[serde(default)]
    pub arch: Option<String>,
    /// The features that its code uses; none of the fall-back.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Where its code is: names of functions, without Rust's mangling; `*` stands for any text.
    pub functions: Vec<String>,
}

/// Functions that look at the CPU themselves, or are only called after somebody has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gated {
    /// Their names; `*` stands for any text.
    pub functions: Vec<String>,
    /// The features that their code uses.
    pub features: Vec<String>,
    /// Rust's `target_arch`; every architecture where it is not said.
    #[serde(default)]
    pub arch: Option<String>,
}

impl Declaration {
    /// Whether nothing is declared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it is about the program with this file name.
    #[must_use]
    pub fn is_for(&self, file: impl AsRef<std::path::Path>) -> bool {
        let stem = file.as_ref().file_stem();
        self.bin.as_ref().is_none_or(|bin| stem.is_some_and(|stem| stem == bin.as_str()))
    }

    /// The paths that an architecture has, in order.
    pub fn paths_on<'a>(&'a self, arch: &'a str) -> impl Iterator<Item = &'a Path> {
        self.paths.iter().filter(move |path| is_on(path.arch.as_deref(), arch))
    }

    /// The sides that an architecture has, in order.
    #[must_use]
    pub fn sides_on<'a>(&'a self, arch: &'a str) -> Vec<&'a str> {
        let mut sides = Vec::new();
        for path in self.paths_on(arch) {
            if !sides.contains(&path.side.as_str()) {
                sides.push(&path.side);
            }
        }
        sides
    }

    /// Looks whether it can be meant.
    ///
    /// # Errors
    ///
    /// What is wrong, in a phrase.
    pub fn check(&self) -> Result<(), String> {
        if self.bin.as_deref() == Some("") {
            return Err("`bin` is empty".to_owned());
        }
        if !self.force.is_empty() && self.selftest.is_empty() {
            return Err("`force` without `selftest`: the self-test takes its words".to_owned());
        }
        if !self.force.is_empty() && !self.force.iter().any(|word| word.contains("{path}")) {
            return Err("no word of `force` has `{path}`, the place of the path's name".to_owned());
        }
        for path in &self.paths {
            path.check()?;
        }
        for gated in &self.gated {
            arch("gated", gated.arch.as_deref())?;
            features("gated", &gated.features, gated.arch.as_deref())?;
            patterns("gated", &gated.functions)?;
            if gated.features.is_empty() {
                return Err("`gated` without `features`".to_owned());
            }
        }
        if !self.dispatch.is_empty() {
            patterns("dispatch", &self.dispatch)?;
        }
        self.check_order()
    }

    /// Each side ends with its fall-back, on each architecture.
    fn check_order(&self) -> Result<(), String> {
        for row in gocross_targets::TARGETS {
            for side in self.sides_on(row.rust_arch) {
                let of_side = |path: &&Path| path.side == side;
                let paths: Vec<&Path> = self.paths_on(row.rust_arch).filter(of_side).collect();
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

impl Path {
    fn check(&self) -> Result<(), String> {
        let Self { side, name, .. } = self;
        for (key, value) in [("side", side), ("name", name)] {
            if value.is_empty() || value.contains(char::is_whitespace) {
                return Err(format!("`{key} = \"{value}\"` of a path is not one word"));
            }
        }
        let whose = format!("the path `{name}` of `{side}`");
        arch(&whose, self.arch.as_deref())?;
        features(&whose, &self.needs, self.arch.as_deref())?;
        patterns(&whose, &self.functions)
    }
}

/// Whether something for `wanted` is for an architecture.
pub(crate) fn is_on(wanted: Option<&str>, arch: &str) -> bool {
    wanted.is_none_or(|wanted| wanted == arch)
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
        assert_eq!(declared.check(), Ok(()));
        assert_eq!(declared.sides_on("aarch64"), ["a", "b"]);
        let names =
            |arch| declared.paths_on(arch).map(|path| path.name.clone()).collect::<Vec<_>>();
        assert_eq!(names("aarch64"), ["sm4e", "plain", "plain"]);
        assert_eq!(names("mips"), ["plain", "plain"]);
    }

    #[test]
    fn what_cannot_be_meant_is_an_error() {
        let said = |paths| declared(paths).check().unwrap_err();
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
        assert_eq!(with(&["selftest"], &["--path", "{path}"]).check(), Ok(()));
        assert!(with(&[], &["{path}"]).check().unwrap_err().contains("without `selftest`"));
        assert!(with(&["t"], &["--path"]).check().unwrap_err().contains("{path}"));
        let gated = Gated { functions: vec!["a".to_owned()], ..Gated::default() };
        let gated = Declaration { gated: vec![gated], ..Declaration::default() };
        assert!(gated.check().unwrap_err().contains("without `features`"));
    }
}

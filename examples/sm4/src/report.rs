//! What the CPU has, and which paths the program takes on it.

use crate::cipher::{self, PathInfo};
use crate::{gmsm, modes};
use gocross::cpu::{self, Features};
use std::io::{self, Write};

/// The sides of the program that choose a path, and which one each takes.
pub(crate) struct Chosen {
    pub(crate) rust: &'static str,
    pub(crate) ghash: &'static str,
    pub(crate) go: String,
}

impl Chosen {
    /// What each side takes by itself.
    pub(crate) fn best() -> anyhow::Result<Self> {
        Ok(Self {
            rust: best(cipher::paths()),
            ghash: best(modes::ghash_paths()),
            go: gmsm::path()?,
        })
    }

    /// The lines of the report. They begin with `cpu: `, so that who compares the outputs of two
    /// CPUs can leave them out.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let features = format!("cpu: features {}", names(cpu::features()));
        writeln!(out, "{}", features.trim_end())?;
        if let Some(limit) = cpu::source().limit() {
            writeln!(out, "cpu: source {} ({limit})", cpu::source().name())?;
        }
        for (side, path) in [("rust", self.rust), ("ghash", self.ghash), ("go", &self.go)] {
            writeln!(out, "cpu: path sm4.{side} = {path}")?;
        }
        Ok(())
    }
}

/// Writes a table of all paths.
pub(crate) fn paths(out: &mut dyn Write) -> anyhow::Result<()> {
    let chosen = Chosen::best()?;
    side("sm4.rust", cipher::paths(), chosen.rust, out)?;
    side("sm4.ghash", modes::ghash_paths(), chosen.ghash, out)?;
    writeln!(out, "sm4.go\n  {:<12} * chosen by gmsm", chosen.go)?;
    Ok(())
}

fn side(
    name: &str,
    paths: impl Iterator<Item = PathInfo>,
    chosen: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{name}")?;
    for path in paths {
        let star = if path.name == chosen { '*' } else { ' ' };
        let needs = if path.needs.is_empty() {
            "needs nothing".into()
        } else {
            format!("needs {}", names(path.needs))
        };
        let time = if path.constant_time { "" } else { "; time depends on the key" };
        let lacks = path.needs.without(cpu::features());
        let hidden = if cpu::hardware().has_all(lacks) { "hidden" } else { "lacks" };
        let lacks =
            if path.usable { String::new() } else { format!("; {hidden} {}", names(lacks)) };
        writeln!(out, "  {:<12} {star} {needs}{lacks}{time}", path.name)?;
    }
    Ok(())
}

/// The names of the features, with spaces between them.
pub(crate) fn names(features: Features) -> String {
    features.iter().map(|feature| feature.name()).collect::<Vec<_>>().join(" ")
}

fn best(mut paths: impl Iterator<Item = PathInfo>) -> &'static str {
    paths.find(|path| path.usable).expect("the last path needs nothing").name
}

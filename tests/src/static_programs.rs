//! Static programs that are right: made by the real compilers, and judged.

use std::collections::BTreeMap;
use std::path::Path;

use gocross_targets::Target;
use serde::Deserialize;

use crate::corpus::{compiler, shell};
use crate::sandbox::Sandbox;
use crate::scenario::row;
use crate::trial::{Result, Trouble, ensure};
use crate::workshop::Workshop;

/// `corpus/static.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Programs {
    /// Files that are there for every program.
    sources: BTreeMap<String, String>,
    /// Lists of triples, by name.
    targets: BTreeMap<String, Vec<String>>,
    program: Vec<Program>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Program {
    name: String,
    /// The list of targets.
    on: String,
    /// The shell command that makes `out`.
    make: String,
}

/// A program for a target.
#[derive(Debug, Clone)]
pub struct StaticProgram {
    program: Program,
    sources: BTreeMap<String, String>,
    target: &'static Target,
}

/// Reads the list.
///
/// # Errors
///
/// It is not written as it should be.
pub fn read(file: &Path) -> Result<Vec<StaticProgram>> {
    let text = fs_err::read_to_string(file)?;
    let list: Programs = toml::from_str(&text).map_err(|e| Trouble::wrong(e.to_string()))?;
    let mut programs = Vec::new();
    for program in &list.program {
        let triples = list.targets.get(&program.on);
        for triple in triples.ok_or_else(|| Trouble::wrong(format!("`{}`?", program.on)))? {
            let (program, sources) = (program.clone(), list.sources.clone());
            programs.push(StaticProgram { program, sources, target: row(triple)? });
        }
    }
    Ok(programs)
}

impl StaticProgram {
    /// The test's name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("corpus/static/{}/{}", self.program.name, self.target.triple)
    }

    /// Makes the program, and has it judged with its symbols and without.
    ///
    /// # Errors
    ///
    /// It cannot be made, is not static, or gives an error.
    pub fn test(&self, workshop: &Workshop) -> Result {
        let sandbox = Sandbox::new(workshop, &self.name(), "")?;
        for (name, text) in &self.sources {
            let path = sandbox.dir().join(name);
            fs_err::create_dir_all(path.parent().unwrap_or(sandbox.dir()))?;
            fs_err::write(path, text)?;
        }
        // A dynamic program would give no finding of the rules for static ones.
        let manifest = "[package.metadata.gocross.verify]\nstatic = true\n";
        fs_err::write(sandbox.dir().join("Cargo.toml"), manifest)?;
        let cc = compiler(self.target);
        let tool = |name: &str| cc.replace("gcc", name);
        let strip = cc.strip_suffix("gcc").map(|prefix| format!("{prefix}strip"));
        let go = &self.target.go;
        let mut go_env = format!("GOOS={} GOARCH={}", go.os, go.arch);
        if let Some((name, value)) = go.tuning {
            go_env.push_str(&format!(" {name}={value}"));
        }
        let variables = format!("CXX={} GOENV='{go_env}'; ", tool("g++"));
        let make = format!("{variables}{}", self.program.make);
        shell(workshop, &sandbox, self.target, &make, "")?.read()?;
        self.judge(workshop, &sandbox)?;
        let line = format!("{} out", strip.unwrap_or_default());
        shell(workshop, &sandbox, self.target, &line, "")?.read()?;
        self.judge(workshop, &sandbox)
    }

    fn judge(&self, workshop: &Workshop, sandbox: &Sandbox) -> Result {
        let line = "cargo-gocross gocross verify --format json --target $TARGET out";
        let run = shell(workshop, sandbox, self.target, line, "")?;
        let output = run.output()?;
        let report: serde_json::Value = serde_json::from_str(&output.stdout)
            .map_err(|error| Trouble::wrong(format!("`{run}`: {error}\n{}", output.stderr)))?;
        let findings = report["findings"].as_array().into_iter().flatten();
        let errors: Vec<_> = findings.filter(|found| found["level"] == "error").collect();
        ensure(errors.is_empty() && report["files"] == 1, || format!("{errors:#?}"))
    }
}

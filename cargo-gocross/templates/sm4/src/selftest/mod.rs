//! `sm4 selftest`: whether every path that this CPU can take computes SM4, and the same as Go.
//!
//! It writes results, which are the same on every CPU, and lines that begin with `cpu: `, which say
//! what this one has. So two outputs without those lines differ only where something is wrong.

mod known;
mod million;
mod random;
mod vectors;

use std::io::Write;
use std::path::PathBuf;

use crate::cipher::{self, Key, PathError, PathInfo};
use crate::cli::Failure;
use crate::modes::{self, Gcm};
use crate::report::Chosen;
use clap::Args;

/// What the self-test does.
#[derive(Args)]
pub(crate) struct SelfTest {
    /// Take one path, of the cipher or of GHASH; `sm4 paths` lists them
    #[arg(long, value_name = "NAME")]
    path: Option<String>,
    /// Also the standard's vector of a million rounds, on one block and on 16 equal ones
    #[arg(long)]
    million: bool,
    /// Also the cases in FILE: lines of key, counter, offset, plain and cipher text
    #[arg(long, value_name = "FILE")]
    vectors: Option<PathBuf>,
}

/// The paths to test.
pub(crate) struct Paths {
    cipher: Vec<&'static str>,
    ghash: Vec<&'static str>,
}

/// What a check found: `Ok` is what was compared, `Err` the first difference.
type Outcome = anyhow::Result<String>;

/// Runs all checks, also when one fails.
pub(crate) fn run(words: &SelfTest, out: &mut dyn Write) -> Result<(), Failure> {
    let paths = Paths::new(words.path.as_deref())?;
    let chosen = Chosen {
        rust: paths.cipher[0],
        ghash: paths.ghash[0],
        go: crate::gmsm::path().map_err(anyhow::Error::from)?,
    };
    chosen.write(out).map_err(anyhow::Error::from)?;

    let mut checks: Vec<(&str, Outcome)> = vec![
        ("standard", known::block(&paths)),
        ("ctr", known::ctr(&paths)),
        ("gcm", known::gcm(&paths)),
        ("go", random::run(&paths)),
    ];
    if words.million {
        checks.push(("million", million::run(paths.cipher[0])));
    }
    if let Some(file) = &words.vectors {
        checks.push(("vectors", vectors::run(file, &paths)));
    }
    tell(checks, out)
}

fn tell(checks: Vec<(&str, Outcome)>, out: &mut dyn Write) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    for (name, outcome) in checks {
        let line = match outcome {
            Ok(compared) => format!("{name}: ok, {compared}"),
            Err(error) => {
                wrong.push(format!("{name}: {error:#}"));
                format!("{name}: WRONG")
            }
        };
        writeln!(out, "{line}").map_err(anyhow::Error::from)?;
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::Job(anyhow::anyhow!("{}", wrong.join("; "))))
}

impl Paths {
    /// All that this CPU can take, best first, or on each side the one of that name.
    fn new(name: Option<&str>) -> Result<Self, PathError> {
        let Some(name) = name else {
            return Ok(Self {
                cipher: usable(cipher::paths()),
                ghash: usable(modes::ghash_paths()),
            });
        };
        let cipher = cipher::paths().any(|path| path.name == name);
        let ghash = modes::ghash_paths().any(|path| path.name == name);
        // The side that has no such path takes its best one.
        let key =
            if cipher || !ghash { Key::with_path(&[0; 16], name)? } else { Key::new(&[0; 16]) };
        let gcm = if ghash { Gcm::with_ghash(key.clone(), name)? } else { Gcm::new(key.clone()) };
        Ok(Self { cipher: vec![key.path()], ghash: vec![gcm.ghash_path()] })
    }

    /// `key` on each path of the cipher.
    fn keys(&self, key: &[u8; 16]) -> impl Iterator<Item = Key> {
        self.cipher.iter().map(|path| Key::with_path(key, path).expect("the path is usable"))
    }

    /// `key` on each path of the cipher with the best of GHASH, and the other way round.
    fn gcms(&self, key: &[u8; 16]) -> impl Iterator<Item = Gcm> {
        let gcm = |key, ghash| Gcm::with_ghash(key, ghash).expect("the path is usable");
        let first = Key::with_path(key, self.cipher[0]).expect("the path is usable");
        let others = self.ghash[1..].iter().map(move |ghash| gcm(first.clone(), ghash));
        self.keys(key).map(move |key| gcm(key, self.ghash[0])).chain(others)
    }
}

fn usable(paths: impl Iterator<Item = PathInfo>) -> Vec<&'static str> {
    paths.filter(|path| path.usable).map(|path| path.name).collect()
}

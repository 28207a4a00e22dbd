//! Files with one defect each: made by a real compiler, some changed byte by byte, and judged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gocross_elf::Elf;
use gocross_targets::{Libc, Target};
use serde::Deserialize;

use crate::command::Run;
use crate::sandbox::Sandbox;
use crate::scenario::row;
use crate::tools::{self, Tools};
use crate::trial::{Result, Trouble, ensure};
use crate::workshop::Workshop;

/// `corpus/broken.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broken {
    /// Files that are there for every case.
    sources: BTreeMap<String, String>,
    /// Lists of triples, by name.
    targets: BTreeMap<String, Vec<String>>,
    /// The cases.
    case: Vec<Case>,
}

/// One defect.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    name: String,
    /// The rule that has to find it.
    finds: String,
    /// The list of targets.
    on: String,
    /// The shell command that makes `out`.
    make: String,
    #[serde(default)]
    defect: String,
    #[serde(default)]
    edit: Vec<Edit>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// Arguments for `verify`.
    #[serde(default = "for_the_target")]
    ask: String,
    /// `[package.metadata.gocross.verify]`.
    #[serde(default)]
    settings: String,
    /// Further files that go into the same link.
    #[serde(default)]
    also: Vec<String>,
}

fn for_the_target() -> String {
    "--target $TARGET".to_owned()
}

/// A change of bytes.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Edit {
    /// Bytes at an offset.
    Bytes { at: usize, bytes: Vec<u8> },
    /// Bits of a byte that are set.
    Or { at: usize, or: u8 },
    /// What is left of the file.
    Truncate { truncate: f64 },
    /// A symbol that is no longer defined.
    Undefine { undefine: String },
    /// The type of the program header with this name becomes `PT_NULL`.
    Segment { find: String },
}

/// A case on a target.
#[derive(Debug, Clone)]
pub struct Specimen {
    case: Case,
    sources: BTreeMap<String, String>,
    target: &'static Target,
}

impl Broken {
    /// Reads the list.
    ///
    /// # Errors
    ///
    /// It is not written as it should be.
    pub fn read(file: &Path) -> Result<Vec<Specimen>> {
        let text = fs_err::read_to_string(file)?;
        let broken: Self = toml::from_str(&text).map_err(|e| Trouble::wrong(e.to_string()))?;
        let mut specimens = Vec::new();
        for case in &broken.case {
            let triples = broken.targets.get(&case.on);
            let triples = triples.ok_or_else(|| Trouble::wrong(format!("`{}`?", case.on)))?;
            for triple in triples {
                let (case, target) = (case.clone(), row(triple)?);
                specimens.push(Specimen { case, sources: broken.sources.clone(), target });
            }
        }
        Ok(specimens)
    }
}

impl Specimen {
    /// The test's name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("corpus/broken/{}/{}/{}", self.case.finds, self.case.name, self.target.triple)
    }

    /// Makes both files and compares the findings.
    ///
    /// # Errors
    ///
    /// The whole file has the finding, or the broken one has another or none.
    pub fn test(&self, workshop: &Workshop) -> Result {
        let whole = self.findings(workshop, "whole", "")?;
        let mut broken = self.findings(workshop, "broken", &self.case.defect)?;
        for code in &whole {
            broken.remove(code);
        }
        let wanted = BTreeSet::from([self.case.finds.clone()]);
        ensure(broken == wanted, || {
            format!("the whole file gives {whole:?}, the broken one besides {broken:?}")
        })
    }

    /// The names of the rules that find something.
    fn findings(&self, workshop: &Workshop, kind: &str, defect: &str) -> Result<BTreeSet<String>> {
        let sandbox = Sandbox::new(workshop, &format!("{}-{kind}", self.name()), "")?;
        for (name, text) in self.sources.iter().chain(&self.case.files) {
            fs_err::write(sandbox.dir().join(name), text)?;
        }
        let settings = &self.case.settings;
        let manifest = format!("[package.metadata.gocross.verify]\n{settings}\n");
        fs_err::write(sandbox.dir().join("Cargo.toml"), manifest)?;
        shell(workshop, &sandbox, self.target, &self.case.make, defect)?.read()?;
        if kind == "broken" {
            self.edit(&sandbox.dir().join("out"))?;
        }
        let files = std::iter::once("out").chain(self.case.also.iter().map(String::as_str));
        let files = files.collect::<Vec<_>>().join(" ");
        let line = format!("cargo-gocross gocross verify --format json {files} {}", self.case.ask);
        let run = shell(workshop, &sandbox, self.target, &line, defect)?;
        let output = run.output()?;
        let report: serde_json::Value = serde_json::from_str(&output.stdout)
            .map_err(|error| Trouble::wrong(format!("`{run}`: {error}\n{}", output.stderr)))?;
        let findings = report["findings"].as_array().into_iter().flatten();
        Ok(findings.filter_map(|found| Some(found["code"].as_str()?.to_owned())).collect())
    }

    fn edit(&self, file: &Path) -> Result {
        let mut bytes = fs_err::read(file)?;
        for edit in &self.case.edit {
            match edit {
                Edit::Bytes { at, bytes: new } => {
                    bytes.splice(*at..at + new.len(), new.iter().copied());
                }
                Edit::Or { at, or } => bytes[*at] |= or,
                Edit::Truncate { truncate } => {
                    bytes.truncate((bytes.len() as f64 * truncate) as usize);
                }
                Edit::Undefine { undefine } => undefine_symbol(&mut bytes, undefine)?,
                Edit::Segment { find } => take_segment(&mut bytes, find)?,
            }
        }
        fs_err::write(file, bytes)?;
        Ok(())
    }
}

/// A shell command in the sandbox, with the tools of a target in variables.
pub(crate) fn shell(
    workshop: &Workshop,
    sandbox: &Sandbox,
    target: &Target,
    line: &str,
    defect: &str,
) -> Result<Run> {
    let cc = compiler(target);
    // A machine that is neither this target's nor close to it.
    let other = if target.elf.machine == 62 { "aarch64-linux-gnu-gcc" } else { "gcc" };
    for program in [cc.as_str(), other] {
        tools::need(workshop, program)?;
    }
    let musl =
        gocross_targets::TARGETS.iter().find(|row| row.libc == Libc::Musl && row.elf == target.elf);
    let sysroot = Path::new("/usr").join(target.gnu_prefix);
    let mut run = Run::new(workshop, ["sh", "-c"]);
    run.dir = sandbox.dir().to_owned();
    let variables = [
        ("CC", cc.as_str()),
        ("OTHER", other),
        ("TARGET", target.triple),
        ("MUSL", musl.map_or("", |row| row.interpreter)),
        ("SYSROOT", sysroot.to_str().filter(|_| sysroot.is_dir()).unwrap_or_default()),
    ];
    run.variables.extend(variables.map(|(name, value)| (name.into(), value.into())));
    // The linker that comes with Rust, for a C compiler to use.
    let lld = if line.contains("$LLD") {
        "LLD=\"-fuse-ld=lld -B$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | \
         sed -n 's/^host: //p')/bin/gcc-ld\"; "
    } else {
        ""
    };
    // The defect may name one of the variables.
    run.words.push(format!("{lld}DEFECT=\"{}\"; {line}", defect.replace('"', "\\\"")).into());
    Tools::default().equip(workshop, &mut run)?;
    Ok(run)
}

/// The row's C compiler by its GNU name. Those of musl's rows are glibc's here: what matters is
/// the machine.
pub(crate) fn compiler(target: &Target) -> String {
    match target.gnu_prefix {
        name if name.starts_with("x86_64") => "gcc".to_owned(),
        name if name.starts_with("arm") => "arm-linux-gnueabihf-gcc".to_owned(),
        name => format!("{}-gcc", name.replace("-musl", "-gnu")),
    }
}

/// Makes a symbol's section `SHN_UNDEF`.
fn undefine_symbol(bytes: &mut [u8], name: &str) -> Result {
    let missing = || Trouble::wrong(format!("no symbol is called `{name}`"));
    let elf = Elf::read(bytes).map_err(|error| Trouble::wrong(error.to_string()))?;
    let index = elf.symbols.named(name.as_bytes()).next().ok_or_else(missing)?.index;
    let table = elf.section(b".symtab").ok_or_else(missing)?.offset as usize;
    // `st_shndx` of an entry of either class.
    let at = if elf.identity.is_64 { table + index * 24 + 6 } else { table + index * 16 + 14 };
    bytes[at..at + 2].fill(0);
    Ok(())
}

/// Makes `PT_NULL` of a little-endian program header.
fn take_segment(bytes: &mut [u8], name: &str) -> Result {
    let wanted: u32 = match name {
        "INTERP" => 3,
        other => return Err(Trouble::wrong(format!("no segment is called `{other}`"))),
    };
    let is_64 = bytes[4] == 2;
    let (table, size) = if is_64 { (64, 56) } else { (52, 32) };
    let at = (0..).map(|index| table + index * size).take_while(|at| at + 4 < bytes.len());
    let mut at = at.filter(|at| bytes[*at..*at + 4] == wanted.to_le_bytes());
    let at = at.next().ok_or_else(|| Trouble::wrong(format!("no segment `{name}`")))?;
    bytes[at..at + 4].fill(0);
    Ok(())
}

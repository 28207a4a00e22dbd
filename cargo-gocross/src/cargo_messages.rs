//! What cargo says in JSON of a build: which files it has made.
//! (<https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>)

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The argument with which cargo tells on stdout what it makes, and all else as ever.
pub(crate) const ARGUMENT: &str = "--message-format=json-render-diagnostics";

/// A file that cargo has made for somebody else than itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Artifact {
    /// The program, library or archive.
    pub(crate) file: PathBuf,
    /// The manifest of the package that it is of.
    pub(crate) manifest: PathBuf,
}

/// What cargo has told of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Made {
    /// What was made for others.
    pub(crate) artifacts: Vec<Artifact>,
    /// The archives of crates that went into it.
    pub(crate) archives: Vec<PathBuf>,
    /// The directories of build scripts (`OUT_DIR`), with what they have made.
    pub(crate) out_dirs: Vec<PathBuf>,
}

impl Made {
    pub(crate) fn append(&mut self, mut other: Self) {
        self.artifacts.append(&mut other.artifacts);
        self.archives.append(&mut other.archives);
        self.out_dirs.append(&mut other.out_dirs);
    }
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    executable: Option<PathBuf>,
    out_dir: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    crate_types: Vec<String>,
}

/// The files that one line of cargo's tells of; none where the line is no message.
pub(crate) fn read(line: &str) -> Option<Made> {
    if !line.starts_with("{\"reason\":") {
        return None;
    }
    let message: Message = serde_json::from_str(line).ok()?;
    Some(match message.reason.as_str() {
        "compiler-artifact" => compiled(message),
        "build-script-executed" => {
            Made { out_dirs: message.out_dir.into_iter().collect(), ..Made::default() }
        }
        _ => Made::default(),
    })
}

fn compiled(message: Message) -> Made {
    let (Some(target), Some(manifest)) = (message.target, message.manifest_path) else {
        return Made::default();
    };
    let is_ours = |kind: &String| matches!(kind.as_str(), "proc-macro" | "custom-build");
    if target.kind.iter().any(is_ours) {
        return Made::default();
    }
    let is = |file: &PathBuf, wanted: &str| file.extension().is_some_and(|found| found == wanted);
    let archives = message.filenames.iter().filter(|file| is(file, "rlib")).cloned().collect();
    let libraries = message.filenames.into_iter().filter(|file| {
        let made = |kind: &str| target.crate_types.iter().any(|found| found == kind);
        (made("staticlib") && is(file, "a")) || (made("cdylib") && is(file, "so"))
    });
    let files = libraries.chain(message.executable);
    let artifacts = files.map(|file| Artifact { file, manifest: manifest.clone() }).collect();
    Made { artifacts, archives, out_dirs: Vec::new() }
}

/// The triple among `triples` in whose folder cargo has put a file; without targets, none.
pub(crate) fn triple_of<'a>(file: &Path, triples: &[&'a str]) -> Option<&'a str> {
    let in_folder = |triple: &&&str| file.components().any(|part| part.as_os_str() == **triple);
    match triples {
        [single] => Some(single),
        several => several.iter().find(in_folder).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: &str, crate_type: &str, files: &str, executable: &str) -> String {
        format!(
            r#"{{"reason":"compiler-artifact","manifest_path":"/p/Cargo.toml","target":{{"kind":["{kind}"],"crate_types":["{crate_type}"]}},"filenames":[{files}],"executable":{executable}}}"#
        )
    }

    fn files(line: &str) -> Vec<String> {
        let artifacts = read(line).unwrap().artifacts;
        artifacts.iter().map(|artifact| artifact.file.display().to_string()).collect()
    }

    #[test]
    fn programs_and_libraries_for_others_count() {
        assert_eq!(files(&line("bin", "bin", r#""/t/a""#, r#""/t/a""#)), ["/t/a"]);
        assert_eq!(
            files(&line("cdylib", "cdylib", r#""/t/liba.so","/t/liba.d""#, "null")),
            ["/t/liba.so"]
        );
        assert_eq!(files(&line("staticlib", "staticlib", r#""/t/liba.a""#, "null")), ["/t/liba.a"]);
        assert!(files(&line("lib", "lib", r#""/t/liba.rlib""#, "null")).is_empty());
        assert!(files(&line("custom-build", "bin", r#""/t/b""#, r#""/t/b""#)).is_empty());
        assert!(files(r#"{"reason":"build-finished","success":true}"#).is_empty());
        assert_eq!(read("hello"), None);
    }

    #[test]
    fn what_went_into_a_program_is_known() {
        let rlib = read(&line("lib", "lib", r#""/t/liba-1.rlib""#, "null")).unwrap();
        assert_eq!(rlib.archives, [PathBuf::from("/t/liba-1.rlib")]);
        let script =
            r#"{"reason":"build-script-executed","out_dir":"/o","linked_libs":["static=hello"]}"#;
        assert_eq!(read(script).unwrap().out_dirs, [PathBuf::from("/o")]);
    }

    #[test]
    fn a_file_belongs_to_the_target_whose_folder_it_is_in() {
        let file = Path::new("/t/aarch64-x/debug/a");
        assert_eq!(triple_of(file, &["x86-y"]), Some("x86-y"));
        assert_eq!(triple_of(file, &["x86-y", "aarch64-x"]), Some("aarch64-x"));
        assert_eq!(triple_of(file, &[]), None);
    }
}

//! The command line, called in this process: exit codes, messages and what is left on disk.

use {{crate}}::cli::{self, Failure};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::ExitCode;
use tempfile::TempDir;

const KEY: &str = "0123456789abcdeffedcba9876543210";
const IV: &str = "000102030405060708090A0B0C0D0E0F";
/// The first eight bytes of the key stream of KEY and IV.
const STREAM: [u8; 8] = *b"\x06\x98\x9c\x61\x3d\xa6\x68\xad";

/// Runs `sm4 encrypt` with files, and the given bytes as standard input.
fn encrypt(key: &str, input: &Path, output: &Path, stdin: &[u8]) -> (Result<(), Failure>, Vec<u8>) {
    let (mut stdin, mut stdout) = (stdin, Vec::new());
    let args = ["sm4", "encrypt", "--key", key, "--iv", IV].map(Into::into);
    let files = [input, output].map(|path| path.as_os_str().to_owned());
    let done = cli::run(args.into_iter().chain(files), &mut stdin, &mut stdout);
    (done, stdout)
}

fn files(input: &Path, output: &Path) -> Result<(), Failure> {
    encrypt(KEY, input, output, b"").0
}

/// What is said, and whether the exit code is the one of a failed job.
fn job_error(done: Result<(), Failure>) -> String {
    let failure = done.unwrap_err();
    assert_eq!(failure.code(), ExitCode::from(1));
    match failure {
        Failure::Job(error) => format!("{error:#}"),
        other => panic!("{other:?}"),
    }
}

fn usage(args: &[&str]) -> (ExitCode, String) {
    let failure = cli::run(args, &mut std::io::empty(), &mut Vec::new()).unwrap_err();
    let code = failure.code();
    match failure {
        Failure::Usage(error) => (code, error.to_string()),
        other => panic!("{other:?}"),
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn there_and_back() {
    let folder = TempDir::new().unwrap();
    let [plain, secret, again] = ["plain", "secret", "again"].map(|name| folder.path().join(name));
    // Three pieces of the loop in job.rs, the last one odd.
    let text: Vec<u8> = (0..600_001_u32).map(|n| (n % 251) as u8).collect();
    fs::write(&plain, &text).unwrap();

    files(&plain, &secret).unwrap();
    let sealed = fs::read(&secret).unwrap();
    assert_eq!(sealed.len(), text.len());
    assert_ne!(sealed, text);
    let decrypt = ["sm4", "decrypt", "--key", KEY, "--iv", IV].map(Into::into);
    let paths = [&secret, &again].map(|path| path.as_os_str().to_owned());
    cli::run(decrypt.into_iter().chain(paths), &mut std::io::empty(), &mut Vec::new()).unwrap();

    assert_eq!(fs::read(&again).unwrap(), text);
    assert_eq!(names(folder.path()), ["again", "plain", "secret"]);
}

#[test]
fn dashes_are_standard_input_and_output() {
    let (done, stdout) = encrypt(KEY, Path::new("-"), Path::new("-"), &[0; 8]);
    done.unwrap();
    assert_eq!(stdout, STREAM);
}

#[test]
fn an_empty_file_stays_empty() {
    let folder = TempDir::new().unwrap();
    let output = folder.path().join("out");
    encrypt(KEY, Path::new("-"), &output, b"").0.unwrap();
    assert_eq!(fs::read(&output).unwrap(), b"");
}

#[test]
fn in_place_keeps_the_mode() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, [0; 8]).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    files(&file, &file).unwrap();
    assert_eq!(fs::read(&file).unwrap(), STREAM);
    assert_eq!(mode(&file), 0o640);
    assert_eq!(names(folder.path()), ["file"]);
}

#[test]
fn a_new_file_has_the_usual_mode() {
    let folder = TempDir::new().unwrap();
    let [usual, output] = ["usual", "out"].map(|name| folder.path().join(name));
    fs::write(&usual, [0; 8]).unwrap();
    files(&usual, &output).unwrap();
    assert_eq!(mode(&output), mode(&usual), "not a temporary file's 600");
}

#[test]
fn a_link_stays_and_its_target_changes() {
    let folder = TempDir::new().unwrap();
    let [file, link] = ["file", "link"].map(|name| folder.path().join(name));
    fs::write(&file, [0; 8]).unwrap();
    symlink("file", &link).unwrap();
    files(&link, &link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&file).unwrap(), STREAM);
}

#[test]
fn failures_name_the_file_and_leave_nothing() {
    let folder = TempDir::new().unwrap();
    let [plain, missing, output] = ["plain", "missing", "out"].map(|name| folder.path().join(name));
    fs::write(&plain, "x").unwrap();

    let said = job_error(files(&missing, &output));
    assert!(
        said.starts_with(&format!("cannot open `{}`: No such file", missing.display())),
        "{said}"
    );

    // Opens well and cannot be read: the temporary file is there already.
    let said = job_error(files(folder.path(), &output));
    assert!(
        said.starts_with(&format!("cannot read `{}`: Is a dir", folder.path().display())),
        "{said}"
    );

    let said = job_error(files(&plain, folder.path()));
    assert_eq!(said, format!("cannot write `{}`: it is a folder", folder.path().display()));

    for place in [missing.join("out"), plain.join("out")] {
        let said = job_error(files(&plain, &place));
        assert!(said.starts_with(&format!("cannot write `{}`: ", place.display())), "{said}");
    }
    assert_eq!(names(folder.path()), ["plain"]);
    assert_eq!(fs::read(&plain).unwrap(), b"x");
}

#[test]
fn a_failed_job_keeps_the_old_output() {
    let folder = TempDir::new().unwrap();
    let output = folder.path().join("out");
    fs::write(&output, "old").unwrap();
    job_error(files(folder.path(), &output));
    assert_eq!(fs::read(&output).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["out"]);
}

#[test]
fn a_device_is_written_and_never_replaced() {
    let null = Path::new("/dev/null");
    encrypt(KEY, Path::new("-"), null, b"x").0.unwrap();
    assert!(!fs::metadata(null).unwrap().is_file());

    let said = job_error(encrypt(KEY, Path::new("-"), Path::new("/dev/full"), b"x").0);
    assert!(said.starts_with("cannot write `/dev/full`: No space left"), "{said}");
    let said = job_error(files(null, null));
    assert!(said.starts_with("cannot write `/dev/null`: it is the input as well"), "{said}");
}

#[test]
fn wrong_arguments_are_code_2() {
    let with_key = |key| usage(&["sm4", "encrypt", "--key", key, "--iv", IV, "-", "-"]);
    for (key, want) in [
        ("01", "want 32 hexadecimal digits (16 bytes), have 2"),
        ("0123456789abcdeffedcba987654321g", "character 32 ('g') is not a hexadecimal digit"),
        (&KEY.repeat(2), "have 64"),
    ] {
        let (code, said) = with_key(key);
        assert_eq!(code, ExitCode::from(2));
        assert!(said.contains("--key <HEX>") && said.contains(want), "{said}");
    }
    let (code, said) = usage(&["sm4", "encrypt", "--key", KEY, "--iv", "00", "-", "-"]);
    assert_eq!(code, ExitCode::from(2));
    assert!(said.contains("--iv <HEX>"), "{said}");
    for args in [&["sm4"][..], &["sm4", "hash"], &["sm4", "encrypt", "--key", KEY, "a", "b"]] {
        assert_eq!(usage(args).0, ExitCode::from(2), "{args:?}");
    }
}

#[test]
fn help_and_version_are_code_0() {
    assert_eq!(usage(&["sm4", "--help"]).0, ExitCode::SUCCESS);
    let (code, said) = usage(&["sm4", "--version"]);
    let version = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!((code, said.as_str()), (ExitCode::SUCCESS, version));
}

/// What a command writes to standard output.
fn said(args: &[&str]) -> String {
    let mut stdout = Vec::new();
    cli::run(args, &mut std::io::empty(), &mut stdout).unwrap();
    String::from_utf8(stdout).unwrap()
}

/// The message of what was refused, which is code 2.
fn refused(args: &[&str]) -> String {
    let failure = cli::run(args, &mut std::io::empty(), &mut Vec::new()).unwrap_err();
    assert_eq!(failure.code(), ExitCode::from(2));
    match failure {
        Failure::Refused(message) => message,
        other => panic!("{other:?}"),
    }
}

/// The command with key, counter, and standard input and output.
fn piped(words: &[&str]) -> Vec<u8> {
    let args = ["sm4", "encrypt", "--key", KEY, "--iv", IV, "-", "-"];
    let mut stdout = Vec::new();
    cli::run(args.iter().chain(words).copied(), &mut &[0; 8][..], &mut stdout).unwrap();
    stdout
}

#[test]
fn both_sides_and_every_path_give_the_same_bytes() {
    assert_eq!(piped(&["--side", "go"]), STREAM);
    assert_eq!(piped(&["--side", "rust"]), STREAM);
    for path in {{crate}}::cipher::paths().filter(|path| path.usable) {
        assert_eq!(piped(&["--path", path.name]), STREAM, "{}", path.name);
        assert_eq!(piped(&["--side", "rust", "--path", path.name]), STREAM, "{}", path.name);
    }
}

#[test]
fn a_path_is_rusts_and_is_there() {
    let args = ["sm4", "encrypt", "--key", KEY, "--iv", IV, "-", "-"];
    let with = |words: &[&'static str]| args.iter().chain(words).copied().collect::<Vec<_>>();
    let error = refused(&with(&["--side", "go", "--path", "portable"]));
    assert!(error.starts_with("`--path` is for Rust's side"), "{error}");
    let error = refused(&with(&["--path", "abacus"]));
    assert!(error.starts_with("no path `abacus`"), "{error}");
    refused(&["sm4", "selftest", "--path", "abacus"]);
    refused(&["sm4", "bench", "--path", "abacus"]);
    refused(&["sm4", "bench", "--repeat", "1"]);
    // Paths that this CPU lacks, if there are any.
    for path in {{crate}}::cipher::paths().filter(|path| !path.usable) {
        let error = refused(&["sm4", "selftest", "--path", path.name]);
        let wants = path.needs.iter().any(|need| {
            error
                == format!(
                    "path `{}` needs `{}`, which this CPU does not have",
                    path.name,
                    need.name()
                )
        });
        assert!(wants, "{error}");
    }
}

/// Results are the same whatever path is taken; the paths are on lines of their own.
#[test]
fn the_self_test_tells_its_paths_apart_from_its_results() {
    let split = |text: &str| -> (Vec<String>, Vec<String>) {
        text.lines().map(str::to_owned).partition(|line| line.starts_with("cpu: "))
    };
    let (report, results) = split(&said(&["sm4", "selftest"]));
    assert!(report[0].starts_with("cpu: features"));
    let best = {{crate}}::cipher::paths().find(|path| path.usable).unwrap().name;
    assert!(report.contains(&format!("cpu: path sm4.rust = {best}")), "{report:?}");
    let go = {{crate}}::gmsm::path().unwrap();
    assert!(report.contains(&format!("cpu: path sm4.go = {go}")), "{report:?}");
    assert_eq!(results.len(), 4);

    let (report, others) = split(&said(&["sm4", "selftest", "--path", "portable"]));
    assert_eq!(others, results);
    for side in ["rust", "ghash"] {
        let line = format!("cpu: path sm4.{side} = portable");
        assert!(report.contains(&line), "{report:?}");
    }
}

#[test]
fn the_self_test_finds_what_is_wrong_in_vectors() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("cases");
    let run = |text: &str| {
        fs::write(&file, text).unwrap();
        let (args, mut stdout) =
            (["sm4", "selftest", "--vectors", file.to_str().unwrap()], Vec::new());
        let done = cli::run(args, &mut std::io::empty(), &mut stdout);
        (done, String::from_utf8(stdout).unwrap())
    };
    let good = format!("{KEY} {IV} 3 0000000000000000 06989c613da668ad\n{KEY} {IV} 0 - -\n");
    let (done, stdout) = run(&good);
    done.unwrap();
    assert!(stdout.ends_with("\nvectors: ok, 2 cases\n"), "{stdout}");

    let (done, stdout) = run(&good.replace("68ad", "68ac"));
    let error = job_error(done);
    assert!(stdout.ends_with("\nvectors: WRONG\n"), "{stdout}");
    assert!(error.contains("line 1: ") && error.contains("encrypts otherwise"), "{error}");
    assert!(job_error(run("").0).contains("has no case"));
    assert!(job_error(run("00\n").0).contains("line 1: the key: 1 bytes, want 16"));
}

#[test]
fn bench_measures_each_usable_path_and_go() {
    let json = said(&["sm4", "bench", "--size", "64", "--mode", "ctr", "--json"]);
    let paths = {{crate}}::cipher::paths().filter(|path| path.usable).map(|path| ("rust", path.name));
    let go = {{crate}}::gmsm::path().unwrap();
    for (side, path) in paths.chain([("go", &*go)]) {
        let want = format!(r#""mode":"ctr","side":"{side}","path":"{path}""#);
        assert!(json.contains(&want), "{json}");
    }
    assert!(json.starts_with(r#"{"size":64,"features":""#), "{json}");
    let table = said(&["sm4", "bench", "--size", "64", "--path", "portable", "--mode", "ecb"]);
    assert_eq!(table.lines().count(), 2, "{table}");
    assert_eq!(said(&["sm4", "bench", "--path", "portable", "--repeat", "3"]), "");
}

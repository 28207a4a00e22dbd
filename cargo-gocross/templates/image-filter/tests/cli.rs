//! The command line, called in this process: exit codes, messages and what is left on disk.

mod writer;

use {{crate}}::cli::{self, Failure};
use {{crate}}::filter::Filter;
use {{crate}}::path;
use {{crate}}::picture::{MAX_PIXELS, Picture};
use {{crate}}::reference;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tempfile::TempDir;
use writer::Png;

/// Runs the program with these arguments; what it prints.
fn run<A: AsRef<OsStr>>(args: &[A]) -> Result<String, Failure> {
    let mut out = Vec::new();
    let args = args.iter().map(|arg| arg.as_ref().to_owned());
    let all = [OsStr::new("image-filter").to_owned()].into_iter().chain(args);
    cli::run(all, &mut out, &mut Vec::new())?;
    Ok(String::from_utf8(out).unwrap())
}

fn filter(input: &Path, output: &Path) -> Result<String, Failure> {
    run(&[input, output])
}

/// What is said, and the exit code.
fn error<T: std::fmt::Debug>(done: Result<T, Failure>) -> (ExitCode, String) {
    let failure = done.unwrap_err();
    let code = failure.code();
    match failure {
        Failure::Job(error) => (code, format!("{error:#}")),
        Failure::Usage(error) => (code, error.to_string()),
    }
}

fn job_error<T: std::fmt::Debug>(done: Result<T, Failure>) -> String {
    let (code, said) = error(done);
    assert_eq!(code, ExitCode::from(1), "{said}");
    said
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn picture(path: &Path) -> Picture {
    Picture::decode(&fs::read(path).unwrap(), MAX_PIXELS).unwrap()
}

/// A folder with the picture that `sample` writes, and two more names.
fn folder() -> (TempDir, [PathBuf; 3]) {
    let folder = TempDir::new().unwrap();
    let paths = ["in.png", "out.png", "other"].map(|name| folder.path().join(name));
    run(&[OsStr::new("sample"), paths[0].as_os_str()]).unwrap();
    (folder, paths)
}

#[test]
fn filters_run_in_the_order_in_which_they_are_given() {
    let (_folder, [input, output, _]) = folder();
    let [gaussian, grey] = [Filter::Gaussian, Filter::Grey];
    let orders = [vec![], vec![grey], vec![grey, gaussian], vec![gaussian, grey, gaussian]];
    for filters in orders {
        let names = filters.iter().flat_map(|filter| ["--filter", filter.name()]);
        let files = [&input, &output].map(|path| path.to_str().unwrap());
        run(&names.chain(files).collect::<Vec<_>>()).unwrap();
        let mut expected = picture(&input);
        let default = [gaussian];
        for filter in if filters.is_empty() { &default[..] } else { &filters } {
            let pixels = reference::filtered(*filter, &expected);
            expected.pixels_mut().copy_from_slice(&pixels);
        }
        assert_eq!(picture(&output), expected, "{filters:?}");
        assert_ne!(picture(&output), picture(&input));
    }
}

#[test]
fn every_path_writes_the_same_file() {
    let (_folder, [input, output, other]) = folder();
    filter(&input, &output).unwrap();
    for path in path::usable() {
        let files = [&input, &other].map(|path| path.to_str().unwrap());
        run(&[&["--path", path.name()], &files[..]].concat()).unwrap();
        assert_eq!(fs::read(&output).unwrap(), fs::read(&other).unwrap(), "{}", path.name());
    }
}

#[test]
fn the_output_may_be_the_input() {
    let (folder, [input, output, link]) = folder();
    filter(&input, &output).unwrap();
    fs::set_permissions(&input, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("in.png", &link).unwrap();
    filter(&link, &link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&input).unwrap(), fs::read(&output).unwrap());
    assert_eq!(mode(&input), 0o640);
    assert_eq!(names(folder.path()), ["in.png", "other", "out.png"]);
}

#[test]
fn a_new_file_has_the_usual_mode() {
    let (_folder, [input, output, usual]) = folder();
    fs::write(&usual, "").unwrap();
    filter(&input, &output).unwrap();
    assert_eq!(mode(&output), mode(&usual), "not a temporary file's 600");
}

#[test]
fn bad_files_are_told_by_name_and_leave_nothing() {
    let (folder, [input, output, other]) = folder();
    let said = job_error(filter(&other, &output));
    assert!(
        said.starts_with(&format!("cannot open `{}`: No such file", other.display())),
        "{said}"
    );
    let said = job_error(filter(folder.path(), &output));
    let name = folder.path().display();
    assert!(said.starts_with(&format!("cannot read `{name}`: Is a directory")), "{said}");

    let whole = fs::read(&input).unwrap();
    let huge = Png { width: 65_535, height: 65_535, depth: 1, ..Png::default() };
    for (bytes, why) in [
        (&b"no picture"[..], "png: invalid format: not a PNG file"),
        (&[], "the file ends too early"),
        (&whole[..30], "the file ends too early"),
        (
            &huge.file(),
            "65535 x 65535 pixels are more than 67108864; `--max-pixels 4294836225` allows them",
        ),
    ] {
        fs::write(&other, bytes).unwrap();
        let said = job_error(filter(&other, &output));
        assert_eq!(said, format!("cannot decode `{}`: {why}", other.display()));
    }
    assert_eq!(names(folder.path()), ["in.png", "other"]);
}

#[test]
fn the_limit_of_pixels_can_be_moved() {
    let (_folder, [input, output, _]) = folder();
    let files = [&input, &output].map(|path| path.to_str().unwrap());
    let limited = |pixels: u32| run(&[&["--max-pixels", &pixels.to_string()], &files[..]].concat());
    let said = job_error(limited(96 * 64 - 1));
    assert!(said.ends_with("96 x 64 pixels are more than 6143; `--max-pixels 6144` allows them"));
    limited(96 * 64).unwrap();
}

#[test]
fn what_cannot_be_written_leaves_all_as_it_was() {
    let (folder, [input, output, _]) = folder();
    let name = |path: &Path| path.display().to_string();
    let said = job_error(filter(&input, folder.path()));
    assert_eq!(said, format!("cannot write `{}`: it is a folder", name(folder.path())));
    for place in [output.join("out.png"), input.join("out.png")] {
        let said = job_error(filter(&input, &place));
        assert!(said.starts_with(&format!("cannot write `{}`: ", name(&place))), "{said}");
    }
    let said = job_error(filter(&input, Path::new("/dev/full")));
    assert_eq!(said, "cannot write `/dev/full`: no space left on device");
    filter(&input, Path::new("/dev/null")).unwrap();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    assert_eq!(names(folder.path()), ["in.png"]);
}

#[test]
fn a_failed_job_keeps_the_old_output() {
    let (_folder, [input, output, other]) = folder();
    fs::write(&output, "old").unwrap();
    fs::write(&other, &fs::read(&input).unwrap()[..100]).unwrap();
    job_error(filter(&other, &output));
    assert_eq!(fs::read(&output).unwrap(), b"old");
}

#[test]
fn paths_that_cannot_be_taken_are_code_2() {
    let (_folder, [input, output, _]) = folder();
    let files = [&input, &output].map(|path| path.to_str().unwrap());
    let forced = |path: &str| {
        [vec!["selftest", "--path", path], vec!["bench", "--path", path]]
            .into_iter()
            .chain([[&["--path", path], &files[..]].concat()])
            .map(|args| error(run(&args)))
            .collect::<Vec<_>>()
    };
    for (code, said) in forced("altivec") {
        assert_eq!(code, ExitCode::from(2));
        assert!(said.starts_with("no path `altivec` for this architecture; there "), "{said}");
    }
    for (name, _, lacking) in path::all() {
        if let Some(lacking) = lacking {
            for done in forced(name) {
                assert_eq!(done, (ExitCode::from(2), lacking.to_string()));
            }
        }
    }
    assert!(!output.exists());
}

#[test]
fn paths_are_listed_the_best_one_first() {
    let out = run(&["paths"]).unwrap();
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines.len(), path::all().count());
    let best: Vec<_> = lines.iter().filter(|line| line.ends_with(" the best one here")).collect();
    assert_eq!(best.len(), 1);
    assert!(best[0].starts_with(path::best().name()), "{out}");
    assert!(lines[lines.len() - 1].starts_with("scalar  needs nothing "), "{out}");
}

#[test]
fn bench_measures_what_it_is_asked_for() {
    let all = run(&["bench", "--side", "16"]).unwrap();
    assert_eq!(all.lines().count(), 2 * path::usable().count());
    assert!(all.lines().all(|line| line.ends_with(" MB/s")), "{all}");
    let args = ["bench", "--side", "8", "--repeat", "3", "--path", "scalar", "--filter", "grey"];
    assert_eq!(run(&args).unwrap(), "grey     scalar  768 bytes\n");
}

#[test]
fn wrong_arguments_are_code_2() {
    for args in [
        &["in.png"][..],
        &["--filter", "sepia", "in.png", "out.png"],
        &["--max-pixels", "many", "in.png", "out.png"],
        &["bench", "in.png"],
        &[],
    ] {
        assert_eq!(error(run(args)).0, ExitCode::from(2), "{args:?}");
    }
}

#[test]
fn help_and_version_are_code_0() {
    assert_eq!(error(run(&["--help"])).0, ExitCode::SUCCESS);
    let version = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(error(run(&["--version"])), (ExitCode::SUCCESS, version.to_owned()));
}

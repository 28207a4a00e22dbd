//! Each thing that can go wrong on a CPU model gives the problem of its own, and no other does.

use std::collections::BTreeSet;

use gocross_verify::cpu::Path;

use super::judge::{self, Context, Expected, Problem};
use super::plan::Forced;
use super::report::Report;
use super::run::{End, Ran};

const GREEN: &str = "all right\ncpu: features neon aes\ncpu: path a.rust = aese\n";

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn ran(end: End, stdout: &str, stderr: &str) -> Ran {
    Ran { end, stdout: stdout.to_owned(), stderr: stderr.to_owned(), sites: None }
}

fn kinds(problems: &[Problem]) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.kind).collect()
}

fn plain(end: End, stdout: &str) -> Vec<Problem> {
    let (features, known) = (set(&["neon", "aes"]), set(&["neon", "aes", "sm4"]));
    let path = Path {
        side: "a.rust".to_owned(),
        name: "aese".to_owned(),
        needs: vec!["aes".to_owned()],
        ..Path::default()
    };
    let paths = [&path];
    let expected = Expected { features: Some(&features), known: &known, paths: &paths, limit: 9 };
    judge::plain(&ran(end, stdout, "said\n"), &Report::read(stdout), &expected)
}

#[test]
fn what_is_right_gives_no_problem() {
    assert_eq!(plain(End::Status(0), GREEN), []);
    // A feature that the table does not tell of is the program's own business.
    assert_eq!(plain(End::Status(0), &GREEN.replace("neon", "neon crc32")), []);
}

#[test]
fn each_bad_end_has_its_own_words() {
    for (end, kind, words) in [
        (End::Status(1), "wrong-result", "has found a wrong result"),
        (End::Status(101), "status", "ended with status 101"),
        (End::Signal(4), "crash", "ended by SIGILL (signal 4)"),
        (End::Signal(11), "crash", "ended by SIGSEGV (signal 11)"),
        (End::Hung, "hang", "did not end within 9 s"),
        (End::Flood, "flood", "prints without an end"),
    ] {
        let problems = plain(end, GREEN);
        assert_eq!(kinds(&problems), [kind]);
        assert!(problems[0].message.contains(words), "{problems:?}");
        assert_eq!(problems[0].details.last().unwrap(), "said");
    }
    assert!(plain(End::Signal(4), "")[0].details[0].contains("a check is missing"));
    // What we made Go say, and the report, are no words of the failure.
    let run = ran(End::Status(1), GREEN, "GODEBUG: unknown cpu feature \"sm4\"\n");
    let one = Forced { path: "a".to_owned(), sides: Vec::new(), lacking: Vec::new() };
    assert_eq!(judge::forced(&run, &one, &CONTEXT)[0].details, ["all right"]);
}

#[test]
fn each_gap_in_the_report_is_told() {
    assert_eq!(kinds(&plain(End::Status(0), "all right\n")), ["no-report"]);
    let without = |line: &str| plain(End::Status(0), &GREEN.replace(line, ""));
    assert_eq!(kinds(&without("all right\n")), ["no-result"]);
    assert_eq!(kinds(&without("cpu: features neon aes\n")), ["no-report"]);
    assert_eq!(kinds(&without("cpu: path a.rust = aese\n")), ["no-report"]);
}

#[test]
fn features_and_paths_must_be_those_of_the_model() {
    let problems = plain(End::Status(0), &GREEN.replace("neon aes", "aes sm4"));
    assert_eq!(kinds(&problems), ["features"]);
    assert_eq!(problems[0].details, ["not found: neon", "found, and not there: sm4"]);
    let problems = plain(End::Status(0), &GREEN.replace("= aese", "= portable"));
    assert_eq!(kinds(&problems), ["path"]);
    assert_eq!(problems[0].message, "`a.rust` took the path `portable`, want `aese`");
}

const CONTEXT: Context<'_> = Context { hides: false, complaints: &[], reference: None, limit: 9 };

fn forced(lacking: &[&str], end: End, stdout: &str, stderr: &str) -> Vec<Problem> {
    let forced = Forced {
        path: "aese".to_owned(),
        sides: vec!["a.rust".to_owned()],
        lacking: lacking.iter().map(|&name| name.to_owned()).collect(),
    };
    let reference = ["all right".to_owned()];
    let context = Context { reference: Some(("max", &reference)), ..CONTEXT };
    judge::forced(&ran(end, stdout, stderr), &forced, &context)
}

#[test]
fn a_path_that_the_cpu_has_runs_with_the_same_results() {
    assert_eq!(forced(&[], End::Status(0), GREEN, ""), []);
    let refused = "error: path `aese` needs `aes`, which this CPU does not have\n";
    assert_eq!(kinds(&forced(&[], End::Status(2), "", refused)), ["refused"]);
    assert_eq!(kinds(&forced(&[], End::Signal(4), "", "")), ["crash"]);
    let other = GREEN.replace("= aese", "= portable");
    assert_eq!(kinds(&forced(&[], End::Status(0), &other, "")), ["path"]);
    let problems = forced(&[], End::Status(0), &GREEN.replace("all right", "wrong"), "");
    assert_eq!(kinds(&problems), ["output"]);
    assert_eq!(problems[0].details, ["line 1: `wrong`, want `all right`"]);
}

#[test]
fn a_path_that_the_cpu_lacks_is_refused_with_the_features_name() {
    let refused = "error: path `aese` needs `aes`, which this CPU does not have\n";
    assert_eq!(forced(&["aes"], End::Status(2), "", refused), []);
    assert_eq!(kinds(&forced(&["aes"], End::Status(2), "", "usage: …\n")), ["refusal"]);
    for end in [End::Status(0), End::Status(1), End::Signal(4), End::Hung] {
        let problems = forced(&["aes"], end, GREEN, "");
        assert_eq!(kinds(&problems), ["not-refused"]);
        assert_eq!(problems[0].message, "the path `aese` is not refused, and this CPU lacks aes");
    }
}

#[test]
fn most_runs_decide_what_is_right() {
    let (a, b) = (["a".to_owned()], ["b".to_owned()]);
    assert_eq!(judge::majority(&[&a, &a, &b]), Some(1));
    assert_eq!(judge::majority(&[&b, &a]), Some(1));
    assert_eq!(judge::majority(&[]), None);
    let longer = ["a".to_owned(), "c".to_owned()];
    let problem = judge::difference(&a, "max", &longer, "the self-test").unwrap();
    assert_eq!(problem.details, ["line 2: nothing, want `c`"]);
}

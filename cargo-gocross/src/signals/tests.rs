//! Packages as they are written, and the calls that are found in them.

use std::path::PathBuf;
use std::str::FromStr;

use cargo_platform::Cfg;

use super::condition::World;
use super::function::{Installs, Way};
use super::scan::{self, Call, Sources};

/// Scans a crate with these files, for Linux, with these features.
fn calls(files: &[(&str, &str)], features: &[&str]) -> Vec<Call> {
    let target = ["unix", "target_os=\"linux\""].map(|cfg| Cfg::from_str(cfg).unwrap());
    let features = features.iter().map(|&feature| feature.to_owned()).collect();
    let world = World { target: target.into(), features };
    let mut sources = Sources::default();
    for (file, text) in files {
        let files = if file.ends_with(".rs") { &mut sources.rust } else { &mut sources.c };
        files.insert(PathBuf::from(file), (*text).to_owned());
    }
    scan::calls(&sources, &[PathBuf::from("src/lib.rs")], &world)
}

/// What one file calls: the function and its signals.
fn called(text: &str) -> Vec<(String, String)> {
    let calls = calls(&[("src/lib.rs", text)], &[]);
    calls.into_iter().map(|call| (call.found.function, call.found.signals.join(" "))).collect()
}

fn one(text: &str) -> (String, String) {
    let mut found = called(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.remove(0)
}

fn pair(function: &str, signals: &str) -> (String, String) {
    (function.to_owned(), signals.to_owned())
}

#[test]
fn functions_of_the_c_library_are_known_under_any_name() {
    for (text, function) in [
        ("fn f() { libc::sigaction(libc::SIGUSR1, &a, p); }", "libc::sigaction"),
        ("use libc::{c_int, signal as s}; fn f() { s(libc::SIGUSR1, h); }", "libc::signal"),
        ("use libc as c; fn f() { c::signal(c::SIGUSR1, h) }", "libc::signal"),
        ("use libc::*; fn f() { signal(SIGUSR1, h) }", "libc::signal"),
        (
            "extern \"C\" { fn signal(n: i32, h: usize); } fn f() { signal(SIGUSR1, h) }",
            "libc::signal",
        ),
        ("use crate::c; fn f() { c::sigaction(c::SIGUSR1, &a, p) }", "sigaction"),
        (
            "use nix::sys::signal::{self, Signal}; fn f() { signal::sigaction(Signal::SIGUSR1, &a) }",
            "nix::sys::signal::sigaction",
        ),
    ] {
        assert_eq!(one(text), pair(function, "SIGUSR1"));
    }
}

#[test]
fn other_functions_of_the_same_names_are_none() {
    for text in [
        "fn f() { condition.signal(1); }",
        "fn sigaction(a: i32) {}",
        "fn f() { signal(a, b); }",
        "fn f() { let mut a: libc::sigaction = zeroed(); }",
        "fn f() { /* libc::signal(SIGINT, h); */ log(\"libc::signal(SIGINT, h)\"); }",
        "struct sigaction(i32);",
    ] {
        assert_eq!(called(text), [], "{text}");
    }
}

#[test]
fn a_call_that_only_asks_installs_nothing() {
    assert!(called("fn f() { libc::sigaction(SIGINT, ptr::null(), &mut old); }").is_empty());
    assert!(called("fn f() { libc::sigaltstack(std::ptr::null(), &mut old); }").is_empty());
    assert_eq!(one("fn f() { libc::sigaltstack(&new, null_mut()); }").0, "libc::sigaltstack");
}

#[test]
fn signals_are_told_where_they_stand_in_the_call() {
    for (text, function, signals) in [
        ("fn f(n: i32) { libc::signal(n, h); }", "libc::signal", ""),
        (
            "use signal_hook::{consts::*, iterator::Signals}; fn f() {\
              Signals::new([SIGTERM, SIGINT])?; }",
            "signal_hook::iterator::Signals::new",
            "SIGINT SIGTERM",
        ),
        (
            "use signal_hook::{consts::TERM_SIGNALS, flag}; fn f() {\
              flag::register_usize(*TERM_SIGNALS, a, b); }",
            "signal_hook::flag::register_usize",
            "SIGINT SIGQUIT SIGTERM",
        ),
        (
            "use tokio::signal::unix::{signal, SignalKind}; fn f() {\
              signal(SignalKind::user_defined1()); }",
            "tokio::signal::unix::signal",
            "SIGUSR1",
        ),
        ("fn f() { tokio::signal::ctrl_c().await; }", "tokio::signal::ctrl_c", "SIGINT"),
        ("fn f() { ctrlc::set_handler(|| ()); }", "ctrlc::set_handler", "SIGINT"),
    ] {
        assert_eq!(one(text), pair(function, signals));
    }
}

#[test]
fn dispositions_are_told_apart_from_handlers() {
    let text = "fn f() { libc::signal(libc::SIGPIPE, libc::SIG_IGN); \
                unsafe { signal::signal(Signal::SIGINT, SigHandler::SigDfl) } } \
                use nix::sys::signal::{self, Signal, SigHandler};";
    let found: Vec<_> =
        calls(&[("src/lib.rs", text)], &[]).iter().map(|call| call.found.installs).collect();
    assert_eq!(found, [Installs::Ignore, Installs::Default]);
}

#[test]
fn system_calls_go_past_the_c_library() {
    for text in [
        "fn f() { libc::syscall(libc::SYS_rt_sigaction, libc::SIGSEGV, &a, 0, 8); }",
        "fn f() { syscall!(__NR_rt_sigaction, SIGSEGV, a) }",
        "use rustix::runtime; fn f() { runtime::kernel_sigaction(Signal::SIGSEGV, a) }",
    ] {
        let found = calls(&[("src/lib.rs", text)], &[]);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(
            (found[0].found.way, &found[0].found.signals[..]),
            (Way::SystemCall, &["SIGSEGV"][..])
        );
    }
    assert!(called("const ALLOWED: &[i64] = &[libc::SYS_rt_sigaction]; // sigaction").is_empty());
}

const CALL: &str = "pub fn f() { libc::signal(libc::SIGINT, h); }";

#[test]
fn modules_count_where_their_conditions_hold() {
    let root = "#[cfg(windows)] mod windows;\n#[cfg(unix)] pub(crate) mod unix;\n\
                #[cfg(feature = \"extra\")] mod extra;\n#[cfg(test)] mod tests;\n\
                #[cfg(special)] mod special;";
    let files = [
        ("src/lib.rs", root),
        ("src/windows.rs", CALL),
        ("src/unix/mod.rs", "mod inner { mod deep; }"),
        ("src/unix/inner/deep.rs", CALL),
        ("src/extra.rs", CALL),
        ("src/tests.rs", CALL),
        ("src/special.rs", CALL),
        ("src/no_module.rs", CALL),
    ];
    let found = |features| {
        let calls = calls(&files, features);
        calls
            .iter()
            .map(|call| format!("{} {}", call.file.display(), call.conditions.join(" ")))
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&[]), ["src/special.rs cfg(special)", "src/unix/inner/deep.rs "]);
    assert_eq!(found(&["extra"])[0], "src/extra.rs ");
}

#[test]
fn a_module_may_be_in_a_file_of_another_name() {
    let root = "#[cfg_attr(windows, path = \"w.rs\")] #[cfg_attr(unix, path = \"sys/u.rs\")] mod imp;\n\
                mod own { include!(\"../common/part.rs\"); }";
    let files = [
        ("src/lib.rs", root),
        ("src/w.rs", CALL),
        ("src/sys/u.rs", CALL),
        ("common/part.rs", CALL),
    ];
    let calls = calls(&files, &[]);
    let files: Vec<_> = calls.iter().map(|call| call.file.to_str().unwrap()).collect();
    assert_eq!(files, ["common/part.rs", "src/sys/u.rs"]);
}

#[test]
fn code_within_a_file_counts_where_its_conditions_hold() {
    let text = "fn f() {\n\
                #[cfg(windows)] libc::signal(1, h);\n\
                #[cfg(unix)] { libc::signal(2, h); }\n\
                }\n\
                #[test] fn t() { libc::signal(3, h); }\n\
                mod m { #![cfg(feature = \"x\")] fn f() { libc::signal(4, h); } }\n\
                cfg_if! { if #[cfg(windows)] { fn f() { libc::signal(5, h); }\n\
                } else if #[cfg(target_os = \"linux\")] { fn g() { libc::signal(6, h); }\n\
                } else { fn g() { libc::signal(7, h); } } }";
    let lines: Vec<_> = calls(&[("src/lib.rs", text)], &[]).iter().map(|call| call.line).collect();
    assert_eq!(lines, [3, 8]);
}

#[test]
fn the_first_arm_of_cfg_select_counts() {
    let text = "pub fn f() { cfg_select! {\n\
                windows => { libc::signal(1, h); }\n\
                feature = \"a\" => libc::signal(2, h),\n\
                all(unix, not(feature = \"b\")) => { libc::signal(3, h) },\n\
                _ => { libc::signal(4, h); }\n\
                } }";
    let line = |features: &[&str]| {
        let calls = calls(&[("src/lib.rs", text)], features);
        calls.iter().map(|call| call.line).collect::<Vec<_>>()
    };
    assert_eq!(line(&[]), [4]);
    assert_eq!(line(&["a"]), [3]);
    assert_eq!(line(&["b"]), [5]);
}

#[test]
fn a_macro_with_two_meanings_stands_for_nothing() {
    let text = "#[cfg(x)] macro_rules! sig { ($($i:item)*) => { $( #[cfg(windows)] $i )* } }\n\
                #[cfg(y)] macro_rules! sig { ($($i:item)*) => { $( $i )* } }\n\
                sig! { fn f() { libc::signal(1, h); } }";
    assert_eq!(called(text).len(), 1);
}

#[test]
fn macros_that_stand_for_a_condition_are_read() {
    let macros = "macro_rules! cfg_signal { ($($item:item)*) => { $(\n\
                  #[cfg(feature = \"signal\")] #[cfg_attr(docsrs, doc(cfg(x)))] $item )* } }\n\
                  macro_rules! feature { (#![$meta:meta] $($item:item)*) => { $( #[cfg($meta)] $item )* } }\n";
    let root = "mod macros; cfg_signal! { mod a; }\n\
                feature! { #![all(unix, feature = \"more\")] mod b; }";
    let files =
        [("src/lib.rs", root), ("src/macros.rs", macros), ("src/a.rs", CALL), ("src/b.rs", CALL)];
    let found = |features: &[&str]| {
        let calls = calls(&files, features);
        calls.iter().map(|call| call.file.display().to_string()).collect::<Vec<_>>()
    };
    assert!(found(&[]).is_empty());
    assert_eq!(found(&["signal"]), ["src/a.rs"]);
    assert_eq!(found(&["more"]), ["src/b.rs"]);
}

#[test]
fn files_of_c_are_read_as_well() {
    let c = "#include <signal.h>\nvoid f(void) { signal(SIGALRM, g); }\n";
    let found = calls(&[("src/lib.rs", ""), ("c/a.c", c)], &[]);
    assert_eq!((found.len(), found[0].line, found[0].found.function.as_str()), (1, 2, "signal"));
}

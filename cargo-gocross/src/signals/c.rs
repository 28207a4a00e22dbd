//! One file of C: the calls in it that install handlers.

use super::function::{self, Found};
use super::token::{Tree, arguments};

/// Functions whose names other functions may have as well: only with `<signal.h>`.
const OF_HEADER: &[&str] = &["signal", "ssignal", "sigset"];

/// Words behind which an expression stands; behind any other word, a name with brackets is a
/// declaration.
const BEFORE_EXPRESSIONS: &[&str] = &["return", "else", "do", "case"];

/// The calls, each with its line. What the preprocessor leaves out is not left out here.
pub(super) fn calls(trees: &[Tree<'_>]) -> Vec<(u32, Found)> {
    let mut found = Vec::new();
    gather(trees, has_header(trees), &mut found);
    found
}

/// `#include <signal.h>`, or a path that ends in it; `<csignal>` of C++.
fn has_header(trees: &[Tree<'_>]) -> bool {
    let is_of_cxx = trees.iter().any(|tree| tree.word() == Some("csignal"));
    is_of_cxx
        || trees.windows(3).any(|three| {
            matches!(three, [Tree::Word("signal", _), Tree::Mark('.'), Tree::Word("h", _)])
        })
}

fn gather(trees: &[Tree<'_>], has_header: bool, found: &mut Vec<(u32, Found)>) {
    for (at, tree) in trees.iter().enumerate() {
        if let Tree::Group(_, inner) = tree {
            gather(inner, has_header, found);
        }
        let (Tree::Word(name, line), Some(Tree::Group('(', inside))) = (tree, trees.get(at + 1))
        else {
            continue;
        };
        let is_call = match at.checked_sub(1).map(|before| &trees[before]) {
            Some(Tree::Word(word, _)) => BEFORE_EXPRESSIONS.contains(word),
            // A declaration, or a member of something.
            Some(Tree::Mark(mark)) => !matches!(mark, '*' | '.' | '>'),
            _ => true,
        };
        let call = || {
            let of_header = has_header && OF_HEADER.contains(name) && arguments(inside).len() == 2;
            let of_header = of_header.then(|| function::of_signal(name, inside)).flatten();
            of_header
                .or_else(|| function::of_name(name, inside))
                .or_else(|| function::system_call(name, inside))
        };
        found.extend(is_call.then(call).flatten().map(|call| (*line, call)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::function::{Installs, Way};
    use super::super::token::{Language, trees};
    use super::*;

    fn found(text: &str) -> Vec<(u32, Found)> {
        calls(&trees(text, Language::C))
    }

    #[test]
    fn calls_are_found_and_declarations_are_not() {
        let text = "#include <signal.h>\n\
                    int sigaction(int, const struct sigaction *, struct sigaction *);\n\
                    void (*signal(int, void (*)(int)))(int);\n\
                    /* sigaction(SIGUSR1, &a, 0); */\n\
                    void f(void) {\n\
                    struct sigaction a = {0};\n\
                    if (sigaction(SIGUSR1, &a, NULL) != 0) return;\n\
                    signal(SIGPIPE, SIG_IGN); p->signal(1, 2);\n\
                    sigaction(SIGUSR2, NULL, &a);\n\
                    }";
        let lines: Vec<_> =
            found(text).into_iter().map(|(line, call)| (line, call.signals)).collect();
        assert_eq!(lines, [(7, vec!["SIGUSR1"]), (8, vec!["SIGPIPE"])]);
    }

    #[test]
    fn what_a_call_says_is_read() {
        let calls = found("void f(void) { syscall(SYS_rt_sigaction, SIGSEGV, &a, 0, 8); }");
        assert_eq!((calls[0].1.way, &calls[0].1.signals[..]), (Way::SystemCall, &["SIGSEGV"][..]));
        let calls = found("#include <signal.h>\nvoid f(int n) { signal(n, SIG_DFL); }");
        assert_eq!((calls[0].1.installs, calls[0].1.signals.len()), (Installs::Default, 0));
    }

    #[test]
    fn what_only_asks_installs_nothing() {
        assert!(found("void f(void) { syscall(SYS_rt_sigaction, 11, 0, &old, 8); }").is_empty());
        assert!(found("void f(void) { sigaltstack(NULL, &old); }").is_empty());
    }

    #[test]
    fn cxx_has_a_header_of_its_own() {
        let calls = found("#include <csignal>\nvoid f() { std::signal(SIGINT, g); }");
        assert_eq!(calls[0].1.signals, ["SIGINT"]);
    }

    #[test]
    fn signal_is_c_librarys_only_with_its_header() {
        assert!(found("void f(void) { signal(&mutex, 1); }").is_empty());
    }
}

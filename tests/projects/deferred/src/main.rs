//! Calls of Go that run later. Each situation is a word on the command line.

mod executor;
mod futures;
mod values;

mod go {
    gocross::bindings!();
}

use gocross::deferred::Batch;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments[1].as_str() {
        "values" => values::all(),
        "batch" => batch(),
        "tickets" => tickets(),
        "one-by-one" => futures::one_by_one(),
        "at-once" => futures::at_once(),
        "waiting" => futures::waiting(),
        "computing" => futures::computing(),
        "dropped" => futures::dropped(),
        "moved" => futures::moved(),
        "threads" => futures::threads(),
        "full" => futures::full(),
        "panic" => executor::block_on(unsafe { go::deferred::Panic() }),
        "exit" => executor::block_on(unsafe { go::deferred::Exit() }),
        "fork" => fork(),
        other => panic!("no situation {other}"),
    }
}

/// A batch that is filled, run and cleared again and again.
fn batch() {
    let mut batch = Batch::new();
    batch.run();
    assert!(batch.is_empty());
    for round in 0..100 {
        batch.clear();
        let mut tickets = Vec::new();
        for n in 0..200 {
            tickets.push(batch.push(unsafe { go::deferred::Add(n, round) }));
            // What has run does not run again.
            if n % 50 == 49 {
                batch.run();
                batch.run();
            }
        }
        for (n, ticket) in (0..).zip(&tickets) {
            assert_eq!(batch.get(*ticket), n + round);
        }
        assert_eq!(batch.len(), 200);
    }
    assert_eq!(unsafe { go::Ran() }, 100 * 200);
    println!("20000 calls");
}

/// Tickets of another batch, of the time before `clear`, and of a call that has not run.
fn tickets() {
    std::panic::set_hook(Box::new(|_| ()));
    let mut batch = Batch::new();
    let early = batch.push(unsafe { go::deferred::Add(1, 2) });
    refused(|| batch.get(early));
    batch.run();
    refused(|| Batch::new().get(early));
    batch.clear();
    batch.push(unsafe { go::deferred::Sum(gocross::str("a").raw(), gocross::bytes(b"").raw()) });
    batch.run();
    refused(|| batch.get(early));
}

fn refused(get: impl FnOnce() -> i32) {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(get)).unwrap_err();
    println!("{}", panic.downcast_ref::<&str>().unwrap());
}

/// Go cannot be called in the child of a fork, by no way.
fn fork() {
    assert_eq!(executor::block_on(unsafe { go::deferred::Add(1, 2) }), 3);
    for way in 0..3 {
        // SAFETY: the child calls Go, which ends it.
        match unsafe { libc::fork() } {
            0 => {
                let call = unsafe { go::deferred::Add(1, 2) };
                let mut batch = Batch::new();
                batch.push(call);
                match way {
                    0 => drop(executor::block_on(call)),
                    1 => drop(batch.submit()),
                    _ => batch.run(),
                }
                // SAFETY: a number.
                unsafe { libc::_exit(way) };
            }
            child => {
                let mut status = 0;
                // SAFETY: the child is ours.
                assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
                println!("signal {} status {}", libc::WTERMSIG(status), libc::WEXITSTATUS(status));
            }
        }
    }
}

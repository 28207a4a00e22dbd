//! Handlers by way of three crates, and one that only tests have.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::SIGUSR1;
use tokio::signal::unix::{SignalKind, signal};

async fn waits() -> std::io::Result<()> {
    signal(SignalKind::hangup())?.recv().await;
    Ok(())
}

fn main() {
    let flag = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(SIGUSR1, flag).expect("SIGUSR1 can be handled");
    ctrlc::set_handler(|| ()).expect("SIGINT can be handled");
    faults::guard();
    past::trap();
    drop(waits());
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_handler_of_tests_is_none_of_the_program() {
        ctrlc::set_handler(|| ()).expect("SIGINT can be handled");
    }
}

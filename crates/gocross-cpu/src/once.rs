//! A value that is found once, where neither std nor 64-bit atomics are at hand.

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::sync::atomic::{AtomicU8, Ordering};

const EMPTY: u8 = 0;
const WRITING: u8 = 1;
const DONE: u8 = 2;

/// A place for a value that every thread would find alike.
pub(crate) struct Once<T> {
    state: AtomicU8,
    value: UnsafeCell<MaybeUninit<T>>,
}

// SAFETY: the value is written by the one thread that moves the state from EMPTY to WRITING, and
// read only after that thread has stored DONE with Release and the reader has loaded it with
// Acquire. It is copied, never lent.
unsafe impl<T: Copy + Send> Sync for Once<T> {}

impl<T: Copy> Once<T> {
    pub(crate) const fn new() -> Self {
        Self { state: AtomicU8::new(EMPTY), value: UnsafeCell::new(MaybeUninit::uninit()) }
    }

    /// The value, which `find` finds where nobody has found it yet.
    ///
    /// Nobody waits: who comes while another thread writes uses what it has found itself. So
    /// this may be called from a signal handler.
    pub(crate) fn get(&self, find: impl FnOnce() -> T) -> T {
        if let Some(value) = self.read() {
            return value;
        }
        let found = find();
        let first =
            self.state.compare_exchange(EMPTY, WRITING, Ordering::Acquire, Ordering::Relaxed);
        if first.is_err() {
            return self.read().unwrap_or(found);
        }
        // SAFETY: only this thread has moved the state to WRITING, and nobody reads before DONE.
        unsafe { (*self.value.get()).write(found) };
        self.state.store(DONE, Ordering::Release);
        found
    }

    fn read(&self) -> Option<T> {
        // SAFETY: DONE is stored after the value, and the value is never written again.
        (self.state.load(Ordering::Acquire) == DONE)
            .then(|| unsafe { (*self.value.get()).assume_init() })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn the_first_value_stays() {
        let once = Once::new();
        assert_eq!(once.get(|| 1), 1);
        assert_eq!(once.get(|| 2), 1);
    }

    #[test]
    fn a_value_of_many_words_is_seen_whole() {
        for _ in 0..200 {
            let once = Once::new();
            let barrier = Barrier::new(4);
            thread::scope(|scope| {
                let find = |n: u64| {
                    barrier.wait();
                    once.get(|| [n; 8])
                };
                let threads: Vec<_> = (1..=4).map(|n| scope.spawn(move || find(n))).collect();
                for thread in threads {
                    let words = thread.join().unwrap();
                    assert!((1..=4).contains(&words[0]));
                    assert_eq!(words, [words[0]; 8]);
                }
            });
            let stays = once.get(|| [9; 8]);
            assert_ne!(stays, [9; 8]);
            assert_eq!(stays, once.get(|| [10; 8]));
        }
    }
}

//! The ring of batches that goroutines take from: the producer's side.

use core::cell::UnsafeCell;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use core::sync::atomic::{AtomicPtr, AtomicU32, fence};

use super::Runtime;
use super::task::Header;

const SLOTS: u32 = 256;

/// A bounded queue for several producers and consumers (Dmitry Vyukov, "Bounded MPMC queue").
/// `gocrossRing` of `deferred.go` in `gocross-archive` is the same memory.
#[repr(C)]
pub(super) struct Ring {
    tail: Padded,
    head: Padded,
    /// Whether a goroutine looks at the ring without being told.
    spinning: Padded,
    slots: [Slot; SLOTS as usize],
}

/// A number that shares no cache line with another, nor the line that is fetched along with it.
#[repr(C)]
struct Padded(AtomicU32, [u8; 124]);

#[repr(C)]
struct Slot {
    sequence: AtomicU32,
    batch: UnsafeCell<*mut Header>,
}

// SAFETY: a slot's batch is written by the one who has moved the tail past it, and read by the one
// who has seen its sequence.
unsafe impl Sync for Ring {}

impl Ring {
    /// The ring of the program.
    pub(super) fn of(runtime: &Runtime) -> &'static Self {
        static RING: AtomicPtr<Ring> = AtomicPtr::new(core::ptr::null_mut());
        let mut ring = RING.load(Acquire);
        if ring.is_null() {
            // SAFETY: a function of the archive; it takes nothing.
            ring = unsafe { (runtime.ring)() }.cast();
            RING.store(ring, Release);
        }
        // SAFETY: the archive allocates it once and never frees it.
        unsafe { &*ring }
    }

    /// Adds a batch. Gives whether there was room.
    pub(super) fn push(&self, batch: *mut Header) -> bool {
        let mut tail = self.tail.0.load(Relaxed);
        loop {
            let slot = &self.slots[(tail % SLOTS) as usize];
            match slot.sequence.load(Acquire).wrapping_sub(tail).cast_signed() {
                0 => {
                    let next = tail.wrapping_add(1);
                    match self.tail.0.compare_exchange_weak(tail, next, Relaxed, Relaxed) {
                        Ok(_) => {
                            // SAFETY: the slot is ours until its sequence says that it is full.
                            unsafe { *slot.batch.get() = batch };
                            slot.sequence.store(next, Release);
                            return true;
                        }
                        Err(now) => tail = now,
                    }
                }
                distance if distance < 0 => return false,
                _ => tail = self.tail.0.load(Relaxed),
            }
        }
    }

    /// Whether a goroutine will see what was pushed before without being told. It clears its mark
    /// first and looks once more then, so one of the two sides sees the other.
    pub(super) fn is_watched(&self) -> bool {
        fence(SeqCst);
        self.spinning.0.load(SeqCst) != 0
    }
}

//! What registers hold, as far as a few instructions tell it.

use std::collections::HashMap;

/// Whether an operand is a place on the stack, which keeps what a register held for later.
pub(super) fn is_on_stack(place: &str) -> bool {
    place.contains("sp")
}

/// The registers of which something is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Registers(HashMap<String, (u64, bool)>);

impl Registers {
    /// A register gets a value.
    pub(super) fn set(&mut self, register: &str, value: u64, sure: bool) {
        self.0.insert(register.to_owned(), (value, sure));
    }

    /// The value of a register, and whether it is sure.
    pub(super) fn get(&self, register: &str) -> Option<(u64, bool)> {
        self.0.get(register).copied()
    }

    /// A register gets a value that nobody knows.
    pub(super) fn forget(&mut self, register: &str) {
        self.0.remove(register);
    }

    /// A place in memory, such as one on the stack, gets what a register holds.
    pub(super) fn store(&mut self, place: &str, register: &str) {
        match self.get(register) {
            Some((value, sure)) => self.set(place, value, sure),
            None => self.forget(place),
        }
    }

    /// A function ends, and gives its caller's registers back; the code behind it goes on with
    /// its own.
    pub(super) fn give_back(&mut self, register: &str) {
        if let Some((_, sure)) = self.0.get_mut(register) {
            *sure = false;
        }
    }

    /// Registers that a call may change get values that nobody knows.
    pub(super) fn keep(&mut self, kept: impl Fn(&str) -> bool) {
        self.0.retain(|register, _| kept(register) || is_on_stack(register));
    }

    /// What was known elsewhere is known here too, where nothing else is.
    pub(super) fn complete(&mut self, others: Self) {
        for (register, value) in others.0 {
            self.0.entry(register).or_insert(value);
        }
    }

    /// Jumps from elsewhere may have come here.
    pub(super) fn doubt(&mut self) {
        self.0.values_mut().for_each(|(_, sure)| *sure = false);
    }
}

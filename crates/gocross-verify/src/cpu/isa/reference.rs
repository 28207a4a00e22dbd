//! What one instruction says of another place in the code.

/// A place that an instruction names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reference {
    /// A call, or a jump: also the last thing of a function, instead of a call.
    Branch(u64),
    /// Its address, to be kept or called later.
    Address(u64),
    /// What the word at this address points to is called: the linker's table (GOT).
    Through(u64),
}

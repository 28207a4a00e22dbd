//! Modes of operation, over any path of the cipher.

pub(crate) mod ghash;

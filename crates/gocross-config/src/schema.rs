//! The JSON schema of the table.

use crate::Config;

/// The JSON schema of the types; which names of targets, policies and rules there are is for the
/// caller to add.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Config)
}

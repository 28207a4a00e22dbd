//! `rebuild/anywhere`: the same sources give the same archive, whichever folder they lie in.

//! GB/T 32907-2016, A.2: the result of a million encryptions, one after the other.

use anyhow::ensure;

use super::Outcome;
use super::known::KEY;
use crate::cipher::Key;
use crate::hex;

const ROUNDS: usize = 1_000_000;
const RESULT: [u8; 16] = hex::array("595298c7c6fd271f0402f804c33d3f66");

/// On one block, which is what the standard has and what no wide path ever sees; and on 16 equal
/// ones, all of which must come out the same.
pub(super) fn run(path: &str) -> Outcome {
    let key = Key::with_path(&KEY, path)?;
    for lanes in [1, 16] {
        let mut blocks = vec![KEY; lanes];
        for _ in 0..ROUNDS {
            key.encrypt(&mut blocks);
        }
        for (lane, block) in blocks.iter().enumerate() {
            ensure!(*block == RESULT, "{path}: lane {lane} of {lanes} has {}", hex::text(block));
        }
    }
    Ok("GB/T 32907-2016, A.2, on 1 lane and on 16".into())
}

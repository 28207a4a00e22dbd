//! One file through the cipher, piece by piece: memory use does not depend on its size.

use crate::cli::Job;
use crate::ctr::Ctr;
use crate::input::Input;
use crate::output::Output;
use crate::progress;
use std::io::{Read, Write};

/// Bytes for one call to Go. A call costs well under a microsecond, so any size of some
/// kilobytes would do.
const PIECE: usize = 256 * 1024;

pub(crate) fn run(job: &Job, stdin: &mut dyn Read, stdout: &mut dyn Write) -> anyhow::Result<()> {
    let mut ctr = Ctr::new(&job.key, &job.iv)?;
    let mut input = Input::open(&job.input, stdin)?;
    let mut output = Output::create(&job.output, &input, stdout)?;
    let bar = progress::bar(input.len());

    let mut piece = vec![0; PIECE];
    loop {
        let read = input.read(&mut piece)?;
        if read == 0 {
            break;
        }
        ctr.apply(&mut piece[..read])?;
        output.write(&piece[..read])?;
        bar.inc(read as u64);
    }
    bar.finish_and_clear();
    output.finish()
}

//! One file through the cipher, piece by piece: memory use does not depend on its size.

use crate::cipher::Key;
use crate::cli::{Failure, Job, Side};
use crate::input::Input;
use crate::output::Output;
use crate::{ctr, modes, progress};
use std::io::{Read, Write};

/// Bytes for one call. A call to Go costs well under a microsecond, so any size of some kilobytes
/// would do.
const PIECE: usize = 256 * 1024;

/// The stream of either side.
enum Stream {
    Rust(Box<modes::Ctr>),
    Go(ctr::Ctr),
}

impl Stream {
    fn new(job: &Job) -> Result<Self, Failure> {
        Ok(match (&job.path, job.side) {
            (Some(_), Side::Go) => {
                return Err(Failure::Refused(
                    "`--path` is for Rust's side; Go chooses for itself, and `GODEBUG=cpu.NAME=off` \
                     hides a feature from it"
                        .into(),
                ));
            }
            (Some(path), Side::Rust) => Self::rust(Key::with_path(&job.key, path)?, job),
            (None, Side::Rust) => Self::rust(Key::new(&job.key), job),
            (None, Side::Go) => {
                Self::Go(ctr::Ctr::new(&job.key, &job.iv).map_err(anyhow::Error::from)?)
            }
        })
    }

    fn rust(key: Key, job: &Job) -> Self {
        Self::Rust(Box::new(modes::Ctr::new(key, &job.iv)))
    }

    fn apply(&mut self, data: &mut [u8]) -> anyhow::Result<()> {
        match self {
            Self::Rust(ctr) => ctr.apply(data),
            Self::Go(ctr) => ctr.apply(data)?,
        }
        Ok(())
    }
}

pub(crate) fn run(job: &Job, stdin: &mut dyn Read, stdout: &mut dyn Write) -> Result<(), Failure> {
    let stream = Stream::new(job)?;
    Ok(encrypt(stream, job, stdin, stdout)?)
}

fn encrypt(
    mut stream: Stream,
    job: &Job,
    stdin: &mut dyn Read,
    stdout: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut input = Input::open(&job.input, stdin)?;
    let mut output = Output::create(&job.output, &input, stdout)?;
    let bar = progress::bar(input.len());

    let mut piece = vec![0; PIECE];
    loop {
        let read = input.read(&mut piece)?;
        if read == 0 {
            break;
        }
        stream.apply(&mut piece[..read])?;
        output.write(&piece[..read])?;
        bar.inc(read as u64);
    }
    bar.finish_and_clear();
    output.finish()
}

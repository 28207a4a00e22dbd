//! The self-test: each filter against its definition, and a picture to Go and back.
//!
//! What it prints is the same on every machine and path, but for the lines that begin with
//! `cpu: `: so two runs can be compared.

use crate::filter::Filter;
use crate::path::{self, Path, PathError};
use crate::picture::{MAX_PIXELS, Picture};
use crate::{reference, sample};
use anyhow::{Context, Result, ensure};
use gocross::cpu;
use std::fs::File;
use std::io::{Read, Seek, Write};

/// Pictures that are filtered together: a word for them, their widths and their heights. A vector
/// of SVE has up to 256 bytes, and grey takes four of them at a time.
const GROUPS: [(&str, std::ops::RangeInclusive<u32>, &[u32]); 5] = [
    ("narrow", 1..=70, &[1, 2, 3, 5]),
    ("around 128", 126..=131, &[4]),
    ("around 256", 254..=259, &[3]),
    ("wide", 4_099..=4_099, &[2]),
    ("high", 3..=3, &[4_099]),
];

/// Runs the self-test on the best path, or on the one that is asked for.
pub(crate) fn run(forced: Option<&str>, out: &mut dyn Write) -> Result<()> {
    let path = forced.map_or_else(|| Ok(path::best()), path::named)?;
    let features: String =
        cpu::features().iter().map(|feature| format!(" {}", feature.name())).collect();
    writeln!(out, "cpu: features{features}")?;
    for filter in Filter::ALL {
        writeln!(out, "cpu: path image.{} = {}", filter.name(), path.name())?;
    }
    for filter in Filter::ALL {
        for (word, widths, heights) in GROUPS {
            let sizes = widths.flat_map(|width| heights.iter().map(move |height| (width, *height)));
            let pictures = sizes
                .map(|(width, height)| filtered(filter, width, height, path))
                .collect::<Result<Vec<_>>>()?;
            let sum = sample::checksum(pictures.iter().map(Picture::pixels));
            writeln!(out, "{} {word}: {sum:016x}", filter.name())?;
        }
    }
    let picture = through_go()?;
    writeln!(out, "png there and back: {:016x}", sample::checksum([picture.pixels()]))?;
    Ok(())
}

/// A picture after a filter, compared with the filter's definition.
fn filtered(filter: Filter, width: u32, height: u32, path: &Path) -> Result<Picture> {
    let mut picture = sample::noise(width, height)?;
    let expected = reference::filtered(filter, &picture);
    filter.apply(&mut picture, path);
    let wrong = picture.pixels().iter().zip(&expected).position(|(found, right)| found != right);
    if let Some(at) = wrong {
        let (found, right) = (picture.pixels()[at], expected[at]);
        anyhow::bail!(
            "{} of {width} x {height} pixels on path `{}`: byte {at} is {found}, not {right}",
            filter.name(),
            path.name()
        );
    }
    Ok(picture)
}

/// A picture that Go has encoded and decoded again, out of Rust's memory and into it.
fn through_go() -> Result<Picture> {
    let picture = sample::rings(67, 45)?;
    ensure!(
        picture.address_in_go() == picture.pixels().as_ptr() as usize,
        "go sees a copy of the picture"
    );
    let mut file: File = tempfile::tempfile().context("cannot make a temporary file")?;
    picture.encode(&file)?;
    file.rewind()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let again = Picture::decode(&bytes, MAX_PIXELS)?;
    ensure!(again == picture, "a picture changes on its way to Go and back");
    Ok(again)
}

/// The table of paths, for people.
pub(crate) fn table(out: &mut dyn Write) -> Result<()> {
    for (name, needs, error) in path::all() {
        let needs: Vec<_> = needs.iter().map(cpu::Feature::name).collect();
        let needs = if needs.is_empty() { "nothing".to_owned() } else { needs.join(" ") };
        let state = match error {
            None if name == path::best().name() => "the best one here",
            None => "can be taken",
            Some(PathError::Unusable { why, .. }) if why.is_hidden() => "hidden by `GOCROSS_CPU`",
            Some(_) => "not on this CPU",
        };
        writeln!(out, "{name:<7} needs {needs:<8} {state}")?;
    }
    Ok(())
}

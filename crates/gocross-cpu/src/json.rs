//! The report as JSON, without an allocator.

use core::fmt;

use crate::{Core, Features, Numbers, Report};

/// Writes a [`Report`] as one JSON object on one line. Its keys are kept:
///
/// | key | value |
/// |---|---|
/// | `architecture` | Rust's name of the architecture that the program was built for |
/// | `cores` | one object for each kind of core, none where nothing tells |
/// | `cores_from` | where they were learnt, or null |
/// | `features` | the names of the features that code may use |
/// | `hidden` | the names of those that `GOCROSS_CPU` hides |
/// | `features_from` | where the features were learnt, or null |
/// | `limit` | what cannot be known from there, and why, or null |
/// | `mask_error` | what is wrong in `GOCROSS_CPU`, or null |
///
/// A core has `vendor` and `name` (null where they are not known), and, each where its
/// architecture has such a thing: `implementer` and `part` (as `"0x41"`), `variant`, `revision`;
/// `mvendorid`, `marchid`, `mimpid` (as `"0x489"`); `family`, `model`, `stepping`.
#[derive(Debug, Clone, Copy)]
pub struct Json<'a> {
    report: &'a Report,
}

impl<'a> Json<'a> {
    pub(crate) const fn new(report: &'a Report) -> Self {
        Self { report }
    }
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.report;
        let known = |name: &'static str| Some(name).filter(|name| *name != "none");
        write!(f, "{{\"architecture\":{}", Quoted(report.architecture()))?;
        f.write_str(",\"cores\":[")?;
        for (index, core) in report.identity().cores().iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "," })?;
            write_core(f, core)?;
        }
        write!(f, "],\"cores_from\":{}", OrNull(known(report.identity().source().name())))?;
        write!(f, ",\"features\":{}", Names(report.features()))?;
        write!(f, ",\"hidden\":{}", Names(report.hidden()))?;
        write!(f, ",\"features_from\":{}", OrNull(known(report.source().name())))?;
        write!(f, ",\"limit\":{}", OrNull(report.source().limit()))?;
        write!(f, ",\"mask_error\":{}}}", OrNull(report.mask().error()))
    }
}

fn write_core(f: &mut fmt::Formatter<'_>, core: &Core) -> fmt::Result {
    write!(f, "{{\"vendor\":{},\"name\":{}", OrNull(core.vendor()), OrNull(core.name()))?;
    match core.numbers() {
        Numbers::Arm { implementer, part, variant, revision } => write!(
            f,
            ",\"implementer\":\"{implementer:#04x}\",\"part\":\"{part:#05x}\",\
             \"variant\":{variant},\"revision\":{revision}"
        )?,
        Numbers::Riscv { vendor, architecture, implementation } => write!(
            f,
            ",\"mvendorid\":\"{vendor:#x}\",\"marchid\":\"{architecture:#x}\",\
             \"mimpid\":\"{implementation:#x}\""
        )?,
        Numbers::X86 { family, model, stepping } => {
            write!(f, ",\"family\":{family},\"model\":{model},\"stepping\":{stepping}")?;
        }
        Numbers::None => {}
    }
    f.write_str("}")
}

/// A text between quotes.
struct Quoted<T>(T);

impl<T: fmt::Display> fmt::Display for Quoted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        fmt::Write::write_fmt(&mut Escaped(f), format_args!("{}", self.0))?;
        f.write_str("\"")
    }
}

/// Writes what JSON wants escaped with a backslash before it. All texts here are printable ASCII,
/// so there are no control characters.
struct Escaped<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for piece in text.split_inclusive(['"', '\\']) {
            let last = piece.len() - 1;
            if piece.ends_with(['"', '\\']) {
                self.0.write_str(&piece[..last])?;
                self.0.write_str("\\")?;
                self.0.write_str(&piece[last..])?;
            } else {
                self.0.write_str(piece)?;
            }
        }
        Ok(())
    }
}

struct OrNull<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for OrNull<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(text) => Quoted(text).fmt(f),
            None => f.write_str("null"),
        }
    }
}

/// A list of names.
struct Names(Features);

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (index, feature) in self.0.iter().enumerate() {
            let gap = if index == 0 { "" } else { "," };
            write!(f, "{gap}{}", Quoted(feature.name()))?;
        }
        f.write_str("]")
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::ToString;

    use super::*;
    use crate::report::tests::NOTHING;
    use crate::{Feature, Mask, Source};

    #[test]
    fn nothing_is_null() {
        assert_eq!(
            NOTHING.json().to_string(),
            format!(
                "{{\"architecture\":\"{}\",\"cores\":[],\"cores_from\":null,\"features\":[],\
                 \"hidden\":[],\"features_from\":null,\
                 \"limit\":\"this architecture or system is not looked at\",\"mask_error\":null}}",
                std::env::consts::ARCH
            )
        );
    }

    #[test]
    fn quotes_and_backslashes_are_escaped() {
        let report = Report {
            hardware: Features::of(&[Feature::Zbb, Feature::Zknd, Feature::Zksed]),
            source: Source::Hwprobe,
            mask: Mask::parse(br#"-zksed,"a\b""#),
            ..NOTHING
        };
        let json = report.json().to_string();
        assert!(json.contains(r#""features":["zbb","zknd"],"hidden":["zksed"]"#), "{json}");
        assert!(json.contains(r#""features_from":"riscv_hwprobe","limit":null"#), "{json}");
        assert!(json.contains(r#""mask_error":"`\"a\\b\"` in `GOCROSS_CPU` has no"#), "{json}");
    }
}

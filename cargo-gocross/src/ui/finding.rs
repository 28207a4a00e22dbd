//! Findings, told to a person.

use gocross_verify::{Finding, Level};

use super::{Severity, block};

/// Tells a finding.
pub(crate) fn finding(finding: &Finding) {
    let severity = match finding.level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Note | Level::Off => Severity::Note,
    };
    let message = format!("`{}`: {}", finding.file, finding.message);
    let places = finding.places.iter().map(|place| format!("  at {place}"));
    let more =
        (finding.more_places > 0).then(|| format!("  and in {} more places", finding.more_places));
    let details = finding.details.iter().map(|line| format!("  {line}"));
    let why = std::iter::once(format!("  why: {}", finding.why));
    let gap = (finding.help.is_some() || finding.hint.is_some()).then(String::new);
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    let hint = finding.hint.iter().map(|hint| format!("hint: {hint}"));
    // Symbols that the details name are not named again.
    let told = !finding.details.is_empty()
        && finding.places.iter().all(|place| {
            let is_told = |name: &String| finding.details.iter().any(|line| line.contains(name));
            place.member.is_none()
                && place.section.is_none()
                && place.origin.is_none()
                && place.symbol.as_ref().is_none_or(is_told)
        });
    let places: Vec<String> = if told { Vec::new() } else { places.chain(more).collect() };
    let lines = details.chain(places).chain(why).chain(gap).chain(help).chain(hint);
    block(severity, &finding.code, &message, lines);
}

/// Tells the findings that count after a build: what is good to know is left to `verify`.
pub(crate) fn worst(findings: &[Finding]) {
    findings.iter().filter(|found| found.level >= Level::Warning).for_each(finding);
}

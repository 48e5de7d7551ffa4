//! The findings by endpoint, each with its proof and its two places.

use std::io::{self, Write};

use super::count;
use super::place::Places;
use crate::contract::compare::{Finding, Level};
use crate::report::sanitise::one_line;
use crate::span::Sources;

/// How many operations are named before the rest is counted.
const MOST_NAMED: usize = 5;

/// Writes the findings for people.
pub fn write(findings: &[Finding], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let places = Places::new(sources);
    let mut last = None;
    for finding in findings {
        let endpoint = if finding.path.is_empty() {
            finding.location.clone()
        } else {
            format!("{} {}", finding.method, finding.path)
        };
        if last.as_ref() != Some(&endpoint) {
            if last.is_some() {
                writeln!(out)?;
            }
            writeln!(out, "{}", one_line(&endpoint))?;
            last = Some(endpoint);
        }
        one(finding, &places, out)?;
    }
    if last.is_some() {
        writeln!(out)?;
    }
    let levels = [
        (Level::Error, "breaking"),
        (Level::Warning, "may break"),
        (Level::Undecided, "undecided"),
        (Level::Info, "harmless"),
    ];
    let counts = levels.map(|(level, word)| format!("{} {word}", count(findings, level)));
    writeln!(out, "{}", counts.join(" · "))
}

fn one(finding: &Finding, places: &Places<'_>, out: &mut dyn Write) -> io::Result<()> {
    let level = finding.level.as_str();
    let message = one_line(&finding.message);
    writeln!(out, "  {level}: {message} [{}]", finding.rule)?;
    if !finding.location.is_empty() {
        writeln!(out, "    at {}", one_line(&finding.location))?;
    }
    if let Some(witness) = &finding.witness {
        let other = if witness.valid_in == "old" {
            "new"
        } else {
            "old"
        };
        let shown = one_line(&witness.instance.to_string());
        writeln!(
            out,
            "    proof: {shown} is valid in {}, not in {other}",
            witness.valid_in
        )?;
    }
    for (word, span) in [("old", finding.old), ("new", finding.new)] {
        if let Some((path, line)) = span.and_then(|span| places.of(span)) {
            writeln!(out, "    {word}: {path}:{line}")?;
        }
    }
    if finding.operations.len() > 1 {
        let named: Vec<&str> = finding.operations.iter().map(String::as_str).collect();
        let (shown, rest) = named.split_at(named.len().min(MOST_NAMED));
        let more = match rest.len() {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        writeln!(out, "    reaches {}{more}", one_line(&shown.join(", ")))?;
    }
    Ok(())
}

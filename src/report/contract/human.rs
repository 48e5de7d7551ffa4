//! The findings by endpoint, each with its proof and its two places.

use std::io::{self, Write};

use super::group::groups;
use super::{Changes, counts, proof};
use crate::contract::compare::Finding;
use crate::contract::live::Repeat;
use crate::contract::place::Places;
use crate::report::sanitise::one_line;

/// How many operations are named before the rest is counted.
const MOST_NAMED: usize = 5;

/// Writes the findings for people.
pub fn write(changes: &Changes<'_>, out: &mut dyn Write) -> io::Result<()> {
    let places = Places::new(changes.sources);
    for group in groups(changes.findings, |_| true) {
        writeln!(out, "{}", one_line(&group.endpoint))?;
        for place in group.places {
            let repeat = changes.repeats.get(place).and_then(Option::as_ref);
            one(&changes.findings[place], repeat, &places, out)?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", counts(changes.findings))
}

fn one(
    finding: &Finding,
    repeat: Option<&Repeat>,
    places: &Places<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let level = finding.level.as_str();
    let message = one_line(&finding.message);
    writeln!(out, "  {level}: {message} [{}]", finding.rule)?;
    if !finding.location.is_empty() {
        writeln!(out, "    at {}", one_line(&finding.location))?;
    }
    if let Some(proof) = proof(finding) {
        writeln!(out, "    proof: {}", one_line(&proof))?;
    }
    match repeat {
        Some(Repeat::Line(line)) => writeln!(out, "    was accepted: {}", one_line(line))?,
        Some(Repeat::Unwritable(why)) => writeln!(out, "    no request: {}", one_line(why))?,
        None => {}
    }
    for (word, span) in [("old", finding.old), ("new", finding.new)] {
        if let Some((path, at)) = span.and_then(|span| places.of(span)) {
            writeln!(out, "    {word}: {path}:{}:{}", at.line, at.column)?;
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

//! The changes as a changelog in Markdown.

use std::io::{self, Write};

use super::group::groups;
use super::{Changes, counts, proof};
use crate::contract::compare::{Finding, Level};
use crate::contract::live::Repeat;
use crate::contract::place::Places;
use crate::report::gentle;
use crate::report::markdown::inline_code as code;
use crate::span::Span;

const SECTIONS: &[(Level, &str)] = &[
    (Level::Error, "Breaking"),
    (Level::Warning, "May break"),
    (Level::Undecided, "Undecided"),
    (Level::Info, "Compatible"),
];

/// Writes the changes by how much they weigh, then by endpoint.
pub fn write(changes: &Changes<'_>, out: &mut dyn Write) -> io::Result<()> {
    let places = Places::new(changes.sources);
    let (old, new) = changes.names;
    writeln!(out, "# API changes from {} to {}\n", code(old), code(new))?;
    if changes.findings.is_empty() {
        return writeln!(out, "Nothing changed.");
    }
    writeln!(out, "{}", counts(changes.findings))?;
    for (level, title) in SECTIONS {
        let groups = groups(changes.findings, |finding| finding.level == *level);
        if groups.is_empty() {
            continue;
        }
        writeln!(out, "\n## {title}")?;
        for group in groups {
            writeln!(out, "\n### {}\n", code(group.endpoint.trim()))?;
            for index in group.places {
                let repeat = changes.repeats.get(index).and_then(Option::as_ref);
                one(&changes.findings[index], repeat, &places, out)?;
            }
        }
    }
    Ok(())
}

fn one(
    finding: &Finding,
    repeat: Option<&Repeat>,
    places: &Places<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let location = match finding.location.as_str() {
        "" => String::new(),
        location => format!("{}: ", code(location)),
    };
    let message = gentle::sentence(&finding.message);
    writeln!(out, "- {location}{message} ({})", code(&finding.rule))?;
    if let Some(proof) = proof(finding) {
        writeln!(out, "  - proof: {}", code(&proof))?;
    }
    match repeat {
        Some(Repeat::Line(line)) => writeln!(out, "  - was accepted: {}", code(line))?,
        Some(Repeat::Unwritable(why)) => {
            writeln!(out, "  - no request: {}", gentle::sentence(why))?;
        }
        None => {}
    }
    let place = |span: Option<Span>| {
        let (path, at) = places.of(span?)?;
        Some(code(&format!("{path}:{}", at.line)))
    };
    let both: Vec<String> = [place(finding.old), place(finding.new)]
        .into_iter()
        .flatten()
        .collect();
    if !both.is_empty() {
        writeln!(out, "  - {}", both.join(" → "))?;
    }
    if finding.operations.len() > 1 {
        let named: Vec<String> = finding.operations.iter().map(|name| code(name)).collect();
        writeln!(out, "  - reaches {}", named.join(", "))?;
    }
    Ok(())
}

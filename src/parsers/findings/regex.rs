//! Lines that match an expression.

use std::io::BufRead;

use super::lines::next_line;
use super::{Context, Report};

/// The groups that mean something.
pub(super) const GROUPS: &[&str] = &["path", "line", "column", "rule", "severity", "message"];

/// Reads every line; those that don't match say nothing.
pub(super) fn parse(context: &Context<'_>, input: &mut dyn BufRead) -> Result<Report, String> {
    let pattern = context
        .spec
        .pattern
        .as_ref()
        .ok_or("the format `regex` has no `pattern`")?;
    let mut report = Report::default();
    while let Some(line) = next_line(input)? {
        let Some(found) = pattern.regex.captures(line.as_bytes()) else {
            continue;
        };
        let group = |name: &str| {
            let text = String::from_utf8_lossy(found.name(name)?.as_bytes())
                .trim()
                .to_owned();
            Some(text).filter(|text| !text.is_empty())
        };
        let number = |name: &str| group(name)?.parse().ok().filter(|number| *number > 0);
        let message = group("message").unwrap_or_else(|| line.trim().to_owned());
        let mut finding = context.finding(context.rule(group("rule")), message);
        finding.path = group("path");
        finding.line = number("line");
        finding.column = number("column");
        let word = group("severity");
        finding.severity = context
            .words
            .grade(word.as_deref(), || format!("the line `{}`", line.trim()))?;
        report.findings.push(finding);
    }
    Ok(report)
}

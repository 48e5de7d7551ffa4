//! Files, one a line, as formatters list what they would change.

use std::io::BufRead;

use super::lines::next_line;
use super::{Context, Report};

/// What is said of a file that a formatter lists or would change.
pub(super) const MESSAGE: &str = "not formatted";

/// Reads every line that is not blank; with a pattern, every line that matches.
pub(super) fn parse(context: &Context<'_>, input: &mut dyn BufRead) -> Result<Report, String> {
    let mut report = Report::default();
    while let Some(line) = next_line(input)? {
        let path = match &context.spec.pattern {
            None => line.trim().to_owned(),
            Some(pattern) => {
                let found = pattern.regex.captures(line.as_bytes());
                let group = found.as_ref().and_then(|found| found.name("path"));
                let path = group.map(|group| String::from_utf8_lossy(group.as_bytes()));
                path.map(|path| path.trim().to_owned()).unwrap_or_default()
            }
        };
        if !path.is_empty() {
            let finding = context.finding(context.rule(None), MESSAGE.to_owned());
            report.findings.push(finding.at(path, None, None));
        }
    }
    Ok(report)
}

//! `JUnit` XML: what failed is found.

use std::io::BufRead;

use super::{Context, Report};
use crate::parsers::results::ResultsFormat;

/// Reads the failures.
pub(super) fn parse(context: &Context<'_>, input: &mut dyn BufRead) -> Result<Report, String> {
    let results = (ResultsFormat::Junit.row().parse)(input)?;
    let mut report = Report::default();
    for failure in results.failures {
        let told = failure.message.lines().next().unwrap_or_default().trim();
        let message = match told {
            "" => failure.name.clone(),
            told => format!("{}: {told}", failure.name),
        };
        let mut finding = context.finding(context.rule(None), message);
        finding.path = failure.path;
        finding.line = failure.line;
        report.findings.push(finding);
    }
    Ok(report)
}

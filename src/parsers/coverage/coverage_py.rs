//! The JSON report of coverage.py.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde::Deserialize;

use super::marks::normal;
use super::{Coverage, FileCoverage, Tally};
use crate::parsers::json;

#[derive(Deserialize)]
struct Report {
    totals: Totals,
    files: BTreeMap<String, File>,
}

#[derive(Deserialize)]
struct Totals {
    covered_lines: u64,
    num_statements: u64,
    percent_covered: f64,
    covered_branches: Option<u64>,
    num_branches: Option<u64>,
}

#[derive(Deserialize)]
struct File {
    executed_lines: Vec<u32>,
    missing_lines: Vec<u32>,
}

/// Reads a report; the error says why it is none.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<Coverage, String> {
    let Report { totals, files } = json::read(input)?;
    let lines = Tally::checked(totals.covered_lines, totals.num_statements)?;
    let branches = match (totals.covered_branches, totals.num_branches) {
        (Some(covered), Some(total)) => Some(Tally::checked(covered, total)?),
        _ => None,
    };
    // Without branches it is the share of lines; of nothing it is 100, which is no evidence.
    let measured = branches.filter(|_| lines.total > 0);
    Ok(Coverage {
        lines,
        branches,
        total: measured.map(|_| totals.percent_covered),
        files: files
            .into_iter()
            .map(|(path, file)| FileCoverage {
                path: normal(&path),
                covered: file.executed_lines,
                missed: file.missing_lines,
            })
            .collect(),
        ..Coverage::default()
    })
}

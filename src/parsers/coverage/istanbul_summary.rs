//! Istanbul's `coverage-summary.json`: Jest, Vitest, nyc, c8.

use std::io::BufRead;

use serde::Deserialize;

use super::{Coverage, Tally};
use crate::parsers::json;

#[derive(Deserialize)]
struct Summary {
    total: Total,
}

#[derive(Deserialize)]
struct Total {
    lines: Counts,
    branches: Option<Counts>,
    functions: Option<Counts>,
}

/// The share beside the counts may be the word `Unknown`, and is not needed.
#[derive(Deserialize)]
struct Counts {
    covered: u64,
    total: u64,
}

impl Counts {
    fn tally(&self) -> Result<Tally, String> {
        Tally::checked(self.covered, self.total)
    }
}

/// Reads a summary; the error says why it is none.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<Coverage, String> {
    let Summary { total } = json::read(input)?;
    let tally = |counts: Option<Counts>| counts.map(|counts| counts.tally()).transpose();
    Ok(Coverage {
        lines: total.lines.tally()?,
        branches: tally(total.branches)?,
        functions: tally(total.functions)?,
        ..Coverage::default()
    })
}

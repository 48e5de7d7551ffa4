//! The JSON of `llvm-cov export` and `cargo llvm-cov --json`.
//!
//! The totals are the tool's own. Single lines are worked out from the segments of a file as LLVM
//! does it for its listings; a report made with `--summary-only` has none.

use std::io::BufRead;

use serde::Deserialize;

use super::marks::normal;
use super::{Coverage, FileCoverage, Tally};
use crate::parsers::json;

#[derive(Deserialize)]
struct Export {
    data: Vec<Data>,
}

#[derive(Deserialize)]
struct Data {
    totals: Totals,
    files: Vec<File>,
}

#[derive(Deserialize)]
struct Totals {
    lines: Counts,
    branches: Option<Counts>,
    functions: Option<Counts>,
}

#[derive(Deserialize)]
struct Counts {
    covered: u64,
    count: u64,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    #[serde(default)]
    segments: Vec<Segment>,
}

/// Where a region begins or ends: line, column, count, whether there is a count, whether a region
/// begins, and, of newer versions, whether that is a gap.
#[derive(Deserialize)]
struct Segment(
    u32,
    serde::de::IgnoredAny,
    u64,
    bool,
    bool,
    #[serde(default)] bool,
);

impl Segment {
    fn begins(&self) -> bool {
        self.3 && self.4 && !self.5
    }
}

/// Reads a report; the error says why it is none.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<Coverage, String> {
    let export: Export = json::read(input)?;
    if export.data.is_empty() {
        return Err("its `data` is empty".to_owned());
    }
    let mut coverage = Coverage::default();
    let (mut branches, mut functions) = (Tally::default(), Tally::default());
    for data in export.data {
        coverage.lines.add(tally(&data.totals.lines)?);
        for (sum, counts) in [
            (&mut branches, data.totals.branches),
            (&mut functions, data.totals.functions),
        ] {
            if let Some(counts) = counts {
                sum.add(tally(&counts)?);
            }
        }
        for file in data.files.iter().filter(|file| !file.segments.is_empty()) {
            coverage.files.push(lines(file)?);
        }
    }
    coverage.branches = branches.measured();
    coverage.functions = functions.measured();
    Ok(coverage)
}

fn tally(counts: &Counts) -> Result<Tally, String> {
    Tally::checked(counts.covered, counts.count)
}

/// No file has more lines than this; a number beyond is damage.
const LONGEST_FILE: u32 = 10_000_000;

fn lines(file: &File) -> Result<FileCoverage, String> {
    let mut found = FileCoverage {
        path: normal(&file.filename),
        ..FileCoverage::default()
    };
    let mut rest = file.segments.as_slice();
    let mut wrapping: Option<&Segment> = None;
    let Some(first) = rest.first() else {
        return Ok(found);
    };
    let mut line = first.0;
    while let Some(next) = rest.first() {
        if next.0 < line || next.0 > LONGEST_FILE {
            return Err(format!(
                "the segments of `{}` are in no order",
                file.filename
            ));
        }
        let here = rest.iter().take_while(|segment| segment.0 == line).count();
        let (own, later) = rest.split_at(here);
        if let Some(hits) = hits(wrapping, own) {
            let part = if hits > 0 {
                &mut found.covered
            } else {
                &mut found.missed
            };
            part.push(line);
        }
        wrapping = own.last().or(wrapping);
        rest = later;
        line += 1;
    }
    Ok(found)
}

/// How often a line ran: as often as the region around it, or as one that begins on it. `None` if
/// it holds no code.
fn hits(wrapping: Option<&Segment>, own: &[Segment]) -> Option<u64> {
    let begun = own
        .iter()
        .filter(|segment| segment.begins())
        .map(|segment| segment.2)
        .max();
    let around = wrapping
        .filter(|segment| segment.3)
        .map(|segment| segment.2);
    let skipped = own.first().is_some_and(|segment| !segment.3 && segment.4);
    if skipped && begun.is_none() {
        return None;
    }
    around.max(begun)
}

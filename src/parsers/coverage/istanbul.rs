//! Istanbul's `coverage-final.json`: Jest, Vitest, nyc, c8.
//!
//! Lines are counted as Istanbul does it: a line is one on which a statement begins, and ran as
//! often as the one of them that ran most.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde::Deserialize;

use super::Coverage;
use super::marks::{Files, Record, branch_key, key_of};
use crate::parsers::json;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    statement_map: BTreeMap<String, Range>,
    s: BTreeMap<String, f64>,
    b: BTreeMap<String, Vec<f64>>,
    f: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
struct Range {
    start: Position,
}

#[derive(Deserialize)]
struct Position {
    line: u32,
}

/// Reads a report; the error says why it is none.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<Coverage, String> {
    let report: BTreeMap<String, File> = json::read(input)?;
    let mut files = Files::default();
    for (path, file) in report {
        let record =
            record(&file).map_err(|id| format!("`{path}`: the statement {id} has no count"))?;
        files.add(&path, record);
    }
    Ok(files.finish())
}

/// What a report says of a file, or the statement that it does not count.
fn record(file: &File) -> Result<Record, &str> {
    let mut record = Record::default();
    for (id, range) in &file.statement_map {
        let hits = file.s.get(id).ok_or(id.as_str())?;
        record.lines.push(u64::from(range.start.line), *hits > 0.0);
    }
    for (id, arms) in &file.b {
        for (arm, hits) in arms.iter().enumerate() {
            record.branches.push(branch_key(0, (id, arm)), *hits > 0.0);
        }
    }
    for (id, hits) in &file.f {
        record.functions.push(key_of(id), *hits > 0.0);
    }
    Ok(record)
}

//! JSON documents, one a line, between lines of other text.

use std::io::BufRead;

use serde_json::Value;

use super::each::Reader;
use super::json::excuse;
use super::lines::next_line;
use super::{Context, Report};

/// Reads every line that begins with `{`; the error says which is broken, or what is missing.
pub(super) fn parse(context: &Context<'_>, input: &mut dyn BufRead) -> Result<Report, String> {
    let reader = Reader::new(context)?;
    let mut report = Report::default();
    let mut seen = Seen::default();
    while let Some(line) = next_line(input)? {
        seen.lines += 1;
        seen.text |= !line.trim().is_empty();
        if !line
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('{')
        {
            continue;
        }
        let line = line.trim_start_matches('\u{feff}');
        let document: Value =
            serde_json::from_str(line).map_err(|error| format!("line {}: {error}", seen.lines))?;
        seen.documents += 1;
        seen.expected |= reader.recognises(&document);
        if seen.excuse.is_empty() {
            seen.excuse = excuse(&document);
        }
        reader
            .read(&document, &mut report)
            .map_err(|problem| format!("line {}: {problem}{}", seen.lines, excuse(&document)))?;
    }
    if seen.documents == 0 && seen.text {
        return Err("no line of it is a JSON document".to_owned());
    }
    if reader.expects() && !seen.expected {
        return Err(format!(
            "no line of it has {}{}",
            reader.wanted(),
            seen.excuse
        ));
    }
    Ok(report)
}

#[derive(Default)]
struct Seen {
    lines: u64,
    text: bool,
    documents: u64,
    expected: bool,
    excuse: String,
}

//! `sdd.diagnostics/1`: one JSON document.

use std::io::{self, Write};

use serde::Serialize;

use super::place::Places;
use super::{Style, Tally, path};
use crate::diag::{Diagnostic, Diags, Label};
use crate::span::Sources;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    diagnostics: Vec<Entry<'a>>,
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: String,
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    path: Option<&'a str>,
    labels: Vec<Mark<'a>>,
}

/// Lines and columns count from 1, columns in characters; the end is one past the last character.
#[derive(Serialize)]
struct Mark<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    text: &'a str,
}

/// Writes the document and a line break.
pub(super) fn write(
    diags: &Diags,
    sources: &Sources,
    _style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let places = Places::of(sources);
    let tally = Tally::of(diags, sources);
    let document = Document {
        schema: "sdd.diagnostics/1",
        diagnostics: diags
            .iter()
            .map(|diagnostic| entry(diagnostic, sources, &places))
            .collect(),
        errors: tally.errors,
        warnings: tally.warnings,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn entry<'a>(
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
    places: &'a Places<'a>,
) -> Entry<'a> {
    Entry {
        code: diagnostic.code.name(),
        severity: diagnostic.severity().as_str(),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        path: path(diagnostic, sources),
        labels: diagnostic
            .labels
            .iter()
            .filter_map(|label| mark(label, places))
            .collect(),
    }
}

fn mark<'a>(label: &'a Label, places: &'a Places<'a>) -> Option<Mark<'a>> {
    let region = places.region(label.span)?;
    Some(Mark {
        path: region.path,
        line: region.start.line,
        column: region.start.column,
        end_line: region.end.line,
        end_column: region.end.column,
        text: &label.text,
    })
}

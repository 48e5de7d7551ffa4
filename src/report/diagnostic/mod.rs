//! What is wrong with a configuration, told to people and to programs.

mod excerpt;
mod human;
mod json;
mod place;
mod sarif;
#[cfg(test)]
mod tests;

pub(super) use sarif::relative_uri;

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::diag::{Diagnostic, Diags, Severity};
use crate::span::Sources;

/// How a format for people is drawn. Formats for programs ignore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether escape sequences for colours are written.
    pub colour: bool,
    /// Whether anything but ASCII may be drawn; quoted text stays as it is.
    pub unicode: bool,
}

/// Writes all diagnostics.
pub type Writer = fn(&Diags, &Sources, &Style, &mut dyn Write) -> io::Result<()>;

/// A row of the table of formats.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// Its name for `--format`.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// Writes all diagnostics in this format.
    pub write: Writer,
}

/// Every format, the default first.
pub const FORMATS: &[Format] = &[
    Format {
        name: "human",
        doc: "Excerpts with the place marked, for people.",
        write: human::write,
    },
    Format {
        name: "json",
        doc: "One document, schema `sdd.diagnostics/1`.",
        write: json::write,
    },
    Format {
        name: "sarif",
        doc: "SARIF 2.1.0, for code hosts and editors.",
        write: sarif::write,
    },
];

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// How many diagnostics there are of each severity, and of how many files.
struct Tally {
    errors: usize,
    warnings: usize,
    files: usize,
}

impl Tally {
    fn of(diags: &Diags, sources: &Sources) -> Self {
        let count = |severity| diags.iter().filter(|d| d.severity() == severity).count();
        let files: BTreeSet<&str> = diags.iter().filter_map(|d| path(d, sources)).collect();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            files: files.len(),
        }
    }
}

/// The file that a diagnostic is about.
fn path<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Option<&'a str> {
    let labelled = diagnostic
        .labels
        .first()
        .and_then(|label| sources.get(label.span.source));
    labelled
        .map(|source| source.path.as_str())
        .or(diagnostic.path.as_deref())
}

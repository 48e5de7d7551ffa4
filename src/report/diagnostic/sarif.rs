//! SARIF 2.1.0, the part that code hosts and editors read.
//!
//! Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.

use std::io::{self, Write};

use serde::Serialize;

use super::place::{Places, Region};
use super::{Style, path};
use crate::diag::{CODES, Code, Diagnostic, Diags, Label};
use crate::span::Sources;

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Finding>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    short_description: Message,
    full_description: Message,
    help: Message,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Area>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    uri_base_id: &'static str,
}

/// Lines and columns count from 1; the end is one past the last character.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Area {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

impl Message {
    fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            markdown: None,
        }
    }
}

/// Writes the log and a line break.
pub(super) fn write(
    diags: &Diags,
    sources: &Sources,
    _style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let places = Places::of(sources);
    let results = diags
        .iter()
        .map(|diagnostic| finding(diagnostic, sources, &places));
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "sdd",
                    version: env!("CARGO_PKG_VERSION"),
                    rules: CODES.iter().map(rule).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results: results.collect(),
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn rule(code: &Code) -> Rule {
    Rule {
        id: code.name(),
        short_description: Message::plain(code.summary),
        full_description: Message::plain(code.explanation),
        help: Message {
            text: code.explanation.to_owned(),
            markdown: Some(code.explanation),
        },
        default_configuration: Configuration {
            level: code.severity.as_str(),
        },
    }
}

fn finding(diagnostic: &Diagnostic, sources: &Sources, places: &Places<'_>) -> Finding {
    let message = match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let mut marked = diagnostic
        .labels
        .iter()
        .filter_map(|label| location(label, places));
    let first = marked.next().or_else(|| {
        let path = path(diagnostic, sources)?;
        Some(Location {
            physical_location: physical(path, None),
            message: None,
        })
    });
    Finding {
        rule_id: diagnostic.code.name(),
        rule_index: CODES.iter().position(|code| code == diagnostic.code),
        level: diagnostic.severity().as_str(),
        message: Message::plain(message),
        locations: first.into_iter().collect(),
        related_locations: marked.collect(),
    }
}

fn location(label: &Label, places: &Places<'_>) -> Option<Location> {
    let region = places.region(label.span)?;
    Some(Location {
        physical_location: physical(region.path, Some(&region)),
        message: (!label.text.is_empty()).then(|| Message::plain(&label.text)),
    })
}

fn physical(path: &str, region: Option<&Region<'_>>) -> PhysicalLocation {
    PhysicalLocation {
        artifact_location: Artifact {
            uri: relative_uri(path),
            uri_base_id: "%SRCROOT%",
        },
        region: region.map(|region| Area {
            start_line: region.start.line,
            start_column: region.start.column,
            end_line: region.end.line,
            end_column: region.end.column,
        }),
    }
}

/// A path as a relative reference (RFC 3986): whatever is not unreserved or `/` is escaped.
pub(in crate::report) fn relative_uri(path: &str) -> String {
    use std::fmt::Write as _;
    path.bytes().fold(String::new(), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing into a string can't fail.
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}

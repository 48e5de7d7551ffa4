//! Texts that the tools answer. "Not found" and "too many requests" come as plain text like
//! everything else, so only what is recognised counts.

use serde::{Deserialize, Serialize};

use crate::host::Said;

/// What parts the entries.
const RULE: &str = "----------";

/// Answers that say that there is no such library.
const NOT_FOUND: &[&str] = &[
    "No libraries found matching the provided name",
    "No documentation libraries found matching your query",
];

/// Answers that say that there is no documentation.
const NO_DOCUMENTATION: &[&str] = &[
    "Documentation not found or not finalized for this library",
    "The library you are trying to access does not exist",
];

/// Words of answers that say that the server's own service does not let it in.
const REFUSALS: &[&str] = &["invalid api key", "unauthorized", "authentication required"];

/// Words of answers that say that it was asked too much.
const LIMITS: &[&str] = &["rate limit", "quota exceeded", "too many requests"];

/// A library that the server knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it is called.
    pub title: String,
    /// Its id: `/owner/project`.
    pub id: String,
    /// The versions that are listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

/// Whether there is documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Documentation {
    /// It was served.
    Served,
    /// The server says that it has none.
    Missing,
}

/// An answer that says neither yes nor no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// The server's own service does not let it in.
    Refused(String),
    /// It was asked too much.
    Limited(String),
    /// It says something else.
    Other(String),
    /// It says nothing.
    Nothing,
}

/// The libraries of an answer; none if it says that there is none.
pub fn entries(said: &Said) -> Result<Vec<Entry>, Unreadable> {
    let text = said.text.trim();
    if is_one_of(text, NOT_FOUND) {
        return Ok(Vec::new());
    }
    let entries: Option<Vec<Entry>> = blocks(text).map(entry).collect();
    match entries {
        Some(entries) if !said.is_error && !entries.is_empty() => Ok(entries),
        _ => Err(unreadable(text)),
    }
}

/// Whether an answer is documentation.
pub fn documentation(said: &Said) -> Result<Documentation, Unreadable> {
    let text = said.text.trim();
    if is_one_of(text, NO_DOCUMENTATION) {
        return Ok(Documentation::Missing);
    }
    let is_of_page = |line: &str| {
        let line = line.trim_start();
        line.starts_with('#')
            || line.starts_with("```")
            || line.to_lowercase().starts_with("source:")
    };
    if !said.is_error && text.lines().any(is_of_page) {
        return Ok(Documentation::Served);
    }
    Err(unreadable(text))
}

fn is_one_of(text: &str, known: &[&str]) -> bool {
    known.iter().any(|start| text.starts_with(start))
}

/// The texts of the entries: what stands before the first one is for people.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let start = text.find("- Title:").unwrap_or(text.len());
    let is_rule = |line: &str| line.trim() == RULE;
    let mut blocks = Vec::new();
    let mut begin = start;
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if is_rule(line) {
            blocks.push(&text[begin..at]);
            begin = at + line.len();
        }
        at += line.len();
    }
    blocks.push(&text[begin..]);
    blocks.into_iter().filter(|block| !block.trim().is_empty())
}

/// An entry; a description may go over several lines. `None` if it has no title or no id.
fn entry(block: &str) -> Option<Entry> {
    let field = |name: &str| {
        let start = format!("- {name}:");
        let mut lines = block.lines();
        lines
            .find_map(|line| line.strip_prefix(&start))
            .map(str::trim)
    };
    let id = field("Context7-compatible library ID").filter(|id| id.starts_with('/'))?;
    let versions = field("Versions")
        .unwrap_or_default()
        .split(',')
        .map(str::trim);
    Some(Entry {
        title: field("Title").filter(|title| !title.is_empty())?.to_owned(),
        id: id.to_owned(),
        versions: versions
            .filter(|version| !version.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

/// Whoever quotes the line cuts it: a part of a secret would not be known for one.
fn unreadable(text: &str) -> Unreadable {
    let line = text.lines().next().unwrap_or_default().to_owned();
    let lower = text.to_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if text.is_empty() {
        Unreadable::Nothing
    } else if holds(REFUSALS) {
        Unreadable::Refused(line)
    } else if holds(LIMITS) {
        Unreadable::Limited(line)
    } else {
        Unreadable::Other(line)
    }
}

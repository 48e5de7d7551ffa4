//! YAML 1.2 and JSON texts as one tree in which every node knows its place.

mod json;
mod read;
#[cfg(test)]
mod tests;

use std::ops::Range;

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Yaml {
    /// What it is.
    pub value: Value,
    /// The bytes that it stands in.
    pub range: Range<usize>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text, a number, a truth value or nothing.
    Scalar {
        /// What it says, without quotes.
        text: String,
        /// Whether it has no quotes, so that it may be something else than text.
        plain: bool,
    },
    /// A list.
    Sequence(Vec<Yaml>),
    /// Named values, in the order of the text.
    Mapping(Vec<Entry>),
}

/// A named value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The name.
    pub key: String,
    /// The bytes that the name stands in.
    pub range: Range<usize>,
    /// The value.
    pub value: Yaml,
}

/// Why a text could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The mistake, as a sentence without its end.
    pub message: String,
    /// Where it is.
    pub range: Range<usize>,
}

/// Reads the first document of a text.
pub fn parse(text: &str) -> Result<Yaml, Mistake> {
    match json::parse(text) {
        Some(tree) => Ok(tree),
        None => read::parse(text),
    }
}

impl Yaml {
    /// The named values of a mapping; nothing for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; nothing for anything else.
    pub fn items(&self) -> &[Yaml] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The entry of that name.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value of that name.
    pub fn get(&self, key: &str) -> Option<&Yaml> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// What a scalar says.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether it is nothing at all: `null`, `~` or left away.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// A truth value of YAML 1.2, which knows no `yes` and no `off`.
    pub fn truth(&self) -> Option<bool> {
        match &self.value {
            Value::Scalar { text, plain: true } => match text.as_str() {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

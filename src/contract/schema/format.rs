//! Formats as limits, where they can be checked.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use super::{Graph, Keywords, Notes, SchemaId};

/// Formats that let everything through.
const FREE: &[&str] = &["password", "binary", "double"];

/// Formats of texts that the validator checks.
const TEXTS: &[&str] = &[
    "byte",
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uuid",
    "json-pointer",
    "regex",
];

/// Formats of numbers, with the least and the greatest of each.
const NUMBERS: &[(&str, f64, f64)] = &[
    ("int32", -2_147_483_648.0, 2_147_483_647.0),
    (
        "int64",
        -9_223_372_036_854_775_808.0,
        9_223_372_036_854_774_784.0,
    ),
    ("float", f32::MIN as f64, f32::MAX as f64),
];

/// Formats of which the first lets through nothing that the second does not.
const CONTAINED: &[(&str, &str)] = &[
    ("int32", "int64"),
    ("uuid", "hostname"),
    ("uuid", "idn-hostname"),
    ("hostname", "idn-hostname"),
    ("email", "idn-email"),
    ("uri", "uri-reference"),
    ("uri", "iri"),
    ("uri", "iri-reference"),
    ("uri-reference", "iri-reference"),
    ("iri", "iri-reference"),
];

/// Whether a format lets everything through.
pub fn is_free(format: &str) -> bool {
    FREE.contains(&format)
}

/// Whether it is known what a format lets through.
pub fn is_known(format: &str) -> bool {
    let number = NUMBERS.iter().any(|(name, ..)| *name == format);
    is_free(format) || number || TEXTS.contains(&format)
}

/// Whether one format lets through nothing that another does not.
pub fn is_within(narrow: &str, wide: &str) -> bool {
    narrow == wide || is_free(wide) || CONTAINED.contains(&(narrow, wide))
}

/// The formats that a schema and its branches name for the instance as a whole.
pub fn named(graph: &Graph, id: SchemaId) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut known = HashSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if known.insert(id) {
            let keywords = graph.get(id);
            let notes = keywords.notes.as_deref();
            found.extend(notes.and_then(said));
            let lists = [&keywords.all_of, &keywords.any_of, &keywords.one_of];
            open.extend(lists.into_iter().flatten());
            if let Some((_, then, otherwise)) = keywords.condition {
                open.extend(then.into_iter().chain(otherwise));
            }
        }
    }
    found.retain(|format| !is_free(format));
    found
}

/// The format, or the encoding that is the same in other words.
fn said(notes: &Notes) -> Option<&str> {
    let encoded = notes.encoding.as_deref() == Some("base64");
    notes.format.as_deref().or(encoded.then_some("byte"))
}

/// Writes the format of a schema into it as it is written down for a validator.
pub(super) fn limit(keywords: &Keywords, out: &mut Map<String, Value>) {
    let notes = keywords.notes.as_deref();
    let Some(format) = notes.and_then(said) else {
        return;
    };
    if TEXTS.contains(&format) {
        out.insert("format".to_owned(), json!(format));
    }
    let number = NUMBERS.iter().find(|(name, ..)| *name == format);
    if let Some((_, least, greatest)) = number {
        tighten(out, "minimum", *least, f64::max);
        tighten(out, "maximum", *greatest, f64::min);
    }
}

fn tighten(out: &mut Map<String, Value>, name: &str, bound: f64, tighter: fn(f64, f64) -> f64) {
    let known = out.get(name).and_then(Value::as_f64);
    if known.is_none_or(|known| tighter(known, bound).total_cmp(&known).is_ne()) {
        out.insert(name.to_owned(), json!(bound));
    }
}

/// Whether a text is written in base 64.
pub(super) fn is_base64(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    text.len().is_multiple_of(4) && text.chars().all(letter)
}

//! JSON in which every value knows its place.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::diag::{Diagnostic, Diags};
use crate::span::{SourceId, Span};

/// Values that are nested deeper are not looked into.
const DEEPEST: usize = 64;

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Json {
    pub(super) span: Span,
    pub(super) shape: Shape,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    Object(Vec<(String, Json)>),
    Array(Vec<Json>),
    Text(String),
    Number(f64),
    /// `true`, `false`, `null`, or something that is nested too deep.
    Other,
}

impl Json {
    pub(super) fn get(&self, key: &str) -> Option<&Json> {
        let Shape::Object(entries) = &self.shape else {
            return None;
        };
        let found = entries.iter().rev().find(|(name, _)| name == key);
        found.map(|(_, value)| value)
    }

    /// The entries whose key is there before them already.
    pub(super) fn repeated(&self) -> impl Iterator<Item = (&str, &Json)> {
        let entries = match &self.shape {
            Shape::Object(entries) => entries.as_slice(),
            _ => &[],
        };
        let mut seen = HashSet::new();
        let again = entries.iter().filter(move |(key, _)| !seen.insert(key));
        again.map(|(key, value)| (key.as_str(), value))
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.shape {
            Shape::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The first byte: what is said of a whole object is said there.
    pub(super) fn head(&self) -> Span {
        Span {
            end: self.span.start.saturating_add(1),
            ..self.span
        }
    }
}

/// Reads a text; what is wrong with it is reported under `code`.
pub(super) fn parse(text: &str, source: SourceId, code: &str, diags: &mut Diags) -> Option<Json> {
    match serde_json::from_str::<&RawValue>(text) {
        Ok(raw) => Some(Reader { text, source }.value(raw, 0)),
        Err(error) => {
            let at = offset(text, error.line(), error.column());
            diags.push(
                Diagnostic::new(code, "the text is not JSON")
                    .at(Span::new(source, at..at + 1), reason(&error)),
            );
            None
        }
    }
}

/// What is wrong, without the place: that is counted from where the reader began.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let reason = message.split(" at line ").next();
    reason.unwrap_or_default().to_owned()
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = before.map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len().saturating_sub(1))
}

struct Reader<'t> {
    text: &'t str,
    source: SourceId,
}

impl Reader<'_> {
    fn value(&self, raw: &RawValue, depth: usize) -> Json {
        let own = raw.get();
        let start = own.as_ptr() as usize - self.text.as_ptr() as usize;
        Json {
            span: Span::new(self.source, start..start + own.len()),
            shape: self.shape(own, depth).unwrap_or(Shape::Other),
        }
    }

    fn shape(&self, own: &str, depth: usize) -> Option<Shape> {
        if depth > DEEPEST {
            return None;
        }
        match own.as_bytes().first()? {
            b'{' => {
                let Entries(entries) = serde_json::from_str(own).ok()?;
                let entries = entries.into_iter();
                let read = |(key, raw)| (key, self.value(raw, depth + 1));
                Some(Shape::Object(entries.map(read).collect()))
            }
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(own).ok()?;
                let items = items.into_iter().map(|raw| self.value(raw, depth + 1));
                Some(Shape::Array(items.collect()))
            }
            b'"' => serde_json::from_str(own).ok().map(Shape::Text),
            b'-' | b'0'..=b'9' => own.parse().ok().map(Shape::Number),
            _ => None,
        }
    }
}

/// The entries of an object in their order, also those that are there twice.
struct Entries<'t>(Vec<(String, &'t RawValue)>);

impl<'de: 't, 't> Deserialize<'de> for Entries<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(entries)
            }
        }

        deserializer.deserialize_map(Collect).map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_place() {
        let text = "{\"a\": [1, \"x\"], \"b\": {\"c\": -2.5}}";
        let json = parse(
            text,
            SourceId::default(),
            "work-items-broken",
            &mut Diags::default(),
        );
        let json = json.unwrap();
        let number = json.get("b").and_then(|b| b.get("c")).unwrap();
        assert_eq!(&text[number.span.range()], "-2.5");
        let Some(Shape::Array(items)) = json.get("a").map(|a| a.shape.clone()) else {
            panic!("no array");
        };
        assert_eq!(&text[items[1].span.range()], "\"x\"");
    }

    #[test]
    fn a_mistake_is_shown_where_it_stands_and_depth_is_bounded() {
        let mut diags = Diags::default();
        let text = "{\n  \"a\": 1,\n}";
        assert!(parse(text, SourceId::default(), "work-items-broken", &mut diags).is_none());
        let label = &diags.iter().next().unwrap().labels[0];
        assert_eq!(label.span.start as usize, text.len() - 1);
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        let read = parse(&deep, SourceId::default(), "work-items-broken", &mut diags);
        drop(read);
    }
}

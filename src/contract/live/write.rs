//! Parameters as a request holds them: in its path, its query, its headers and its cookies.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::contract::exact;
use crate::contract::model::Parameter;

/// What is escaped in a URL: all but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What is escaped in a cookie: what RFC 6265 does not allow in one, and what escapes.
const NO_COOKIE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b',')
    .add(b';')
    .add(b'\\')
    .add(b'%');

/// A value for a place in a URL.
pub(super) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A parameter as names with values, as they stand in its place; of a path, the one value is what
/// stands instead of the variable. Nothing if it can't be written there so that it is read as what
/// it is.
pub(super) fn pairs(parameter: &Parameter, value: &Value) -> Option<Vec<(String, String)>> {
    let writer = Writer { parameter };
    let pairs = writer.pairs(value)?;
    let can_stand = pairs
        .iter()
        .all(|(name, value)| can_stand(&parameter.place, name, value));
    (can_stand && !pairs.is_empty()).then_some(pairs)
}

/// Whether a value can stand in that place at all.
fn can_stand(place: &str, name: &str, value: &str) -> bool {
    match place {
        // Neither an empty segment nor a step to the folder above is what is meant.
        "path" => !["", ".", ".."].contains(&value),
        "header" => {
            let visible = |text: &str| text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
            visible(name) && visible(value) && value.trim() == value
        }
        _ => true,
    }
}

struct Writer<'p> {
    parameter: &'p Parameter,
}

impl Writer<'_> {
    fn pairs(&self, value: &Value) -> Option<Vec<(String, String)>> {
        let name = self.write(&self.parameter.name);
        if self.parameter.style.is_document() {
            return Some(vec![(name, self.write(&exact::json(value)))]);
        }
        match value {
            Value::Array(items) => {
                let items: Option<Vec<String>> =
                    items.iter().map(|item| self.scalar(item)).collect();
                self.list(name, items.filter(|items| !items.is_empty())?)
            }
            Value::Object(fields) => {
                let fields = fields.iter();
                let fields: Option<Vec<(String, String)>> = fields
                    .map(|(key, value)| Some((self.write(key), self.scalar(value)?)))
                    .collect();
                self.object(name, fields.filter(|fields| !fields.is_empty())?)
            }
            value => {
                let text = self.scalar(value)?;
                Some(self.one(name, text))
            }
        }
    }

    fn list(&self, name: String, items: Vec<String>) -> Option<Vec<(String, String)>> {
        let explode = self.parameter.style.explode;
        match self.style() {
            "deepObject" => None,
            "matrix" if explode => {
                let items = items.iter().map(|item| format!(";{name}={item}"));
                Some(vec![(name.clone(), items.collect())])
            }
            _ if explode && self.is_named() => {
                Some(items.into_iter().map(|item| (name.clone(), item)).collect())
            }
            _ => self.joined(name, &items),
        }
    }

    fn object(&self, name: String, fields: Vec<(String, String)>) -> Option<Vec<(String, String)>> {
        let explode = self.parameter.style.explode;
        match self.style() {
            "deepObject" => {
                let (open, close) = (self.write("["), self.write("]"));
                let fields = fields.into_iter();
                let named = fields.map(|(key, value)| (format!("{name}{open}{key}{close}"), value));
                Some(named.collect())
            }
            "matrix" if explode => {
                let fields = fields.iter().map(|(key, value)| format!(";{key}={value}"));
                Some(vec![(name, fields.collect())])
            }
            _ if explode && self.is_named() => Some(fields),
            _ if explode => {
                let is_torn = fields.iter().any(|(key, _)| key.contains('='));
                let fields = fields.iter().map(|(key, value)| format!("{key}={value}"));
                let fields: Vec<String> = fields.collect();
                self.joined(name, &fields).filter(|_| !is_torn)
            }
            _ => {
                let words = fields.into_iter().flat_map(|(key, value)| [key, value]);
                self.joined(name, &words.collect::<Vec<_>>())
            }
        }
    }

    fn joined(&self, name: String, pieces: &[String]) -> Option<Vec<(String, String)>> {
        let between = match (self.style(), self.parameter.style.explode) {
            ("spaceDelimited", _) => "%20",
            ("pipeDelimited", _) => "%7C",
            ("tabDelimited", _) => "%09",
            ("label", true) => ".",
            _ => ",",
        };
        // Nobody could tell them apart.
        if pieces.iter().any(|piece| piece.contains(between)) {
            return None;
        }
        Some(self.one(name, pieces.join(between)))
    }

    /// A single text, with what its style puts before it.
    fn one(&self, name: String, text: String) -> Vec<(String, String)> {
        let text = match self.style() {
            "label" => format!(".{text}"),
            "matrix" => format!(";{name}={text}"),
            _ => text,
        };
        vec![(name, text)]
    }

    fn style(&self) -> &str {
        &self.parameter.style.name
    }

    /// Whether every value in its place has a name.
    fn is_named(&self) -> bool {
        ["query", "cookie"].contains(&self.parameter.place.as_str())
    }

    fn scalar(&self, value: &Value) -> Option<String> {
        Some(self.write(&plain(value)?))
    }

    /// A text in the letters of its place.
    fn write(&self, text: &str) -> String {
        match self.parameter.place.as_str() {
            "header" => text.to_owned(),
            "cookie" => utf8_percent_encode(text, NO_COOKIE).to_string(),
            _ => escaped(text),
        }
    }
}

/// A scalar without quotes; nothing else has a text of its own.
pub(super) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::model::Style;
    use crate::span::Span;
    use serde_json::json;

    fn written(place: &str, style: &str, explode: bool, value: &Value) -> Option<String> {
        let parameter = Parameter {
            reserved: false,
            empty: false,
            name: "q".to_owned(),
            place: place.to_owned(),
            required: true,
            style: Style::new(style, explode),
            schema: None,
            deprecated: false,
            sunset: None,
            stability: None,
            span: Span::default(),
        };
        let pairs = pairs(&parameter, value)?.into_iter();
        let pairs = pairs.map(|(name, value)| match place {
            "path" | "header" => value,
            _ => format!("{name}={value}"),
        });
        Some(pairs.collect::<Vec<_>>().join("&"))
    }

    #[test]
    fn values_are_written_as_their_style_says() {
        let list = json!(["k,l", 1]);
        let map = json!({"x": 1, "y": "k,l"});
        for (place, style, explode, value, expected) in [
            ("query", "form", true, &list, "q=k%2Cl&q=1"),
            ("query", "form", false, &list, "q=k%2Cl,1"),
            ("query", "spaceDelimited", false, &list, "q=k%2Cl%201"),
            ("query", "pipeDelimited", false, &list, "q=k%2Cl%7C1"),
            ("query", "form", true, &map, "x=1&y=k%2Cl"),
            ("query", "form", false, &map, "q=x,1,y,k%2Cl"),
            (
                "query",
                "deepObject",
                true,
                &map,
                "q%5Bx%5D=1&q%5By%5D=k%2Cl",
            ),
            (
                "query",
                "application/json",
                false,
                &json!([null]),
                "q=%5Bnull%5D",
            ),
            (
                "header",
                "simple",
                true,
                &json!({"x": 1, "y": "b"}),
                "x=1,y=b",
            ),
            ("header", "simple", false, &json!("a;b"), "a;b"),
            ("path", "simple", false, &list, "k%2Cl,1"),
            ("path", "simple", true, &map, "x=1,y=k%2Cl"),
            ("path", "label", false, &json!("a"), ".a"),
            ("path", "label", true, &list, ".k%2Cl.1"),
            ("path", "label", true, &map, ".x=1.y=k%2Cl"),
            ("path", "matrix", false, &list, ";q=k%2Cl,1"),
            ("path", "matrix", true, &list, ";q=k%2Cl;q=1"),
            ("path", "matrix", true, &map, ";x=1;y=k%2Cl"),
            ("cookie", "form", false, &json!("a; b=c"), "q=a%3B%20b=c"),
        ] {
            let written = written(place, style, explode, value);
            assert_eq!(written.as_deref(), Some(expected), "{style} {explode}");
        }
    }

    #[test]
    fn what_would_be_read_as_something_else_is_not_written() {
        for (place, style, value) in [
            ("query", "form", json!(null)),
            ("query", "form", json!([null])),
            ("query", "form", json!([])),
            ("query", "form", json!({})),
            ("query", "form", json!([["a"]])),
            ("query", "form", json!({"a": {"b": 1}})),
            ("query", "pipeDelimited", json!(["a|b"])),
            ("query", "spaceDelimited", json!(["a b"])),
            ("path", "simple", json!("")),
            ("path", "simple", json!("..")),
            ("path", "label", json!("")),
            ("header", "simple", json!(" a")),
            ("header", "simple", json!("é")),
            ("header", "simple", json!(["a,b"])),
            ("cookie", "form", json!(null)),
        ] {
            assert_eq!(written(place, style, false, &value), None, "{value}");
        }
    }
}

//! Values as a request holds them: in its path, its query, its headers and its body.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::contract::model::Parameter;

/// What is escaped: all but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A value for a place in a URL.
pub(super) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A parameter as names with values, neither of them escaped; of a path or a header, the first
/// value is all that counts.
pub(super) fn pairs(parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    let (style, explode) = (parameter.style.0.as_str(), parameter.style.1);
    let name = &parameter.name;
    let one = |text: String| vec![(name.clone(), text)];
    if parameter.is_document() {
        return one(value.to_string());
    }
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            if explode && parameter.place != "path" && parameter.place != "header" {
                return items.into_iter().map(|item| (name.clone(), item)).collect();
            }
            one(items.join(between(style)))
        }
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| (key.clone(), plain(value)));
            let in_query = ["query", "cookie"].contains(&parameter.place.as_str());
            match style {
                "deepObject" => fields
                    .map(|(key, value)| (format!("{name}[{key}]"), value))
                    .collect(),
                _ if explode && in_query => fields.collect(),
                _ if explode => {
                    let fields: Vec<String> = fields
                        .map(|(key, value)| format!("{key}={value}"))
                        .collect();
                    one(fields.join(between(style)))
                }
                _ => {
                    let words: Vec<String> = fields.flat_map(|(key, value)| [key, value]).collect();
                    one(words.join(","))
                }
            }
        }
        value => one(plain(value)),
    }
}

fn between(style: &str) -> &'static str {
    match style {
        "spaceDelimited" => " ",
        "pipeDelimited" => "|",
        "tabDelimited" => "\t",
        "label" => ".",
        _ => ",",
    }
}

/// A scalar without quotes; what is none, as JSON.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A body of that media type; nothing if it is not known how to write one.
pub(super) fn body(kind: &str, value: &Value) -> Option<String> {
    let essence = kind.split(';').next().unwrap_or_default();
    match (essence, value) {
        (kind, value) if is_json(kind) => Some(value.to_string()),
        ("application/x-www-form-urlencoded", Value::Object(fields)) => {
            let fields = fields.iter();
            let pairs =
                fields.map(|(key, value)| format!("{}={}", escaped(key), escaped(&plain(value))));
            Some(pairs.collect::<Vec<_>>().join("&"))
        }
        ("text/plain", Value::String(text)) => Some(text.clone()),
        _ => None,
    }
}

/// Whether what comes in that media type is JSON.
pub(super) fn is_json(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let subtype = essence.split('/').nth(1).unwrap_or_default();
    subtype.eq_ignore_ascii_case("json") || subtype.to_ascii_lowercase().ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;
    use serde_json::json;

    fn written(place: &str, style: &str, explode: bool, value: &Value) -> String {
        let parameter = Parameter {
            name: "q".to_owned(),
            place: place.to_owned(),
            required: true,
            style: (style.to_owned(), explode),
            reserved: false,
            empty: false,
            schema: None,
            deprecated: false,
            sunset: None,
            stability: None,
            span: Span::default(),
        };
        let pairs = pairs(&parameter, value).into_iter();
        let pairs = pairs.map(|(name, value)| format!("{name}={value}"));
        parameter.affix() + &pairs.collect::<Vec<_>>().join("&")
    }

    #[test]
    fn values_are_written_as_their_style_says() {
        let list = json!(["a", 1]);
        let map = json!({"x": 1, "y": "b"});
        for (place, style, explode, value, expected) in [
            ("query", "form", true, &list, "q=a&q=1"),
            ("query", "form", false, &list, "q=a,1"),
            ("query", "pipeDelimited", false, &list, "q=a|1"),
            ("query", "form", true, &map, "x=1&y=b"),
            ("query", "form", false, &map, "q=x,1,y,b"),
            ("query", "deepObject", true, &map, "q[x]=1&q[y]=b"),
            ("header", "simple", true, &map, "q=x=1,y=b"),
            ("path", "simple", false, &list, "q=a,1"),
            ("path", "matrix", false, &list, ";q=q=a,1"),
            ("query", "application/json", false, &list, "q=[\"a\",1]"),
        ] {
            assert_eq!(written(place, style, explode, value), expected);
        }
    }
}

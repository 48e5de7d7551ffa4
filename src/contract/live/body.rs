//! Bodies as a request holds them.

use serde_json::Value;

use super::exchange::{Body, Part};
use super::write::{escaped, plain};
use crate::contract::exact;

/// A body of that media type; nothing if it is not known how to write the value so that it is read
/// as what it is.
pub(super) fn body(kind: &str, value: &Value) -> Option<Body> {
    if is_json(kind) {
        return Some(Body::Text(exact::json(value)));
    }
    match (essence(kind), value) {
        ("application/x-www-form-urlencoded", Value::Object(fields)) => {
            let pairs = parts(fields)?.into_iter();
            let pairs =
                pairs.map(|part| format!("{}={}", escaped(&part.name), escaped(&part.value)));
            Some(Body::Text(pairs.collect::<Vec<_>>().join("&")))
        }
        ("multipart/form-data", Value::Object(fields)) => {
            let parts = parts(fields)?;
            let can_be_named = |part: &Part| {
                let mut letters = part.name.chars();
                letters.all(|letter| !exact::is_hidden(letter) && !"=\"\\".contains(letter))
            };
            let can_stand = |part: &Part| {
                can_be_named(part)
                    && can_be_a_word(&part.value)
                    && !part.value.contains(Body::BOUNDARY)
            };
            (!parts.is_empty() && parts.iter().all(can_stand)).then_some(Body::Parts(parts))
        }
        (kind, value) if is_text(kind) => {
            Some(Body::Text(plain(value).filter(|text| can_be_a_word(text))?))
        }
        _ => None,
    }
}

/// Whether it is known how some value of that media type is written.
pub(super) fn is_known(kind: &str) -> bool {
    let forms = ["application/x-www-form-urlencoded", "multipart/form-data"];
    is_json(kind) || is_text(kind) || forms.contains(&essence(kind))
}

/// Whether what comes in that media type is JSON.
pub(super) fn is_json(kind: &str) -> bool {
    let subtype = essence(kind).split('/').nth(1).unwrap_or_default();
    subtype.eq_ignore_ascii_case("json") || subtype.to_ascii_lowercase().ends_with("+json")
}

/// Whether a text is all that there is to that media type.
fn is_text(kind: &str) -> bool {
    essence(kind) == "text/plain"
}

fn essence(kind: &str) -> &str {
    kind.split(';').next().unwrap_or_default().trim()
}

/// No command line holds the letter that ends its words.
fn can_be_a_word(text: &str) -> bool {
    !text.contains('\0')
}

/// The fields of a form: of a list, each item has the name of the list; an object is JSON.
fn parts(fields: &serde_json::Map<String, Value>) -> Option<Vec<Part>> {
    let mut all = Vec::new();
    for (name, value) in fields {
        let items = match value {
            Value::Array(items) if items.is_empty() => return None,
            Value::Array(items) => items.as_slice(),
            value => std::slice::from_ref(value),
        };
        for item in items {
            let is_object = item.is_object();
            let text = is_object.then(|| exact::json(item));
            all.push(Part {
                name: name.clone(),
                value: text.or_else(|| plain(item))?,
                is_json: is_object,
            });
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bodies_are_written_as_their_type_says() {
        let form = "application/x-www-form-urlencoded";
        for (kind, value, expected) in [
            ("application/json", json!("\u{9b} "), Some("\"\\u009b \"")),
            (
                form,
                json!({"a": "k&l", "b": [1, 2]}),
                Some("a=k%26l&b=1&b=2"),
            ),
            (
                form,
                json!({"a": {"b": null}}),
                Some("a=%7B%22b%22%3Anull%7D"),
            ),
            (form, json!({"a": null}), None),
            (form, json!({"a": []}), None),
            (form, json!({"a": [[1]]}), None),
            ("text/plain;charset=utf-8", json!("a  b"), Some("a  b")),
            ("text/plain", json!(1), Some("1")),
            ("text/plain", json!("\0"), None),
            ("text/plain", json!({}), None),
            ("application/xml", json!({}), None),
        ] {
            let expected = expected.map(|text| Body::Text(text.to_owned()));
            assert_eq!(body(kind, &value), expected, "{kind} {value}");
        }
    }
    #[test]
    fn a_form_of_parts_is_sent_between_boundaries() {
        let form = body("multipart/form-data", &json!({"a": "@x", "m": {"z": 1}})).unwrap();
        let expected = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n@x\r\n--B\r\nContent-Disposition: form-data; name=\"m\"\r\nContent-Type: application/json\r\n\r\n{\"z\":1}\r\n--B--\r\n";
        assert_eq!(
            form.text(),
            expected.replace("--B", &format!("--{}", Body::BOUNDARY))
        );
        assert_eq!(body("multipart/form-data", &json!({"a": null})), None);
    }
}

//! Whether a value can be told from another once it is the text of a parameter.

use serde_json::Value;

use super::write::{pairs, plain};
use crate::contract::exact;
use crate::contract::model::Parameter;
use crate::contract::schema::{Checker, Direction, Graph, SchemaId};

/// Why no text of a parameter shows that a value is refused, as a sentence without its end: there
/// is none, or it can be read as a value that the other schema accepts.
pub(super) fn unwritable(
    parameter: &Parameter,
    value: &Value,
    (graph, other): (&Graph, Option<SchemaId>),
) -> Option<String> {
    let place = match parameter.place.as_str() {
        "header" => "a header",
        "cookie" => "a cookie",
        _ => "a URL",
    };
    let shown = exact::json(value);
    if pairs(parameter, value).is_none() {
        return Some(format!("`{shown}` can't be written in {place}"));
    }
    if parameter.style.is_document() {
        return None;
    }
    let checker = Checker::new(graph, other?, Direction::Request);
    let mut same = same_text(value).into_iter();
    let same = same.find(|same| checker.accepts(same) == Some(true))?;
    let same = exact::json(&same);
    Some(format!(
        "in {place}, `{shown}` is the same as `{same}`, which is accepted still"
    ))
}

/// What the texts of a value can be read as: as texts, and as what they spell.
pub(super) fn same_text(value: &Value) -> [Value; 2] {
    let text = |scalar: &Value| plain(scalar).map(Value::String);
    let spelt = |scalar: &Value| {
        let read = serde_json::from_str::<Value>(scalar.as_str()?).ok()?;
        (read.is_number() || read.is_boolean()).then_some(read)
    };
    [each(value, &text), each(value, &spelt)]
}

fn each(value: &Value, read: &impl Fn(&Value) -> Option<Value>) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| each(item, read)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(key, value)| (key.clone(), each(value, read)));
            Value::Object(fields.collect())
        }
        scalar => read(scalar).unwrap_or_else(|| scalar.clone()),
    }
}

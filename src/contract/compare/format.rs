//! What formats let through, where that can be checked.

use serde_json::{Value, json};

use crate::contract::schema::{Direction, Graph, SchemaId, Type, accepts};

/// Values of all kinds, of which a format lets some through.
const TEXTS: &[&str] = &[
    "2024-01-31",
    "2024-01-31T12:00:00Z",
    "12:00:00Z",
    "P1D",
    "ada@example.org",
    "example.org",
    "192.0.2.1",
    "2001:db8::1",
    "https://example.org/a",
    "/a/b",
    "123e4567-e89b-12d3-a456-426614174000",
    "aGVsbG8=",
    "a",
    "(",
    "~",
    "",
];

/// Formats of texts that the validator checks.
const CHECKED: &[&str] = &[
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

/// Formats that let everything through.
const FREE: &[&str] = &["", "password", "binary", "double"];

/// Formats of which the first lets through nothing that the second does not.
const CONTAINED: &[(&str, &str)] = &[
    ("int32", "int64"),
    ("float", "double"),
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

/// What a change of format does to who sends one and receives the other.
#[derive(Debug, PartialEq)]
pub(super) enum Change {
    /// All that is sent fits.
    Fits,
    /// This value is sent and does not fit.
    Breaks(Value),
    /// One of the formats can't be checked, or no value tells.
    Unknown,
}

/// Compares the formats of what is sent and of what is received.
pub(super) fn change(
    graph: &Graph,
    (narrow, wide): (SchemaId, SchemaId),
    (sent, received): (&str, &str),
    direction: Direction,
) -> Change {
    let contained = CONTAINED.contains(&(sent, received));
    if sent == received || FREE.contains(&received) || contained {
        return Change::Fits;
    }
    if !known(sent) || !known(received) {
        return Change::Unknown;
    }
    let fits = |value: &Value| {
        let valid = |id, sends| accepts(graph, id, (direction, sends), value) == Some(true);
        valid(narrow, true) && valid(wide, false)
    };
    let kinds = graph.get(narrow).types.as_ref();
    let texts = TEXTS.iter().map(|text| json!(text));
    let numbers = [
        json!(2_147_483_648_u64),
        json!(9_223_372_036_854_775_808_u64),
        json!(1e39),
    ];
    let mut values = texts.chain(numbers);
    let differing = values.by_ref().filter(|value| {
        let kind = kinds.is_none_or(|kinds| kinds.iter().any(|kind| is(value, *kind)));
        kind && passes(sent, value) && !passes(received, value)
    });
    // What else the schemas limit may leave none of these values: the formats differ all the same.
    let differing: Vec<Value> = differing.collect();
    let shown = differing
        .iter()
        .find(|value| fits(value))
        .or(differing.first());
    shown.cloned().map_or(Change::Unknown, Change::Breaks)
}

fn is(value: &Value, kind: Type) -> bool {
    match kind {
        Type::String => value.is_string(),
        Type::Integer | Type::Number => value.is_number(),
        _ => false,
    }
}

fn known(format: &str) -> bool {
    let numbers = ["int32", "int64", "float", "byte"];
    CHECKED.contains(&format) || FREE.contains(&format) || numbers.contains(&format)
}

/// Whether a format lets a value through. Those of texts say nothing of numbers, and the other
/// way round.
fn passes(format: &str, value: &Value) -> bool {
    match (format, value) {
        ("int32", Value::Number(number)) => {
            number.as_i64().is_some_and(|n| i32::try_from(n).is_ok())
        }
        ("int64", Value::Number(number)) => number.as_i64().is_some(),
        ("float", Value::Number(number)) => {
            number.as_f64().is_some_and(|n| n < f64::from(f32::MAX))
        }
        ("byte", Value::String(text)) => {
            let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
            text.len() % 4 == 0 && text.chars().all(letter)
        }
        (format, Value::String(_)) if CHECKED.contains(&format) => {
            let options = jsonschema::options().should_validate_formats(true);
            let validator = options.build(&json!({"format": format}));
            validator.is_ok_and(|validator| validator.is_valid(value))
        }
        _ => true,
    }
}

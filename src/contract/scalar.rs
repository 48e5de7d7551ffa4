//! What the scalars of YAML 1.2's core schema mean: `no` is a text, `1.10` is a number.

use serde_json::{Map, Number, Value};

use crate::yaml::{Value as Node, Yaml};

/// The JSON value of a node.
pub(super) fn json(node: &Yaml) -> Value {
    match &node.value {
        Node::Scalar { text, plain: true } => plain(node, text),
        Node::Scalar { text, .. } => Value::String(text.clone()),
        Node::Sequence(items) => items.iter().map(json).collect(),
        Node::Mapping(entries) => {
            let fields = entries
                .iter()
                .map(|entry| (entry.key.clone(), json(&entry.value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}

fn plain(node: &Yaml, text: &str) -> Value {
    if node.is_null() {
        return Value::Null;
    }
    if let Some(truth) = node.truth() {
        return Value::Bool(truth);
    }
    number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

fn number(text: &str) -> Option<Number> {
    let based = |digits: &str, base| i64::from_str_radix(digits, base).ok().map(Number::from);
    if let Some(digits) = text.strip_prefix("0x") {
        return based(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return based(digits, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digit = |c: char| c.is_ascii_digit();
    if !unsigned.contains(digit) || !unsigned.starts_with(|c| digit(c) || c == '.') {
        return None;
    }
    let allowed = |c: char| digit(c) || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if !unsigned.chars().all(allowed) {
        return None;
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    let whole = text.parse::<i64>().ok().map(Number::from);
    let whole = whole.or_else(|| text.parse::<u64>().ok().map(Number::from));
    // What no double holds is as good as the largest.
    let nearest = |number: f64| Number::from_f64(number.clamp(f64::MIN, f64::MAX));
    whole.or_else(|| nearest(text.parse().ok()?))
}

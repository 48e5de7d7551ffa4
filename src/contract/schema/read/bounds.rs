//! Bounds and counts.

use super::Reader;
use crate::contract::load::At;
use crate::contract::number::Exact;
use crate::contract::scalar::json;
use crate::contract::schema::Keywords;

const COUNTS: &[&str] = &[
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minContains",
    "maxContains",
];

const NUMBERS: &[&str] = &[
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

impl<'a> Reader<'a, '_> {
    pub(super) fn bounds(&mut self, at: At<'a>, out: &mut Keywords) {
        for name in COUNTS {
            if let Some(value) = at.get(name) {
                let count = json(value.node).as_f64().filter(|count| *count >= 0.0);
                match count {
                    Some(count) if count.fract() == 0.0 && count < 1e15 => {
                        #[expect(
                            clippy::cast_possible_truncation,
                            clippy::cast_sign_loss,
                            reason = "it is a whole number within range"
                        )]
                        out.counts.insert(name, count as u64);
                    }
                    _ => self.wrong(value, "a count has to be a whole number"),
                }
            }
        }
        for name in NUMBERS {
            let Some(value) = at.get(name) else { continue };
            let exclusive = name.starts_with("exclusive");
            if exclusive && value.node.truth().is_some() {
                continue;
            }
            let serde_json::Value::Number(number) = json(value.node) else {
                self.wrong(value, "a bound has to be a number");
                continue;
            };
            match Exact::of(&number) {
                _ if is_endless(name, &number) => {}
                Some(exact) => {
                    out.numbers.insert(name, exact);
                }
                None => out.opaque.push(format!("{name} {number}")),
            }
        }
        let pairs = [
            ("minimum", "exclusiveMinimum"),
            ("maximum", "exclusiveMaximum"),
        ];
        for (plain, exclusive) in pairs {
            if at.flag(exclusive)
                && let Some(bound) = out.numbers.remove(plain)
            {
                out.numbers.insert(exclusive, bound);
            }
        }
    }
}

/// Whether a number is one that no double lies beyond, so that it bounds nothing.
fn is_endless(name: &str, number: &serde_json::Number) -> bool {
    let number = number.as_f64().unwrap_or_default();
    match name {
        "minimum" => number <= f64::MIN,
        "maximum" => number >= f64::MAX,
        _ => false,
    }
}

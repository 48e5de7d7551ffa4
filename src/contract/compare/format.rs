//! What a change of formats does, where that can be checked.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::contract::schema::format::{is_known, is_within, named};
use crate::contract::schema::{Direction, Graph, SchemaId, accepts, accepts_by_format};

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

/// What a change of formats does to who sends by one schema and receives by another.
#[derive(Debug, PartialEq)]
pub(super) enum Change {
    /// All that is sent fits.
    Fits,
    /// This value is sent and does not fit.
    Breaks(Value),
    /// One of the formats can't be checked, or no value tells.
    Unknown,
}

/// The formats of two schemas, as people read them.
pub(super) fn words(graph: &Graph, id: SchemaId) -> String {
    let names = named(graph, id);
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(" or ")
    }
}

/// Compares the formats of what is sent and of what is received. `example` makes a value that fits
/// a schema but for its format.
pub(super) fn change(
    graph: &Graph,
    (narrow, wide): (SchemaId, SchemaId),
    direction: Direction,
    example: impl FnOnce(SchemaId) -> Option<Value>,
) -> Change {
    let (sent, received) = (named(graph, narrow), named(graph, wide));
    if sent == received || received.is_empty() {
        return Change::Fits;
    }
    let listed = graph.get(narrow).values.as_ref();
    let candidates = listed.map_or_else(usual, Clone::clone);
    let shows = |value: &Value| {
        let sent = accepts_by_format(graph, narrow, (direction, true), value);
        let understood = accepts_by_format(graph, wide, (direction, false), value);
        // What the schemas refuse without any format is told on its own.
        let otherwise = accepts(graph, wide, (direction, false), value);
        (sent, understood, otherwise) == (Some(true), Some(false), Some(true))
    };
    let shown = candidates.into_iter().find(shows);
    let shown = shown.or_else(|| example(narrow).filter(shows));
    match shown {
        Some(value) => Change::Breaks(value),
        None if listed.is_some() && known(&received) => Change::Fits,
        None if all_within(&sent, &received) => Change::Fits,
        None => Change::Unknown,
    }
}

fn usual() -> Vec<Value> {
    let numbers = [
        json!(2_147_483_648_u64),
        json!(9_223_372_036_854_775_808_u64),
        json!(1e39),
    ];
    let texts = TEXTS.iter().map(|text| json!(text));
    texts.chain(numbers).collect()
}

fn known(formats: &BTreeSet<&str>) -> bool {
    formats.iter().all(|format| is_known(format))
}

/// Whether whatever is sent has a format that is within every one that is received.
fn all_within(sent: &BTreeSet<&str>, received: &BTreeSet<&str>) -> bool {
    let within = |narrow: &&str| received.iter().all(|wide| is_within(narrow, wide));
    !sent.is_empty() && sent.iter().all(within)
}

//! A change as the request that shows it.

use std::cell::Cell;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Request;
use super::cases::{Settings, one};
use super::generate::{Amount, Generator};
use super::write::{body, is_json};
use crate::contract::compare::{Finding, Level};
use crate::contract::model::{Caller, Contract, Operation};
use crate::contract::schema::{Checker, Direction, Graph, Keywords, SchemaId, classes};
use crate::contract::validate::Survey;
use crate::span::Span;

/// Most changes of which a request is made; each needs validators of its own.
const MOST: usize = 200;

/// Most schemas that a validator is made of for this.
const LARGEST: usize = 2_000;

/// The start of URLs of which nobody said where the service is.
const BASE: &str = "http://localhost";

/// For each change that breaks who sends a request, one that the old contract allows; the new one
/// refuses it, if the change is one of a schema. Nothing where none could be made.
pub fn requests(
    old: &Contract,
    new: &Contract,
    graph: &mut Graph,
    findings: &[Finding],
) -> Vec<Option<Request>> {
    let shows = |finding: &Finding| {
        finding.level == Level::Error && !finding.location.starts_with("response")
    };
    if !findings.iter().any(shows) {
        return vec![None; findings.len()];
    }
    let nothing = Keywords {
        never: true,
        ..Keywords::default()
    };
    let never = graph.add(nothing, Span::default());
    let classes = classes(graph);
    let survey = Survey::default();
    let generator = Generator {
        graph,
        classes: &classes,
        survey: &survey,
        never,
        room: Cell::new(0),
    };
    let mut left = MOST;
    let all = findings.iter().map(|finding| {
        if !shows(finding) {
            return None;
        }
        left = left.checked_sub(1)?;
        request(old, new, &generator, finding)
    });
    all.collect()
}

fn request(
    old: &Contract,
    new: &Contract,
    generator: &Generator<'_>,
    finding: &Finding,
) -> Option<Request> {
    let mut before = old.operations.iter();
    let before = before.find(|one| {
        one.caller == Caller::Client
            && one.path == finding.path
            && (one.method == finding.method || finding.method.is_empty())
    })?;
    if !before.path.starts_with('/') {
        return None;
    }
    let bodies = before.body.iter().flat_map(|body| body.media.values());
    let mut schemas = bodies.filter_map(|media| media.schema);
    if !schemas.all(|id| is_small(generator.graph, id)) {
        return None;
    }
    let settings = Settings {
        base: BASE.to_owned(),
        methods: Vec::new(),
        most: 1,
        seed: 0,
        headers: Vec::new(),
    };
    let Some(witness) = &finding.witness else {
        return one(before, generator, &settings, None).ok();
    };
    if let Some(way) = finding.location.strip_prefix("request.body") {
        let mut after = new.operations.iter();
        let after = after.find(|one| one.key() == before.key())?;
        let (kind, body_text) = whole_body(before, after, generator, way, &witness.instance)?;
        let mut request = one(before, generator, &settings, None).ok()?;
        request.headers.retain(|(name, _)| name != "Content-Type");
        request.headers.push(("Content-Type".to_owned(), kind));
        request.body = Some(body_text);
        return Some(request);
    }
    let place = finding.location.strip_prefix("request.")?;
    let (place, name) = place.split_once('.')?;
    let mut parameters = before.parameters.iter();
    let is_whole = parameters.any(|own| own.place == place && own.name == name);
    let value = (place, name, &witness.instance);
    is_whole.then(|| one(before, generator, &settings, Some(value)).ok())?
}

/// A body that holds the value in its place, and that only the old contract accepts.
fn whole_body(
    before: &Operation,
    after: &Operation,
    generator: &Generator<'_>,
    way: &str,
    value: &Value,
) -> Option<(String, String)> {
    let (old, new) = (before.body.as_ref()?, after.body.as_ref()?);
    let both = old.media.iter().filter_map(|(kind, media)| {
        let other = new.media.get(kind)?;
        is_json(kind).then_some((kind, media.schema?, other.schema?))
    });
    let both = both.filter(|(_, _, wide)| is_small(generator.graph, *wide));
    for (kind, narrow, wide) in both {
        for amount in [Amount::Least, Amount::Most] {
            let whole = if way.is_empty() {
                value.clone()
            } else {
                let mut whole = generator.value(narrow, amount, 0)?;
                *slot(&mut whole, way)? = value.clone();
                whole
            };
            let graph: &Graph = generator.graph;
            let accepts = |id| Checker::new(graph, id, Direction::Request).accepts(&whole);
            if accepts(narrow) == Some(true) && accepts(wide) == Some(false) {
                return Some((kind.clone(), body(kind, &whole)?));
            }
        }
    }
    None
}

fn is_small(graph: &Graph, id: SchemaId) -> bool {
    let mut seen = HashSet::from([id]);
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        let children = graph.get(id).children().into_iter();
        open.extend(children.filter(|child| seen.insert(*child)));
        if seen.len() > LARGEST {
            return false;
        }
    }
    true
}

/// The place in a value that a location such as `.lines[].sku` names; it is made if it is missing.
fn slot<'v>(whole: &'v mut Value, way: &str) -> Option<&'v mut Value> {
    let spread = way.replace("[]", ".[]");
    let mut here = whole;
    for step in spread.split('.').skip(1) {
        if step == "[]" {
            if !here.is_array() {
                *here = Value::Array(Vec::new());
            }
            let items = here.as_array_mut()?;
            if items.is_empty() {
                items.push(Value::Null);
            }
            here = items.first_mut()?;
        } else {
            if !here.is_object() {
                *here = Value::Object(Map::new());
            }
            let name = if step == "*" { "key" } else { step };
            let fields = here.as_object_mut()?;
            here = fields.entry(name.to_owned()).or_insert(Value::Null);
        }
    }
    Some(here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_put_where_its_location_says() {
        for (way, expected) in [
            (".a", json!({"a": 1, "b": [{"c": 0}]})),
            (".b[].c", json!({"b": [{"c": 1}]})),
            (".n[]", json!({"b": [{"c": 0}], "n": [1]})),
            (".*", json!({"b": [{"c": 0}], "key": 1})),
        ] {
            let mut whole = json!({"b": [{"c": 0}]});
            *slot(&mut whole, way).unwrap() = json!(1);
            assert_eq!(whole, expected, "{way}");
        }
    }
}

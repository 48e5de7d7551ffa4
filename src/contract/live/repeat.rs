//! A change as the line that shows it at a service.

use std::cell::Cell;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::apart::{same_text, unwritable};
use super::body::{body, is_json, is_known};
use super::cases::{Fixed, Settings, one};
use super::generate::{Amount, Generator};
use super::{Credential, curl};
use crate::contract::compare::{Finding, Level};
use crate::contract::model::{Caller, Contract, Operation, Parameter, Servers};
use crate::contract::schema::{Checker, Direction, Graph, Keywords, SchemaId, classes};
use crate::contract::validate::Survey;
use crate::span::Span;

/// How a change can be seen at a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeat {
    /// The line of curl that sends a request which was accepted.
    Line(String),
    /// Why there is no such line, as a sentence without its end.
    Unwritable(String),
}

/// Most changes of which a line is made; each needs validators of its own.
const MOST: usize = 200;

/// Most schemas that a validator is made of for this.
const LARGEST: usize = 2_000;

/// The start of URLs of which nobody said where the service is.
const BASE: &str = "http://localhost";

/// For each change that breaks who sends a request, one that the old contract allows; the new one
/// refuses it, if the change is one of a schema. Nothing where none could be made.
pub fn repeats(
    old: &Contract,
    new: &Contract,
    graph: &mut Graph,
    findings: &[Finding],
) -> Vec<Option<Repeat>> {
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
        repeat(old, new, &generator, finding)
    });
    all.collect()
}

fn repeat(
    old: &Contract,
    new: &Contract,
    generator: &Generator<'_>,
    finding: &Finding,
) -> Option<Repeat> {
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
    let Some(witness) = &finding.witness else {
        return line(before, generator, None);
    };
    let mut after = new.operations.iter();
    let after = after.find(|one| one.key() == before.key());
    let (location, value) = (finding.location.as_str(), &witness.instance);
    if let Some(way) = location.strip_prefix("request.body") {
        let (kind, whole) = whole_body(before, after?, generator, way, value)?;
        return line(before, generator, Some(Fixed::Body(&kind, &whole)));
    }
    of_parameter(before, after, generator, location, value)
}

fn of_parameter(
    before: &Operation,
    after: Option<&Operation>,
    generator: &Generator<'_>,
    location: &str,
    value: &Value,
) -> Option<Repeat> {
    let (own, way) = parameter(before, location)?;
    let key = before.parameter_key(own);
    let other = after.and_then(|after| {
        let mut all = after.parameters.iter();
        all.find(|one| after.parameter_key(one) == key)?.schema
    });
    let whole = if way.is_empty() {
        value.clone()
    } else {
        wholes(generator, (own.schema?, other?), way, value).next()?
    };
    if let Some(reason) = unwritable(own, &whole, (generator.graph, other)) {
        return Some(Repeat::Unwritable(reason));
    }
    let fixed = Fixed::Parameter(&own.place, &own.name, &whole);
    line(before, generator, Some(fixed))
}

/// The parameter that a location such as `request.query.filter.day` is in, and the way from there.
fn parameter<'o, 'l>(
    operation: &'o Operation,
    location: &'l str,
) -> Option<(&'o Parameter, &'l str)> {
    let named = operation.parameters.iter().filter_map(|own| {
        let start = format!("request.{}.{}", own.place, own.name);
        let way = location.strip_prefix(&start)?;
        let is_whole_name = way.is_empty() || way.starts_with(['.', '[']);
        is_whole_name.then_some((own, way))
    });
    // A name may begin with another.
    named.min_by_key(|(_, way)| way.len())
}

fn line(before: &Operation, generator: &Generator<'_>, fixed: Option<Fixed<'_>>) -> Option<Repeat> {
    let settings = Settings {
        base: base(&before.servers),
        methods: Vec::new(),
        most: 1,
        seed: 0,
        headers: Vec::new(),
    };
    let request = one(before, generator, &settings, fixed).ok()?;
    Some(Repeat::Line(curl(
        &request,
        &Credential::of(&before.security),
    )))
}

/// The address that is named first, on this machine if it names none.
fn base(servers: &Servers) -> String {
    let url = servers.first.as_deref().unwrap_or_default();
    match url {
        _ if url.contains('{') => BASE.to_owned(),
        _ if url.contains("://") => url.to_owned(),
        _ if url.starts_with("//") => format!("http:{url}"),
        _ => {
            let path = url.trim_start_matches("./").trim_start_matches('/');
            format!("{BASE}/{path}")
        }
    }
}

/// A body that holds the value in its place, and that only the old contract accepts.
fn whole_body(
    before: &Operation,
    after: &Operation,
    generator: &Generator<'_>,
    way: &str,
    value: &Value,
) -> Option<(String, Value)> {
    let (old, new) = (before.body.as_ref()?, after.body.as_ref()?);
    let both = old.media.iter().filter_map(|(kind, media)| {
        let other = new.media.get(kind)?;
        is_known(kind).then_some((kind, media.schema?, other.schema?))
    });
    let both = both.filter(|(_, _, wide)| is_small(generator.graph, *wide));
    let mut both: Vec<_> = both.collect();
    both.sort_by_key(|(kind, ..)| !is_json(kind));
    both.into_iter().find_map(|(kind, narrow, wide)| {
        let checker = Checker::new(generator.graph, wide, Direction::Request);
        let refuses = |value: &Value| checker.accepts(value) == Some(false);
        // What is no JSON only says what its texts can be read as.
        let shows = |whole: &Value| {
            body(kind, whole).is_some() && (is_json(kind) || same_text(whole).iter().all(refuses))
        };
        let whole = wholes(generator, (narrow, wide), way, value).find(shows)?;
        Some((kind.clone(), whole))
    })
}

/// Values that hold another in its place, and that only the first of the schemas accepts.
fn wholes(
    generator: &Generator<'_>,
    (narrow, wide): (SchemaId, SchemaId),
    way: &str,
    value: &Value,
) -> impl Iterator<Item = Value> {
    let amounts: &[Amount] = match way {
        "" => &[Amount::Least],
        _ => &[Amount::Least, Amount::Most],
    };
    let [before, after] =
        [narrow, wide].map(|id| Checker::new(generator.graph, id, Direction::Request));
    amounts.iter().filter_map(move |amount| {
        let whole = if way.is_empty() {
            value.clone()
        } else {
            let mut whole = generator.value(narrow, *amount, 0)?;
            *slot(&mut whole, way)? = value.clone();
            whole
        };
        let is_broken =
            before.accepts(&whole) == Some(true) && after.accepts(&whole) == Some(false);
        is_broken.then_some(whole)
    })
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

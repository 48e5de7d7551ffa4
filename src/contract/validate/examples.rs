//! Rules on examples and defaults: they fit their schemas.

use std::collections::HashSet;

use super::walk::Walk;
use super::{Grade, schema_table, three, two};
use crate::contract::load::At;
use crate::contract::scalar::json;
use crate::contract::schema::{Checkers, Dialect, Direction, Graph, Reader, SchemaId};

/// A value and the schema that it is an example of.
struct Example<'a> {
    at: At<'a>,
    schema: At<'a>,
    /// How much it weighs if it does not fit.
    grade: Grade,
    rule: &'static str,
}

pub(super) fn check(walk: &mut Walk<'_>) {
    let examples = gather(walk);
    let dialect = if walk.edition < 31 {
        Dialect::Old
    } else {
        Dialect::New
    };
    let mut graph = Graph::default();
    let mut reader = Reader::new(walk.library, &mut graph, dialect);
    let read: Vec<(Example<'_>, SchemaId)> = examples
        .into_iter()
        .map(|example| {
            let id = reader.schema(example.schema);
            (example, id)
        })
        .collect();
    if !reader.problems.is_empty() {
        // What is wrong with the schemas is told elsewhere, and examples of them tell nothing.
        return;
    }
    let mut ids: Vec<SchemaId> = read.iter().map(|(_, id)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    // What can't be written down would leave all others unjudged.
    if !is_plain(&graph, &ids) {
        ids.retain(|id| is_plain(&graph, &[*id]));
    }
    // An example may be one of what is sent or of what comes back.
    let both = [Direction::Request, Direction::Response]
        .map(|direction| Checkers::new(&graph, &ids, direction));
    let judged = read
        .into_iter()
        .filter(|(_, id)| ids.binary_search(id).is_ok());
    for (example, id) in judged {
        let value = json(example.at.node);
        let fits = |checkers: &Checkers| checkers.accepts(id, &value) != Some(false);
        if !both.iter().any(fits) {
            let what = example.rule.split('-').next().unwrap_or_default();
            let message = format!("the {what} does not fit its schema");
            walk.tell(example.rule, example.grade, example.at, message);
        }
    }
}

/// Whether schemas and all that they refer to can be judged.
fn is_plain(graph: &Graph, roots: &[SchemaId]) -> bool {
    let mut seen: HashSet<SchemaId> = roots.iter().copied().collect();
    let mut open = roots.to_vec();
    while let Some(id) = open.pop() {
        if !graph.get(id).opaque.is_empty() {
            return false;
        }
        let children = graph.get(id).children().into_iter();
        open.extend(children.filter(|child| seen.insert(*child)));
    }
    true
}

/// Every example that stands beside its schema.
fn gather<'a>(walk: &Walk<'a>) -> Vec<Example<'a>> {
    let mut all = Vec::new();
    let mut add = |at: At<'a>, schema: At<'a>, rule, grade| {
        all.push(Example {
            at,
            schema,
            grade,
            rule,
        });
    };
    for holder in walk.all(&[&three::PARAMETER, &three::HEADER, &three::MEDIA_TYPE]) {
        let Some(schema) = holder.get("schema") else {
            continue;
        };
        if let Some(example) = holder.get("example") {
            add(example, schema, "example-mismatch", Grade::Warning);
        }
        for (_, example) in holder.each("examples") {
            let value = walk.follow(example);
            let value = value.and_then(|at| at.get("value").or_else(|| at.get("dataValue")));
            if let Some(value) = value {
                add(value, schema, "example-mismatch", Grade::Warning);
            }
        }
    }
    // The default of an old schema has to be of its type.
    let default = if walk.edition < 31 {
        Grade::Error
    } else {
        Grade::Warning
    };
    let schemas = walk.all(&[&schema_table::OLD, &schema_table::NEW]);
    let old = walk.all(&[&two::PARAMETER, &two::HEADER, &two::ITEMS]);
    for schema in schemas.into_iter().chain(old) {
        if let Some(example) = schema.get("example") {
            add(example, schema, "example-mismatch", Grade::Warning);
        }
        for example in schema.list("examples") {
            add(example, schema, "example-mismatch", Grade::Warning);
        }
        if let Some(value) = schema.get("default") {
            add(value, schema, "default-mismatch", default);
        }
    }
    for response in walk.all(&[&two::RESPONSE]) {
        let Some(schema) = response.get("schema") else {
            continue;
        };
        let examples = response.each("examples");
        for (_, example) in examples.filter(|(kind, _)| kind.contains("json")) {
            add(example, schema, "example-mismatch", Grade::Warning);
        }
    }
    all
}

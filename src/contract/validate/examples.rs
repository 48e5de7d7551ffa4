//! Rules on examples and defaults: they fit their schemas.

use std::collections::HashMap;

use serde_json::Value;

use super::walk::Walk;
use super::{Grade, schema_table, three, two};
use crate::contract::load::At;
use crate::contract::scalar::json;
use crate::contract::schema::{Checker, Dialect, Direction, Graph, Reader, SchemaId};

/// Most schemas that all validators together may be made of.
const MOST_SCHEMAS: usize = 200_000;

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
    let mut checkers = Checkers::new(&graph);
    for (example, id) in read {
        if checkers.fit(id, &json(example.at.node)) == Some(false) {
            let what = example.rule.split('-').next().unwrap_or_default();
            let message = format!("the {what} does not fit its schema");
            walk.tell(example.rule, example.grade, example.at, message);
        }
    }
    if checkers.left == 0 {
        let root = walk.library.root();
        let message = "there are too many schemas to check all examples";
        walk.warning("unchecked-examples", root, message);
    }
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

/// Validators of schemas, each made once, as long as there is room for them.
struct Checkers<'g> {
    graph: &'g Graph,
    known: HashMap<SchemaId, Option<[Checker; 2]>>,
    left: usize,
}

impl<'g> Checkers<'g> {
    fn new(graph: &'g Graph) -> Self {
        Self {
            graph,
            known: HashMap::new(),
            left: MOST_SCHEMAS,
        }
    }

    /// Whether a value fits in one direction or the other; nothing if that is not known.
    fn fit(&mut self, id: SchemaId, value: &Value) -> Option<bool> {
        if !self.known.contains_key(&id) {
            let size = self.size(id);
            let checkers = self.left.checked_sub(2 * size).map(|left| {
                self.left = left;
                let of = |direction| Checker::new(self.graph, id, direction);
                [of(Direction::Request), of(Direction::Response)]
            });
            if checkers.is_none() {
                self.left = 0;
            }
            self.known.insert(id, checkers);
        }
        let checkers = self.known.get(&id)?.as_ref()?;
        let mut fit = checkers.iter().map(|checker| checker.accepts(value));
        match (fit.next()??, fit.next()??) {
            (false, false) => Some(false),
            _ => Some(true),
        }
    }

    /// How many schemas a validator of this one is made of.
    fn size(&self, id: SchemaId) -> usize {
        let mut seen = std::collections::HashSet::from([id]);
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            for child in self.graph.get(id).children() {
                if seen.insert(child) {
                    open.push(child);
                }
            }
        }
        seen.len()
    }
}

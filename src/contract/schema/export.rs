//! Schemas as JSON Schema 2020-12, for a validator that shares no code with the comparison.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::{Direction, Graph, Keywords, SchemaId};

/// Whether an instance fits a schema, by the word of an independent validator; nothing if the
/// schema can't be written down. What does not go in that direction is left out by who sends,
/// and ignored by who receives.
pub fn accepts(
    graph: &Graph,
    root: SchemaId,
    (direction, sends): (Direction, bool),
    instance: &Value,
) -> Option<bool> {
    let mut export = Export {
        graph,
        direction,
        sends,
        known: HashMap::new(),
        nodes: Vec::new(),
    };
    let root = export.node(root, &BTreeSet::new());
    export.visit(root, instance);
    let schema = export.document(root)?;
    let options = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(false);
    let validator = options.build(&schema).ok()?;
    Some(validator.is_valid(instance))
}

/// The part of the graph that an instance can reach. A property that the instance lacks is not
/// written, so that a witness of one schema does not cost as much as all that it refers to.
struct Export<'g> {
    graph: &'g Graph,
    direction: Direction,
    sends: bool,
    known: HashMap<(SchemaId, BTreeSet<String>), usize>,
    nodes: Vec<Node>,
}

struct Node {
    id: SchemaId,
    /// The properties that do not go this way.
    unsent: BTreeSet<String>,
    /// The properties that instances of it have.
    names: BTreeSet<String>,
}

impl<'g> Export<'g> {
    /// The number of a schema, in which these properties do not go this way.
    fn node(&mut self, id: SchemaId, outer: &BTreeSet<String>) -> usize {
        let mut unsent = outer.clone();
        let merged = self.graph.get(id);
        unsent.extend(self.graph.unsent(merged, self.direction).cloned());
        let next = self.nodes.len();
        let place = *self.known.entry((id, unsent.clone())).or_insert(next);
        if place == next {
            self.nodes.push(Node {
                id,
                unsent,
                names: BTreeSet::new(),
            });
        }
        place
    }

    fn keywords(&self, node: usize) -> &'g Keywords {
        self.graph.written(self.nodes[node].id)
    }

    fn visit(&mut self, root: usize, instance: &Value) {
        let mut seen = HashSet::new();
        let mut open = vec![(root, instance)];
        let bare = BTreeSet::new();
        while let Some((node, value)) = open.pop() {
            if !seen.insert((node, std::ptr::from_ref(value))) {
                continue;
            }
            let keywords = self.keywords(node);
            let unsent = self.nodes[node].unsent.clone();
            for id in in_place(keywords) {
                open.push((self.node(id, &unsent), value));
            }
            match value {
                Value::Object(fields) => {
                    self.nodes[node].names.extend(fields.keys().cloned());
                    for (name, value) in fields {
                        let named = keywords.properties.get(name);
                        let named = named.filter(|_| !unsent.contains(name));
                        let others = keywords.patterns.values();
                        let rest = [keywords.additional, keywords.unevaluated];
                        let all = others.chain(named).copied();
                        for id in all.chain(rest.into_iter().flatten()) {
                            open.push((self.node(id, &bare), value));
                        }
                        if let Some(id) = keywords.names {
                            open.push((self.node(id, &bare), &Value::Null));
                        }
                    }
                }
                Value::Array(items) => {
                    let rest = [
                        keywords.items,
                        keywords.contains,
                        keywords.unevaluated_items,
                    ];
                    for (place, value) in items.iter().enumerate() {
                        let own = keywords.prefix.get(place).copied();
                        for id in own.into_iter().chain(rest.into_iter().flatten()) {
                            open.push((self.node(id, &bare), value));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn document(&mut self, root: usize) -> Option<Value> {
        let mut definitions = Map::new();
        let mut next = 0;
        // A schema that no part of the instance comes to is written without those below it.
        let reached = self.nodes.len();
        while next < self.nodes.len() {
            let written = if next < reached {
                if !self.keywords(next).opaque.is_empty() {
                    return None;
                }
                self.one(next)
            } else {
                Value::Bool(true)
            };
            definitions.insert(name(next), written);
            next += 1;
        }
        Some(json!({"$ref": format!("#/$defs/{}", name(root)), "$defs": definitions}))
    }

    fn link(&mut self, id: SchemaId, unsent: &BTreeSet<String>) -> Value {
        let node = self.node(id, unsent);
        json!({"$ref": format!("#/$defs/{}", name(node))})
    }

    fn one(&mut self, node: usize) -> Value {
        let keywords = self.keywords(node);
        if keywords.never {
            return Value::Bool(false);
        }
        let unsent = self.nodes[node].unsent.clone();
        let mut out = limits(keywords);
        self.whole(keywords, &unsent, &mut out);
        self.below(keywords, node, &unsent, &mut out);
        let required = keywords.required.difference(&unsent);
        let required: Vec<&String> = required.collect();
        if !required.is_empty() {
            out.insert("required".to_owned(), json!(required));
        }
        if !keywords.dependent.is_empty() {
            out.insert("dependentRequired".to_owned(), json!(keywords.dependent));
        }
        Value::Object(out)
    }

    /// The keywords whose schemas are about the same instance.
    fn whole(
        &mut self,
        keywords: &Keywords,
        unsent: &BTreeSet<String>,
        out: &mut Map<String, Value>,
    ) {
        let lists = [
            ("allOf", &keywords.all_of),
            ("anyOf", &keywords.any_of),
            ("oneOf", &keywords.one_of),
        ];
        for (name, list) in lists {
            if !list.is_empty() {
                let links = list.iter().map(|id| self.link(*id, unsent));
                let links: Value = links.collect();
                out.insert(name.to_owned(), links);
            }
        }
        let condition = keywords.condition;
        let singles = [
            ("not", keywords.not),
            ("if", condition.map(|(test, _, _)| test)),
            ("then", condition.and_then(|(_, then, _)| then)),
            ("else", condition.and_then(|(_, _, other)| other)),
        ];
        for (name, child) in singles {
            if let Some(child) = child {
                out.insert(name.to_owned(), self.link(child, unsent));
            }
        }
        if !keywords.dependent_schemas.is_empty() {
            let each = keywords.dependent_schemas.iter();
            let links = each.map(|(name, id)| (name.clone(), self.link(*id, unsent)));
            let links: Map<String, Value> = links.collect();
            out.insert("dependentSchemas".to_owned(), links.into());
        }
    }

    /// The keywords whose schemas are about parts of the instance.
    fn below(
        &mut self,
        keywords: &Keywords,
        node: usize,
        unsent: &BTreeSet<String>,
        out: &mut Map<String, Value>,
    ) {
        let bare = BTreeSet::new();
        if !keywords.prefix.is_empty() {
            let links = keywords.prefix.iter().map(|id| self.link(*id, &bare));
            let links: Value = links.collect();
            out.insert("prefixItems".to_owned(), links);
        }
        let singles = [
            ("items", keywords.items),
            ("unevaluatedItems", keywords.unevaluated_items),
            ("contains", keywords.contains),
            ("additionalProperties", keywords.additional),
            ("unevaluatedProperties", keywords.unevaluated),
            ("propertyNames", keywords.names),
        ];
        for (name, child) in singles {
            if let Some(child) = child {
                out.insert(name.to_owned(), self.link(child, &bare));
            }
        }
        let names = self.nodes[node].names.clone();
        let own = keywords.properties.iter();
        let own = own.filter(|(name, _)| names.contains(*name));
        let sends = self.sends;
        let links = own.map(|(name, id)| {
            let link = if unsent.contains(name) {
                Value::Bool(!sends)
            } else {
                self.link(*id, &bare)
            };
            (name.clone(), link)
        });
        let links: Map<String, Value> = links.collect();
        if !links.is_empty() {
            out.insert("properties".to_owned(), links.into());
        }
        let each = keywords.patterns.iter();
        let links = each.map(|(name, id)| (name.clone(), self.link(*id, &bare)));
        let links: Map<String, Value> = links.collect();
        if !links.is_empty() {
            out.insert("patternProperties".to_owned(), links.into());
        }
    }
}

/// The schemas that are about the same instance as the one that names them.
fn in_place(keywords: &Keywords) -> Vec<SchemaId> {
    let lists = keywords.all_of.iter().chain(&keywords.any_of);
    let lists = lists.chain(&keywords.one_of);
    let mut all: Vec<SchemaId> = lists
        .chain(keywords.dependent_schemas.values())
        .copied()
        .collect();
    all.extend(keywords.not);
    if let Some((test, then, otherwise)) = keywords.condition {
        all.push(test);
        all.extend(then.into_iter().chain(otherwise));
    }
    all
}

fn name(node: usize) -> String {
    format!("s{node}")
}

/// The keywords that name no other schema.
fn limits(keywords: &Keywords) -> Map<String, Value> {
    let mut out = Map::new();
    let mut set = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    if let Some(types) = &keywords.types {
        set("type", types.iter().map(|kind| kind.name()).collect());
    }
    if let Some(values) = &keywords.values {
        set("enum", values.clone().into());
    }
    for (name, number) in &keywords.numbers {
        set(name, number.json().unwrap_or_default());
    }
    for (name, count) in &keywords.counts {
        set(name, (*count).into());
    }
    if let Some(pattern) = &keywords.pattern {
        set("pattern", pattern.as_str().into());
    }
    if keywords.unique {
        set("uniqueItems", true.into());
    }
    out
}

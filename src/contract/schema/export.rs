//! Schemas as JSON Schema 2020-12, for a validator that shares no code with the comparison.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value, json};

use super::{Direction, Graph, Keywords, SchemaId, format};

/// The part of the graph that an instance can reach, or all of it. A property that the instance
/// lacks is not written, so that a witness of one schema does not cost as much as all that it refers
/// to.
pub(super) struct Export<'g> {
    graph: &'g Graph,
    direction: Direction,
    sends: bool,
    /// Whether it is for all instances, and so holds every property.
    of_all: bool,
    /// Whether formats are limits.
    pub(super) formats: bool,
    known: HashMap<(SchemaId, BTreeSet<String>), usize>,
    pub(super) nodes: Vec<Node>,
}

pub(super) struct Node {
    id: SchemaId,
    /// The properties that do not go this way.
    unsent: BTreeSet<String>,
    /// The properties that instances of it have.
    names: BTreeSet<String>,
}

impl<'g> Export<'g> {
    pub(super) fn new(graph: &'g Graph, (direction, sends): (Direction, bool)) -> Self {
        Self {
            graph,
            direction,
            sends,
            of_all: false,
            formats: false,
            known: HashMap::default(),
            nodes: Vec::new(),
        }
    }

    pub(super) fn of_all(graph: &'g Graph, direction: Direction) -> Self {
        Self {
            of_all: true,
            ..Self::new(graph, (direction, false))
        }
    }

    /// The same where formats are limits.
    pub(super) fn with_formats(mut self) -> Self {
        self.formats = true;
        self
    }

    /// The number of a schema, in which these properties do not go this way.
    pub(super) fn node(&mut self, id: SchemaId, outer: &BTreeSet<String>) -> usize {
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

    pub(super) fn visit(&mut self, root: usize, instance: &Value) {
        let mut seen = HashSet::default();
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

    /// How often the validator may look at one value: it follows every way to every branch.
    pub(super) fn steps(&self) -> u64 {
        let mut known: HashMap<SchemaId, u64> = HashMap::default();
        let mut most = 0;
        for node in &self.nodes {
            let mut open = vec![node.id];
            while let Some(id) = open.last().copied() {
                let inner = in_place(self.graph.written(id));
                let new = inner.iter().filter(|id| !known.contains_key(*id));
                let new: Vec<SchemaId> = new.copied().collect();
                // What leads back to itself counts once.
                if new.is_empty() || known.insert(id, 1).is_some() {
                    let each = inner.iter().filter_map(|id| known.get(id));
                    let steps = each.fold(1u64, |sum, steps| sum.saturating_add(*steps));
                    known.insert(id, steps);
                    most = most.max(steps);
                    open.pop();
                } else {
                    open.extend(new);
                }
            }
        }
        most
    }

    /// The schemas as definitions. One that no part of the instance comes to, whose number is
    /// `reached` or more, is written without those below it.
    pub(super) fn definitions(&mut self, reached: usize) -> Option<Map<String, Value>> {
        let mut definitions = Map::new();
        let mut next = 0;
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
        Some(definitions)
    }

    fn link(&mut self, id: SchemaId, unsent: &BTreeSet<String>) -> Value {
        let node = self.node(id, unsent);
        json!({"$ref": link(node)})
    }

    fn one(&mut self, node: usize) -> Value {
        let keywords = self.keywords(node);
        if keywords.never {
            return Value::Bool(false);
        }
        let unsent = self.nodes[node].unsent.clone();
        let mut out = limits(keywords);
        if self.formats {
            format::limit(keywords, &mut out);
        }
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
        let (of_all, sends) = (self.of_all, self.sends);
        let own = own.filter(|(name, _)| of_all || names.contains(*name));
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

pub(super) fn name(node: usize) -> String {
    format!("s{node}")
}

pub(super) fn link(node: usize) -> String {
    format!("#/$defs/{}", name(node))
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

//! Schemas as JSON Schema 2020-12, for a validator that shares no code with the comparison.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::{Direction, Graph, Keywords, SchemaId, format};

/// Most ways to branches of one schema that the validator is let go.
const MOST_STEPS: u64 = 100_000;

/// Whether an instance fits a schema, by the word of an independent validator; nothing if the
/// schema can't be written down. What does not go in that direction is left out by who sends,
/// and ignored by who receives.
pub fn accepts(
    graph: &Graph,
    root: SchemaId,
    (direction, sends): (Direction, bool),
    instance: &Value,
) -> Option<bool> {
    fits(Export::new(graph, (direction, sends)), root, instance)
}

/// The same where formats that can be checked are limits as well.
pub fn accepts_by_format(
    graph: &Graph,
    root: SchemaId,
    (direction, sends): (Direction, bool),
    instance: &Value,
) -> Option<bool> {
    let export = Export {
        formats: true,
        ..Export::new(graph, (direction, sends))
    };
    fits(export, root, instance)
}

fn fits(mut export: Export<'_>, root: SchemaId, instance: &Value) -> Option<bool> {
    let formats = export.formats;
    let root = export.node(root, &BTreeSet::new());
    export.visit(root, instance);
    if export.steps() > MOST_STEPS {
        return None;
    }
    let definitions = export.definitions(export.nodes.len())?;
    let schema = json!({"$ref": link(root), "$defs": definitions});
    Some(validator(&schema, formats)?.is_valid(instance))
}

fn validator(schema: &Value, formats: bool) -> Option<jsonschema::Validator> {
    let options = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .with_format("byte", format::is_base64)
        .should_validate_formats(formats);
    options.build(schema).ok()
}

/// Whether instances fit a schema, by the word of the independent validator. What does not go in
/// their direction is ignored.
pub struct Checker(Option<jsonschema::Validator>);

impl Checker {
    /// A validator of one schema. It knows nothing of a schema that can't be written down.
    pub fn new(graph: &Graph, root: SchemaId, direction: Direction) -> Self {
        Self::of(Export::of_all(graph, direction), root)
    }

    /// The same, to which every `format` that it knows is a demand.
    pub fn with_formats(graph: &Graph, root: SchemaId, direction: Direction) -> Self {
        let export = Export {
            formats: true,
            ..Export::of_all(graph, direction)
        };
        Self::of(export, root)
    }

    fn of(mut export: Export<'_>, root: SchemaId) -> Self {
        let root = export.node(root, &BTreeSet::new());
        let definitions = export.definitions(usize::MAX);
        let schema =
            definitions.map(|definitions| json!({"$ref": link(root), "$defs": definitions}));
        Self(schema.and_then(|schema| validator(&schema, export.formats)))
    }

    /// Whether the instance is valid; nothing if that is not known.
    pub fn accepts(&self, instance: &Value) -> Option<bool> {
        self.0
            .as_ref()
            .map(|validator| validator.is_valid(instance))
    }

    /// Where and why the instance is not valid; nothing if it is, or that is not known.
    pub fn why(&self, instance: &Value) -> Option<String> {
        let error = self.0.as_ref()?.iter_errors(instance).next()?;
        let place = error.instance_path().to_string();
        let place = if place.is_empty() { "/" } else { &place };
        Some(format!("at `{place}`, {error}"))
    }
}

/// One validator of many schemas: they share what they refer to.
pub struct Checkers {
    validator: Option<jsonschema::Validator>,
    nodes: HashMap<SchemaId, usize>,
}

impl Checkers {
    /// A validator of these schemas. It knows nothing if one of them can't be written down.
    pub fn new(graph: &Graph, roots: &[SchemaId], direction: Direction) -> Self {
        let mut export = Export::of_all(graph, direction);
        let bare = BTreeSet::new();
        let nodes = roots.iter().map(|id| (*id, export.node(*id, &bare)));
        let nodes: HashMap<SchemaId, usize> = nodes.collect();
        // An object with the value under the name of its schema is valid if the value is.
        let mut all: Vec<usize> = nodes.values().copied().collect();
        all.sort_unstable();
        let names = all
            .into_iter()
            .map(|node| (name(node), json!({"$ref": link(node)})));
        let names: Map<String, Value> = names.collect();
        let definitions = export.definitions(usize::MAX);
        let schema =
            definitions.map(|definitions| json!({"properties": names, "$defs": definitions}));
        Self {
            validator: schema.and_then(|schema| validator(&schema, false)),
            nodes,
        }
    }

    /// Whether the instance fits one of the schemas; nothing if that is not known.
    pub fn accepts(&self, id: SchemaId, instance: &Value) -> Option<bool> {
        let (validator, node) = (self.validator.as_ref()?, self.nodes.get(&id)?);
        let instance = Value::Object(Map::from_iter([(name(*node), instance.clone())]));
        Some(validator.is_valid(&instance))
    }
}

/// The part of the graph that an instance can reach, or all of it. A property that the instance
/// lacks is not written, so that a witness of one schema does not cost as much as all that it refers
/// to.
struct Export<'g> {
    graph: &'g Graph,
    direction: Direction,
    sends: bool,
    /// Whether it is for all instances, and so holds every property.
    of_all: bool,
    /// Whether formats are limits.
    formats: bool,
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
    fn new(graph: &'g Graph, (direction, sends): (Direction, bool)) -> Self {
        Self {
            graph,
            direction,
            sends,
            of_all: false,
            formats: false,
            known: HashMap::new(),
            nodes: Vec::new(),
        }
    }

    fn of_all(graph: &'g Graph, direction: Direction) -> Self {
        Self {
            of_all: true,
            ..Self::new(graph, (direction, false))
        }
    }

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

    /// How often the validator may look at one value: it follows every way to every branch.
    fn steps(&self) -> u64 {
        let mut known: HashMap<SchemaId, u64> = HashMap::new();
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
    fn definitions(&mut self, reached: usize) -> Option<Map<String, Value>> {
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

fn name(node: usize) -> String {
    format!("s{node}")
}

fn link(node: usize) -> String {
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

//! Schemas as JSON Schema 2020-12, for a validator that shares no code with the comparison.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Direction, Graph, Keywords, SchemaId};

/// Whether instances fit a schema, by the word of the independent validator.
pub struct Checker(Option<jsonschema::Validator>);

impl Checker {
    /// A validator of one schema. It knows nothing of a schema that can't be written down.
    pub fn new(graph: &Graph, root: SchemaId, direction: Direction) -> Self {
        let Some(schema) = export(graph, root, direction) else {
            return Self(None);
        };
        Self(
            jsonschema::options()
                .with_draft(jsonschema::Draft::Draft202012)
                .should_validate_formats(false)
                .build(&schema)
                .ok(),
        )
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
pub struct Checkers(Option<jsonschema::Validator>);

impl Checkers {
    /// A validator of these schemas. It knows nothing if one of them can't be written down.
    pub fn new(graph: &Graph, roots: &[SchemaId], direction: Direction) -> Self {
        let Some(definitions) = definitions(graph, roots, direction) else {
            return Self(None);
        };
        // An object with the value under the name of its schema is valid if the value is.
        let names = roots.iter().map(|id| (name(*id), link(*id)));
        let names: Map<String, Value> = names.collect();
        let schema = json!({"properties": names, "$defs": definitions});
        Self(
            jsonschema::options()
                .with_draft(jsonschema::Draft::Draft202012)
                .should_validate_formats(false)
                .build(&schema)
                .ok(),
        )
    }

    /// Whether the instance fits one of the schemas; nothing if that is not known.
    pub fn accepts(&self, id: SchemaId, instance: &Value) -> Option<bool> {
        let validator = self.0.as_ref()?;
        let instance = Value::Object(Map::from_iter([(name(id), instance.clone())]));
        Some(validator.is_valid(&instance))
    }
}

fn export(graph: &Graph, root: SchemaId, direction: Direction) -> Option<Value> {
    let definitions = definitions(graph, &[root], direction)?;
    Some(json!({"$ref": format!("#/$defs/{}", name(root)), "$defs": definitions}))
}

/// These schemas and all that they refer to.
fn definitions(
    graph: &Graph,
    roots: &[SchemaId],
    direction: Direction,
) -> Option<Map<String, Value>> {
    let mut known: BTreeSet<SchemaId> = roots.iter().copied().collect();
    let mut open = roots.to_vec();
    let mut definitions = Map::new();
    while let Some(id) = open.pop() {
        let keywords = graph.get(id);
        if !keywords.opaque.is_empty() {
            return None;
        }
        definitions.insert(name(id), one(graph, id, direction));
        for child in keywords.children() {
            if known.insert(child) {
                open.push(child);
            }
        }
    }
    Some(definitions)
}

fn name(id: SchemaId) -> String {
    format!("s{}", id.0)
}

fn link(id: SchemaId) -> Value {
    json!({"$ref": format!("#/$defs/{}", name(id))})
}

fn one(graph: &Graph, id: SchemaId, direction: Direction) -> Value {
    let keywords = graph.get(id);
    if keywords.never {
        return Value::Bool(false);
    }
    let mut out = limits(keywords);
    let mut set = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    let lists = [
        ("prefixItems", &keywords.prefix),
        ("allOf", &keywords.all_of),
        ("anyOf", &keywords.any_of),
        ("oneOf", &keywords.one_of),
    ];
    for (name, list) in lists {
        if !list.is_empty() {
            set(name, list.iter().map(|id| link(*id)).collect());
        }
    }
    let (test, then, otherwise) = keywords
        .condition
        .map_or((None, None, None), |(test, then, otherwise)| {
            (Some(test), then, otherwise)
        });
    let singles = [
        ("items", keywords.items),
        ("contains", keywords.contains),
        ("additionalProperties", keywords.additional),
        ("propertyNames", keywords.names),
        ("not", keywords.not),
        ("if", test),
        ("then", then),
        ("else", otherwise),
    ];
    for (name, child) in singles {
        if let Some(child) = child {
            set(name, link(child));
        }
    }
    let maps = [
        ("properties", &keywords.properties),
        ("patternProperties", &keywords.patterns),
        ("dependentSchemas", &keywords.dependent_schemas),
    ];
    for (name, map) in maps {
        if !map.is_empty() {
            let links = map.iter().map(|(name, id)| (name.clone(), link(*id)));
            set(name, Value::Object(links.collect()));
        }
    }
    if !keywords.required.is_empty() {
        let names: Vec<&String> = graph.required(id, direction).collect();
        set("required", json!(names));
    }
    if !keywords.dependent.is_empty() {
        set("dependentRequired", json!(keywords.dependent));
    }
    Value::Object(out)
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

//! A schema taken apart: each part demands one thing, and all together demand what it does.

use std::collections::{BTreeMap, HashSet};

use crate::contract::schema::{Direction, Graph, Keywords, SchemaId};

/// One demand of a schema.
pub(super) struct Part {
    /// The keyword that it is in.
    pub keyword: &'static str,
    /// The property that it is about.
    pub property: Option<String>,
    /// Nothing but the demand.
    pub demand: Keywords,
}

fn part(keyword: &'static str, demand: Keywords) -> Part {
    Part {
        keyword,
        property: None,
        demand,
    }
}

/// All demands of a schema, those of its `allOf` too, but on properties that are `met` anyway.
pub(super) fn parts(
    graph: &Graph,
    id: SchemaId,
    direction: Direction,
    mut met: impl FnMut(&str, SchemaId) -> bool,
) -> Vec<Part> {
    let mut known = HashSet::new();
    let mut found = Vec::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if known.insert(id) {
            open.extend(&graph.get(id).all_of);
            found.extend(own(graph, id, direction, &mut met));
        }
    }
    found
}

/// Whether a property of that name meets a schema anyway.
type Met<'m> = dyn FnMut(&str, SchemaId) -> bool + 'm;

fn own(graph: &Graph, id: SchemaId, direction: Direction, met: &mut Met<'_>) -> Vec<Part> {
    let all = graph.get(id);
    let mut parts = Vec::new();
    let bare = Keywords::default;
    if all.never {
        let never = true;
        parts.push(part("schema", Keywords { never, ..bare() }));
    }
    if let Some(types) = all.types.clone() {
        let types = Some(types);
        parts.push(part("type", Keywords { types, ..bare() }));
    }
    if let Some(values) = all.values.clone() {
        let values = Some(values);
        parts.push(part("enum", Keywords { values, ..bare() }));
    }
    for (name, bound) in &all.numbers {
        let numbers = BTreeMap::from([(*name, *bound)]);
        parts.push(part(name, Keywords { numbers, ..bare() }));
    }
    for (name, count) in &all.counts {
        if !name.ends_with("Contains") {
            let counts = BTreeMap::from([(*name, *count)]);
            parts.push(part(name, Keywords { counts, ..bare() }));
        }
    }
    if let Some(pattern) = all.pattern.clone() {
        let pattern = Some(pattern);
        parts.push(part("pattern", Keywords { pattern, ..bare() }));
    }
    if all.unique {
        let unique = true;
        parts.push(part("uniqueItems", Keywords { unique, ..bare() }));
    }
    lists(all, &mut parts);
    objects((graph, id, direction), met, &mut parts);
    combinations(all, &mut parts);
    parts.extend(unevaluated(graph, id));
    if !all.opaque.is_empty() {
        let opaque = all.opaque.clone();
        parts.push(part("schema", Keywords { opaque, ..bare() }));
    }
    parts
}

fn lists(all: &Keywords, parts: &mut Vec<Part>) {
    let bare = Keywords::default;
    if all.items.is_some() || !all.prefix.is_empty() {
        let (prefix, items) = (all.prefix.clone(), all.items);
        parts.push(part(
            "items",
            Keywords {
                prefix,
                items,
                ..bare()
            },
        ));
    }
    if let Some(contains) = all.contains {
        let mut counts = all.counts.clone();
        counts.retain(|name, _| name.ends_with("Contains"));
        let contains = Some(contains);
        parts.push(part(
            "contains",
            Keywords {
                counts,
                contains,
                ..bare()
            },
        ));
    }
}

fn objects(
    (graph, id, direction): (&Graph, SchemaId, Direction),
    met: &mut Met<'_>,
    parts: &mut Vec<Part>,
) {
    let all = graph.get(id);
    let bare = Keywords::default;
    for name in graph.required(all, direction) {
        let required = [name.clone()].into();
        let demand = Keywords { required, ..bare() };
        let property = Some(name.clone());
        parts.push(Part {
            property,
            ..part("required", demand)
        });
    }
    let sent = all.properties.iter();
    let sent = sent.filter(|(_, schema)| graph.goes(**schema, direction));
    for (name, schema) in sent {
        if met(name, *schema) {
            continue;
        }
        let properties = BTreeMap::from([(name.clone(), *schema)]);
        let demand = Keywords {
            properties,
            ..bare()
        };
        let property = Some(name.clone());
        parts.push(Part {
            property,
            ..part("properties", demand)
        });
    }
    for (pattern, schema) in &all.patterns {
        let patterns = BTreeMap::from([(pattern.clone(), *schema)]);
        parts.push(part("patternProperties", Keywords { patterns, ..bare() }));
    }
    if let Some(additional) = all.additional {
        // The names stay known, whatever their values are.
        let any = |names: &BTreeMap<String, SchemaId>, any: SchemaId| {
            names.keys().map(|name| (name.clone(), any)).collect()
        };
        let free = graph.anything();
        let demand = Keywords {
            properties: any(&all.properties, free),
            patterns: any(&all.patterns, free),
            additional: Some(additional),
            ..bare()
        };
        parts.push(part("additionalProperties", demand));
    }
    if let Some(names) = all.names {
        let names = Some(names);
        parts.push(part("propertyNames", Keywords { names, ..bare() }));
    }
    if !all.dependent.is_empty() || !all.dependent_schemas.is_empty() {
        let dependent = all.dependent.clone();
        let dependent_schemas = all.dependent_schemas.clone();
        let demand = Keywords {
            dependent,
            dependent_schemas,
            ..bare()
        };
        parts.push(part("dependent", demand));
    }
}

fn combinations(all: &Keywords, parts: &mut Vec<Part>) {
    let bare = Keywords::default;
    if !all.any_of.is_empty() {
        let any_of = all.any_of.clone();
        parts.push(part("anyOf", Keywords { any_of, ..bare() }));
    }
    if !all.one_of.is_empty() {
        let one_of = all.one_of.clone();
        parts.push(part("oneOf", Keywords { one_of, ..bare() }));
    }
    if let Some(not) = all.not {
        let not = Some(not);
        parts.push(part("not", Keywords { not, ..bare() }));
    }
    if let Some(condition) = all.condition {
        let condition = Some(condition);
        parts.push(part(
            "if",
            Keywords {
                condition,
                ..bare()
            },
        ));
    }
}

/// What is not evaluated can be judged only together with all that evaluates.
fn unevaluated(graph: &Graph, id: SchemaId) -> Vec<Part> {
    let all = graph.get(id);
    let bare = || Keywords {
        all_of: all.all_of.clone(),
        any_of: all.any_of.clone(),
        one_of: all.one_of.clone(),
        condition: all.condition,
        dependent_schemas: all.dependent_schemas.clone(),
        ..Keywords::default()
    };
    let mut parts = Vec::new();
    if all.unevaluated.is_some() {
        let demand = Keywords {
            properties: all.properties.clone(),
            patterns: all.patterns.clone(),
            unevaluated: all.unevaluated,
            ..bare()
        };
        parts.push(part("unevaluatedProperties", demand));
    }
    if all.unevaluated_items.is_some() {
        let demand = Keywords {
            prefix: all.prefix.clone(),
            items: all.items,
            contains: all.contains,
            unevaluated_items: all.unevaluated_items,
            ..bare()
        };
        parts.push(part("unevaluatedItems", demand));
    }
    parts
}

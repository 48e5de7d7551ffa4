//! Of which types the values of a schema are, as far as it can be read off.

use std::collections::BTreeSet;

use crate::contract::schema::{Graph, SchemaId, Type};

const ALL: [Type; 7] = [
    Type::Null,
    Type::Boolean,
    Type::Integer,
    Type::Number,
    Type::String,
    Type::Array,
    Type::Object,
];

/// Most schemas inside of each other that are looked into.
const DEEPEST: usize = 4;

/// The types that values of it may be of, perhaps some more. What may be any number may be a whole
/// one, so that both are named.
pub(super) fn kinds(graph: &Graph, id: SchemaId) -> BTreeSet<Type> {
    within(graph, id, 0)
}

fn within(graph: &Graph, id: SchemaId, depth: usize) -> BTreeSet<Type> {
    let mut kinds = BTreeSet::from(ALL);
    if depth == DEEPEST {
        return kinds;
    }
    let keywords = graph.get(id);
    let inner = |id: &SchemaId| within(graph, *id, depth + 1);
    if let Some(types) = &keywords.types {
        kinds.retain(|kind| {
            types.contains(kind) || *kind == Type::Integer && types.contains(&Type::Number)
        });
    }
    if let Some(values) = &keywords.values {
        let named: BTreeSet<Type> = values.iter().map(Type::narrowest).collect();
        kinds.retain(|kind| named.contains(kind));
    }
    for part in &keywords.all_of {
        let part = inner(part);
        kinds.retain(|kind| part.contains(kind));
    }
    for branches in [&keywords.any_of, &keywords.one_of] {
        if !branches.is_empty() {
            let any: BTreeSet<Type> = branches.iter().flat_map(inner).collect();
            kinds.retain(|kind| any.contains(kind));
        }
    }
    kinds
}

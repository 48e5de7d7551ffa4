//! Why one schema is not contained in another: the smallest pairs of schemas, and which of the
//! demands in them is not met.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::parts::{Part, parts};
use crate::contract::contain::{Engine, Verdict};
use crate::contract::schema::{Direction, Graph, Keywords, SchemaId};

/// Most schemas inside of each other that a cause is looked for in.
const DEEPEST: usize = 40;

/// A pair of schemas in which a cause is, and the way to it from the root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Leaf {
    pub narrow: SchemaId,
    pub wide: SchemaId,
    pub way: String,
    /// Properties whose causes have leaves of their own.
    pub told: Vec<String>,
    /// Whether the items, or the other properties, have leaves of their own.
    pub inner: bool,
}

/// A demand that is not met.
#[derive(Debug, Clone)]
pub(super) struct Cause {
    pub keyword: &'static str,
    pub property: Option<String>,
    pub verdict: Verdict,
}

/// The pairs in which the causes are.
pub(super) fn leaves(
    graph: &Graph,
    engine: &mut Engine<'_>,
    narrow: SchemaId,
    wide: SchemaId,
) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    let mut seen = HashSet::from([(narrow, wide)]);
    let mut open = vec![(narrow, wide, String::new(), 0)];
    while let Some((narrow, wide, way, depth)) = open.pop() {
        if engine.fits(narrow, wide) {
            continue;
        }
        let mut leaf = Leaf {
            narrow,
            wide,
            way,
            told: Vec::new(),
            inner: false,
        };
        let inner = if depth < DEEPEST {
            below(graph.get(narrow), graph.get(wide))
        } else {
            Vec::new()
        };
        for (step, name, a, b) in inner {
            if engine.fits(a, b) {
                continue;
            }
            match name {
                Some(name) => leaf.told.push(name),
                None if step.is_empty() => {}
                None => leaf.inner = true,
            }
            if seen.insert((a, b)) {
                open.push((a, b, format!("{}{step}", leaf.way), depth + 1));
            }
        }
        leaves.push(leaf);
    }
    leaves
}

type Inner = (String, Option<String>, SchemaId, SchemaId);

/// The pairs of schemas for the same part of an instance.
fn below(narrow: &Keywords, wide: &Keywords) -> Vec<Inner> {
    let mut all = Vec::new();
    if combined(narrow) {
        return all;
    }
    for (name, wide) in &wide.properties {
        if let Some(narrow) = narrow.properties.get(name) {
            all.push((format!(".{name}"), Some(name.clone()), *narrow, *wide));
        }
    }
    if let (Some(a), Some(b), true) = (
        narrow.items,
        wide.items,
        narrow.prefix.is_empty() && wide.prefix.is_empty(),
    ) {
        all.push(("[]".to_owned(), None, a, b));
    }
    let same = narrow.properties.keys().eq(wide.properties.keys());
    if let (Some(a), Some(b), true) = (narrow.additional, wide.additional, same) {
        all.push((".*".to_owned(), None, a, b));
    }
    all
}

/// Whether it says something of its parts in more than one place.
fn combined(keywords: &Keywords) -> bool {
    let lists = [&keywords.all_of, &keywords.any_of, &keywords.one_of];
    lists.iter().any(|list| !list.is_empty())
        || keywords.not.is_some()
        || keywords.condition.is_some()
        || keywords.values.is_some()
        || !keywords.patterns.is_empty()
}

/// The parts of the wider schema of every pair, each as a schema of its own.
pub(super) fn take_apart(
    graph: &mut Graph,
    leaves: &[Leaf],
    direction: Direction,
) -> BTreeMap<SchemaId, Vec<(Part, SchemaId)>> {
    let mut all = BTreeMap::new();
    for leaf in leaves {
        if all.contains_key(&leaf.wide) {
            continue;
        }
        let mut known = HashSet::new();
        let mut found = Vec::new();
        let mut open = vec![leaf.wide];
        while let Some(id) = open.pop() {
            if !known.insert(id) {
                continue;
            }
            open.extend(&graph.get(id).all_of);
            let span = graph.span(id);
            for part in parts(graph, id, direction) {
                let id = graph.add(part.demand.clone(), span);
                found.push((part, id));
            }
        }
        all.insert(leaf.wide, found);
    }
    all
}

/// The demands that are not met.
pub(super) fn causes(
    graph: &Graph,
    engine: &mut Engine<'_>,
    leaf: &Leaf,
    parts: &[(Part, SchemaId)],
) -> Vec<Cause> {
    let narrow = graph.get(leaf.narrow);
    let mut causes = Vec::new();
    for (part, id) in parts {
        let told = part.keyword == "properties"
            && part
                .property
                .as_ref()
                .is_some_and(|name| leaf.told.contains(name));
        let inner = leaf.inner && ["items", "additionalProperties"].contains(&part.keyword);
        if told || inner {
            continue;
        }
        let verdict = engine.contained(leaf.narrow, *id);
        if verdict == Verdict::Contained {
            continue;
        }
        let declared = part.property.as_ref();
        let declared = declared.is_none_or(|name| narrow.properties.contains_key(name));
        let open = !combined(narrow) && narrow.additional.is_none();
        let keyword = match part.keyword {
            "properties" if !declared && open => "undeclared",
            keyword => keyword,
        };
        causes.push(Cause {
            keyword,
            property: part.property.clone(),
            verdict,
        });
    }
    if causes.is_empty() && leaf.told.is_empty() && !leaf.inner {
        let whole = engine.contained(leaf.narrow, leaf.wide);
        causes.push(Cause {
            keyword: "schema",
            property: None,
            verdict: whole,
        });
    }
    causes
}

/// The part of an instance that a property is.
pub(super) fn at_property(witness: &Value, property: Option<&str>) -> Value {
    let inner = property.and_then(|name| witness.get(name));
    inner.unwrap_or(witness).clone()
}

//! `unevaluatedProperties` and `unevaluatedItems` as choices: which branches fit, and that
//! nothing is there but what those name.

use std::collections::BTreeSet;

use super::fact::{Choice, Fact, Items, Literal, Properties, Term};
use crate::contract::schema::{Graph, SchemaId, Type};

/// Most sets of branches that are told apart.
const MOST_WAYS: usize = 32;

/// Most schemas inside of each other that say something of the same instance.
const DEEPEST: usize = 20;

const MANY: &str = "what is unevaluated depends on too much";

/// The demands on what is not evaluated, if there are any.
pub(super) fn parts(graph: &Graph, id: SchemaId, of: Type) -> Option<Choice> {
    let keywords = graph.get(id);
    let rest = match of {
        Type::Object => keywords.unevaluated?,
        Type::Array => keywords.unevaluated_items?,
        _ => return None,
    };
    let Some(ways) = ways(graph, id, DEEPEST, true) else {
        return Some(vec![vec![Fact::Loose(MANY)]]);
    };
    let closed = |way: Way| {
        let mut facts: Vec<Fact> = way.if_true.clone();
        match of {
            Type::Object if !way.all => facts.push(Fact::Properties(way.closed(graph, rest))),
            Type::Array if way.some_items => facts.push(Fact::Loose(MANY)),
            Type::Array if !way.all_items => facts.push(Fact::Items(Items {
                prefix: vec![Term::Schema(graph.anything()); way.items],
                rest: Some(Term::Schema(rest)),
            })),
            _ => {}
        }
        facts
    };
    Some(ways.into_iter().map(closed).collect())
}

/// What is evaluated if some facts are true.
#[derive(Clone, Default)]
struct Way {
    if_true: Vec<Fact>,
    names: BTreeSet<String>,
    patterns: BTreeSet<String>,
    /// Every property is.
    all: bool,
    items: usize,
    /// Every item is.
    all_items: bool,
    /// Items are, wherever they stand.
    some_items: bool,
}

impl Way {
    fn and(mut self, other: &Way) -> Way {
        self.if_true.extend(other.if_true.iter().cloned());
        self.names.extend(other.names.iter().cloned());
        self.patterns.extend(other.patterns.iter().cloned());
        self.all |= other.all;
        self.items = self.items.max(other.items);
        self.all_items |= other.all_items;
        self.some_items |= other.some_items;
        self
    }

    fn with(mut self, fact: Fact) -> Way {
        self.if_true.insert(0, fact);
        self
    }

    fn closed(&self, graph: &Graph, rest: SchemaId) -> Properties {
        let any = Term::Schema(graph.anything());
        let names = self.names.iter();
        let patterns = self.patterns.iter();
        Properties {
            named: names.map(|name| (name.clone(), any)).collect(),
            patterns: patterns.map(|pattern| (pattern.clone(), any)).collect(),
            rest: Some(Term::Schema(rest)),
        }
    }
}

fn is(id: SchemaId, fits: bool) -> Fact {
    Fact::Is(Literal::new(Term::Schema(id), fits))
}

/// All ways in which a schema evaluates; nothing if there are too many.
fn ways(graph: &Graph, id: SchemaId, depth: usize, own: bool) -> Option<Vec<Way>> {
    let depth = depth.checked_sub(1)?;
    let keywords = graph.get(id);
    let inner = |id: SchemaId| ways(graph, id, depth, false);
    let mut all = vec![Way {
        if_true: Vec::new(),
        names: keywords.properties.keys().cloned().collect(),
        patterns: keywords.patterns.keys().cloned().collect(),
        all: keywords.additional.is_some() || (!own && keywords.unevaluated.is_some()),
        items: keywords.prefix.len(),
        all_items: keywords.items.is_some() || (!own && keywords.unevaluated_items.is_some()),
        some_items: keywords.contains.is_some(),
    }];
    for part in &keywords.all_of {
        all = crossed(&all, &inner(*part)?)?;
    }
    for (branches, alone) in [(&keywords.any_of, false), (&keywords.one_of, true)] {
        if branches.is_empty() {
            continue;
        }
        let mut chosen: Vec<Way> = Vec::new();
        for set in subsets(branches.len(), alone)? {
            let mut each = vec![Way::default()];
            for branch in set {
                let id = branches[branch];
                let fits: Vec<Way> = inner(id)?
                    .into_iter()
                    .map(|way| way.with(is(id, true)))
                    .collect();
                each = crossed(&each, &fits)?;
            }
            chosen.extend(each);
        }
        all = crossed(&all, &chosen)?;
    }
    if let Some((test, then, otherwise)) = keywords.condition {
        let mut fits = inner(test)?;
        if let Some(then) = then {
            fits = crossed(&fits, &inner(then)?)?;
        }
        let mut either: Vec<Way> = fits
            .into_iter()
            .map(|way| way.with(is(test, true)))
            .collect();
        let other = otherwise.map_or_else(|| Some(vec![Way::default()]), inner)?;
        either.extend(other.into_iter().map(|way| way.with(is(test, false))));
        all = crossed(&all, &either)?;
    }
    for (name, schema) in &keywords.dependent_schemas {
        let mut either = vec![Way::default().with(Fact::Absent(name.clone()))];
        let present = inner(*schema)?.into_iter();
        either.extend(present.map(|way| way.with(Fact::Present(name.clone()))));
        all = crossed(&all, &either)?;
    }
    Some(all)
}

fn crossed(some: &[Way], others: &[Way]) -> Option<Vec<Way>> {
    if some.len() * others.len() > MOST_WAYS {
        return None;
    }
    let each = some.iter();
    Some(
        each.flat_map(|one| others.iter().map(|other| one.clone().and(other)))
            .collect(),
    )
}

/// The sets of branches that may fit together: each alone, or any of them.
fn subsets(count: usize, alone: bool) -> Option<Vec<Vec<usize>>> {
    if alone {
        return Some((0..count).map(|branch| vec![branch]).collect());
    }
    if count > 4 {
        return None;
    }
    let sets = 1_usize..1 << count;
    Some(
        sets.map(|set| (0..count).filter(|branch| set >> branch & 1 == 1).collect())
            .collect(),
    )
}

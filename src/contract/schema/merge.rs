//! `allOf` as one schema where that says the same, so that a property is compared with the one of
//! that name wherever in the `allOf` it stands.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::{Graph, Keywords, SchemaId, Type};
use crate::contract::number::Exact;

/// Most schemas that are made of two for properties that both name.
const MOST_MADE: usize = 50_000;

/// Merges every `allOf` of the graph as far as it goes.
pub fn merge(graph: &mut Graph) {
    let mut merge = Merge {
        graph,
        done: Vec::new(),
        both: HashMap::default(),
    };
    let mut next = 0;
    while next < merge.graph.len() {
        let id = SchemaId(u32::try_from(next).unwrap_or(u32::MAX));
        merge.from(id);
        next += 1;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

struct Merge<'g> {
    graph: &'g mut Graph,
    done: Vec<State>,
    both: HashMap<(SchemaId, SchemaId), SchemaId>,
}

impl Merge<'_> {
    fn state(&mut self, id: SchemaId) -> &mut State {
        if self.done.len() <= id.index() {
            self.done.resize(id.index() + 1, State::New);
        }
        &mut self.done[id.index()]
    }

    /// Merges a schema after all that stand in its `allOf`.
    fn from(&mut self, root: SchemaId) {
        let mut open = vec![root];
        while let Some(id) = open.last().copied() {
            match *self.state(id) {
                State::New => {
                    *self.state(id) = State::Open;
                    let parts = self.graph.get(id).all_of.clone();
                    let new = parts
                        .into_iter()
                        .filter(|part| *self.state(*part) == State::New);
                    open.extend(new.collect::<Vec<_>>());
                }
                State::Open => {
                    self.flatten(id);
                    *self.state(id) = State::Done;
                    open.pop();
                }
                State::Done => {
                    open.pop();
                }
            }
        }
    }

    fn flatten(&mut self, id: SchemaId) {
        let own = self.graph.get(id);
        let scoped = own.unevaluated.is_some() || own.unevaluated_items.is_some();
        if own.all_of.is_empty() && !scoped {
            return;
        }
        let written = own.clone();
        let mut joined = Keywords {
            all_of: Vec::new(),
            ..written.clone()
        };
        let mut rest = Vec::new();
        for child in &written.all_of {
            // One that is still open leads back to this one.
            let whole = *self.state(*child) == State::Done;
            let both = whole.then(|| self.join(&joined, *child)).flatten();
            match both {
                Some(both) => joined = both,
                None => rest.push(*child),
            }
        }
        joined.all_of = rest;
        fold(&mut joined);
        if joined != written {
            self.graph.written.insert(id, written);
            self.graph.set(id, joined);
        }
    }

    /// What says the same as both together; nothing if no single schema here does.
    fn join(&mut self, a: &Keywords, b: SchemaId) -> Option<Keywords> {
        let b = self.graph.get(b).clone();
        let scoped = b.unevaluated.is_some() || b.unevaluated_items.is_some();
        if scoped || !b.all_of.is_empty() || !b.opaque.is_empty() || self.both.len() > MOST_MADE {
            return None;
        }
        let mut out = a.clone();
        if formats_differ(&out, &b) {
            return None;
        }
        limits(&mut out, &b)?;
        out.never |= b.never;
        out.types = types(a.types.clone(), b.types.clone());
        out.values = match (a.values.clone(), b.values) {
            (Some(a), Some(b)) => Some(a.into_iter().filter(|value| b.contains(value)).collect()),
            (a, b) => a.or(b),
        };
        out.pattern = either(a.pattern.clone(), b.pattern)?;
        out.unique |= b.unique;
        out.read_only |= b.read_only;
        out.write_only |= b.write_only;
        if !a.prefix.is_empty() || a.items.is_some() {
            if !b.prefix.is_empty() || b.items.is_some() {
                return None;
            }
        } else {
            out.prefix = b.prefix;
            out.items = b.items;
        }
        out.contains = either(a.contains, b.contains)?;
        out.names = either(a.names, b.names)?;
        out.not = either(a.not, b.not)?;
        out.condition = either(a.condition, b.condition)?;
        out.any_of = one_list(&a.any_of, b.any_of)?;
        out.one_of = one_list(&a.one_of, b.one_of)?;
        for (name, needed) in b.dependent {
            out.dependent.entry(name).or_default().extend(needed);
        }
        for (name, schema) in b.dependent_schemas {
            if out.dependent_schemas.insert(name, schema).is_some() {
                return None;
            }
        }
        out.required.extend(b.required);
        out.notes = match (out.notes, b.notes) {
            (Some(own), Some(other)) => Some(Box::new(own.and(*other))),
            (own, other) => own.or(other),
        };
        let others = (b.properties, b.patterns, b.additional);
        self.properties(&mut out, a, others)?;
        Some(out)
    }

    fn properties(&mut self, out: &mut Keywords, a: &Keywords, b: Properties) -> Option<()> {
        let (properties, patterns, additional) = b;
        let closed = a.additional.is_some() || additional.is_some();
        if closed && !(a.patterns.is_empty() && patterns.is_empty()) {
            return None;
        }
        let names: BTreeSet<&String> = a.properties.keys().chain(properties.keys()).collect();
        let mut all = BTreeMap::new();
        for name in names {
            let one = a.properties.get(name).copied().or(a.additional);
            let other = properties.get(name).copied().or(additional);
            let schema = match (one, other) {
                (Some(one), Some(other)) => self.both(one, other),
                (one, other) => one.or(other)?,
            };
            all.insert(name.clone(), schema);
        }
        out.properties = all;
        for (pattern, schema) in patterns {
            let known = a.patterns.get(&pattern).copied();
            let schema = known.map_or(schema, |known| self.both(known, schema));
            out.patterns.insert(pattern, schema);
        }
        out.additional = match (a.additional, additional) {
            (Some(one), Some(other)) => Some(self.both(one, other)),
            (one, other) => one.or(other),
        };
        Some(())
    }

    fn both(&mut self, one: SchemaId, other: SchemaId) -> SchemaId {
        let (anything, nothing) = (self.graph.anything(), self.graph.nothing());
        if one == other || other == anything || one == nothing {
            return one;
        }
        if one == anything || other == nothing {
            return other;
        }
        if let Some(known) = self.both.get(&(one, other)) {
            return *known;
        }
        let keywords = Keywords {
            all_of: vec![one, other],
            read_only: self.graph.get(one).read_only || self.graph.get(other).read_only,
            write_only: self.graph.get(one).write_only || self.graph.get(other).write_only,
            ..Keywords::default()
        };
        let made = self.graph.add(keywords, self.graph.span(one));
        self.both.insert((one, other), made);
        made
    }
}

type Properties = (
    BTreeMap<String, SchemaId>,
    BTreeMap<String, SchemaId>,
    Option<SchemaId>,
);

fn types(a: Option<BTreeSet<Type>>, b: Option<BTreeSet<Type>>) -> Option<BTreeSet<Type>> {
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (a, b) => return a.or(b),
    };
    let has = |types: &BTreeSet<Type>, kind: Type| {
        types.contains(&kind) || (kind == Type::Integer && types.contains(&Type::Number))
    };
    let all = a.iter().chain(&b).copied();
    Some(
        all.filter(|kind| has(&a, *kind) && has(&b, *kind))
            .collect(),
    )
}

/// Adds the bounds and counts of another schema; nothing if one can't be compared.
fn limits(out: &mut Keywords, other: &Keywords) -> Option<()> {
    for (name, bound) in &other.numbers {
        let known = out.numbers.get(name).copied();
        let both = known.map_or(Some(*bound), |known| tighter(name, known, *bound))?;
        out.numbers.insert(name, both);
    }
    for (name, count) in &other.counts {
        let both = match out.counts.get(name) {
            None => *count,
            Some(known) if name.starts_with("min") => *known.max(count),
            Some(known) => *known.min(count),
        };
        out.counts.insert(name, both);
    }
    Some(())
}

fn tighter(name: &str, a: Exact, b: Exact) -> Option<Exact> {
    if name == "multipleOf" {
        return a.common_multiple(b);
    }
    let less = a.compare(b)?.is_lt();
    let smallest = name.to_lowercase().ends_with("maximum");
    Some(if less == smallest { a } else { b })
}

/// What is not evaluated is what is not named, where only one place names anything.
fn fold(keywords: &mut Keywords) {
    if !keywords.is_whole() {
        return;
    }
    let rest = keywords.unevaluated.take();
    keywords.additional = keywords.additional.or(rest);
    if keywords.contains.is_none() {
        let rest = keywords.unevaluated_items.take();
        keywords.items = keywords.items.or(rest);
    }
}

fn formats_differ(one: &Keywords, other: &Keywords) -> bool {
    let format = |keywords: &Keywords| keywords.notes.as_ref()?.format.clone();
    matches!((format(one), format(other)), (Some(one), Some(other)) if one != other)
}

/// The one that there is; nothing if there are two that differ.
#[expect(clippy::option_option, reason = "not known, none, or the one")]
fn either<T: PartialEq>(a: Option<T>, b: Option<T>) -> Option<Option<T>> {
    match (a, b) {
        (Some(a), Some(b)) => (a == b).then_some(Some(a)),
        (a, b) => Some(a.or(b)),
    }
}

fn one_list(a: &[SchemaId], b: Vec<SchemaId>) -> Option<Vec<SchemaId>> {
    match (a.is_empty(), b.is_empty()) {
        (_, true) => Some(a.to_vec()),
        (true, false) => Some(b),
        (false, false) => (a == b).then_some(b),
    }
}

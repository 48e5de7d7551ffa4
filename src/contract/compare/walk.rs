//! Pairs of schemas for the same part of a message, from those of operations downwards. Each pair
//! is looked at once, however many operations lead to it.

use foldhash::HashMap;

use super::branch;
use super::parts::{Part, parts};
use crate::contract::contain::{Simulation, View, need};
use crate::contract::schema::{Direction, Keywords, SchemaId};

/// Most pairs of one direction that are looked at.
const MOST_PAIRS: usize = 500_000;

/// What stands for the same part in both contracts.
pub(super) struct Pair {
    pub old: SchemaId,
    pub new: SchemaId,
    pub edges: Vec<Edge>,
    /// What of the wider one is not plainly met by the narrower one.
    pub unmet: Vec<Part>,
}

/// From a pair to one that stands inside of it.
pub(super) struct Edge {
    pub step: Step,
    pub to: usize,
    pub guard: Guard,
}

/// Where the inner pair stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// At the same place: a branch of it.
    Here,
    Property(String),
    Items,
    /// The values of other properties.
    Others,
}

/// What a break of the inner pair means for the outer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// The outer one breaks as well.
    Certain,
    /// It does if this narrower schema does not meet that unmet part.
    Asked(SchemaId, usize),
    /// Nothing: the outer one holds.
    Holds,
}

impl Step {
    pub(super) fn write(&self, way: &mut String) {
        match self {
            Step::Here => {}
            Step::Property(name) => {
                way.push('.');
                way.push_str(name);
            }
            Step::Items => way.push_str("[]"),
            Step::Others => way.push_str(".*"),
        }
    }
}

impl Pair {
    pub(super) fn narrow(&self, direction: Direction) -> SchemaId {
        match direction {
            Direction::Request => self.old,
            Direction::Response => self.new,
        }
    }

    pub(super) fn wide(&self, direction: Direction) -> SchemaId {
        match direction {
            Direction::Request => self.new,
            Direction::Response => self.old,
        }
    }
}

/// All pairs that the roots lead to.
pub(super) struct Walk<'g, 's> {
    pub view: View<'g>,
    pub simulation: &'s mut Simulation,
    pub pairs: Vec<Pair>,
    /// Whether there were more pairs than are looked at.
    pub full: bool,
    known: HashMap<(SchemaId, SchemaId), usize>,
}

impl<'g, 's> Walk<'g, 's> {
    pub(super) fn new(view: View<'g>, simulation: &'s mut Simulation) -> Self {
        Self {
            view,
            simulation,
            pairs: Vec::new(),
            full: false,
            known: HashMap::default(),
        }
    }

    /// The number of a pair; nothing if there is nothing to be told of it.
    pub(super) fn root(&mut self, old: SchemaId, new: SchemaId) -> Option<usize> {
        let mut next = self.pairs.len();
        let root = self.add(old, new)?;
        while next < self.pairs.len() {
            self.look(next);
            next += 1;
        }
        Some(root)
    }

    fn add(&mut self, old: SchemaId, new: SchemaId) -> Option<usize> {
        if self.view.class(old) == self.view.class(new) {
            return None;
        }
        if let Some(known) = self.known.get(&(old, new)) {
            return Some(*known);
        }
        let place = self.pairs.len();
        self.full |= place >= MOST_PAIRS;
        if self.full {
            return None;
        }
        self.known.insert((old, new), place);
        self.pairs.push(Pair {
            old,
            new,
            edges: Vec::new(),
            unmet: Vec::new(),
        });
        Some(place)
    }

    fn look(&mut self, place: usize) {
        let direction = self.view.direction;
        let (narrow, wide) = {
            let pair = &self.pairs[place];
            (pair.narrow(direction), pair.wide(direction))
        };
        let mut unmet = Vec::new();
        if !self.simulation.holds(self.view, narrow, wide) {
            let view = self.view;
            let own = view.get(narrow);
            let simulation = &mut *self.simulation;
            let met = |name: &str, wide: SchemaId| {
                let narrow = own.properties.get(name);
                narrow.is_some_and(|narrow| simulation.holds(view, *narrow, wide))
            };
            for part in parts(view.graph, wide, direction, met) {
                let met = !settled(view, own, &part) && {
                    let need = need(view, narrow, &part.demand);
                    self.simulation.meets(view, &need)
                };
                if !met {
                    unmet.push(part);
                }
            }
        }
        let inner = below(self.view, self.view.get(narrow), self.view.get(wide));
        let told = self.below(place, (narrow, wide), inner, &unmet);
        let branches = self.branches(place, narrow, wide, &unmet);
        let told = |place: usize| told.contains(&place) || branches.contains(&place);
        let unmet = unmet.into_iter().enumerate();
        let mut kept: Vec<Option<usize>> = Vec::new();
        let mut parts = Vec::new();
        for (place, part) in unmet {
            kept.push((!told(place)).then_some(parts.len()));
            if !told(place) {
                parts.push(part);
            }
        }
        for edge in &mut self.pairs[place].edges {
            if let Guard::Asked(narrow, part) = edge.guard {
                let kept = kept.get(part).copied().flatten();
                edge.guard = kept.map_or(Guard::Certain, |part| Guard::Asked(narrow, part));
            }
        }
        self.pairs[place].unmet = parts;
    }

    fn connect(
        &mut self,
        from: usize,
        step: Step,
        guard: Guard,
        (narrow, wide): (SchemaId, SchemaId),
    ) {
        let (old, new) = match self.view.direction {
            Direction::Request => (narrow, wide),
            Direction::Response => (wide, narrow),
        };
        if let Some(to) = self.add(old, new) {
            self.pairs[from].edges.push(Edge { step, to, guard });
        }
    }

    /// Goes to parts of the instance; gives back which of the unmet are told of there.
    fn below(
        &mut self,
        place: usize,
        (narrow, wide): (SchemaId, SchemaId),
        inner: Vec<Inner>,
        unmet: &[Part],
    ) -> Vec<usize> {
        let plain = plain(self.view, self.view.get(narrow));
        let mut told = Vec::new();
        for inner in inner {
            let own = unmet.iter().position(|part| inner.is_about(part));
            let holds = self.simulation.holds(self.view, inner.pair.0, inner.pair.1);
            let guard = match own {
                Some(own) if !holds && plain => {
                    if only(inner.keyword, self.view.get(narrow), self.view.get(wide)) {
                        told.push(own);
                    }
                    Guard::Certain
                }
                // Something else limits that part as well: it is told of from here.
                _ => Guard::Holds,
            };
            self.connect(place, inner.step, guard, inner.pair);
        }
        told
    }

    /// Goes to the branches of `anyOf` and `oneOf`, each with the one that it became.
    fn branches(
        &mut self,
        place: usize,
        narrow: SchemaId,
        wide: SchemaId,
        unmet: &[Part],
    ) -> Vec<usize> {
        let mut told = Vec::new();
        let of = self.view.get(wide);
        for (keyword, branches) in [("anyOf", &of.any_of), ("oneOf", &of.one_of)] {
            if branches.is_empty() {
                continue;
            }
            let own = unmet.iter().position(|part| {
                let demand = &part.demand;
                part.keyword == keyword && [&demand.any_of, &demand.one_of].contains(&branches)
            });
            let matched = {
                let exclusive = keyword == "oneOf";
                branch::matched(self.view, self.simulation, narrow, branches, exclusive)
            };
            let mut certain = own.is_some() && !matched.is_empty();
            for branch in matched {
                let pair = branch.wide.map(|wide| (branch.narrow, wide));
                let guard = match own {
                    Some(own) if !branch.holds && branch.alone => Guard::Asked(branch.narrow, own),
                    _ => Guard::Holds,
                };
                certain &= branch.certain;
                if let Some(pair) = pair.filter(|(a, _)| *a != narrow) {
                    self.connect(place, Step::Here, guard, pair);
                }
            }
            if let (true, Some(own)) = (certain, own) {
                told.push(own);
            }
        }
        told
    }
}

/// Whether a part is about a property of which the narrower one says all at one place. Those that
/// are met have been left out before.
fn settled(view: View<'_>, narrow: &Keywords, part: &Part) -> bool {
    let name = part
        .property
        .as_ref()
        .filter(|_| part.keyword == "properties");
    let own = name.and_then(|name| narrow.properties.get(name));
    own.is_some_and(|own| view.graph.goes(*own, view.direction)) && !narrow.has_branches()
}

struct Inner {
    step: Step,
    keyword: &'static str,
    pair: (SchemaId, SchemaId),
}

impl Inner {
    /// Whether a part demands that, and not the same of another schema of an `allOf`.
    fn is_about(&self, part: &Part) -> bool {
        let property = match &self.step {
            Step::Property(name) => Some(name),
            _ => None,
        };
        part.keyword == self.keyword
            && part.property.as_ref() == property
            && part.demand.children().contains(&self.pair.1)
    }
}

/// The schemas for the same parts of an instance, where they differ.
fn below(view: View<'_>, narrow: &Keywords, wide: &Keywords) -> Vec<Inner> {
    let mut all = Vec::new();
    let mut inner = |step: Step, keyword, pair: (Option<SchemaId>, SchemaId)| {
        let (Some(narrow), wide) = pair else {
            return;
        };
        if view.class(narrow) != view.class(wide) {
            all.push(Inner {
                step,
                keyword,
                pair: (narrow, wide),
            });
        }
    };
    for (name, own, schema) in narrow.beside(wide) {
        if own.is_some_and(|own| view.class(own) != view.class(schema)) {
            inner(Step::Property(name.clone()), "properties", (own, schema));
        }
    }
    for (own, schema) in narrow.prefix.iter().zip(&wide.prefix) {
        inner(Step::Items, "items", (Some(*own), *schema));
    }
    if let Some(schema) = wide.items {
        inner(Step::Items, "items", (narrow.items, schema));
    }
    if let Some(schema) = wide.additional {
        let pair = (narrow.additional, schema);
        inner(Step::Others, "additionalProperties", pair);
    }
    for (pattern, schema) in &wide.patterns {
        let own = narrow.patterns.get(pattern).copied();
        inner(Step::Others, "patternProperties", (own, *schema));
    }
    all
}

/// Whether the pairs inside are all that a demand with that keyword is about.
fn only(keyword: &str, narrow: &Keywords, wide: &Keywords) -> bool {
    match keyword {
        "items" => narrow.prefix.is_empty() && wide.prefix.is_empty(),
        "additionalProperties" => {
            let mut names = narrow.properties.keys();
            let mut patterns = narrow.patterns.keys();
            names.all(|name| wide.properties.contains_key(name))
                && patterns.all(|pattern| wide.patterns.contains_key(pattern))
        }
        _ => true,
    }
}

/// Whether what it says of a part of the instance is all that limits that part, and whether it can
/// be there.
fn plain(view: View<'_>, keywords: &Keywords) -> bool {
    let lists = [&keywords.all_of, &keywords.any_of, &keywords.one_of];
    let none = |name: &str| keywords.counts.get(name) != Some(&0);
    let most = keywords.counts.get("maxProperties");
    let room = most.is_none_or(|most| *most > keywords.required.len() as u64);
    let placed = keywords.prefix.is_empty() || !keywords.counts.contains_key("maxItems");
    let closed = keywords.additional.is_some_and(|id| view.get(id).never);
    let mut required = keywords.required.iter();
    let possible = !closed || required.all(|name| keywords.properties.contains_key(name));
    lists.iter().all(|list| list.is_empty())
        && keywords.not.is_none()
        && keywords.condition.is_none()
        && keywords.values.is_none()
        && keywords.patterns.is_empty()
        && keywords.names.is_none()
        && keywords.contains.is_none()
        && keywords.dependent.is_empty()
        && keywords.dependent_schemas.is_empty()
        && keywords.unevaluated.is_none()
        && keywords.unevaluated_items.is_none()
        && none("maxItems")
        && (room && placed && possible)
}

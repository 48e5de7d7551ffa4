//! All facts on an instance of one type, sorted by what they are about.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fact::{Fact, Items, Literal, Properties, Term};
use crate::contract::number::Exact;
use crate::contract::schema::SchemaId;

#[derive(Debug, Clone, Default)]
pub(super) struct Clause {
    pub allowed: Option<Vec<Value>>,
    pub excluded: Vec<Value>,
    pub above: Vec<(Exact, bool)>,
    pub below: Vec<(Exact, bool)>,
    pub steps: Vec<Exact>,
    pub no_steps: Vec<Exact>,
    pub least: u64,
    pub most: Option<u64>,
    pub patterns: Vec<(String, bool)>,
    pub items: Vec<Items>,
    pub item: Vec<(usize, Literal)>,
    pub item_from: Vec<(usize, Literal)>,
    pub every: Vec<Literal>,
    pub some: Vec<(Literal, u64)>,
    pub distinct: bool,
    pub repeated: bool,
    pub properties: Vec<Properties>,
    pub present: BTreeSet<String>,
    pub absent: BTreeSet<String>,
    pub property: Vec<(String, Literal)>,
    pub other: Vec<(Properties, Literal)>,
    pub matching: Vec<(String, Literal)>,
    pub names: Vec<Literal>,
    pub some_name: Vec<Literal>,
    pub loose: Option<&'static str>,
    /// The literals that are true of the instance as a whole.
    pub seen: BTreeSet<Literal>,
    /// The schemas among them that it fits.
    pub fitting: Vec<SchemaId>,
}

impl Clause {
    fn see(&mut self, literal: Literal) -> bool {
        self.seen.insert(literal);
        if let (Term::Schema(id), true) = (literal.term, literal.fits) {
            self.fitting.push(id);
        }
        !self.seen.contains(&literal.opposite())
    }

    /// Adds a fact; `false` if nothing is left.
    pub(super) fn add(&mut self, fact: Fact) -> bool {
        match fact {
            Fact::Impossible => return false,
            Fact::Any(_) => self.loose = Some("a choice is left open"),
            Fact::Is(literal) => return self.see(literal),
            Fact::OneOf(values) => {
                let both = match self.allowed.take() {
                    Some(allowed) => allowed
                        .into_iter()
                        .filter(|value| values.contains(value))
                        .collect(),
                    None => values,
                };
                let some = !both.is_empty();
                self.allowed = Some(both);
                return some;
            }
            Fact::NoneOf(values) => self.excluded.extend(values),
            Fact::Above(bound, exclusive) => self.above.push((bound, exclusive)),
            Fact::Below(bound, exclusive) => self.below.push((bound, exclusive)),
            Fact::Step(step) => self.steps.push(step),
            Fact::NoStep(step) => self.no_steps.push(step),
            Fact::Least(count) => self.least = self.least.max(count),
            Fact::Most(count) => {
                self.most = Some(self.most.map_or(count, |most| most.min(count)));
            }
            Fact::Pattern(pattern, fits) => self.patterns.push((pattern, fits)),
            Fact::Items(items) => self.items.push(items),
            Fact::Item(place, literal) => {
                self.least = self.least.max(place as u64 + 1);
                self.item.push((place, literal));
            }
            Fact::ItemFrom(from, literal) => self.item_from.push((from, literal)),
            Fact::Every(literal) => self.every.push(literal),
            Fact::Some(literal, count) => {
                self.least = self.least.max(count);
                self.some.push((literal, count));
            }
            Fact::Distinct => self.distinct = true,
            Fact::Repeated => {
                self.least = self.least.max(2);
                self.repeated = true;
            }
            Fact::Properties(properties) => self.properties.push(properties),
            Fact::Present(name) => {
                self.present.insert(name);
            }
            Fact::Absent(name) => {
                self.absent.insert(name);
            }
            Fact::Property(name, literal) => self.property.push((name, literal)),
            Fact::Other(properties, literal) => self.other.push((properties, literal)),
            Fact::Matching(pattern, literal) => self.matching.push((pattern, literal)),
            Fact::Names(literal) => self.names.push(literal),
            Fact::SomeName(literal) => self.some_name.push(literal),
            Fact::Loose(reason) => self.loose = Some(reason),
        }
        let fits = self.most.is_none_or(|most| self.least <= most);
        fits && self.present.is_disjoint(&self.absent)
    }
}

//! Values that fit a schema, by the word of the independent validator.

use std::cell::Cell;

use serde_json::{Map, Number, Value, json};

use super::text;
use crate::chance::Chance;
use crate::contract::contain::{Engine, Verdict};
use crate::contract::schema::{Checker, Direction, Graph, Keywords, SchemaId, Type};
use crate::contract::validate::Survey;

/// How many values are tried before the search for one is made.
const TRIES: u64 = 8;

/// Most schemas inside of each other that optional parts are made for.
const DEEPEST: usize = 5;

/// Most values inside of one; more are only asked for by schemas that need themselves.
const LARGEST: usize = 1_000;

/// Most values inside of each other.
const HIGHEST: usize = 60;

/// How much is said in a value that may be left away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    /// Nothing.
    Least,
    /// All of it.
    Most,
    /// Some of it.
    Some,
}

/// Makes values of the schemas of a contract, to be sent.
pub(super) struct Generator<'c> {
    pub graph: &'c Graph,
    pub classes: &'c [SchemaId],
    pub survey: &'c Survey,
    /// The schema that nothing fits.
    pub never: SchemaId,
    /// How many more values may be made for the one that is being made.
    pub room: Cell<usize>,
}

impl Generator<'_> {
    /// A value that fits; nothing if none was found.
    pub(super) fn value(&self, id: SchemaId, amount: Amount, seed: u64) -> Option<Value> {
        let checker = Checker::new(self.graph, id, Direction::Request);
        for attempt in 0..TRIES {
            let mut chance = Chance::of(seed.wrapping_add(attempt << 32), "value");
            self.room.set(LARGEST);
            let value = self.candidate(&[id], amount, 0, &mut chance);
            // What the validator can't judge is sent as it is.
            if checker.accepts(&value) != Some(false) {
                return Some(value);
            }
        }
        let mut engine = Engine::new(self.graph, self.classes, Direction::Request);
        match engine.contained(id, self.never) {
            Verdict::Broken(value) => Some(value),
            _ => None,
        }
    }

    /// A value that most likely fits all of these schemas.
    fn candidate(
        &self,
        ids: &[SchemaId],
        amount: Amount,
        depth: usize,
        chance: &mut Chance,
    ) -> Value {
        let left = self.room.get().checked_sub(1);
        let Some(left) = left.filter(|_| depth < HIGHEST) else {
            return Value::Null;
        };
        self.room.set(left);
        let all = self.flat(ids, chance);
        let said: Vec<&Keywords> = all.iter().map(|id| self.graph.get(*id)).collect();
        let values = said.iter().find_map(|keywords| keywords.values.as_ref());
        if let Some(value) = values.and_then(|values| chance.pick(values)) {
            return value.clone();
        }
        let examples: Vec<&Value> = all
            .iter()
            .flat_map(|id| self.survey.examples(self.graph.span(*id)))
            .collect();
        // An example is a good value, and not the only one.
        if chance.below(2) == 0
            && let Some(example) = chance.pick(&examples)
        {
            return (*example).clone();
        }
        match kind(&said, chance) {
            Type::Null => Value::Null,
            Type::Boolean => json!(chance.below(2) == 1),
            Type::Integer => number(&said, true, chance),
            Type::Number => number(&said, false, chance),
            Type::String => json!(self.text(&all, &said, chance)),
            Type::Array => self.list(&said, amount, depth, chance),
            Type::Object => self.object(&said, amount, depth, chance),
        }
    }

    /// The schemas that have to hold together: `allOf`, and one way of each choice.
    fn flat(&self, ids: &[SchemaId], chance: &mut Chance) -> Vec<SchemaId> {
        let mut all = Vec::new();
        let mut open = ids.to_vec();
        while let Some(id) = open.pop() {
            if all.contains(&id) {
                continue;
            }
            all.push(id);
            let keywords = self.graph.get(id);
            open.extend(&keywords.all_of);
            open.extend(chance.pick(&keywords.any_of));
            open.extend(chance.pick(&keywords.one_of));
        }
        all
    }

    fn text(&self, all: &[SchemaId], said: &[&Keywords], chance: &mut Chance) -> String {
        if let Some(pattern) = said.iter().find_map(|keywords| keywords.pattern.as_ref())
            && let Some(text) = text::of_pattern(pattern, chance)
        {
            return text;
        }
        let formats = all.iter();
        let mut formats = formats.filter_map(|id| self.survey.formats.get(&self.graph.span(*id)));
        let of_format = formats.find_map(|format| text::of_format(format, chance));
        of_format.unwrap_or_else(|| {
            text::of_length(least(said, "minLength"), most(said, "maxLength"), chance)
        })
    }

    fn list(&self, said: &[&Keywords], amount: Amount, depth: usize, chance: &mut Chance) -> Value {
        let least = least(said, "minItems");
        let more = match amount {
            Amount::Least => 0,
            _ if depth >= DEEPEST => 0,
            Amount::Most => 2,
            Amount::Some => chance.below(3) as u64,
        };
        let most = most(said, "maxItems").unwrap_or(u64::MAX);
        let count = least.saturating_add(more).min(most).max(least).min(100);
        let prefix = said.iter().flat_map(|keywords| &keywords.prefix);
        let prefix: Vec<SchemaId> = prefix.copied().collect();
        let rest: Vec<SchemaId> = said.iter().filter_map(|keywords| keywords.items).collect();
        let contained = said.iter().find_map(|keywords| keywords.contains);
        let items = (0..count).map(|place| {
            let own = usize::try_from(place)
                .ok()
                .and_then(|place| prefix.get(place));
            let mut ids = own.map_or_else(|| rest.clone(), |own| vec![*own]);
            if place == 0 {
                ids.extend(contained);
            }
            self.candidate(&ids, amount, depth + 1, chance)
        });
        items.collect()
    }

    fn object(
        &self,
        said: &[&Keywords],
        amount: Amount,
        depth: usize,
        chance: &mut Chance,
    ) -> Value {
        let required = said.iter().flat_map(|keywords| &keywords.required);
        let required: Vec<&String> = required.collect();
        let known = said.iter().flat_map(|keywords| keywords.properties.keys());
        let mut names: Vec<&String> = required.iter().copied().chain(known).collect();
        names.sort_unstable();
        names.dedup();
        let mut fields = Map::new();
        for name in names {
            let own = said.iter();
            let own = own.filter_map(|keywords| keywords.properties.get(name));
            let ids: Vec<SchemaId> = own.copied().collect();
            if ids.iter().any(|id| self.graph.get(*id).read_only) {
                continue;
            }
            let wanted = required.contains(&name)
                || match amount {
                    _ if depth >= DEEPEST => false,
                    Amount::Least => false,
                    Amount::Most => true,
                    Amount::Some => chance.below(2) == 1,
                };
            if wanted {
                let value = self.candidate(&ids, amount, depth + 1, chance);
                fields.insert(name.clone(), value);
            }
        }
        let others: Vec<SchemaId> = said
            .iter()
            .filter_map(|keywords| keywords.additional)
            .collect();
        let mut more = 0;
        while (fields.len() as u64) < least(said, "minProperties") && more < 100 {
            let value = self.candidate(&others, amount, depth + 1, chance);
            fields.insert(format!("key{more}"), value);
            more += 1;
        }
        Value::Object(fields)
    }
}

/// The type of a value, by what is said of it.
fn kind(said: &[&Keywords], chance: &mut Chance) -> Type {
    let named: Vec<Vec<Type>> = said
        .iter()
        .filter_map(|keywords| Some(keywords.types.as_ref()?.iter().copied().collect()))
        .collect();
    if let Some(first) = named.first() {
        let fits = |kind: &Type| {
            named.iter().all(|types| {
                types.contains(kind) || (*kind == Type::Integer && types.contains(&Type::Number))
            })
        };
        let all: Vec<Type> = first.iter().copied().filter(fits).collect();
        let useful: Vec<Type> = all
            .iter()
            .copied()
            .filter(|kind| *kind != Type::Null)
            .collect();
        let picked = chance.pick(&useful).or_else(|| all.first());
        return picked.copied().unwrap_or(Type::Null);
    }
    let any = |test: fn(&Keywords) -> bool| said.iter().any(|keywords| test(keywords));
    match () {
        () if any(|one| !one.properties.is_empty() || !one.required.is_empty()) => Type::Object,
        () if any(|one| one.additional.is_some()) => Type::Object,
        () if any(|one| one.items.is_some() || !one.prefix.is_empty()) => Type::Array,
        () if any(|one| !one.numbers.is_empty()) => Type::Number,
        () => Type::String,
    }
}

fn least(said: &[&Keywords], name: &str) -> u64 {
    let all = said.iter().filter_map(|keywords| keywords.counts.get(name));
    all.copied().max().unwrap_or_default()
}

fn most(said: &[&Keywords], name: &str) -> Option<u64> {
    let all = said.iter().filter_map(|keywords| keywords.counts.get(name));
    all.copied().min()
}

/// A number near the bounds, since that is where services are wrong.
fn number(said: &[&Keywords], whole: bool, chance: &mut Chance) -> Value {
    let bound = |name: &str| {
        let mut all = said
            .iter()
            .filter_map(|keywords| keywords.numbers.get(name));
        all.find_map(|exact| exact.json()?.as_f64())
    };
    let step = bound("multipleOf").unwrap_or(1.0);
    let low = bound("minimum").or_else(|| bound("exclusiveMinimum").map(|low| low + step));
    let high = bound("maximum").or_else(|| bound("exclusiveMaximum").map(|high| high - step));
    #[expect(clippy::cast_precision_loss, reason = "it is below 10")]
    let by = chance.below(4) as f64 * step;
    let near = match (low, high) {
        (Some(low), Some(high)) if chance.below(2) == 0 => high.min(low + by).max(low),
        (_, Some(high)) => low.map_or(high - by, |low| low.max(high - by)),
        (Some(low), None) => low + by,
        (None, None) => by + step,
    };
    let near = (near / step).ceil() * step;
    let whole_number = near.fract() == 0.0 && near.abs() < 1e15;
    if whole || whole_number {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what is cut off is refused by the validator"
        )]
        return json!(near as i64);
    }
    Number::from_f64(near).map_or(Value::Null, Value::Number)
}

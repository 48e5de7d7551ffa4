//! From a literal to facts on instances of one type, and to choices between facts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fact::{Choice, Fact, Items, Literal, Properties, Term};
use super::{Engine, unevaluated};
use crate::contract::number::Exact;
use crate::contract::schema::{Direction, Graph, Keywords, SchemaId, Type};

/// What a literal says of instances of one type.
#[derive(Default)]
pub(super) struct Expansion {
    pub facts: Vec<Fact>,
    pub choices: Vec<Choice>,
}

impl Engine<'_> {
    pub(super) fn expand(&mut self, literal: Literal, of: Type) -> Expansion {
        let parts = match literal.term {
            Term::Schema(id) if !literal.fits => return self.negation(id, of),
            Term::Constant(index) => self.constant(index, of),
            Term::Schema(id) => self.parts(id, of, true),
        };
        if literal.fits {
            let mut out = all_of(parts);
            if let Term::Schema(id) = literal.term {
                out.choices.extend(exactly_one(self.graph.get(id)));
            }
            return out;
        }
        none_of(&parts, Vec::new())
    }

    fn negation(&mut self, id: SchemaId, of: Type) -> Expansion {
        let parts = self.parts(id, of, false);
        let keywords = self.graph.get(id);
        let possible = !keywords.never && allows(keywords, of);
        let more = if possible {
            none_or_two(keywords)
        } else {
            Vec::new()
        };
        none_of(&parts, more)
    }

    /// What a schema demands: each part is a choice. Empty parts demand nothing. Who sends leaves
    /// out what does not go that way, who receives ignores it.
    fn parts(&mut self, id: SchemaId, of: Type, sends: bool) -> Vec<Choice> {
        let graph = self.graph;
        let keywords = graph.get(id);
        if keywords.never || !allows(keywords, of) {
            return vec![vec![vec![Fact::Impossible]]];
        }
        let mut parts: Vec<Choice> = Vec::new();
        let mut must = |fact: Fact| parts.push(vec![vec![fact]]);
        match of {
            Type::Number => numbers(keywords).into_iter().for_each(&mut must),
            Type::String => {
                size(keywords, "minLength", "maxLength").for_each(&mut must);
                let pattern = keywords.pattern.clone();
                pattern
                    .map(|p| Fact::Pattern(p, true))
                    .into_iter()
                    .for_each(&mut must);
            }
            Type::Array => items(keywords).into_iter().for_each(&mut must),
            Type::Object => {
                size(keywords, "minProperties", "maxProperties").for_each(&mut must);
                properties(graph, keywords, self.direction, sends)
                    .into_iter()
                    .for_each(&mut must);
                parts.extend(dependent(keywords));
            }
            _ => {}
        }
        if let Some(values) = &keywords.values {
            parts.push(self.listed(values, of));
        }
        parts.extend(combinations(keywords));
        parts.extend(unevaluated::parts(graph, id, of));
        if !keywords.opaque.is_empty() {
            parts.push(vec![vec![Fact::Loose(
                "a keyword is used that can't be judged",
            )]]);
        }
        parts
    }

    fn listed(&mut self, values: &[Value], of: Type) -> Choice {
        let values = values.iter().filter(|value| Type::of(value) == of).cloned();
        if matches!(of, Type::Array | Type::Object) {
            return values
                .map(|value| vec![Fact::Is(Literal::new(self.known(value), true))])
                .collect();
        }
        vec![vec![Fact::OneOf(values.collect())]]
    }

    /// The term of a value.
    pub(super) fn known(&mut self, value: Value) -> Term {
        let place = self.constants.iter().position(|known| *known == value);
        Term::Constant(place.unwrap_or_else(|| {
            self.constants.push(value);
            self.constants.len() - 1
        }))
    }

    fn constant(&mut self, index: usize, of: Type) -> Vec<Choice> {
        let value = self.constants[index].clone();
        if Type::of(&value) != of {
            return vec![vec![vec![Fact::Impossible]]];
        }
        let facts = match value {
            Value::Array(items) => {
                let count = items.len() as u64;
                let prefix = items.into_iter().map(|item| self.known(item)).collect();
                let rest = None;
                vec![
                    Fact::Least(count),
                    Fact::Most(count),
                    Fact::Items(Items { prefix, rest }),
                ]
            }
            Value::Object(fields) => {
                let count = fields.len() as u64;
                let mut facts = vec![Fact::Most(count)];
                facts.extend(fields.keys().cloned().map(Fact::Present));
                let named = fields
                    .into_iter()
                    .map(|(name, value)| (name, self.known(value)));
                let named = named.collect();
                facts.push(Fact::Properties(Properties {
                    named,
                    ..Properties::default()
                }));
                facts
            }
            scalar => vec![Fact::OneOf(vec![scalar])],
        };
        facts.into_iter().map(|fact| vec![vec![fact]]).collect()
    }
}

/// The alternatives of which one holds if the choice does not: every one of its alternatives has a
/// fact that is not true.
pub(super) fn opposite(choice: &Choice) -> Choice {
    let ways = |alternative: &Vec<Fact>| alternative.iter().flat_map(negated).collect();
    let mut each: Vec<Choice> = choice.iter().map(ways).collect();
    if each.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    if each.len() == 1 {
        return each.swap_remove(0);
    }
    let all = each.into_iter().flat_map(|mut ways| match ways.len() {
        1 => ways.swap_remove(0),
        _ => vec![Fact::Any(ways)],
    });
    vec![all.collect()]
}

/// Not all of the parts hold, or one of some more alternatives does.
fn none_of(parts: &[Choice], more: Choice) -> Expansion {
    let mut alternatives = more;
    alternatives.extend(parts.iter().flat_map(opposite));
    all_of(vec![alternatives])
}

fn all_of(parts: Vec<Choice>) -> Expansion {
    let mut out = Expansion::default();
    for mut part in parts {
        if part.len() == 1 {
            out.facts.extend(part.swap_remove(0));
        } else {
            out.choices.push(part);
        }
    }
    out
}

fn allows(keywords: &Keywords, of: Type) -> bool {
    keywords.types.as_ref().is_none_or(|types| {
        types.contains(&of) || (of == Type::Number && types.contains(&Type::Integer))
    })
}

fn numbers(keywords: &Keywords) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (name, bound) in &keywords.numbers {
        facts.push(match *name {
            "minimum" => Fact::Above(*bound, false),
            "exclusiveMinimum" => Fact::Above(*bound, true),
            "maximum" => Fact::Below(*bound, false),
            "exclusiveMaximum" => Fact::Below(*bound, true),
            _ => Fact::Step(*bound),
        });
    }
    let types = keywords.types.as_ref();
    if types.is_some_and(|types| !types.contains(&Type::Number)) {
        facts.push(Fact::Step(Exact::whole(1)));
    }
    facts
}

fn size<'k>(
    keywords: &'k Keywords,
    least: &'k str,
    most: &'k str,
) -> impl Iterator<Item = Fact> + use<'k> {
    let count = |name: &str| keywords.counts.get(name).copied();
    let least = count(least).map(Fact::Least);
    least.into_iter().chain(count(most).map(Fact::Most))
}

fn items(keywords: &Keywords) -> Vec<Fact> {
    let mut facts: Vec<Fact> = size(keywords, "minItems", "maxItems").collect();
    if !keywords.prefix.is_empty() || keywords.items.is_some() {
        facts.push(Fact::Items(Items {
            prefix: keywords.prefix.iter().map(|id| Term::Schema(*id)).collect(),
            rest: keywords.items.map(Term::Schema),
        }));
    }
    if keywords.unique {
        facts.push(Fact::Distinct);
    }
    if let Some(contains) = keywords.contains {
        let literal = Literal::new(Term::Schema(contains), true);
        let least = keywords.counts.get("minContains").copied().unwrap_or(1);
        if least > 0 {
            facts.push(Fact::Some(literal, least));
        }
        if keywords.counts.contains_key("maxContains") {
            facts.push(Fact::Loose("`maxContains` is not compared"));
        }
    }
    facts
}

fn properties(graph: &Graph, keywords: &Keywords, direction: Direction, sends: bool) -> Vec<Fact> {
    let mut facts: Vec<Fact> = graph
        .required(keywords, direction)
        .cloned()
        .map(Fact::Present)
        .collect();
    let named = keywords.properties.iter();
    let ignored = if sends {
        graph.nothing()
    } else {
        graph.anything()
    };
    let schema = |name: &String, id: SchemaId| {
        let unsent = graph.is_unsent(keywords, name, direction);
        Term::Schema(if unsent { ignored } else { id })
    };
    let properties = Properties {
        named: named
            .map(|(name, id)| (name.clone(), schema(name, *id)))
            .collect(),
        patterns: keywords
            .patterns
            .iter()
            .map(|(pattern, id)| (pattern.clone(), Term::Schema(*id)))
            .collect(),
        rest: keywords.additional.map(Term::Schema),
    };
    let any = properties.named.is_empty() && properties.patterns.is_empty();
    if !any || properties.rest.is_some() {
        facts.push(Fact::Properties(properties));
    }
    let names = keywords
        .names
        .map(|id| Literal::new(Term::Schema(id), true));
    facts.extend(names.map(Fact::Names));
    facts
}

fn dependent(keywords: &Keywords) -> Vec<Choice> {
    let mut parts = Vec::new();
    for (name, needed) in &keywords.dependent {
        let needed: BTreeSet<_> = needed.iter().cloned().collect();
        let present = needed.into_iter().map(Fact::Present).collect();
        parts.push(vec![vec![Fact::Absent(name.clone())], present]);
    }
    for (name, id) in &keywords.dependent_schemas {
        let fits = Fact::Is(Literal::new(Term::Schema(*id), true));
        parts.push(vec![vec![Fact::Absent(name.clone())], vec![fits]]);
    }
    parts
}

fn combinations(keywords: &Keywords) -> Vec<Choice> {
    let is = |id: SchemaId, fits| Fact::Is(Literal::new(Term::Schema(id), fits));
    let mut parts: Vec<Choice> = Vec::new();
    parts.extend(keywords.all_of.iter().map(|id| vec![vec![is(*id, true)]]));
    if !keywords.any_of.is_empty() {
        parts.push(
            keywords
                .any_of
                .iter()
                .map(|id| vec![is(*id, true)])
                .collect(),
        );
    }
    parts.extend(keywords.not.map(|id| vec![vec![is(id, false)]]));
    if let Some((test, then, otherwise)) = keywords.condition {
        let branch = |id: Option<SchemaId>| id.map(|id| is(id, true));
        parts.extend(branch(then).map(|then| vec![vec![is(test, false)], vec![then]]));
        parts.extend(branch(otherwise).map(|other| vec![vec![is(test, true)], vec![other]]));
    }
    parts
}

fn exactly_one(keywords: &Keywords) -> Option<Choice> {
    let is = |id: SchemaId, fits| Fact::Is(Literal::new(Term::Schema(id), fits));
    let one = &keywords.one_of;
    let alternative = |chosen: usize| {
        let each = one.iter().enumerate();
        each.map(|(place, id)| is(*id, place == chosen)).collect()
    };
    (!one.is_empty()).then(|| (0..one.len()).map(alternative).collect())
}

fn none_or_two(keywords: &Keywords) -> Choice {
    let is = |id: SchemaId, fits| Fact::Is(Literal::new(Term::Schema(id), fits));
    let one = &keywords.one_of;
    if one.is_empty() {
        return Vec::new();
    }
    let mut ways: Choice = vec![one.iter().map(|id| is(*id, false)).collect()];
    for (place, first) in one.iter().enumerate() {
        let later = one[place + 1..].iter();
        let second: Choice = later.map(|id| vec![is(*id, true)]).collect();
        if !second.is_empty() {
            ways.push(vec![is(*first, true), Fact::Any(second)]);
        }
    }
    ways
}

/// The alternatives of which one holds if the fact does not.
fn negated(fact: &Fact) -> Choice {
    let one = |fact: Fact| vec![vec![fact]];
    match fact {
        Fact::Is(literal) => one(Fact::Is(literal.opposite())),
        Fact::Any(choice) => opposite(choice),
        Fact::Impossible => vec![Vec::new()],
        Fact::OneOf(values) => one(Fact::NoneOf(values.clone())),
        Fact::NoneOf(values) => one(Fact::OneOf(values.clone())),
        Fact::Above(bound, exclusive) => one(Fact::Below(*bound, !exclusive)),
        Fact::Below(bound, exclusive) => one(Fact::Above(*bound, !exclusive)),
        Fact::Step(step) => one(Fact::NoStep(*step)),
        Fact::NoStep(step) => one(Fact::Step(*step)),
        Fact::Least(0) => Vec::new(),
        Fact::Least(count) => one(Fact::Most(count - 1)),
        Fact::Most(count) => one(Fact::Least(count + 1)),
        Fact::Pattern(pattern, fits) => one(Fact::Pattern(pattern.clone(), !fits)),
        Fact::Items(items) => {
            let literals = items.prefix.iter().enumerate();
            let mut ways: Choice = literals
                .map(|(place, term)| vec![Fact::Item(place, Literal::new(*term, false))])
                .collect();
            let from = items.prefix.len();
            let rest = items.rest.map(|term| Literal::new(term, false));
            ways.extend(rest.map(|literal| vec![Fact::ItemFrom(from, literal)]));
            ways
        }
        Fact::Some(literal, 1) => one(Fact::Every(literal.opposite())),
        Fact::Some(literal, _) => vec![
            vec![Fact::Every(literal.opposite())],
            vec![Fact::Loose("`minContains` is not compared")],
        ],
        Fact::Distinct => one(Fact::Repeated),
        Fact::Present(name) => one(Fact::Absent(name.clone())),
        Fact::Absent(name) => one(Fact::Present(name.clone())),
        Fact::Properties(properties) => without(properties),
        Fact::Names(literal) => one(Fact::SomeName(literal.opposite())),
        // These come from negations only; leaving their opposite out is wide.
        other => match other {
            Fact::Loose(reason) => one(Fact::Loose(reason)),
            _ => one(Fact::Loose("a double negation is not compared")),
        },
    }
}

fn without(properties: &Properties) -> Choice {
    let mut ways: Choice = Vec::new();
    for (name, term) in &properties.named {
        let literal = Literal::new(*term, false);
        ways.push(vec![
            Fact::Present(name.clone()),
            Fact::Property(name.clone(), literal),
        ]);
    }
    for (pattern, term) in &properties.patterns {
        ways.push(vec![Fact::Matching(
            pattern.clone(),
            Literal::new(*term, false),
        )]);
    }
    if let Some(rest) = properties.rest {
        ways.push(vec![Fact::Other(
            properties.clone(),
            Literal::new(rest, false),
        )]);
    }
    ways
}

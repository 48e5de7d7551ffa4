//! An object that has what it must, and whose properties all fit.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::clause::Clause;
use super::fact::Literal;
use super::search::better;
use super::{Engine, Outcome, regular, text};

/// Most patterns of names whose sets are gone through.
const MOST_PATTERNS: usize = 4;

/// Most properties that are added to reach a number of them.
const MOST_ADDED: u64 = 64;

const UNREADABLE: &str = "a pattern of names can't be read";
const PATTERNS: &str = "several patterns of names are not compared";

impl Engine<'_> {
    pub(super) fn map(&mut self, clause: &Clause) -> Outcome {
        let mut clause = clause.clone();
        if let Some(literal) = clause.some_name.pop() {
            return self.with_name(&clause, literal);
        }
        if let Some((pattern, literal)) = clause.matching.pop() {
            let mut names = known_names(&clause);
            let (more, exact) = representatives(&clause, &[&pattern], &[], &names);
            names.retain(|name| text::matches(&pattern, name) != Some(false));
            names.extend(more);
            return self.among(&clause, names, literal, exact);
        }
        if let Some((properties, literal)) = clause.other.pop() {
            let mut names = known_names(&clause);
            let own = properties.patterns.iter();
            let own: Vec<&str> = own.map(|(pattern, _)| pattern.as_str()).collect();
            let mut taken = names.clone();
            taken.extend(properties.named.keys().cloned());
            let (more, exact) = representatives(&clause, &[], &own, &taken);
            names.extend(more);
            names.retain(|name| properties.knows(name) == Some(false));
            return self.among(&clause, names, literal, exact);
        }
        self.full(&clause)
    }

    /// One of the names is there, and its value fits.
    fn among(
        &mut self,
        clause: &Clause,
        names: BTreeSet<String>,
        literal: Literal,
        exact: bool,
    ) -> Outcome {
        let mut best = if exact {
            Outcome::Empty
        } else {
            Outcome::Unknown(PATTERNS, None)
        };
        for name in names {
            if clause.absent.contains(&name) {
                continue;
            }
            let mut clause = clause.clone();
            clause.present.insert(name.clone());
            clause.property.push((name, literal));
            let outcome = self.map(&clause);
            if let Some(found) = better(&mut best, outcome) {
                return found;
            }
        }
        best
    }

    fn with_name(&mut self, clause: &Clause, literal: Literal) -> Outcome {
        let literals = [clause.names.clone(), vec![literal]].concat();
        match self.instance(literals) {
            Outcome::Found(Value::String(name)) => {
                let mut clause = clause.clone();
                clause.present.insert(name);
                match self.map(&clause) {
                    Outcome::Empty => Outcome::Unknown("`propertyNames` with other limits", None),
                    other => other,
                }
            }
            // A name is a text; that another value would fit says nothing.
            Outcome::Found(_) => Outcome::Unknown("`propertyNames` is not compared", None),
            other => other,
        }
    }

    fn full(&mut self, clause: &Clause) -> Outcome {
        if !clause.present.is_disjoint(&clause.absent) {
            return Outcome::Empty;
        }
        let mut made = Map::new();
        let mut unknown = None;
        for name in &clause.present {
            match self.value(clause, name) {
                Outcome::Empty => return Outcome::Empty,
                Outcome::Found(value) => {
                    made.insert(name.clone(), value);
                }
                Outcome::Unknown(reason, value) => {
                    unknown = Some(reason);
                    made.insert(name.clone(), value.unwrap_or_default());
                }
            }
        }
        let count = made.len() as u64;
        if clause.most.is_some_and(|most| count > most) {
            return Outcome::Empty;
        }
        if count < clause.least
            && let Some(short) = self.grow(clause, &mut made)
        {
            return short;
        }
        match unknown {
            Some(reason) => Outcome::Unknown(reason, Some(made.into())),
            None => Outcome::Found(made.into()),
        }
    }

    /// Adds properties that may be there; gives back why there are not enough.
    fn grow(&mut self, clause: &Clause, made: &mut Map<String, Value>) -> Option<Outcome> {
        if clause.least > MOST_ADDED {
            return Some(Outcome::Unknown("the object would be too large", None));
        }
        let mut names: Vec<String> = known_names(clause).into_iter().collect();
        names.extend(samples(clause));
        for _ in 0..clause.least {
            names.extend(fresh(clause, &[], &names));
        }
        let mut reason = None;
        for name in names {
            if made.len() as u64 >= clause.least {
                break;
            }
            if clause.absent.contains(&name) || made.contains_key(&name) {
                continue;
            }
            match self.value(clause, &name) {
                Outcome::Found(value) => {
                    made.insert(name, value);
                }
                Outcome::Empty => {}
                Outcome::Unknown(why, _) => reason = Some(why),
            }
        }
        if made.len() as u64 >= clause.least {
            return None;
        }
        let names_free = clause.names.is_empty() && patterns(clause).is_empty();
        let reason = reason.or((!names_free).then_some(PATTERNS));
        Some(reason.map_or(Outcome::Empty, |why| Outcome::Unknown(why, None)))
    }

    /// A value for a name.
    fn value(&mut self, clause: &Clause, name: &str) -> Outcome {
        let mut literals = Vec::new();
        for properties in &clause.properties {
            let mut knows = false;
            if let Some(term) = properties.named.get(name) {
                knows = true;
                literals.push(Literal::new(*term, true));
            }
            for (pattern, term) in &properties.patterns {
                match text::matches(pattern, name) {
                    Some(true) => {
                        knows = true;
                        literals.push(Literal::new(*term, true));
                    }
                    Some(false) => {}
                    None => return Outcome::Unknown(UNREADABLE, None),
                }
            }
            if let (false, Some(rest)) = (knows, properties.rest) {
                literals.push(Literal::new(rest, true));
            }
        }
        let own = clause.property.iter().filter(|(own, _)| own == name);
        literals.extend(own.map(|(_, literal)| *literal));
        if !clause.names.is_empty() {
            let known = self.known(Value::String(name.to_owned()));
            let as_name = [clause.names.clone(), vec![Literal::new(known, true)]].concat();
            match self.instance(as_name) {
                Outcome::Found(_) => {}
                other => return other,
            }
        }
        self.instance(literals)
    }
}

/// Every name that is spoken of.
fn known_names(clause: &Clause) -> BTreeSet<String> {
    let named = clause.properties.iter().flat_map(|p| p.named.keys());
    let other = clause.other.iter().flat_map(|(p, _)| p.named.keys());
    let own = clause.property.iter().map(|(name, _)| name);
    let all = named.chain(other).chain(own).chain(&clause.present);
    all.chain(&clause.absent).cloned().collect()
}

/// Every pattern of names that is spoken of.
fn patterns(clause: &Clause) -> BTreeSet<String> {
    let maps = clause.properties.iter();
    let maps = maps.chain(clause.other.iter().map(|(properties, _)| properties));
    let mut all: BTreeSet<String> = maps
        .flat_map(|properties| {
            properties
                .patterns
                .iter()
                .map(|(pattern, _)| pattern.clone())
        })
        .collect();
    all.extend(clause.matching.iter().map(|(pattern, _)| pattern.clone()));
    all
}

/// Names that nobody speaks of, one for every set of patterns that a name can match, and whether
/// no name behaves in another way.
fn representatives(
    clause: &Clause,
    wanted: &[&str],
    unwanted: &[&str],
    taken: &BTreeSet<String>,
) -> (BTreeSet<String>, bool) {
    let all = patterns(clause);
    let settled = |pattern: &&str| wanted.contains(pattern) || unwanted.contains(pattern);
    let others = all.iter().map(String::as_str);
    let others: Vec<&str> = others.filter(|pattern| !settled(pattern)).collect();
    if others.len() > MOST_PATTERNS {
        return (samples(clause), false);
    }
    let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
    let mut exact = clause.names.is_empty();
    let mut names = BTreeSet::new();
    for set in 0..1_u32 << others.len() {
        let (mut matched, mut missed) = (wanted.to_vec(), unwanted.to_vec());
        for (place, pattern) in others.iter().enumerate() {
            let side = if set >> place & 1 == 1 {
                &mut matched
            } else {
                &mut missed
            };
            side.push(pattern);
        }
        match regular::find(&matched, &missed, &taken, 0, None) {
            Outcome::Found(Value::String(name)) => {
                names.insert(name);
            }
            Outcome::Empty => {}
            _ => exact = false,
        }
    }
    (names, exact)
}

/// A name for every pattern.
fn samples(clause: &Clause) -> BTreeSet<String> {
    let found = |pattern: &String| match regular::find(&[pattern], &[], &[], 0, None) {
        Outcome::Found(Value::String(name)) => Some(name),
        _ => None,
    };
    patterns(clause).iter().filter_map(found).collect()
}

/// A name that nobody speaks of and that matches no pattern.
fn fresh(clause: &Clause, avoided: &[&str], taken: &[String]) -> Option<String> {
    let patterns = patterns(clause);
    let names = std::iter::once("other".to_owned()).chain((1..200).map(|n| format!("other{n}")));
    let mut free = names.filter(|name| !taken.contains(name)).filter(|name| {
        let mut all = patterns
            .iter()
            .map(String::as_str)
            .chain(avoided.iter().copied());
        all.all(|pattern| text::matches(pattern, name) != Some(true))
    });
    free.next()
}

//! The search for an instance on which all literals are true.

use std::rc::Rc;

use serde_json::Value;

use super::clause::Clause;
use super::demand::disjoint;
use super::fact::{Choice, Fact, KINDS, Literal, Term};
use super::{Engine, MOST_STEPS, Outcome};
use crate::contract::schema::{SchemaId, Type};

const TOO_LONG: &str = "the schemas are too entangled to be compared";

impl Engine<'_> {
    /// An instance on which all literals are true.
    pub(super) fn instance(&mut self, literals: Vec<Literal>) -> Outcome {
        let question = self.normal(literals);
        if let Some(known) = self.memo.get(&question) {
            return known.clone();
        }
        if self.refuted(&question) {
            return Outcome::Empty;
        }
        if let Some(lowest) = self.assumed.get(&question).copied() {
            self.rests_on(lowest);
            return Outcome::Empty;
        }
        let clash = |literal: &Literal| question.binary_search(&literal.opposite()).is_ok();
        if question.iter().any(clash) {
            return Outcome::Empty;
        }
        if let Some(place) = self.open.iter().position(|(open, _)| *open == question) {
            // An instance that needs itself is no finite one, so this way leads to none.
            self.rests_on(place);
            return Outcome::Empty;
        }
        if self.depth >= self.deepest {
            return Outcome::Unknown(TOO_LONG, None);
        }
        let own = self.open.len();
        let mark = self.assumptions.len();
        self.open.push((question.clone(), own));
        self.depth += 1;
        let outcome = self.any_kind(&question);
        self.depth -= 1;
        let lowest = self.open.pop().map_or(own, |(_, lowest)| lowest);
        self.close(question, &outcome, (own, lowest), mark);
        outcome
    }

    /// Whether what has to fit is proven to be in what must not.
    fn refuted(&mut self, question: &[Literal]) -> bool {
        let view = self.view();
        let schema = |literal: &Literal| match literal.term {
            Term::Schema(id) => Some(id),
            Term::Constant(_) => None,
        };
        let of = |fits: bool| {
            let literals = question.iter().filter(move |literal| literal.fits == fits);
            literals.filter_map(schema).collect::<Vec<_>>()
        };
        let (narrow, wide) = (of(true), of(false));
        let mut pairs = narrow
            .iter()
            .flat_map(|narrow| wide.iter().map(move |wide| (*narrow, *wide)));
        pairs.any(|(narrow, wide)| self.simulation.holds(view, narrow, wide))
    }

    /// How far away an instance is that an alternative leads to; nothing if there is none.
    fn distance(&mut self, facts: &[Fact], clause: &Clause) -> Option<u32> {
        let view = self.view();
        let mut farthest = 0;
        for fact in facts {
            let (literal, narrow): (Literal, Vec<SchemaId>) = match fact {
                Fact::Is(literal) => (*literal, clause.fitting.clone()),
                Fact::Property(name, literal) => {
                    let maps = clause.properties.iter();
                    let terms = maps.filter_map(|map| map.named.get(name));
                    let ids = terms.filter_map(|term| match term {
                        Term::Schema(id) => Some(*id),
                        Term::Constant(_) => None,
                    });
                    (*literal, ids.collect())
                }
                _ => continue,
            };
            let (Term::Schema(wide), false) = (literal.term, literal.fits) else {
                continue;
            };
            for narrow in narrow {
                farthest = farthest.max(self.simulation.rank(view, narrow, wide)?);
            }
        }
        Some(farthest)
    }

    /// What is being answered now holds only if the open question of that number has no instance.
    fn rests_on(&mut self, place: usize) {
        for (_, lowest) in &mut self.open[place..] {
            *lowest = (*lowest).min(place);
        }
    }

    /// Keeps an answer. "None" that rests on an open question is known when that is answered.
    fn close(
        &mut self,
        question: Vec<Literal>,
        outcome: &Outcome,
        (own, lowest): (usize, usize),
        mark: usize,
    ) {
        let later = self.assumptions.split_off(mark);
        let empty = *outcome == Outcome::Empty;
        for earlier in later {
            let Some(rests) = self.assumed.remove(&earlier) else {
                continue;
            };
            if empty && lowest >= own {
                self.memo.insert(earlier, Outcome::Empty);
            } else if empty {
                self.assumed.insert(earlier.clone(), rests.min(lowest));
                self.assumptions.push(earlier);
            }
        }
        if empty && lowest < own {
            self.assumed.insert(question.clone(), lowest);
            self.assumptions.push(question);
        } else {
            self.memo.insert(question, outcome.clone());
        }
    }

    fn normal(&self, mut literals: Vec<Literal>) -> Vec<Literal> {
        for literal in &mut literals {
            if let Term::Schema(id) = literal.term {
                literal.term = Term::Schema(self.class(id));
            }
        }
        literals.sort_unstable();
        literals.dedup();
        literals
    }

    fn any_kind(&mut self, question: &[Literal]) -> Outcome {
        let mut best = Outcome::Empty;
        for of in KINDS {
            let facts = question.iter().copied().map(Fact::Is).collect();
            let outcome = self.search(*of, Clause::default(), facts, Vec::new());
            if let Some(found) = better(&mut best, outcome) {
                return found;
            }
        }
        best
    }

    fn search(
        &mut self,
        of: Type,
        mut clause: Clause,
        mut facts: Vec<Fact>,
        mut choices: Vec<Rc<Choice>>,
    ) -> Outcome {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.depth >= self.deepest {
            return Outcome::Unknown(TOO_LONG, None);
        }
        // What fits rules out most of what else is asked.
        facts.sort_by_key(fits);
        while let Some(fact) = facts.pop() {
            self.steps += 1;
            let fact = match fact {
                Fact::Any(choice) => {
                    choices.push(Rc::new(choice));
                    continue;
                }
                fact => fact,
            };
            let literal = match &fact {
                Fact::Is(literal) => Some(self.normal(vec![*literal])[0]),
                _ => None,
            };
            let Some(literal) = literal else {
                if !clause.add(fact) {
                    return Outcome::Empty;
                }
                continue;
            };
            if clause.seen.contains(&literal) {
                continue;
            }
            match (self.excludes(&clause, literal), literal.fits) {
                (true, true) => return Outcome::Empty,
                (true, false) => {
                    clause.seen.insert(literal);
                    continue;
                }
                _ => {}
            }
            if !clause.add(Fact::Is(literal)) {
                return Outcome::Empty;
            }
            let expansion = self.expand(literal, of);
            facts.extend(expansion.facts);
            choices.extend(expansion.choices.into_iter().map(Rc::new));
        }
        choices.retain(|choice| !settled(choice, &clause));
        let smallest = (0..choices.len()).min_by_key(|place| choices[*place].len());
        let Some(smallest) = smallest else {
            return self.leaf(of, &clause);
        };
        let choice = choices.swap_remove(smallest);
        let choice = self.nearest_first(&choice, &clause);
        let mut best = Outcome::Empty;
        self.depth += 1;
        for facts in choice {
            let outcome = self.search(of, clause.clone(), facts, choices.clone());
            if let Some(found) = better(&mut best, outcome) {
                self.depth -= 1;
                return found;
            }
        }
        self.depth -= 1;
        best
    }

    /// The alternatives that are not ruled out at a glance.
    fn nearest_first(&mut self, choice: &Choice, clause: &Clause) -> Choice {
        let each = choice.iter().filter_map(|facts| {
            let ruled_out = |fact: &Fact| match fact {
                Fact::Is(literal) => literal.fits && self.excludes(clause, *literal),
                _ => false,
            };
            if facts.iter().any(ruled_out) {
                return None;
            }
            let distance = self.distance(facts, clause)?;
            Some((distance, facts))
        });
        let mut each: Vec<_> = each.collect();
        each.sort_by_key(|(distance, _)| *distance);
        each.into_iter().map(|(_, facts)| facts.clone()).collect()
    }

    /// Whether it is plain that what fits so far is no instance of that schema.
    fn excludes(&self, clause: &Clause, literal: Literal) -> bool {
        let Term::Schema(id) = literal.term else {
            return false;
        };
        let view = self.view();
        let mut fitting = clause.fitting.iter();
        fitting.any(|other| disjoint(view, id, *other, 0))
    }

    fn leaf(&mut self, of: Type, clause: &Clause) -> Outcome {
        let outcome = match of {
            Type::Null => Outcome::Found(Value::Null),
            Type::Boolean => [true, false]
                .map(Value::Bool)
                .into_iter()
                .find(|value| allowed(clause, value))
                .map_or(Outcome::Empty, Outcome::Found),
            Type::Number | Type::Integer => super::numbers::solve(clause),
            Type::String => super::text::solve(clause),
            Type::Array => self.list(clause),
            Type::Object => self.map(clause),
        };
        let outcome = match outcome {
            Outcome::Found(value) if !allowed(clause, &value) => Outcome::Empty,
            other => other,
        };
        match (outcome, clause.loose) {
            (Outcome::Found(value), Some(reason)) => Outcome::Unknown(reason, Some(value)),
            (outcome, _) => outcome,
        }
    }
}

fn fits(fact: &Fact) -> bool {
    matches!(fact, Fact::Is(literal) if literal.fits)
}

/// Whether one of the alternatives is true already.
fn settled(choice: &Choice, clause: &Clause) -> bool {
    choice.iter().any(|facts| {
        facts.iter().all(|fact| match fact {
            Fact::Is(literal) => clause.seen.contains(literal),
            Fact::Absent(name) => clause.absent.contains(name),
            Fact::Present(name) => clause.present.contains(name),
            _ => false,
        })
    })
}

/// Whether a scalar is one of those that may be.
pub(super) fn allowed(clause: &Clause, value: &Value) -> bool {
    let listed = clause.allowed.as_ref();
    listed.is_none_or(|values| values.contains(value)) && !clause.excluded.contains(value)
}

/// Keeps what is known best so far; gives it back if it can't become better.
pub(super) fn better(best: &mut Outcome, outcome: Outcome) -> Option<Outcome> {
    match (&*best, outcome) {
        (_, Outcome::Found(value)) => return Some(Outcome::Found(value)),
        (_, Outcome::Empty) | (Outcome::Unknown(_, Some(_)), _) => {}
        (_, unknown) => *best = unknown,
    }
    None
}

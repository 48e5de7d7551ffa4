//! A list that is long enough and whose items all fit.

use serde_json::Value;

use super::clause::Clause;
use super::fact::{Literal, Term};
use super::{Engine, Outcome};
use crate::contract::contain::search::better;

/// Longest list that is written as a witness.
const LONGEST: usize = 1_000;

/// Most items that are made to differ from each other.
const MOST_DISTINCT: usize = 64;

impl Engine<'_> {
    pub(super) fn list(&mut self, clause: &Clause) -> Outcome {
        let prefix = clause.items.iter().map(|items| items.prefix.len());
        let fixed = clause.item.iter().map(|(place, _)| place + 1);
        let from = clause.item_from.iter().map(|(from, _)| *from);
        let last = prefix.chain(fixed).chain(from).max().unwrap_or(0);
        // Behind the last place that is named, all places are alike.
        let Some(((from, literal), others)) = clause.item_from.split_first() else {
            return self.placed(clause, last);
        };
        let mut best = Outcome::Empty;
        for place in *from..=last + others.len() {
            let mut clause = clause.clone();
            clause.item_from = others.to_vec();
            clause.item.push((place, *literal));
            clause.least = clause.least.max(place as u64 + 1);
            if clause.most.is_some_and(|most| most < clause.least) {
                break;
            }
            let outcome = self.list(&clause);
            if let Some(found) = better(&mut best, outcome) {
                return found;
            }
        }
        best
    }

    fn placed(&mut self, clause: &Clause, last: usize) -> Outcome {
        if clause.repeated {
            return self.repeated(clause, last);
        }
        let Some((literal, count)) = clause.some.first().copied() else {
            return self.fill(clause, last);
        };
        let mut rest = clause.clone();
        rest.some.remove(0);
        if self.placed(&rest, last) == Outcome::Empty {
            return Outcome::Empty;
        }
        self.containing(&rest, last, literal, count)
    }

    /// Puts items that fit one literal at the first places where they can be.
    fn containing(
        &mut self,
        clause: &Clause,
        last: usize,
        literal: Literal,
        count: u64,
    ) -> Outcome {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        if count > LONGEST {
            return Outcome::Unknown("the list would be too long", None);
        }
        let mut reason = None;
        let mut able = Vec::new();
        for place in 0..last + count {
            if clause.most.is_some_and(|most| place as u64 >= most) {
                break;
            }
            match self.instance([literals(clause, place), vec![literal]].concat()) {
                Outcome::Empty => {}
                Outcome::Found(_) => able.push(place),
                Outcome::Unknown(why, _) => reason = Some(why),
            }
        }
        if able.len() < count {
            return reason.map_or(Outcome::Empty, |why| Outcome::Unknown(why, None));
        }
        let mut chosen = clause.clone();
        for place in able.into_iter().take(count) {
            chosen.item.push((place, literal));
            chosen.least = chosen.least.max(place as u64 + 1);
        }
        match self.placed(&chosen, last) {
            Outcome::Empty if count > 0 => {
                Outcome::Unknown("`contains` with other limits is not compared", None)
            }
            other => other,
        }
    }

    fn repeated(&mut self, clause: &Clause, last: usize) -> Outcome {
        let mut once = clause.clone();
        once.repeated = false;
        if clause.distinct || self.placed(&once, last) == Outcome::Empty {
            return Outcome::Empty;
        }
        let mut best = Outcome::Empty;
        for second in 1..last + 2 {
            for first in 0..second {
                let mut same = clause.clone();
                same.repeated = false;
                let both = [literals(clause, first), literals(clause, second)].concat();
                let outcome = match self.instance(both) {
                    Outcome::Found(value) => {
                        let constant = Literal::new(self.known(value), true);
                        same.item.extend([(first, constant), (second, constant)]);
                        same.least = same.least.max(second as u64 + 1);
                        if same.most.is_some_and(|most| most < same.least) {
                            continue;
                        }
                        match self.placed(&same, last) {
                            Outcome::Empty => {
                                Outcome::Unknown("`uniqueItems` is not compared", None)
                            }
                            other => other,
                        }
                    }
                    other => other,
                };
                if let Some(found) = better(&mut best, outcome) {
                    return found;
                }
            }
        }
        best
    }

    fn fill(&mut self, clause: &Clause, last: usize) -> Outcome {
        let count = usize::try_from(clause.least).unwrap_or(usize::MAX);
        // Behind the last place that is named all are alike, so one of them speaks for all.
        for place in 0..count.min(last + 1) {
            if self.instance(literals(clause, place)) == Outcome::Empty {
                return Outcome::Empty;
            }
        }
        if count > LONGEST || (clause.distinct && count > MOST_DISTINCT) {
            return Outcome::Unknown("the list would be too long", None);
        }
        let mut items: Vec<Value> = Vec::new();
        let (mut unknown, mut alike) = (None, true);
        for place in 0..count {
            let mut own = literals(clause, place);
            alike &= own == literals(clause, 0);
            if clause.distinct {
                for item in &items {
                    let known = self.known(item.clone());
                    own.push(Literal::new(known, false));
                }
            }
            match self.instance(own) {
                Outcome::Found(value) => items.push(value),
                Outcome::Empty if clause.distinct && !items.is_empty() && !alike => {
                    return Outcome::Unknown("`uniqueItems` with other limits", None);
                }
                Outcome::Empty => return Outcome::Empty,
                Outcome::Unknown(reason, value) => {
                    unknown = Some(reason);
                    items.push(value.unwrap_or_default());
                }
            }
        }
        match unknown {
            Some(reason) => Outcome::Unknown(reason, Some(items.into())),
            None => Outcome::Found(items.into()),
        }
    }
}

/// All that is true of the item at a place.
fn literals(clause: &Clause, place: usize) -> Vec<Literal> {
    let of = |items: &super::fact::Items| -> Option<Term> {
        items.prefix.get(place).copied().or(items.rest)
    };
    let terms = clause.items.iter().filter_map(of);
    let mut all: Vec<Literal> = terms.map(|term| Literal::new(term, true)).collect();
    all.extend(&clause.every);
    let own = clause.item.iter().filter(|(at, _)| *at == place);
    all.extend(own.map(|(_, literal)| *literal));
    all
}

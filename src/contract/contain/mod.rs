//! Whether every instance of one schema is an instance of another.
//!
//! `A ⊆ B` holds if no instance is in `A` and not in `B`. So one question is asked: is there an
//! instance on which all of these literals are true? A literal is a schema or its negation. What
//! a search leaves out, it leaves out in the wide direction: "none" is then still true, and an
//! instance that was found is shown to an independent validator before anybody hears of it.

mod clause;
mod expand;
mod fact;
mod list;
mod map;
mod numbers;
mod regular;
mod search;
#[cfg(test)]
mod tests;
mod text;

use std::collections::HashMap;

use serde_json::Value;

use super::schema::{Checker, Direction, Graph, SchemaId};
use fact::{Literal, Term};

/// Most steps of one question.
const MOST_STEPS: usize = 20_000;

/// Whether one schema is contained in another.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Every instance of the first is one of the second.
    Contained,
    /// This instance of the first is none of the second; an independent validator agrees.
    Broken(Value),
    /// Neither could be shown, and why.
    Undecided(String),
}

/// Whether there is an instance.
#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    /// There is none.
    Empty,
    /// This is one.
    Found(Value),
    /// Not known; the instance may be one.
    Unknown(&'static str, Option<Value>),
}

/// Answers questions on the schemas of a graph, and remembers the answers.
pub struct Engine<'g> {
    graph: &'g Graph,
    classes: &'g [SchemaId],
    direction: Direction,
    constants: Vec<Value>,
    memo: HashMap<Vec<Literal>, Outcome>,
    /// The questions being answered, outermost first, with the lowest that each built upon.
    open: Vec<(Vec<Literal>, usize)>,
    steps: usize,
    depth: usize,
    verdicts: HashMap<(SchemaId, SchemaId), Verdict>,
}

impl<'g> Engine<'g> {
    /// An engine for what goes in one direction. `classes` are those of the graph.
    pub fn new(graph: &'g Graph, classes: &'g [SchemaId], direction: Direction) -> Self {
        Self {
            graph,
            classes,
            direction,
            constants: Vec::new(),
            memo: HashMap::new(),
            open: Vec::new(),
            steps: 0,
            depth: 0,
            verdicts: HashMap::new(),
        }
    }

    /// Whether every instance of `narrow` is one of `wide`.
    pub fn contained(&mut self, narrow: SchemaId, wide: SchemaId) -> Verdict {
        let key = (self.class(narrow), self.class(wide));
        if let Some(verdict) = self.verdicts.get(&key) {
            return verdict.clone();
        }
        let verdict = self.decide(key.0, key.1);
        self.verdicts.insert(key, verdict.clone());
        verdict
    }

    fn class(&self, id: SchemaId) -> SchemaId {
        self.classes.get(id.index()).copied().unwrap_or(id)
    }

    fn decide(&mut self, narrow: SchemaId, wide: SchemaId) -> Verdict {
        if narrow == wide {
            return Verdict::Contained;
        }
        self.steps = 0;
        let question = vec![
            Literal::new(Term::Schema(narrow), true),
            Literal::new(Term::Schema(wide), false),
        ];
        let (reason, candidate) = match self.instance(question) {
            Outcome::Empty => return Verdict::Contained,
            Outcome::Found(value) => ("the validator does not agree with the witness", Some(value)),
            Outcome::Unknown(reason, candidate) => (reason, candidate),
        };
        match candidate {
            Some(witness) if self.confirmed(narrow, wide, &witness) => Verdict::Broken(witness),
            _ => Verdict::Undecided(reason.to_owned()),
        }
    }

    fn confirmed(&self, narrow: SchemaId, wide: SchemaId, witness: &Value) -> bool {
        let accepts = |id| Checker::new(self.graph, id, self.direction).accepts(witness);
        accepts(narrow) == Some(true) && accepts(wide) == Some(false)
    }
}

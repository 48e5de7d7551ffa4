//! Whether every instance of one schema is an instance of another.
//!
//! `A ⊆ B` holds if no instance is in `A` and not in `B`. So one question is asked: is there an
//! instance on which all of these literals are true? A literal is a schema or its negation. What
//! a search leaves out, it leaves out in the wide direction: "none" is then still true, and an
//! instance that was found is shown to an independent validator before anybody hears of it.

mod clause;
mod demand;
mod expand;
mod fact;
mod list;
mod map;
mod numbers;
mod regular;
mod search;
mod simulate;
#[cfg(test)]
mod tests;
mod text;
mod unevaluated;

use foldhash::HashMap;

use serde_json::Value;

use super::schema::{Direction, Graph, SchemaId, accepts};
pub(super) use demand::{disjoint, need};
use fact::{Literal, Term};
pub(super) use simulate::{Simulation, View};

/// Most steps of one question.
const MOST_STEPS: usize = 20_000;

/// Most steps of all questions.
const MOST_TOGETHER: usize = 400_000;

/// Most questions and choices inside of each other, on a stack of the usual size.
const DEEPEST: usize = 160;

/// The same on a stack of [`ROOM`] bytes.
const DEEPEST_WITH_ROOM: usize = 8_000;

/// How large a stack [`Engine::with_room`] needs.
pub const ROOM: usize = 512 << 20;

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
    /// Questions without an instance if an open one has none, with the number of that.
    assumed: HashMap<Vec<Literal>, usize>,
    /// The same in the order of asking.
    assumptions: Vec<Vec<Literal>>,
    steps: usize,
    together: usize,
    depth: usize,
    deepest: usize,
    verdicts: HashMap<(SchemaId, SchemaId), Verdict>,
    simulation: Simulation,
}

impl<'g> Engine<'g> {
    /// An engine for what goes in one direction. `classes` are those of the graph.
    pub fn new(graph: &'g Graph, classes: &'g [SchemaId], direction: Direction) -> Self {
        Self {
            graph,
            classes,
            direction,
            constants: Vec::new(),
            memo: HashMap::default(),
            open: Vec::new(),
            assumed: HashMap::default(),
            assumptions: Vec::new(),
            steps: 0,
            together: 0,
            depth: 0,
            deepest: DEEPEST,
            verdicts: HashMap::default(),
            simulation: Simulation::default(),
        }
    }

    /// Lets questions be deeper; only on a stack of [`ROOM`] bytes.
    #[must_use]
    pub fn with_room(mut self) -> Self {
        self.deepest = DEEPEST_WITH_ROOM;
        self
    }

    /// Goes on with what is known of pairs already.
    #[must_use]
    pub(super) fn knowing(mut self, simulation: Simulation) -> Self {
        self.simulation = simulation;
        self
    }

    fn view(&self) -> View<'g> {
        View {
            graph: self.graph,
            classes: self.classes,
            direction: self.direction,
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

    /// A value that fits a schema, if one is found. What else limits it than is compared here, its
    /// format for instance, is left out.
    pub fn example(&mut self, id: SchemaId) -> Option<Value> {
        match self.ask(vec![Literal::new(Term::Schema(id), true)]) {
            Outcome::Found(value) | Outcome::Unknown(_, Some(value)) => Some(value),
            _ => None,
        }
    }

    /// Whether it is proven that nothing fits a schema.
    pub(super) fn is_impossible(&mut self, id: SchemaId) -> bool {
        self.ask(vec![Literal::new(Term::Schema(id), true)]) == Outcome::Empty
    }

    fn class(&self, id: SchemaId) -> SchemaId {
        self.classes.get(id.index()).copied().unwrap_or(id)
    }

    fn decide(&mut self, narrow: SchemaId, wide: SchemaId) -> Verdict {
        if self.simulation.holds(self.view(), narrow, wide) {
            return Verdict::Contained;
        }
        let (reason, candidate) = match self.outcome(narrow, wide) {
            Outcome::Empty => return Verdict::Contained,
            Outcome::Found(value) => ("the validator does not agree with the witness", Some(value)),
            Outcome::Unknown(reason, candidate) => (reason, candidate),
        };
        match candidate {
            Some(witness) if self.confirmed(narrow, wide, &witness) => Verdict::Broken(witness),
            _ => Verdict::Undecided(reason.to_owned()),
        }
    }

    fn outcome(&mut self, narrow: SchemaId, wide: SchemaId) -> Outcome {
        self.ask(vec![
            Literal::new(Term::Schema(narrow), true),
            Literal::new(Term::Schema(wide), false),
        ])
    }

    /// An instance, within what is left of the steps for all questions.
    fn ask(&mut self, literals: Vec<Literal>) -> Outcome {
        self.together += self.steps;
        self.steps = 0;
        if self.together > MOST_TOGETHER {
            return Outcome::Unknown("there is too much to be compared", None);
        }
        self.instance(literals)
    }

    fn confirmed(&self, narrow: SchemaId, wide: SchemaId, witness: &Value) -> bool {
        let says = |id, sends| accepts(self.graph, id, (self.direction, sends), witness);
        says(narrow, true) == Some(true) && says(wide, false) == Some(false)
    }
}

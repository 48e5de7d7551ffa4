//! Whether a service that runs keeps a contract: what it is asked, and what its answers mean.
//!
//! Nothing here sends anything: [`Trial::cases`] says what is to be sent, and [`Trial::judge`]
//! takes what came back.

mod apart;
mod body;
mod cases;
mod credential;
mod curl;
mod exchange;
mod generate;
mod judge;
mod repeat;
#[cfg(test)]
mod tests;
mod text;
mod write;

pub use cases::{Case, Settings, Untried};
pub use credential::Credential;
pub use curl::curl;
pub use exchange::{Answer, Body, Part, Request};
pub use judge::{Complaint, LIVE_RULES, LiveRule, Weight};
pub use repeat::{Repeat, repeats};

use std::cell::Cell;

use super::load::{Library, Problem};
use super::model::{Contract, Operation};
use super::promises;
use super::schema::{Graph, Keywords, SchemaId, classes};
use super::validate::{Survey, survey};
use crate::span::Span;
use generate::Generator;
use judge::Judge;

/// A contract that a service is tried by.
pub struct Trial {
    contract: Contract,
    graph: Graph,
    survey: Survey,
    classes: Vec<SchemaId>,
    never: SchemaId,
    judge: Judge,
}

impl Trial {
    /// A trial by a document, or why that can't be told what it promises.
    pub fn of(library: &Library) -> Result<Self, Vec<Problem>> {
        let mut graph = Graph::default();
        let contract = promises(library, &mut graph)?;
        let nothing = Keywords {
            never: true,
            ..Keywords::default()
        };
        let never = graph.add(nothing, Span::default());
        Ok(Self {
            contract,
            classes: classes(&graph),
            graph,
            survey: survey(library),
            never,
            judge: Judge::default(),
        })
    }

    /// What is to be sent, and of what nothing can be.
    pub fn cases(&self, settings: &Settings) -> (Vec<Case>, Vec<Untried>) {
        let generator = Generator {
            graph: &self.graph,
            classes: &self.classes,
            survey: &self.survey,
            never: self.never,
            room: Cell::new(0),
        };
        cases::cases(&self.contract, &generator, settings)
    }

    /// All that is wrong with an answer.
    pub fn judge(&mut self, case: &Case, answer: &Answer) -> Vec<Complaint> {
        let operation = &self.contract.operations[case.operation];
        self.judge
            .complaints(&self.graph, operation, &case.request, answer)
    }

    /// The operation of that place.
    pub fn operation(&self, place: usize) -> &Operation {
        &self.contract.operations[place]
    }
}

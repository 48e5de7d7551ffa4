//! Operations and what stands in them outside of schemas.

use std::collections::{BTreeSet, HashMap};

use super::lifecycle::{Promise, Removal, changes};
use super::media::{Both, is_form};
use super::rules::{Level, rule};
use super::text::Carrier;
use super::{Finding, Places, Question, Terms};
use crate::contract::model::{Caller, Contract, Operation};
use crate::contract::schema::{Direction, Graph, SchemaId};

/// Goes through two contracts side by side.
pub(super) struct Walk<'g> {
    pub graph: &'g mut Graph,
    pub terms: Terms,
    pub findings: Vec<Finding>,
    pub questions: Vec<Question>,
}

impl Walk<'_> {
    pub(super) fn contracts(&mut self, old: &Contract, new: &Contract) {
        let known: HashMap<_, _> = new.operations.iter().map(|op| (op.key(), op)).collect();
        let paths: BTreeSet<String> = new.operations.iter().map(|op| op.key().1).collect();
        let before: BTreeSet<_> = old.operations.iter().map(Operation::key).collect();
        for operation in &old.operations {
            match known.get(&operation.key()) {
                Some(other) => self.pair(operation, other),
                None => match &operation.caller {
                    Caller::Client => {
                        self.removed(operation, paths.contains(&operation.key().1));
                    }
                    Caller::Webhook => self.unasked(operation, "webhook-removed"),
                    // What came after an operation goes with it.
                    Caller::Callback(parent) if !known.contains_key(parent) => {}
                    Caller::Callback(_) => self.unasked(operation, "callback-removed"),
                },
            }
        }
        for operation in &new.operations {
            if before.contains(&operation.key()) {
                continue;
            }
            match &operation.caller {
                Caller::Client => {
                    let message = format!("`{}` is new", operation.title());
                    let places = (None, Some(operation.span));
                    self.tell(operation, "endpoint-added", "", message, places);
                }
                Caller::Webhook => self.unasked(operation, "webhook-added"),
                Caller::Callback(parent) if !before.contains(parent) => {}
                Caller::Callback(_) => self.unasked(operation, "callback-added"),
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of one finding")]
    pub(super) fn tell(
        &mut self,
        operation: &Operation,
        id: &str,
        location: &str,
        message: String,
        places: Places,
    ) {
        self.tell_as(rule(id).level, operation, id, location, message, places);
    }

    /// Tells something that weighs otherwise than its rule says.
    #[expect(clippy::too_many_arguments, reason = "each is a part of one finding")]
    pub(super) fn tell_as(
        &mut self,
        level: Level,
        operation: &Operation,
        id: &str,
        location: &str,
        message: String,
        places: Places,
    ) {
        self.findings.push(Finding {
            rule: id.to_owned(),
            level,
            method: operation.method.clone(),
            path: operation.path.clone(),
            location: location.to_owned(),
            message,
            old: places.0,
            new: places.1,
            witness: None,
            operations: vec![operation.title()],
        });
    }

    fn removed(&mut self, operation: &Operation, path_stays: bool) {
        let promise = promise(operation);
        let rule = match (promise.removal(self.terms.today), path_stays) {
            (Removal::Unstable, _) => "api-removed-unstable",
            (Removal::Due, _) => "api-removed-after-sunset",
            (Removal::Announced, _) => "api-removed-with-deprecation",
            (Removal::BeforeSunset, _) => "api-removed-before-sunset",
            (Removal::Unreadable, _) => "api-sunset-unreadable",
            (Removal::Unannounced, true) => "api-removed-without-deprecation",
            (Removal::Unannounced, false) => "api-path-removed-without-deprecation",
        };
        let message = match promise.sunset {
            Some(sunset) => format!(
                "`{}` is gone, it was to stay until {sunset}",
                operation.title()
            ),
            None => format!("`{}` is gone", operation.title()),
        };
        let places = (Some(operation.span), None);
        self.tell(operation, rule, "", message, places);
    }

    fn pair(&mut self, old: &Operation, new: &Operation) {
        self.promises(old, new);
        if old.caller != Caller::Client {
            self.asked_by_server(old, new);
            return;
        }
        self.servers(old, new);
        self.parameters(old, new);
        self.bodies(old, new);
        self.responses(old, new);
        self.security(old, new);
    }

    fn promises(&mut self, old: &Operation, new: &Operation) {
        let places = (Some(old.span), Some(new.span));
        for (ending, message) in changes(self.terms, promise(old), promise(new)) {
            let rule = match ending {
                "deprecated" => "endpoint-deprecated".to_owned(),
                "reactivated" => "endpoint-reactivated".to_owned(),
                ending => format!("api-{ending}"),
            };
            self.tell(old, &rule, "", message, places);
        }
        if let (Some(a), Some(b)) = (&old.name, &new.name)
            && a != b
        {
            let message = format!("it was called `{a}`, now it is `{b}`");
            self.tell(old, "operation-id-changed", "", message, places);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of one finding")]
    pub(super) fn ask(
        &mut self,
        operation: &Operation,
        direction: Direction,
        prefix: &'static str,
        location: &str,
        (old, new): (Option<SchemaId>, Option<SchemaId>),
    ) {
        let any = self.graph.anything();
        self.questions.push(Question {
            direction,
            old: old.unwrap_or(any),
            new: new.unwrap_or(any),
            prefix,
            method: operation.method.clone(),
            path: operation.path.clone(),
            location: location.to_owned(),
        });
    }

    /// Asks about a value that is carried as plain text.
    #[expect(clippy::too_many_arguments, reason = "each is a part of one finding")]
    pub(super) fn ask_text(
        &mut self,
        operation: &Operation,
        direction: Direction,
        prefix: &'static str,
        location: &str,
        pair: (Option<SchemaId>, Option<SchemaId>),
    ) {
        let pair = self.carried(direction, pair, |carrier, sent, read| {
            carrier.value(sent, read)
        });
        self.ask(operation, direction, prefix, location, pair);
    }

    /// Asks about what both sides say of a media type, if both do.
    pub(super) fn ask_media(
        &mut self,
        operation: &Operation,
        direction: Direction,
        location: &str,
        both: &Both<'_>,
    ) {
        let (Some((_, old)), Some((_, new))) = (both.old, both.new) else {
            return;
        };
        let prefix = match direction {
            Direction::Request => "request-body",
            Direction::Response => "response-body",
        };
        let mut pair = (old.schema, new.schema);
        if is_form(both.kind) {
            pair = self.carried(direction, pair, |carrier, sent, read| {
                carrier.form(sent, read)
            });
        }
        self.ask(operation, direction, prefix, location, pair);
        self.encodings(operation, direction, location, (old, new));
    }

    /// The pair with what is sent as it is read.
    fn carried(
        &mut self,
        direction: Direction,
        pair: (Option<SchemaId>, Option<SchemaId>),
        read: impl Fn(&mut Carrier<'_>, SchemaId, SchemaId) -> SchemaId,
    ) -> (Option<SchemaId>, Option<SchemaId>) {
        let (Some(old), Some(new)) = pair else {
            return pair;
        };
        let graph = &mut *self.graph;
        let mut carrier = Carrier { graph, direction };
        match direction {
            Direction::Request => (Some(read(&mut carrier, old, new)), Some(new)),
            Direction::Response => (Some(old), Some(read(&mut carrier, new, old))),
        }
    }
}

fn promise(operation: &Operation) -> Promise<'_> {
    Promise {
        deprecated: operation.deprecated,
        sunset: operation.sunset.as_deref(),
        stability: operation.stability.as_deref(),
    }
}

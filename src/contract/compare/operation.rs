//! Operations and what stands in them outside of schemas.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::rules::rule;
use super::{Finding, Places, Question};
use crate::contract::model::{Body, Contract, Media, Operation, Parameter};
use crate::contract::schema::{Direction, SchemaId};

/// Goes through two contracts side by side.
pub(super) struct Walk {
    anything: SchemaId,
    pub findings: Vec<Finding>,
    pub questions: Vec<Question>,
}

impl Walk {
    pub(super) fn new(anything: SchemaId) -> Self {
        Self {
            anything,
            findings: Vec::new(),
            questions: Vec::new(),
        }
    }

    pub(super) fn contracts(&mut self, old: &Contract, new: &Contract) {
        let known: HashMap<_, _> = new.operations.iter().map(|op| (op.key(), op)).collect();
        let paths: BTreeSet<String> = new.operations.iter().map(|op| op.key().1).collect();
        for operation in &old.operations {
            match known.get(&operation.key()) {
                Some(other) => self.pair(operation, other),
                None => self.removed(operation, paths.contains(&operation.key().1)),
            }
        }
        let known: BTreeSet<_> = old.operations.iter().map(Operation::key).collect();
        for operation in &new.operations {
            if !known.contains(&operation.key()) {
                let message = format!("`{}` is new", operation.title());
                let places = (None, Some(operation.span));
                self.tell(operation, "endpoint-added", "", message, places);
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
        let rule = rule(id);
        self.findings.push(Finding {
            rule: rule.id.to_owned(),
            level: rule.level,
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
        let rule = match (operation.deprecated, path_stays) {
            (true, _) => "api-removed-with-deprecation",
            (false, true) => "api-removed-without-deprecation",
            (false, false) => "api-path-removed-without-deprecation",
        };
        let message = format!("`{}` is gone", operation.title());
        let places = (Some(operation.span), None);
        self.tell(operation, rule, "", message, places);
    }

    fn pair(&mut self, old: &Operation, new: &Operation) {
        let places = (Some(old.span), Some(new.span));
        let deprecation = match (old.deprecated, new.deprecated) {
            (false, true) => Some(("endpoint-deprecated", "it is deprecated now")),
            (true, false) => Some(("endpoint-reactivated", "it is no longer deprecated")),
            _ => None,
        };
        if let Some((rule, message)) = deprecation {
            let message = message.to_owned();
            self.tell(old, rule, "", message, places);
        }
        if old.path.starts_with("webhook ") {
            self.webhook(old, new);
            return;
        }
        self.parameters(old, new);
        self.bodies(old, new);
        self.responses(old, new);
        self.security(old, new);
    }

    /// The server sends here, and the client answers.
    fn webhook(&mut self, old: &Operation, new: &Operation) {
        if let (Some(a), Some(b)) = (&old.body, &new.body) {
            for (kind, a) in &a.media {
                if let Some(b) = b.media.get(kind) {
                    self.ask(
                        old,
                        Direction::Response,
                        "response-body",
                        "request.body",
                        (a, b),
                    );
                }
            }
        }
        let outside = |op: &Operation| {
            let body = op.body.as_ref();
            let media = body.map(|body| body.media.keys().cloned().collect::<Vec<_>>());
            let statuses: Vec<String> = op.responses.keys().cloned().collect();
            (
                media,
                body.map(|body| body.required),
                statuses,
                op.parameters.len(),
            )
        };
        if outside(old) != outside(new) {
            let message = "a webhook changed outside of its body".to_owned();
            let places = (Some(old.span), Some(new.span));
            self.tell(old, "webhook-changed", "", message, places);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of one finding")]
    pub(super) fn ask(
        &mut self,
        operation: &Operation,
        direction: Direction,
        prefix: &'static str,
        location: &str,
        (old, new): (&Media, &Media),
    ) {
        self.questions.push(Question {
            direction,
            old: old.schema.unwrap_or(self.anything),
            new: new.schema.unwrap_or(self.anything),
            prefix,
            method: operation.method.clone(),
            path: operation.path.clone(),
            location: location.to_owned(),
        });
    }

    fn parameters(&mut self, old: &Operation, new: &Operation) {
        let keyed = |op: &Operation| -> BTreeMap<(String, String), Parameter> {
            let each = op.parameters.iter();
            each.map(|p| (op.parameter_key(p), p.clone())).collect()
        };
        let (before, after) = (keyed(old), keyed(new));
        for (key, a) in &before {
            let location = format!("request.{}.{}", a.place, a.name);
            let location = location.as_str();
            let Some(b) = after.get(key) else {
                let message = format!("the {} parameter `{}` is gone", a.place, a.name);
                let rule = "request-parameter-removed";
                self.tell(old, rule, location, message, (Some(a.span), None));
                continue;
            };
            let places = (Some(a.span), Some(b.span));
            let required = match (a.required, b.required) {
                (false, true) => Some("request-parameter-became-required"),
                (true, false) => Some("request-parameter-became-optional"),
                _ => None,
            };
            if let Some(rule) = required {
                let can = if b.required {
                    "must be sent now"
                } else {
                    "can be left away now"
                };
                let message = format!("the {} parameter `{}` {can}", a.place, a.name);
                self.tell(old, rule, location, message, places);
            }
            if a.style != b.style {
                let rule = "request-parameter-style-changed";
                let message = format!("`{}` is written in another way", a.name);
                self.tell(old, rule, location, message, places);
            }
            let media = |p: &Parameter| Media {
                schema: p.schema,
                span: p.span,
            };
            let pair = (&media(a), &media(b));
            self.ask(old, Direction::Request, "request-parameter", location, pair);
        }
        for (key, b) in &after {
            if before.contains_key(key) {
                continue;
            }
            let rule = if b.required {
                "new-required-request-parameter"
            } else {
                "new-optional-request-parameter"
            };
            let location = &format!("request.{}.{}", b.place, b.name);
            let message = format!("the {} parameter `{}` is new", b.place, b.name);
            self.tell(old, rule, location, message, (None, Some(b.span)));
        }
    }

    fn bodies(&mut self, old: &Operation, new: &Operation) {
        let location = "request.body";
        let (a, b) = match (&old.body, &new.body) {
            (None, None) => return,
            (Some(a), None) => {
                let message = "a body is no longer read".to_owned();
                let places = (Some(a.span), Some(new.span));
                let rule = "request-body-removed";
                return self.tell(old, rule, location, message, places);
            }
            (None, Some(b)) => {
                let rule = if b.required {
                    "request-body-added-required"
                } else {
                    "request-body-added-optional"
                };
                let message = "there is a body now".to_owned();
                let places = (Some(old.span), Some(b.span));
                return self.tell(old, rule, location, message, places);
            }
            (Some(a), Some(b)) => (a, b),
        };
        let places = (Some(a.span), Some(b.span));
        let required = match (a.required, b.required) {
            (false, true) => Some(("request-body-became-required", "the body must be sent now")),
            (true, false) => Some(("request-body-became-optional", "the body can be left away")),
            _ => None,
        };
        if let Some((rule, message)) = required {
            let message = message.to_owned();
            self.tell(old, rule, location, message, places);
        }
        self.contents(old, a, b);
    }

    fn contents(&mut self, old: &Operation, a: &Body, b: &Body) {
        let location = "request.body";
        let places = (Some(a.span), Some(b.span));
        for (kind, media) in &a.media {
            if let Some(other) = accepted(&b.media, kind) {
                let pair = (media, other);
                self.ask(old, Direction::Request, "request-body", location, pair);
            } else {
                let message = format!("`{kind}` is no longer accepted");
                let rule = "request-body-media-type-removed";
                self.tell(old, rule, location, message, places);
            }
        }
        for kind in b
            .media
            .keys()
            .filter(|kind| accepted(&a.media, kind).is_none())
        {
            let message = format!("`{kind}` is accepted as well");
            let rule = "request-body-media-type-added";
            self.tell(old, rule, location, message, places);
        }
    }
}

/// The content that stands for a media type: itself, or a range that it is in.
fn accepted<'m>(media: &'m BTreeMap<String, Media>, kind: &str) -> Option<&'m Media> {
    let range = kind.split('/').next().map(|group| format!("{group}/*"));
    media
        .get(kind)
        .or_else(|| media.get(&range?))
        .or_else(|| media.get("*/*"))
}

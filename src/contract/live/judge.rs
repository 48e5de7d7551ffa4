//! What an answer means for the contract.

use std::collections::HashMap;

use serde_json::Value;

use super::body::is_json;
use super::cases::readings;
use super::{Answer, Request};
use crate::contract::model::{Media, Operation, Response};
use crate::contract::schema::{Checker, Direction, Graph, SchemaId};
use crate::span::Span;

/// How much a complaint weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The service does not keep the contract.
    Broken,
    /// It may not be what is meant.
    Odd,
    /// Nobody can tell.
    Unknown,
}

/// A rule on answers.
#[derive(Debug)]
pub struct LiveRule {
    /// Its stable name.
    pub id: &'static str,
    /// How much it weighs.
    pub weight: Weight,
    /// What it means, in a sentence.
    pub doc: &'static str,
}

macro_rules! rules {
    ($($id:literal $weight:ident $doc:literal)*) => {
        /// Every rule on answers.
        pub const LIVE_RULES: &[LiveRule] = &[$(LiveRule {
            id: $id,
            weight: Weight::$weight,
            doc: $doc,
        }),*];
    };
}

rules! {
    "live/no-answer" Broken "The service takes a request and does not answer it."
    "live/undocumented-status" Broken "An answer has a status that is not described."
    "live/undocumented-content-type" Broken "An answer has a media type that is not described."
    "live/missing-body" Broken "An answer has no body, though one is described."
    "live/undocumented-body" Odd "An answer has a body, though none is described."
    "live/unreadable-body" Broken "The body of an answer can't be read as its type says."
    "live/body-mismatch" Broken "The body of an answer does not fit its schema."
    "live/missing-header" Broken "A header is missing that is always there by the contract."
    "live/header-mismatch" Broken "A header of an answer does not fit its schema."
    "live/format-mismatch" Odd "A text of an answer is not of the `format` that is described."
    "live/server-error" Odd "A failure of the service is described by `default` only."
    "live/unchecked-body" Unknown "Whether a body fits could not be decided."
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The rule.
    pub rule: &'static str,
    /// How much it weighs.
    pub weight: Weight,
    /// What it is about, so that the same is told once: a status, a header.
    pub about: String,
    /// What is the case, as a sentence without its end.
    pub message: String,
    /// The place in the contract.
    pub span: Span,
}

impl Complaint {
    /// A complaint by a rule that there is.
    ///
    /// # Panics
    /// If no row has the rule: names are written as literals in this crate.
    pub fn new(id: &str, about: impl Into<String>, message: impl Into<String>, span: Span) -> Self {
        let rule = LIVE_RULES.iter().find(|rule| rule.id == id);
        let rule = rule.unwrap_or_else(|| panic!("`{id}` is not a row of LIVE_RULES"));
        Self {
            rule: rule.id,
            weight: rule.weight,
            about: about.into(),
            message: message.into(),
            span,
        }
    }
}

/// Validators of what comes back, each made once.
#[derive(Default)]
pub(super) struct Judge {
    checkers: HashMap<SchemaId, Checker>,
    /// Those to which formats are demands.
    strict: HashMap<SchemaId, Checker>,
}

impl Judge {
    /// All that is wrong with an answer.
    pub(super) fn complaints(
        &mut self,
        graph: &Graph,
        operation: &Operation,
        request: &Request,
        answer: &Answer,
    ) -> Vec<Complaint> {
        let status = answer.status;
        let Some((key, response)) = described(operation, status) else {
            let mut known: Vec<&str> = operation.responses.keys().map(String::as_str).collect();
            known.sort_unstable();
            let known = match known.as_slice() {
                [] => "none is".to_owned(),
                known => known.join(", "),
            };
            let message = format!("the status {status} is not described (described: {known})");
            let about = status.to_string();
            let span = operation.span;
            return vec![Complaint::new(
                "live/undocumented-status",
                about,
                message,
                span,
            )];
        };
        let mut all = Vec::new();
        let about = status.to_string();
        if status >= 500 && key == "default" {
            let message = format!("the service failed with {status}");
            all.push(Complaint::new(
                "live/server-error",
                &about,
                message,
                response.span,
            ));
        }
        all.extend(self.headers(graph, response, answer, &about));
        let has_none = request.method == "HEAD" || matches!(status, 100..=199 | 204 | 304);
        if !has_none {
            all.extend(self.body(graph, response, answer, &about));
        }
        all
    }

    fn headers(
        &mut self,
        graph: &Graph,
        response: &Response,
        answer: &Answer,
        about: &str,
    ) -> Vec<Complaint> {
        let mut all = Vec::new();
        for (name, header) in &response.headers {
            let about = format!("{about} {name}");
            match (answer.header(name), header.schema) {
                (None, _) if header.required => {
                    let message = format!("the header `{name}` is missing");
                    all.push(Complaint::new(
                        "live/missing-header",
                        about,
                        message,
                        header.span,
                    ));
                }
                (Some(text), Some(schema)) => {
                    let wrong = self.header(graph, schema, text);
                    all.extend(wrong.map(|(rule, why)| {
                        let message = format!("the header `{name}: {text}` {why}");
                        Complaint::new(rule, about, message, header.span)
                    }));
                }
                _ => {}
            }
        }
        all
    }

    /// The rule that the text of a header breaks, and how.
    fn header(
        &mut self,
        graph: &Graph,
        schema: SchemaId,
        text: &str,
    ) -> Option<(&'static str, &'static str)> {
        let mut readings = readings(text);
        let checker = self.checker(graph, schema);
        readings.retain(|value| checker.accepts(value) != Some(false));
        if readings.is_empty() {
            return Some(("live/header-mismatch", "does not fit its schema"));
        }
        let mut unlike = readings
            .iter()
            .map(|value| self.unlike(graph, schema, value));
        unlike
            .all(|why| why.is_some())
            .then_some(("live/format-mismatch", "is not of its format"))
    }

    /// Why a value that fits its schema is not of the formats that it names.
    fn unlike(&mut self, graph: &Graph, id: SchemaId, value: &Value) -> Option<String> {
        let checker = self.strict.entry(id);
        let checker =
            checker.or_insert_with(|| Checker::with_formats(graph, id, Direction::Response));
        checker.why(value)
    }

    fn body(
        &mut self,
        graph: &Graph,
        response: &Response,
        answer: &Answer,
        about: &str,
    ) -> Option<Complaint> {
        let complain =
            |rule, message: String| Some(Complaint::new(rule, about, message, response.span));
        let kind = answer.header("content-type").unwrap_or_default();
        if response.media.is_empty() {
            let is_odd = !answer.body.is_empty();
            let message = "there is a body, and none is described".to_owned();
            return is_odd.then(|| complain("live/undocumented-body", message))?;
        }
        if answer.body.is_empty() {
            return complain("live/missing-body", "there is no body".to_owned());
        }
        let Some(media) = of_kind(response, kind) else {
            let known: Vec<&str> = response.media.keys().map(String::as_str).collect();
            let message = format!(
                "the type `{kind}` is not described (described: {})",
                known.join(", ")
            );
            return complain("live/undocumented-content-type", message);
        };
        if !is_json(kind) {
            return None;
        }
        let value: Value = match serde_json::from_slice(&answer.body) {
            Ok(value) => value,
            Err(error) => {
                return complain(
                    "live/unreadable-body",
                    format!("the body is no JSON: {error}"),
                );
            }
        };
        let schema = media.schema?;
        let checker = self.checker(graph, schema);
        match checker.accepts(&value) {
            Some(true) => {
                let why = self.unlike(graph, schema, &value)?;
                complain(
                    "live/format-mismatch",
                    format!("the body is not of its format: {why}"),
                )
            }
            Some(false) => {
                let why = checker.why(&value).unwrap_or_default();
                complain(
                    "live/body-mismatch",
                    format!("the body does not fit its schema: {why}"),
                )
            }
            None => {
                let message = "the schema of the body says what can't be decided here".to_owned();
                complain("live/unchecked-body", message)
            }
        }
    }

    fn checker(&mut self, graph: &Graph, id: SchemaId) -> &Checker {
        let checker = self.checkers.entry(id);
        checker.or_insert_with(|| Checker::new(graph, id, Direction::Response))
    }
}

/// What the contract says of a status: of itself, of its hundred, or of all.
fn described(operation: &Operation, status: u16) -> Option<(&str, &Response)> {
    let keys = [
        status.to_string(),
        format!("{}xx", status / 100),
        "default".to_owned(),
    ];
    let found = keys
        .iter()
        .find_map(|key| operation.responses.get_key_value(key));
    found.map(|(key, response)| (key.as_str(), response))
}

/// What is described of a media type: by its name, or the closest pattern.
fn of_kind<'r>(response: &'r Response, kind: &str) -> Option<&'r Media> {
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    let family = format!("{}/*", kind.split('/').next().unwrap_or_default());
    let essence = |key: &str| key.split(';').next().unwrap_or_default().to_owned();
    [kind, family, "*/*".to_owned()].iter().find_map(|wanted| {
        let mut all = response.media.iter();
        all.find(|(key, _)| essence(key) == *wanted)
            .map(|(_, media)| media)
    })
}

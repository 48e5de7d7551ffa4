//! What the server sends by itself: who receives requests here is the client.

use super::media;
use super::operation::Walk;
use super::request::keyed;
use super::{status, style};
use crate::contract::model::{Body, Caller, Operation, Response};
use crate::contract::schema::Direction;

impl Walk<'_> {
    /// A webhook or callback that is new or gone. A webhook has no path.
    pub(super) fn unasked(&mut self, operation: &Operation, rule: &str) {
        let gone = rule.ends_with("-removed");
        let word = if gone { "gone" } else { "new" };
        let message = format!("`{}` is {word}", operation.title());
        let places = if gone {
            (Some(operation.span), None)
        } else {
            (None, Some(operation.span))
        };
        self.tell(operation, rule, "", message, places);
        if operation.caller == Caller::Webhook
            && let Some(finding) = self.findings.last_mut()
        {
            finding.method.clear();
            finding.path.clear();
            let name = operation.path.trim_start_matches("webhook ");
            finding.location = format!("webhooks.{name}");
        }
    }

    pub(super) fn asked_by_server(&mut self, old: &Operation, new: &Operation) {
        self.sent_parameters(old, new);
        let location = "request.body";
        match (&old.body, &new.body) {
            (None, None) => {}
            (Some(a), None) => {
                let message = "there is no body any more".to_owned();
                let places = (Some(a.span), Some(new.span));
                self.tell(old, "webhook-body-removed", location, message, places);
            }
            (None, Some(b)) => {
                let message = "there is a body now".to_owned();
                let places = (Some(old.span), Some(b.span));
                self.tell(old, "webhook-body-added", location, message, places);
            }
            (Some(a), Some(b)) => self.sent_body(old, a, b),
        }
        self.answers(old, new);
    }

    fn sent_parameters(&mut self, old: &Operation, new: &Operation) {
        let (before, after) = (keyed(old), keyed(new));
        for (key, a) in &before {
            let location = format!("request.{}.{}", a.place, a.name);
            let Some(b) = after.get(key) else {
                let message = format!("`{}` is no longer sent", a.name);
                let places = (Some(a.span), Some(new.span));
                self.tell(old, "webhook-parameter-removed", &location, message, places);
                continue;
            };
            if a.required && !b.required {
                let message = format!("`{}` may be missing now", a.name);
                let places = (Some(a.span), Some(b.span));
                self.tell(
                    old,
                    "webhook-parameter-became-optional",
                    &location,
                    message,
                    places,
                );
            }
            let pair = (a.schema, b.schema);
            if style::changed(self.graph, b, a) {
                let message = format!("`{}` is written in another way", a.name);
                let places = (Some(a.span), Some(b.span));
                let rule = "webhook-parameter-style-changed";
                self.tell(old, rule, &location, message, places);
            }
            if a.style.is_document() || b.style.is_document() {
                self.ask(old, Direction::Response, "response-header", &location, pair);
            } else {
                self.ask_text(old, Direction::Response, "response-header", &location, pair);
            }
        }
        for (key, b) in &after {
            if !before.contains_key(key) {
                let location = format!("request.{}.{}", b.place, b.name);
                let message = format!("`{}` is sent as well", b.name);
                let places = (Some(old.span), Some(b.span));
                self.tell(old, "webhook-parameter-added", &location, message, places);
            }
        }
    }

    fn sent_body(&mut self, old: &Operation, a: &Body, b: &Body) {
        let location = "request.body";
        let places = (Some(a.span), Some(b.span));
        if a.required && !b.required {
            let message = "the body may be missing now".to_owned();
            self.tell(
                old,
                "webhook-body-became-optional",
                location,
                message,
                places,
            );
        }
        for both in media::of_both(&a.media, &b.media) {
            self.ask_media(old, Direction::Response, location, &both);
            let kind = both.kind;
            let (rule, message) = match (both.old, both.new) {
                (None, Some(_)) => (
                    "webhook-media-type-added",
                    format!("`{kind}` comes as well"),
                ),
                (Some(_), None) if !media::inside(&b.media, kind) => (
                    "webhook-media-type-removed",
                    format!("`{kind}` no longer comes"),
                ),
                _ => continue,
            };
            self.tell(old, rule, location, message, places);
        }
    }

    /// What clients answer.
    fn answers(&mut self, old: &Operation, new: &Operation) {
        for status in status::of_both(&old.responses, &new.responses) {
            let location = format!("response.{status}");
            let before = status::covering(&old.responses, status);
            let after = status::covering(&new.responses, status);
            match (before, after) {
                (Some(a), Some(b)) => self.answer(old, &location, a, b),
                (Some(a), None) => {
                    let message = format!("the answer {status} is no longer understood");
                    let places = (Some(a.span), Some(new.span));
                    self.tell(old, "webhook-answer-removed", &location, message, places);
                }
                _ => {}
            }
        }
        for (status, b) in &new.responses {
            if !old.responses.contains_key(status) {
                let location = format!("response.{status}");
                let message = format!("the answer {status} is understood as well");
                let places = (Some(old.span), Some(b.span));
                self.tell(old, "webhook-answer-added", &location, message, places);
            }
        }
    }
    fn answer(&mut self, old: &Operation, location: &str, a: &Response, b: &Response) {
        let places = (Some(a.span), Some(b.span));
        let body = &format!("{location}.body");
        for both in media::of_both(&a.media, &b.media) {
            self.ask_media(old, Direction::Request, body, &both);
            // What is said of no body at all is not read, and so not refused.
            if both.new.is_none() && !b.media.is_empty() {
                let message = format!("answers in `{}` are no longer understood", both.kind);
                let rule = "webhook-answer-media-type-removed";
                self.tell(old, rule, location, message, places);
            }
        }
        if a.media.is_empty() && !b.media.is_empty() {
            let message = "the answer has a body now".to_owned();
            self.tell(old, "webhook-answer-body-added", location, message, places);
        }
        for (name, header) in &b.headers {
            let location = format!("{location}.header.{name}");
            let known = a.headers.get(name);
            if header.required && !known.is_some_and(|known| known.required) {
                let message = format!("answers need the header `{name}` now");
                let places = (
                    Some(known.map_or(a.span, |known| known.span)),
                    Some(header.span),
                );
                let rule = "webhook-answer-header-became-required";
                self.tell(old, rule, &location, message, places);
            }
            if let Some(known) = known {
                let pair = (known.schema, header.schema);
                self.ask_text(
                    old,
                    Direction::Request,
                    "request-parameter",
                    &location,
                    pair,
                );
            }
        }
    }
}

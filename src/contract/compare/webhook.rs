//! What the server sends by itself: who receives requests here is the client.

use super::media;
use super::operation::Walk;
use super::request::keyed;
use crate::contract::model::{Body, Caller, Operation};
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
            self.ask(old, Direction::Response, "response-header", &location, pair);
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
        for (kind, content) in &b.media {
            if let Some(known) = media::covering(&a.media, kind) {
                self.ask_media(old, Direction::Response, location, (known, content));
            } else {
                let message = format!("`{kind}` comes as well");
                self.tell(old, "webhook-media-type-added", location, message, places);
            }
        }
        for kind in a.media.keys() {
            let stays = media::covering(&b.media, kind).or(media::inside(&b.media, kind));
            if stays.is_none() {
                let message = format!("`{kind}` no longer comes");
                self.tell(old, "webhook-media-type-removed", location, message, places);
            }
        }
    }

    /// What clients answer.
    fn answers(&mut self, old: &Operation, new: &Operation) {
        for (status, a) in &old.responses {
            let location = format!("response.{status}");
            let range = status.get(..1).map(|first| format!("{first}xx"));
            let other = new.responses.get(status);
            let other = other.or_else(|| new.responses.get(&range?));
            let Some(b) = other.or_else(|| new.responses.get("default")) else {
                let message = format!("the answer {status} is no longer understood");
                let places = (Some(a.span), Some(new.span));
                self.tell(old, "webhook-answer-removed", &location, message, places);
                continue;
            };
            for (kind, content) in &a.media {
                if let Some(other) = media::covering(&b.media, kind) {
                    let body = format!("{location}.body");
                    self.ask_media(old, Direction::Request, &body, (content, other));
                }
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
}

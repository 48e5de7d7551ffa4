//! What comes back, and who is let in.

use std::collections::BTreeMap;

use super::operation::Walk;
use crate::contract::model::{Media, Operation, Response};
use crate::contract::schema::Direction;

impl Walk {
    pub(super) fn responses(&mut self, old: &Operation, new: &Operation) {
        for (status, a) in &old.responses {
            if let Some(b) = new.responses.get(status) {
                self.response(old, status, a, b);
            } else {
                let rule = if status.starts_with('2') {
                    "response-success-status-removed"
                } else {
                    "response-non-success-status-removed"
                };
                let location = &format!("response.{status}");
                let message = format!("the answer {status} is gone");
                let places = (Some(a.span), Some(new.span));
                self.tell(old, rule, location, message, places);
            }
        }
        for (status, b) in &new.responses {
            if !old.responses.contains_key(status) {
                let location = &format!("response.{status}");
                let message = format!("the answer {status} is new");
                let places = (Some(old.span), Some(b.span));
                let rule = "response-status-added";
                self.tell(old, rule, location, message, places);
            }
        }
    }

    fn response(&mut self, old: &Operation, status: &str, a: &Response, b: &Response) {
        let location = &format!("response.{status}");
        let places = (Some(a.span), Some(b.span));
        for (kind, media) in &a.media {
            let body = format!("{location}.body");
            if let Some(other) = b.media.get(kind) {
                let pair = (media, other);
                self.ask(old, Direction::Response, "response-body", &body, pair);
            } else {
                let message = format!("`{kind}` no longer comes back");
                let rule = "response-media-type-removed";
                self.tell(old, rule, location, message, places);
            }
        }
        for kind in b.media.keys().filter(|kind| !a.media.contains_key(*kind)) {
            let message = format!("`{kind}` comes back as well");
            let rule = "response-media-type-added";
            self.tell(old, rule, location, message, places);
        }
        for (name, header) in &a.headers {
            let location = &format!("response.{status}.header.{name}");
            let Some(other) = b.headers.get(name) else {
                let rule = if header.required {
                    "required-response-header-removed"
                } else {
                    "optional-response-header-removed"
                };
                let message = format!("the header `{name}` is gone");
                let places = (Some(header.span), Some(b.span));
                self.tell(old, rule, location, message, places);
                continue;
            };
            let places = (Some(header.span), Some(other.span));
            if header.required && !other.required {
                let message = format!("the header `{name}` may be missing now");
                let rule = "response-header-became-optional";
                self.tell(old, rule, location, message, places);
            }
            let media = |schema, span| Media { schema, span };
            let pair = (
                &media(header.schema, header.span),
                &media(other.schema, other.span),
            );
            self.ask(old, Direction::Response, "response-header", location, pair);
        }
    }

    pub(super) fn security(&mut self, old: &Operation, new: &Operation) {
        let open = || vec![BTreeMap::new()];
        let ways = |op: &Operation| {
            if op.security.is_empty() {
                open()
            } else {
                op.security.clone()
            }
        };
        let after = ways(new);
        for way in ways(old) {
            let enough = after.iter().any(|needed| {
                needed.iter().all(|(scheme, scopes)| {
                    way.get(scheme).is_some_and(|have| scopes.is_subset(have))
                })
            });
            if !enough {
                let names: Vec<&str> = way.keys().map(String::as_str).collect();
                let names = if names.is_empty() {
                    "nothing".to_owned()
                } else {
                    names.join(" and ")
                };
                let message = format!("with {names}, clients are no longer let in");
                let places = (Some(old.span), Some(new.span));
                let rule = "api-security-tightened";
                self.tell(old, rule, "request.security", message, places);
            }
        }
    }
}

//! What comes back.

use super::media;
use super::operation::Walk;
use super::status;
use super::style::misread;
use crate::contract::model::{Header, Operation, Response};
use crate::contract::schema::Direction;

impl Walk<'_> {
    pub(super) fn responses(&mut self, old: &Operation, new: &Operation) {
        for status in status::of_both(&old.responses, &new.responses) {
            let location = &format!("response.{status}");
            let before = status::covering(&old.responses, status);
            let after = status::covering(&new.responses, status);
            match (before, after) {
                (Some(a), Some(b)) => self.response(old, location, a, b),
                (Some(a), None) if !status::inside(&new.responses, status) => {
                    let rule = if status.starts_with('2') {
                        "response-success-status-removed"
                    } else {
                        "response-non-success-status-removed"
                    };
                    let message = format!("the answer {status} is gone");
                    let places = (Some(a.span), Some(new.span));
                    self.tell(old, rule, location, message, places);
                }
                _ => {}
            }
        }
        for (status, b) in &new.responses {
            if !old.responses.contains_key(status) {
                let location = &format!("response.{status}");
                let message = format!("the answer {status} is new");
                let places = (Some(old.span), Some(b.span));
                self.tell(old, "response-status-added", location, message, places);
            }
        }
    }

    fn response(&mut self, old: &Operation, location: &str, a: &Response, b: &Response) {
        self.received(old, location, a, b);
        for (name, header) in &a.headers {
            let location = format!("{location}.header.{name}");
            self.header(old, &location, (name, header), b);
        }
        for (name, header) in &b.headers {
            if !a.headers.contains_key(name) {
                let location = format!("{location}.header.{name}");
                let message = format!("the header `{name}` is new");
                let places = (Some(a.span), Some(header.span));
                self.tell(old, "response-header-added", &location, message, places);
            }
        }
        self.links(old, location, a, b);
    }

    fn received(&mut self, old: &Operation, location: &str, a: &Response, b: &Response) {
        let places = (Some(a.span), Some(b.span));
        let body = &format!("{location}.body");
        let all = media::of_both(&a.media, &b.media);
        let grown = media::grown(&all);
        for both in &all {
            self.ask_media(old, Direction::Response, body, both);
            let kind = both.kind;
            let told = match (both.old, both.new) {
                (Some(_), None) if !media::inside(&b.media, kind) => Some((
                    "response-media-type-removed",
                    format!("`{kind}` no longer comes back"),
                )),
                (Some(_), Some(_)) if grown.iter().any(|(known, _)| *known == kind) => Some((
                    "response-media-type-generalized",
                    format!("`{kind}` is one of a range now"),
                )),
                (None, Some(_)) if !grown.iter().any(|(_, range)| *range == kind) => Some((
                    "response-media-type-added",
                    format!("`{kind}` comes back as well"),
                )),
                _ => None,
            };
            if let Some((rule, message)) = told {
                self.tell(old, rule, location, message, places);
            }
        }
    }

    fn header(
        &mut self,
        old: &Operation,
        location: &str,
        (name, header): (&str, &Header),
        b: &Response,
    ) {
        let Some(other) = b.headers.get(name) else {
            let rule = if header.required {
                "required-response-header-removed"
            } else {
                "optional-response-header-removed"
            };
            let message = format!("the header `{name}` is gone");
            let places = (Some(header.span), Some(b.span));
            return self.tell(old, rule, location, message, places);
        };
        if header.required && !other.required {
            let message = format!("the header `{name}` may be missing now");
            let places = (Some(header.span), Some(other.span));
            self.tell(
                old,
                "response-header-became-optional",
                location,
                message,
                places,
            );
        }
        if misread(self.graph, (&other.style, other.schema), &header.style) {
            let rule = "response-header-style-changed";
            let message = format!("the header `{name}` is written in another way");
            let places = (Some(header.span), Some(other.span));
            self.tell(old, rule, location, message, places);
        }
        let pair = (header.schema, other.schema);
        let (way, prefix) = (Direction::Response, "response-header");
        if header.style.is_document() || other.style.is_document() {
            self.ask(old, way, prefix, location, pair);
        } else {
            self.ask_text(old, way, prefix, location, pair);
        }
    }

    fn links(&mut self, old: &Operation, location: &str, a: &Response, b: &Response) {
        let places = (Some(a.span), Some(b.span));
        for (name, target) in &a.links {
            let told = match b.links.get(name) {
                Some(other) if other == target => continue,
                Some(_) => (
                    "response-link-changed",
                    format!("the link `{name}` is another one"),
                ),
                None => (
                    "response-link-removed",
                    format!("the link `{name}` is gone"),
                ),
            };
            self.tell(old, told.0, location, told.1, places);
        }
        for name in b.links.keys() {
            if !a.links.contains_key(name) {
                let message = format!("the link `{name}` is new");
                self.tell(old, "response-link-added", location, message, places);
            }
        }
    }
}

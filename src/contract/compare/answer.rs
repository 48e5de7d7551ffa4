//! What comes back.

use super::media;
use super::operation::Walk;
use crate::contract::model::{Header, Operation, Response};
use crate::contract::schema::Direction;

impl Walk<'_> {
    pub(super) fn responses(&mut self, old: &Operation, new: &Operation) {
        for (status, a) in &old.responses {
            let range = status.get(..1).map(|first| format!("{first}xx"));
            let other = new.responses.get(status);
            let other = other.or_else(|| new.responses.get(&range?));
            if let Some(b) = other {
                self.response(old, status, a, b);
                continue;
            }
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
        for (status, b) in &new.responses {
            if !old.responses.contains_key(status) {
                let location = &format!("response.{status}");
                let message = format!("the answer {status} is new");
                let places = (Some(old.span), Some(b.span));
                self.tell(old, "response-status-added", location, message, places);
            }
        }
    }

    fn response(&mut self, old: &Operation, status: &str, a: &Response, b: &Response) {
        let location = format!("response.{status}");
        self.received(old, &location, a, b);
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
        self.links(old, &location, a, b);
    }

    fn received(&mut self, old: &Operation, location: &str, a: &Response, b: &Response) {
        let places = (Some(a.span), Some(b.span));
        for (kind, content) in &a.media {
            let body = format!("{location}.body");
            if let Some(other) = media::same(&b.media, kind).or(media::inside(&b.media, kind)) {
                self.ask_media(old, Direction::Response, &body, (content, other));
                continue;
            }
            let (rule, message) = match media::covering(&b.media, kind) {
                Some(_) => (
                    "response-media-type-generalized",
                    format!("`{kind}` is one of a range now"),
                ),
                None => (
                    "response-media-type-removed",
                    format!("`{kind}` no longer comes back"),
                ),
            };
            self.tell(old, rule, location, message, places);
        }
        for kind in b.media.keys() {
            let known = media::covering(&a.media, kind).is_some();
            if !known && media::inside(&a.media, kind).is_none() {
                let message = format!("`{kind}` comes back as well");
                self.tell(old, "response-media-type-added", location, message, places);
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
        if self.written_otherwise((&other.style, other.schema), (&header.style, header.schema)) {
            let rule = "response-header-style-changed";
            let message = format!("the header `{name}` is written in another way");
            let places = (Some(header.span), Some(other.span));
            self.tell(old, rule, location, message, places);
        }
        let pair = (header.schema, other.schema);
        self.ask(old, Direction::Response, "response-header", location, pair);
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

//! What clients send: parameters and bodies.

use std::collections::{BTreeMap, BTreeSet};

use super::lifecycle::{Promise, Removal, changes};
use super::media;
use super::operation::Walk;
use crate::contract::model::{Body, Operation, Parameter};
use crate::contract::schema::{Direction, SchemaId, Type};

impl Walk<'_> {
    pub(super) fn parameters(&mut self, old: &Operation, new: &Operation) {
        let (before, after) = (keyed(old), keyed(new));
        for (key, a) in &before {
            match after.get(key) {
                Some(b) => self.parameter(old, a, b),
                None => self.parameter_removed(old, a),
            }
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

    fn parameter_removed(&mut self, operation: &Operation, gone: &Parameter) {
        let location = format!("request.{}.{}", gone.place, gone.name);
        let message = format!("the {} parameter `{}` is gone", gone.place, gone.name);
        let rule = match promise(gone).removal(self.terms.today) {
            Removal::BeforeSunset => "request-parameter-removed-before-sunset",
            Removal::Unreadable => "request-parameter-sunset-unreadable",
            Removal::Announced | Removal::Due => "request-parameter-removed-with-deprecation",
            _ => "request-parameter-removed",
        };
        self.tell(operation, rule, &location, message, (Some(gone.span), None));
    }

    fn parameter(&mut self, old: &Operation, a: &Parameter, b: &Parameter) {
        let location = format!("request.{}.{}", a.place, a.name);
        let location = location.as_str();
        let places = (Some(a.span), Some(b.span));
        let required = match (a.required, b.required) {
            (false, true) => Some(("request-parameter-became-required", "must be sent now")),
            (true, false) => Some(("request-parameter-became-optional", "can be left away now")),
            _ => None,
        };
        if let Some((rule, can)) = required {
            let message = format!("the {} parameter `{}` {can}", a.place, a.name);
            self.tell(old, rule, location, message, places);
        }
        for (ending, message) in changes(self.terms, promise(a), promise(b)) {
            // Nobody promises parameters to be stable for their own sake.
            if !ending.starts_with("stability") {
                let rule = format!("request-parameter-{ending}");
                self.tell(
                    old,
                    &rule,
                    location,
                    format!("`{}`: {message}", a.name),
                    places,
                );
            }
        }
        if self.written_otherwise((&a.style, a.schema), (&b.style, b.schema)) {
            let rule = "request-parameter-style-changed";
            let message = format!("`{}` is written in another way", a.name);
            self.tell(old, rule, location, message, places);
        }
        let after = self.one_item(a, b).or(b.schema);
        let pair = (a.schema, after);
        self.ask(old, Direction::Request, "request-parameter", location, pair);
    }

    fn types(&self, schema: Option<SchemaId>) -> Option<&BTreeSet<Type>> {
        self.graph.get(schema?).types.as_ref()
    }

    /// The items of a list that a single value is as good as, by how it is written.
    fn one_item(&self, a: &Parameter, b: &Parameter) -> Option<SchemaId> {
        let list = BTreeSet::from([Type::Array]);
        let mut types = self.types(b.schema)?.clone();
        types.remove(&Type::Null);
        let old = self.types(a.schema)?;
        let scalar = !old.contains(&Type::Array) && !old.contains(&Type::Object);
        let keywords = self.graph.get(b.schema?);
        let one = keywords
            .counts
            .get("minItems")
            .is_none_or(|least| *least <= 1);
        let repeated = b.style == ("form".to_owned(), true);
        (types == list && scalar && one && repeated)
            .then(|| keywords.items.unwrap_or(self.graph.anything()))
    }

    pub(super) fn bodies(&mut self, old: &Operation, new: &Operation) {
        let location = "request.body";
        let (a, b) = match (&old.body, &new.body) {
            (None, None) => return,
            (Some(a), None) => {
                let message = "a body is no longer read".to_owned();
                let places = (Some(a.span), Some(new.span));
                return self.tell(old, "request-body-removed", location, message, places);
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
            self.tell(old, rule, location, message.to_owned(), places);
        }
        self.contents(old, a, b);
    }

    fn contents(&mut self, old: &Operation, a: &Body, b: &Body) {
        let location = "request.body";
        let places = (Some(a.span), Some(b.span));
        for (kind, content) in &a.media {
            if let Some(other) = media::covering(&b.media, kind) {
                self.ask_media(old, Direction::Request, location, (content, other));
            } else {
                let message = format!("`{kind}` is no longer accepted");
                self.tell(
                    old,
                    "request-body-media-type-removed",
                    location,
                    message,
                    places,
                );
            }
        }
        for kind in b.media.keys() {
            if media::covering(&a.media, kind).is_none() {
                let message = format!("`{kind}` is accepted as well");
                self.tell(
                    old,
                    "request-body-media-type-added",
                    location,
                    message,
                    places,
                );
            }
        }
    }
}

/// Parameters by what they are known by.
pub(super) fn keyed(operation: &Operation) -> BTreeMap<(String, String), Parameter> {
    let each = operation.parameters.iter();
    each.map(|parameter| (operation.parameter_key(parameter), parameter.clone()))
        .collect()
}

fn promise(parameter: &Parameter) -> Promise<'_> {
    Promise {
        deprecated: parameter.deprecated,
        sunset: parameter.sunset.as_deref(),
        stability: parameter.stability.as_deref(),
    }
}

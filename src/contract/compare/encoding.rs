//! How the fields of forms are written.

use std::collections::BTreeSet;

use super::operation::Walk;
use super::rules::Level;
use super::style::{may_be, misread};
use crate::contract::model::{Encoding, Media, Operation, Style};
use crate::contract::schema::{Direction, Graph, SchemaId, Type};
use crate::span::Span;

/// A field of a form.
#[derive(Clone, Copy)]
struct Field<'m> {
    encoding: Option<&'m Encoding>,
    schema: Option<SchemaId>,
    span: Span,
}

impl<'m> Field<'m> {
    fn of(graph: &Graph, form: &'m Media, name: &str) -> Self {
        Self {
            encoding: form.encoding.get(name),
            schema: property(graph, form.schema, name),
            span: form.span,
        }
    }
}

impl Walk<'_> {
    pub(super) fn encodings(
        &mut self,
        operation: &Operation,
        direction: Direction,
        location: &str,
        (old, new): (&Media, &Media),
    ) {
        let names = old.encoding.keys().chain(new.encoding.keys());
        for name in names.collect::<BTreeSet<_>>() {
            let [a, b] = [old, new].map(|form| Field::of(self.graph, form, name));
            let (rule, sides) = match direction {
                Direction::Request => ("request-body-encoding-changed", (a, b)),
                Direction::Response => ("response-body-encoding-changed", (b, a)),
            };
            let location = format!("{location}.{name}");
            let places = (Some(a.span), Some(b.span));
            if let Some(level) = self.encoded_otherwise(sides) {
                let message = format!("the field `{name}` of a form is written in another way");
                self.tell_as(level, operation, rule, &location, message, places);
            }
            for header in unsent(sides) {
                let message = format!("the part `{name}` has to have the header `{header}`");
                self.tell(operation, rule, &location, message, places);
            }
            self.part_headers(operation, direction, &location, (a, b));
        }
    }

    /// How much it weighs that a field is sent as it is not understood; nothing, if it is.
    fn encoded_otherwise(&self, (sent, received): (Field<'_>, Field<'_>)) -> Option<Level> {
        let style = |field: Field<'_>| field.encoding.and_then(|own| own.style.clone());
        let (a, b) = (style(sent), style(received));
        let otherwise = if a.is_none() && b.is_none() {
            match (self.kinds(sent), self.kinds(received)) {
                // It depends on the value, and of a value that both know it is the same.
                (None, None) => Some(false),
                (sent, received) => sent
                    .zip(received)
                    .map(|(sent, received)| !all_in(&sent, &received)),
            }
        } else {
            let (a, b) = (
                a.or_else(|| self.style(sent)),
                b.or_else(|| self.style(received)),
            );
            a.zip(b)
                .map(|(a, b)| misread(self.graph, (&a, sent.schema), &b))
        };
        match otherwise {
            Some(false) => None,
            Some(true) => Some(Level::Error),
            None => Some(Level::Undecided),
        }
    }

    /// The style of what is written in none; nothing, if that depends on the value.
    fn style(&self, field: Field<'_>) -> Option<Style> {
        let may = |kind| may_be(self.graph, field.schema, kind);
        match (may(Type::Object), may(Type::Array)) {
            (false, _) => Some(Style::new("form", true)),
            (true, false) if !self.scalar(field.schema) => {
                Some(Style::new("application/json", false))
            }
            _ => None,
        }
    }

    /// The media types of a field; nothing, if that depends on the value.
    fn kinds(&self, field: Field<'_>) -> Option<Vec<String>> {
        let said = field.encoding.map(|own| own.kinds.clone());
        said.filter(|kinds| !kinds.is_empty())
            .or_else(|| self.usual_kind(field.schema, true).map(|kind| vec![kind]))
    }

    /// The media type of a field of which nothing is said: for a list, the one of its items.
    fn usual_kind(&self, schema: Option<SchemaId>, in_list: bool) -> Option<String> {
        let keywords = self.graph.get(schema?);
        let notes = keywords.notes.as_deref();
        if let Some(media) = notes.and_then(|notes| notes.media.clone()) {
            return Some(media.to_lowercase());
        }
        // What is said in branches is not looked for.
        if keywords.has_branches() {
            return None;
        }
        let may = |kind| may_be(self.graph, schema, kind);
        let binary = notes.is_some_and(|notes| {
            notes.encoding.is_some() || notes.format.as_deref() == Some("binary")
        });
        match (may(Type::Object), may(Type::Array), self.scalar(schema)) {
            (true, false, false) => Some("application/json".to_owned()),
            (false, true, false) if in_list => self.usual_kind(keywords.items, false),
            (false, false, true) if binary => Some("application/octet-stream".to_owned()),
            (false, false, true) => Some("text/plain".to_owned()),
            _ => None,
        }
    }

    fn scalar(&self, schema: Option<SchemaId>) -> bool {
        let scalars = [Type::String, Type::Number, Type::Integer, Type::Boolean];
        scalars.iter().any(|kind| may_be(self.graph, schema, *kind))
    }

    fn part_headers(
        &mut self,
        operation: &Operation,
        direction: Direction,
        location: &str,
        (a, b): (Field<'_>, Field<'_>),
    ) {
        let (Some(a), Some(b)) = (a.encoding, b.encoding) else {
            return;
        };
        let prefix = match direction {
            Direction::Request => "request-parameter",
            Direction::Response => "response-header",
        };
        for (name, header) in &a.headers {
            if let Some(other) = b.headers.get(name) {
                let location = format!("{location}.header.{name}");
                let pair = (header.schema, other.schema);
                self.ask(operation, direction, prefix, &location, pair);
            }
        }
    }
}

/// The headers that a part must have and that are not always sent with it.
fn unsent<'m>((sent, received): (Field<'m>, Field<'m>)) -> Vec<&'m String> {
    let sure = |name: &String| {
        let header = sent.encoding.and_then(|own| own.headers.get(name));
        header.is_some_and(|header| header.required)
    };
    let needed = received.encoding.into_iter().flat_map(|own| &own.headers);
    let needed = needed.filter(|(name, header)| header.required && !sure(name));
    needed.map(|(name, _)| name).collect()
}

/// A property of a schema, or of what it is put together from.
fn property(graph: &Graph, schema: Option<SchemaId>, name: &str) -> Option<SchemaId> {
    let own = graph.get(schema?);
    let mut inner = own.all_of.iter().map(|id| graph.get(*id));
    let found = own.properties.get(name);
    found
        .or_else(|| inner.find_map(|part| part.properties.get(name)))
        .copied()
}

/// Whether all of these media types, or ranges of them, are among the others.
fn all_in(kinds: &[String], others: &[String]) -> bool {
    let covers = |range: &str, kind: &str| {
        let essence = |kind: &str| kind.split(';').next().unwrap_or_default().to_owned();
        let (range, kind) = (essence(range), essence(kind));
        let group = range.strip_suffix('*').unwrap_or(&range);
        range == "*/*" || range == kind || (group != range && kind.starts_with(group))
    };
    let mut kinds = kinds.iter();
    kinds.all(|kind| others.iter().any(|range| covers(range, kind)))
}

//! What changed in schemas beside what is valid.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use super::format::{Change, change, words};
use super::lifecycle::{Promise, changes};
use super::rules::{Level, note_rule};
use super::terms::Terms;
use super::walk::Pair;
use super::{Places, Witness};
use crate::contract::schema::{Direction, Discriminator, Graph, Keywords, Notes, SchemaId};

/// Something that is to be told of a pair.
pub(super) struct Note {
    ending: &'static str,
    /// Instead of the one of the rule.
    level: Option<Level>,
    /// The property that it is about, if that is not a pair of its own.
    pub property: Option<String>,
    /// The schema of that property.
    schema: Option<SchemaId>,
    pub message: String,
    /// A value that one side accepts and the other refuses.
    pub witness: Option<Witness>,
}

impl Note {
    fn new(ending: &'static str, message: impl Into<String>) -> Self {
        Self {
            ending,
            level: None,
            property: None,
            schema: None,
            message: message.into(),
            witness: None,
        }
    }

    /// No answer fits any more, and this one did.
    pub(super) fn impossible(answer: Value) -> Self {
        let message = "nothing fits any more, so that no answer can keep to the contract";
        Self {
            witness: Some(Witness {
                valid_in: "old",
                instance: answer,
            }),
            ..Self::new("impossible", message)
        }
    }

    /// The name and level of the rule for something whose rules begin so; nothing, if there is
    /// none.
    pub(super) fn rule(&self, prefix: &str) -> Option<(String, Level)> {
        let ending = match (self.ending, prefix) {
            ("default-changed", "request-parameter") => "default-value-changed",
            (ending, _) => ending,
        };
        let rule = note_rule(ending);
        let level = if prefix.starts_with("request") {
            rule.sent
        } else {
            rule.received
        };
        Some((format!("{prefix}-{ending}"), self.level.or(level)?))
    }

    pub(super) fn places(&self, graph: &Graph, (old, new): (SchemaId, SchemaId)) -> Places {
        let own = |side| Some(graph.span(side));
        match (self.ending, self.schema) {
            ("added", Some(schema)) => (own(old), own(schema)),
            ("removed", Some(schema)) => (own(schema), own(new)),
            _ => (own(old), own(new)),
        }
    }
}

/// All that is to be told of a pair.
pub(super) fn notes(graph: &Graph, terms: Terms, pair: &Pair, direction: Direction) -> Vec<Note> {
    let (old, new) = (graph.get(pair.old), graph.get(pair.new));
    let mut found = Vec::new();
    let none = Notes::default();
    let before = old.notes.as_deref().unwrap_or(&none);
    let after = new.notes.as_deref().unwrap_or(&none);
    if before != after {
        let (before, after) = (&*in_words_of(before, after), &*in_words_of(after, before));
        values(before, after, &mut found);
        content(before, after, &mut found);
        discriminator(before, after, &mut found);
        let promises = changes(terms, promise(before), promise(after)).into_iter();
        found.extend(promises.map(|(ending, message)| Note::new(ending, message)));
    }
    mutability(old, new, &mut found);
    properties(graph, old, new, direction, &mut found);
    found
}

/// Notes that say by `contentEncoding` and `contentMediaType` what they said by a format, if the
/// others do so.
fn in_words_of<'n>(notes: &'n Notes, others: &Notes) -> Cow<'n, Notes> {
    let mut said = Cow::Borrowed(notes);
    match notes.format.as_deref() {
        Some("byte") if notes.encoding.is_none() && others.encoding.is_some() => {
            said.to_mut().encoding = Some("base64".to_owned());
        }
        Some("binary") if notes.media.is_none() && others.media.is_some() => {
            said.to_mut().media = Some("application/octet-stream".to_owned());
        }
        _ => {}
    }
    said
}

fn promise(notes: &Notes) -> Promise<'_> {
    Promise {
        deprecated: notes.deprecated,
        sunset: notes.sunset.as_deref(),
        stability: notes.stability.as_deref(),
    }
}

/// A change of formats, of which the branches of a schema are told together.
pub(super) fn format(
    graph: &Graph,
    pair: &Pair,
    direction: Direction,
    example: impl FnOnce(SchemaId) -> Option<Value>,
) -> Option<Note> {
    let sides = (pair.narrow(direction), pair.wide(direction));
    let message = || {
        let (old, new) = (words(graph, pair.old), words(graph, pair.new));
        format!("the format was {old}, now it is {new}")
    };
    match change(graph, sides, direction, example) {
        Change::Fits => None,
        Change::Unknown => Some(Note::new("format-unknown-changed", message())),
        Change::Breaks(value) => Some(Note {
            witness: Some(Witness::of_sender(direction, value.clone())),
            ..Note::new(
                "format-changed",
                format!("{}: {value} fits only the one that is sent", message()),
            )
        }),
    }
}

fn values(before: &Notes, after: &Notes, found: &mut Vec<Note>) {
    if before.default != after.default {
        let words = |notes: &Notes| match &notes.default {
            Some(value) => format!("`{value}`"),
            None => "nothing".to_owned(),
        };
        let message = format!(
            "what is left out is {}, not {}",
            words(after),
            words(before)
        );
        found.push(Note::new("default-changed", message));
    }
    let (Some(old), Some(new)) = (&before.extensible, &after.extensible) else {
        return;
    };
    for value in old.iter().filter(|value| !new.contains(value)) {
        let message = format!("{value} is no longer one of the known values");
        found.push(Note::new("extensible-enum-value-removed", message));
    }
    for value in new.iter().filter(|value| !old.contains(value)) {
        let message = format!("{value} is one of the known values");
        found.push(Note::new("extensible-enum-value-added", message));
    }
}

fn content(before: &Notes, after: &Notes, found: &mut Vec<Note>) {
    let words = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    if before.encoding != after.encoding {
        let (old, new) = (words(&before.encoding), words(&after.encoding));
        let message = format!("the encoding was {old}, now it is {new}");
        found.push(Note::new("content-encoding-changed", message));
    }
    if before.media != after.media {
        let (old, new) = (words(&before.media), words(&after.media));
        let message = format!("the text held {old}, now it holds {new}");
        found.push(Note::new("content-media-type-changed", message));
    }
    if before.content.is_some() != after.content.is_some() {
        let message = if after.content.is_some() {
            "the document in the text has a schema now"
        } else {
            "the document in the text has no schema any more"
        };
        found.push(Note::new("content-schema-changed", message));
    }
}

fn discriminator(before: &Notes, after: &Notes, found: &mut Vec<Note>) {
    let (old, new) = (&before.discriminator, &after.discriminator);
    let name = |side: &Option<Discriminator>| side.as_ref().map(|side| side.property.clone());
    if name(old) != name(new) {
        let words = |name: Option<String>| name.unwrap_or_else(|| "nothing".to_owned());
        let (old, new) = (words(name(old)), words(name(new)));
        let message = format!("`{new}` tells the branches apart, not `{old}`");
        found.push(Note::new("discriminator-changed", message));
        return;
    }
    let (Some(old), Some(new)) = (old, new) else {
        return;
    };
    let names = old.mapping.values().chain(new.mapping.values());
    let names: BTreeSet<&String> = names.collect();
    let values = old.mapping.keys().chain(new.mapping.keys());
    let values: BTreeSet<&String> = values.collect();
    let value_changes = values.into_iter().map(|value| {
        let targets = (old.target(value, &names), new.target(value, &names));
        (format!("`{value}`"), targets)
    });
    let otherwise = (old.otherwise.as_ref(), new.otherwise.as_ref());
    let changes = value_changes.chain([("any other value".to_owned(), otherwise)]);
    let messages = changes.filter_map(|(value, targets)| match targets {
        (Some(target), Some(other)) if other != target => {
            Some(format!("{value} stands for `{other}`, not for `{target}`"))
        }
        (Some(target), None) => Some(format!("{value} no longer stands for `{target}`")),
        _ => None,
    });
    found.extend(messages.map(|message| Note::new("discriminator-mapping-changed", message)));
}

fn mutability(old: &Keywords, new: &Keywords, found: &mut Vec<Note>) {
    let changes = [
        (
            old.read_only,
            new.read_only,
            "became-read-only",
            "became-not-read-only",
        ),
        (
            old.write_only,
            new.write_only,
            "became-write-only",
            "became-not-write-only",
        ),
    ];
    for (before, after, became, no_longer) in changes {
        match (before, after) {
            (false, true) => found.push(Note::new(became, "it goes in one direction only")),
            (true, false) => found.push(Note::new(no_longer, "it goes in both directions")),
            _ => {}
        }
    }
}

fn properties(
    graph: &Graph,
    old: &Keywords,
    new: &Keywords,
    direction: Direction,
    found: &mut Vec<Note>,
) {
    let mut say = |ending, name: &String, schema: SchemaId, message| {
        found.push(Note {
            property: Some(name.clone()),
            schema: Some(schema),
            ..Note::new(ending, message)
        });
    };
    // What stands in branches may be spoken of there.
    if !old.is_whole() || !new.is_whole() {
        return;
    }
    let closed = new.additional == Some(graph.nothing());
    for (name, schema) in &old.properties {
        let gone = !new.properties.contains_key(name) && !closed;
        if gone && direction == Direction::Request && !graph.is_unsent(old, name, direction) {
            say(
                "removed",
                name,
                *schema,
                format!("`{name}` is no longer spoken of"),
            );
        }
    }
    for (name, schema) in &new.properties {
        let known = old.properties.contains_key(name) || graph.is_unsent(new, name, direction);
        let must = direction == Direction::Request && new.required.contains(name);
        if !known && !must {
            say("added", name, *schema, format!("`{name}` is new"));
        }
    }
}

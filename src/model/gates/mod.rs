//! Two readings of a pipeline → the gates that the later one weakens.
//!
//! What is compared is what is written, field by field; which way a change weakens is said by a
//! table, so a new field of a kind needs a row there and nothing else.

mod condition;
mod field;
mod files;
mod table;
#[cfg(test)]
mod tests;

pub use files::{FileChange, file_changes, former_path, lost_files};

use std::collections::BTreeSet;

use self::condition::holds_less;
use self::field::Field;
use self::table::{WAYS, Way};
use super::{Node, Pipeline};
use crate::event::GateChange;
use crate::kinds::kind_spec;
use crate::span::{Sources, Span};

/// Every gate of `old` that is weaker in `new` or not there any more, in the order of `old`.
/// `sources` are the texts of `new`.
pub fn weakened(old: &Pipeline, new: &Pipeline, sources: &Sources) -> Vec<GateChange> {
    let ids = |pipeline: &Pipeline| -> BTreeSet<String> {
        pipeline
            .nodes
            .iter()
            .map(|node| node.id.value.clone())
            .collect()
    };
    let (before, now) = (ids(old), ids(new));
    let gone: BTreeSet<String> = before.difference(&now).cloned().collect();
    let mut changes: Vec<GateChange> = Vec::new();
    for node in old.nodes.iter().filter(|node| is_gate(node)) {
        let found = match new.nodes.iter().find(|other| *other.id == *node.id) {
            None => vec![removed(node, new, &before, sources)],
            Some(other) => Pair {
                old: node,
                new: other,
                gone: &gone,
                sources,
            }
            .changes(),
        };
        for change in found {
            // The copies of a matrix say the same.
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
    }
    changes
}

fn is_gate(node: &Node) -> bool {
    !node.kind.is_environment() && node.kind.finalises().is_none()
}

fn removed(
    node: &Node,
    new: &Pipeline,
    before: &BTreeSet<String>,
    sources: &Sources,
) -> GateChange {
    let same = |other: &&Node| {
        !before.contains(&*other.id) && other.kind == node.kind && other.written == node.written
    };
    match new.nodes.iter().find(same) {
        Some(other) => change(
            "node-renamed",
            node,
            format!("`{}` is called `{}` now", *node.id, *other.id),
            (other.span, sources),
        ),
        None => GateChange {
            what: "node-removed".to_owned(),
            node: Some(node.id.value.clone()),
            message: format!("`{}` is not there any more", *node.id),
            path: Some(new.path.clone()),
            line: None,
        },
    }
}

fn change(
    what: &str,
    node: &Node,
    message: String,
    (span, sources): (Span, &Sources),
) -> GateChange {
    let source = sources.get(span.source);
    GateChange {
        what: what.to_owned(),
        node: Some(node.group.as_ref().unwrap_or(&node.id).clone()),
        message,
        path: source.map(|source| source.path.clone()),
        line: source.map(|_| sources.position(span).line as u64),
    }
}

/// A node before and now.
struct Pair<'p> {
    old: &'p Node,
    new: &'p Node,
    /// Nodes that there are no more: not to need them any more says nothing else.
    gone: &'p BTreeSet<String>,
    sources: &'p Sources,
}

impl Pair<'_> {
    fn changes(&self) -> Vec<GateChange> {
        let (before, now) = (self.old.kind.name(), self.new.kind.name());
        if before != now {
            let message = format!("`{}` was a `{before}` and is a `{now}`", *self.new.id);
            let place = (self.new.span, self.sources);
            return vec![change("kind-changed", self.new, message, place)];
        }
        let rows = WAYS.iter().filter_map(|(name, way)| {
            let (kind, path) = name.split_once('.')?;
            [before, "*"].contains(&kind).then_some((path, *way))
        });
        rows.flat_map(|(path, way)| self.field(path, way)).collect()
    }

    fn field(&self, path: &str, way: Way) -> Vec<GateChange> {
        let row = kind_spec(self.new.kind.name()).and_then(|spec| field::row(spec, path));
        let default = row.and_then(|row| row.default);
        let (before, now) = (
            field::find(&self.old.written, path),
            field::find(&self.new.written, path),
        );
        let labels: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        let of = |fields: &std::collections::BTreeMap<String, Vec<_>>, label: &String| Field {
            lines: fields.get(label).cloned().unwrap_or_default(),
            default,
        };
        let found = labels.into_iter().filter_map(|label| {
            let (old, new) = (of(&before, label), of(&now, label));
            let (what, said) = self.judge(way, &old, &new)?;
            let span = new
                .lines
                .first()
                .map_or(self.new.span, |line| line.name.span);
            let message = format!(
                "`{}`: `{label}` {said}",
                self.new.group.as_ref().unwrap_or(&self.new.id)
            );
            Some(change(what, self.new, message, (span, self.sources)))
        });
        found.collect()
    }

    /// The word for a change that weakens, and the rest of the sentence about it.
    fn judge(&self, way: Way, old: &Field<'_>, new: &Field<'_>) -> Option<(&'static str, String)> {
        match way {
            Way::Lowered => bound("lowered", old, new, |old, new| new < old),
            Way::Raised => bound("raised", old, new, |old, new| new > old),
            Way::Later(words) => later(words, old, new),
            Way::Unset => (old.is_set() && !new.is_set()).then(|| ("switched-off", went(old, new))),
            Way::Dropped => (!old.lines.is_empty() && new.lines.is_empty())
                .then(|| ("removed", "is not there any more".to_owned())),
            Way::Set => {
                (!old.is_set() && new.is_set()).then(|| ("switched-on", "is set now".to_owned()))
            }
            Way::Grown => {
                items(&new.items(), &old.items()).map(|added| ("added", format!("has {added} now")))
            }
            Way::Shrunk => {
                let kept: BTreeSet<String> = new.items().union(self.gone).cloned().collect();
                items(&old.items(), &kept)
                    .map(|left| ("removed", format!("does not have {left} any more")))
            }
            Way::Narrowed => {
                let narrower = match (old.lines.is_empty(), new.lines.is_empty()) {
                    (_, true) => false,
                    (true, false) => true,
                    (false, false) => holds_less(old, new),
                };
                narrower.then(fewer_cases)
            }
            Way::Widened => holds_less(new, old).then(fewer_cases),
            Way::Changed => {
                let is_other = !old.lines.is_empty() && old.value() != new.value();
                is_other.then(|| ("changed", went(old, new)))
            }
        }
    }
}

fn fewer_cases() -> (&'static str, String) {
    ("narrowed", "lets it run in fewer cases".to_owned())
}

fn went(old: &Field<'_>, new: &Field<'_>) -> String {
    let before = old.value().unwrap_or_default();
    match new.value() {
        Some(now) => format!("was `{before}` and is `{now}`"),
        None => format!("was `{before}` and is not set any more"),
    }
}

fn bound(
    word: &'static str,
    old: &Field<'_>,
    new: &Field<'_>,
    is_weaker: fn(f64, f64) -> bool,
) -> Option<(&'static str, String)> {
    let before = old.number()?;
    let weaker = new.number().is_none_or(|now| is_weaker(before, now));
    weaker.then(|| (word, went(old, new)))
}

fn later(words: &[&str], old: &Field<'_>, new: &Field<'_>) -> Option<(&'static str, String)> {
    let place = |field: &Field<'_>| {
        let value = field.value();
        let at = |wanted: &str| words.iter().position(|word| *word == wanted);
        let known = value.and_then(|value| at(&value).or_else(|| at("*")));
        known.unwrap_or(words.len())
    };
    (place(new) > place(old)).then(|| ("loosened", went(old, new)))
}

/// What `more` has and `less` has not, quoted.
fn items(more: &BTreeSet<String>, less: &BTreeSet<String>) -> Option<String> {
    let quoted: Vec<String> = more
        .difference(less)
        .map(|item| format!("`{item}`"))
        .collect();
    (!quoted.is_empty()).then(|| quoted.join(", "))
}

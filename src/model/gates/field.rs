//! Fields of a node as they are written, found by their path.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Common;
use crate::spec::{FieldSpec, Table, TableSpec, Ty, parse_duration};
use crate::syntax::{Node, Scalar};

/// A field as it stands in a node: perhaps not at all, perhaps on several lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Field<'n> {
    pub(super) lines: Vec<&'n Node>,
    pub(super) default: Option<&'static str>,
}

/// The row of a field of that kind, by its path.
pub(super) fn row(kind: &'static TableSpec, path: &str) -> Option<&'static FieldSpec> {
    let mut names = path.split('.').filter(|name| *name != "*");
    let first = names.next()?;
    let mut row = kind.field(first).or_else(|| Common::SPEC.field(first))?;
    for name in names {
        let (Ty::Table(inner) | Ty::Repeated(inner) | Ty::Named(inner)) = row.ty else {
            return None;
        };
        row = inner.field(name)?;
    }
    Some(row)
}

/// Every field of that path among the fields of a node, by what it is called with the names of the
/// user in the places of `*`.
pub(super) fn find<'n>(written: &'n [Node], path: &str) -> BTreeMap<String, Vec<&'n Node>> {
    let mut found = BTreeMap::from([(String::new(), written.iter().collect::<Vec<_>>())]);
    let mut inside = true;
    for name in path.split('.') {
        let mut next: BTreeMap<String, Vec<&Node>> = BTreeMap::new();
        for (label, nodes) in found {
            if name == "*" {
                for (entry, fields) in nodes.iter().flat_map(|node| entries(node)) {
                    next.insert(format!("{label} {entry}"), fields);
                }
                continue;
            }
            let nodes = nodes.into_iter();
            let fields: Vec<&Node> = if inside {
                nodes.collect()
            } else {
                nodes.flat_map(|node| &node.children).collect()
            };
            let named = fields.into_iter().filter(|node| *node.name == name);
            let gap = if label.is_empty() { "" } else { "." };
            next.insert(format!("{label}{gap}{name}"), named.collect());
        }
        inside = name == "*";
        found = next;
    }
    found
}

/// The entries that the user named, in both ways to write them, and the fields of each.
fn entries(node: &Node) -> Vec<(String, Vec<&Node>)> {
    if node.args.is_empty() {
        let children = node.children.iter();
        let entry = |child: &'_ Node| child.name.value.clone();
        return children
            .map(|child| (entry(child), child.children.iter().collect()))
            .collect();
    }
    let fields: Vec<&Node> = node.children.iter().collect();
    let names = node.args.iter().map(|arg| text(&arg.value));
    names.map(|name| (name, fields.clone())).collect()
}

impl Field<'_> {
    /// What is written, or the default; a lone name means true.
    pub(super) fn value(&self) -> Option<String> {
        let Some(first) = self.lines.first() else {
            return self.default.map(str::to_owned);
        };
        let words: Vec<String> = first.args.iter().map(|arg| text(&arg.value)).collect();
        match words.as_slice() {
            [] => Some("true".to_owned()),
            words => Some(words.join(" ")),
        }
    }

    pub(super) fn is_set(&self) -> bool {
        self.value().as_deref() == Some("true")
    }

    /// Its number; of times, in seconds.
    pub(super) fn number(&self) -> Option<f64> {
        let text = self.value()?;
        if let Some(time) = parse_duration(&text) {
            return Some(time.as_secs_f64());
        }
        let digits = text.trim_end_matches(|last: char| !last.is_ascii_digit());
        digits.parse().ok()
    }

    /// Values of a list, or names of entries.
    pub(super) fn items(&self) -> BTreeSet<String> {
        let of_line = |line: &&Node| -> Vec<String> {
            let named = line.children.iter().map(|child| child.name.value.clone());
            match line.args.as_slice() {
                [] if line.children.is_empty() => vec!["true".to_owned()],
                [] => named.collect(),
                args => args.iter().map(|arg| text(&arg.value)).collect(),
            }
        };
        let written: BTreeSet<String> = self.lines.iter().flat_map(of_line).collect();
        match self.default {
            Some(default) if self.lines.is_empty() => BTreeSet::from([default.to_owned()]),
            _ => written,
        }
    }
}

/// A value as it is written, without quotes.
pub(super) fn text(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => text.clone(),
        Scalar::Int(number) => number.to_string(),
        Scalar::Float(number) => number.to_string(),
        Scalar::Bool(truth) => truth.to_string(),
    }
}

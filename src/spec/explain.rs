//! The tables as answers to `sdd explain`, for a terminal of 80 columns.

use super::sample::looks;
use super::{FieldSpec, Grammar, TableSpec};
use crate::diag::{CODES, Code, closest};

const COLUMNS: usize = 80;

/// What is known of everything that can be asked for.
#[derive(Debug, Clone, Copy)]
pub struct Manual<'a> {
    /// The tables.
    pub grammar: &'a Grammar,
    /// An example for each kind, by its name.
    pub examples: &'a [(&'a str, &'a str)],
}

/// A field and the tables that lead to it, the outermost first.
struct Place {
    path: Vec<&'static str>,
    field: &'static FieldSpec,
}

impl Manual<'_> {
    /// The answer for a kind, a field (`needs`, `test.results.format`) or the code of a
    /// diagnostic; for an empty topic an overview. `None` if there is no such topic.
    pub fn explain(&self, topic: &str) -> Option<String> {
        let topic = topic.trim();
        if topic.is_empty() {
            return Some(self.overview());
        }
        let id = topic.strip_prefix("sdd::config::").unwrap_or(topic);
        let kind = self.grammar.kind(topic).map(|kind| self.kind(kind));
        let code = || CODES.iter().find(|code| code.id == id).map(explain_code);
        let fields = || {
            let places = self.places(topic);
            (!places.is_empty()).then(|| self.fields(&places))
        };
        kind.or_else(fields).or_else(code)
    }

    /// What somebody who asked for an unknown topic probably meant.
    pub fn suggest(&self, topic: &str) -> Option<String> {
        let grammar = self.grammar;
        let tables = self.tables();
        let names = tables.iter().flat_map(|(path, table)| {
            let prefix = |name: &str| match path.as_slice() {
                [] => name.to_owned(),
                path => format!("{}.{name}", path.join(".")),
            };
            table.fields.iter().map(move |field| prefix(field.name))
        });
        let plain = grammar.kinds.iter().map(|kind| kind.name.to_owned());
        let codes = CODES.iter().map(|code| code.id.to_owned());
        let all: Vec<String> = plain.chain(names).chain(codes).collect();
        closest(topic, all.iter().map(String::as_str)).map(str::to_owned)
    }

    fn overview(&self) -> String {
        let mut out = String::from(
            "sdd explain KIND | KIND.FIELD | FIELD | CODE\n\nKinds of nodes, written `KIND \"id\" { … }`:\n",
        );
        for kind in &self.grammar.kinds {
            entry(kind.name, first_sentence(kind.doc), &mut out);
        }
        out.push_str("\nFields of every node:\n");
        wrap(&names(self.grammar.common), 2, &mut out);
        out.push_str("\nFields of a pipeline itself:\n");
        wrap(&names(self.grammar.header), 2, &mut out);
        out.push_str("\nDiagnostics:\n");
        let codes: Vec<&str> = CODES.iter().map(|code| code.id).collect();
        wrap(&codes.join(", "), 2, &mut out);
        out
    }

    fn kind(&self, kind: &'static TableSpec) -> String {
        let mut out = format!("{}: a kind of node\n\n", kind.name);
        wrap(kind.doc, 0, &mut out);
        out.push_str("\nIts own fields:\n");
        list_fields(kind, &mut out);
        out.push_str("\nFields of every node:\n");
        wrap(&names(self.grammar.common), 2, &mut out);
        if let Some((_, text)) = self.examples.iter().find(|(name, _)| *name == kind.name) {
            out.push_str("\nExample:\n");
            for line in text.lines() {
                let indent = if line.is_empty() { "" } else { "  " };
                out.extend([format!("{indent}{line}\n")]);
            }
        }
        out
    }

    /// Every table with the names that lead to it; kinds by their name, the rest of the top
    /// without one.
    fn tables(&self) -> Vec<(Vec<&'static str>, &'static TableSpec)> {
        let grammar = self.grammar;
        let kinds = grammar.kinds.iter().map(|kind| (vec![kind.name], *kind));
        let mut tables = vec![(Vec::new(), grammar.common), (Vec::new(), grammar.header)];
        tables.extend(kinds);
        let mut next = 0;
        while let Some((path, table)) = tables.get(next).cloned() {
            next += 1;
            for field in table.fields {
                let inner = field.ty.block();
                // `defaults` holds the fields of every node, which stand there already.
                if let Some(inner) = inner.filter(|inner| inner.name != grammar.common.name) {
                    let path = path.iter().copied().chain([field.name]).collect();
                    tables.push((path, inner));
                }
            }
        }
        tables
    }

    /// The fields that a dotted name can mean: by its whole path, or by its own name alone.
    fn places(&self, topic: &str) -> Vec<Place> {
        let (owner, name) = topic.rsplit_once('.').unwrap_or(("", topic));
        let (kind, rest) = owner.split_once('.').unwrap_or((owner, ""));
        let of_kind = self.grammar.kind(kind).is_some();
        let common = self.grammar.common;
        let tables = self.tables();
        let is_common = |path: &[&str], table: &TableSpec| match path.first() {
            None => table.name == common.name,
            Some(first) => common
                .field(first)
                .is_some_and(|field| field.ty.block().is_some()),
        };
        let fits = |path: &[&str], table: &TableSpec| {
            let path_text = path.join(".");
            owner.is_empty()
                || path_text == owner
                || (of_kind && path_text == rest && is_common(path, table))
        };
        tables
            .into_iter()
            .filter(|(path, table)| fits(path, table))
            .filter_map(|(path, table)| {
                let field = table.field(name)?;
                Some(Place {
                    path: [path, vec![table.name]].concat(),
                    field,
                })
            })
            .collect()
    }

    fn fields(&self, places: &[Place]) -> String {
        let mut out = String::new();
        let mut told: Vec<(&str, &str)> = Vec::new();
        for place in places {
            let known = (place.field.name, place.field.doc);
            if told.contains(&known) {
                continue;
            }
            told.push(known);
            if !out.is_empty() {
                out.push('\n');
            }
            let same = places
                .iter()
                .filter(|other| other.field.doc == place.field.doc);
            let owners: Vec<String> = same.map(|place| self.owner(place)).collect();
            explain_field(place.field, &owners.join(", "), &mut out);
        }
        out
    }

    fn owner(&self, place: &Place) -> String {
        let (table, path) = place.path.split_last().unwrap_or((&"", &[]));
        match path {
            [] if *table == self.grammar.common.name => "every node".to_owned(),
            [] => format!("a {table}"),
            path => format!("`{}`", path.join(".")),
        }
    }
}

fn explain_code(code: &Code) -> String {
    let mut out = format!("{} ({})\n\n", code.name(), code.severity.as_str());
    wrap(&format!("It means that {}.", code.summary), 0, &mut out);
    out.push('\n');
    wrap(code.explanation, 0, &mut out);
    out
}

fn explain_field(field: &FieldSpec, owners: &str, out: &mut String) {
    out.extend([format!("{}: a field of {owners}\n\n", field.name)]);
    wrap(field.doc, 0, out);
    out.push('\n');
    entry("takes", &field.ty.noun(), out);
    let absent = match (field.required, field.default) {
        (true, _) => "yes".to_owned(),
        (false, Some(text)) => format!("no; without it: {text}"),
        (false, None) => "no".to_owned(),
    };
    entry("required", &absent, out);
    for (language, text) in ["KDL", "TOML"].into_iter().zip(looks(field)) {
        entry_lines(language, &text, out);
    }
    if let Some(block) = field.ty.block() {
        out.push_str("\nIts fields:\n");
        list_fields(block, out);
    }
}

fn list_fields(table: &TableSpec, out: &mut String) {
    for field in table.fields {
        let absent = match (field.required, field.default) {
            (true, _) => " (required)".to_owned(),
            (false, Some(text)) => format!(" (default {text})"),
            (false, None) => String::new(),
        };
        let text = format!("{}{absent}", first_sentence(field.doc));
        entry(field.name, &text, out);
    }
}

fn names(table: &TableSpec) -> String {
    let names: Vec<&str> = table.fields.iter().map(|field| field.name).collect();
    names.join(", ")
}

/// Up to the first full stop that ends a sentence.
fn first_sentence(doc: &str) -> &str {
    let doc = doc.trim();
    doc.find(". ")
        .or_else(|| doc.find(".\n"))
        .map_or(doc, |end| &doc[..=end])
}

/// Where the text of an entry begins.
const COLUMN: usize = 16;

fn entry(name: &str, text: &str, out: &mut String) {
    let mut lines = String::new();
    wrap(text, COLUMN + 2, &mut lines);
    let first = format!("  {name:<COLUMN$}");
    let width = first.chars().count();
    if width > COLUMN + 2 {
        out.extend([format!("{first}\n{lines}")]);
    } else {
        out.extend([format!("{first}{}", lines.trim_start())]);
    }
}

fn entry_lines(name: &str, text: &str, out: &mut String) {
    for (index, line) in text.lines().enumerate() {
        let name = if index == 0 { name } else { "" };
        out.push_str(format!("  {name:<COLUMN$}{line}").trim_end());
        out.push('\n');
    }
}

/// Appends a text in lines that end within the width of the terminal.
fn wrap(text: &str, indent: usize, out: &mut String) {
    for (index, paragraph) in text.trim().split("\n\n").enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let mut column = 0;
        for word in paragraph.split_whitespace() {
            let length = word.chars().count();
            if column > 0 && indent + column + 1 + length > COLUMNS {
                out.push('\n');
                column = 0;
            }
            let blanks = if column == 0 { indent } else { 1 };
            out.extend(std::iter::repeat_n(' ', blanks));
            out.push_str(word);
            column += length + usize::from(column > 0);
        }
        out.push('\n');
    }
}

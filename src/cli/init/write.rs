//! Drafts → the text of a pipeline, in KDL or in TOML.

use std::fmt::Write as _;

use super::draft::{Atom, Content, Draft, Field};
use crate::syntax::Language;

/// A pipeline file.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// What stands above everything, one line each.
    pub(super) preface: Vec<String>,
    /// What the pipeline is for.
    pub(super) description: &'static str,
    /// Its nodes.
    pub(super) nodes: Vec<Draft>,
    /// What stands below everything.
    pub(super) epilogue: Vec<String>,
    /// Nodes that stand below that, commented out.
    pub(super) examples: Vec<Draft>,
}

/// Writes a pipeline in a language.
pub(super) fn text(pipeline: &Text, language: Language) -> String {
    let writer = Writer { language };
    let mut out = writer.comment(&pipeline.preface);
    let description = Field::text("description", pipeline.description);
    let _ = write!(out, "\n{}\n", writer.field(&description));
    for node in &pipeline.nodes {
        let _ = write!(
            out,
            "\n{}{}",
            writer.comment(&node.comment),
            writer.node(node)
        );
    }
    if !pipeline.epilogue.is_empty() {
        let _ = write!(out, "\n{}", writer.comment(&pipeline.epilogue));
    }
    for node in &pipeline.examples {
        let mut lines = vec![String::new()];
        lines.extend(node.comment.iter().cloned());
        lines.extend(writer.node(node).lines().map(str::to_owned));
        out.push_str(&writer.comment(&lines));
    }
    out
}

struct Writer {
    language: Language,
}

impl Writer {
    fn comment(&self, lines: &[String]) -> String {
        let mark = match self.language {
            Language::Kdl => "//",
            Language::Toml => "#",
        };
        let plain = |line: &String| -> String { line.chars().filter(|c| !is_unsafe(*c)).collect() };
        lines
            .iter()
            .map(|line| format!("{mark} {}", plain(line)).trim_end().to_owned() + "\n")
            .collect()
    }

    fn node(&self, node: &Draft) -> String {
        let (head, indent, tail) = match self.language {
            Language::Kdl => (
                format!("{} {} {{\n", node.kind, kdl_text(&node.id)),
                "    ",
                "}\n",
            ),
            Language::Toml => (format!("[{}.{}]\n", node.kind, toml_key(&node.id)), "", ""),
        };
        let mut out = head;
        for field in &node.fields {
            for line in self.field(field).lines() {
                let _ = writeln!(out, "{indent}{line}");
            }
        }
        out.push_str(tail);
        out
    }

    fn field(&self, field: &Field) -> String {
        let name = field.name;
        match (self.language, &field.content) {
            (Language::Kdl, Content::Table(entries)) if entries.is_empty() => name.to_owned(),
            (Language::Toml, Content::Table(entries)) if entries.is_empty() => {
                format!("{name} = {{}}")
            }
            (Language::Kdl, Content::Texts(texts)) => {
                let texts: Vec<_> = texts.iter().map(|text| kdl_text(text)).collect();
                format!("{name} {}", texts.join(" "))
            }
            (Language::Kdl, Content::Flag(truth)) => format!("{name} #{truth}"),
            (Language::Kdl, Content::Table(entries)) => {
                let print = |(key, atom): &(_, Atom)| format!("{key}={}", scalar(atom, kdl_text));
                let entries: Vec<_> = entries.iter().map(print).collect();
                format!("{name} {}", entries.join(" "))
            }
            (Language::Toml, Content::Texts(texts)) => match texts.as_slice() {
                [text] => format!("{name} = {}", toml_text(text)),
                texts => {
                    let texts: Vec<_> = texts.iter().map(|text| toml_text(text)).collect();
                    format!("{name} = [{}]", texts.join(", "))
                }
            },
            (Language::Toml, Content::Flag(truth)) => format!("{name} = {truth}"),
            (Language::Kdl, Content::Block(fields)) => {
                let fields = fields
                    .iter()
                    .map(|field| format!("    {}\n", self.field(field)));
                format!("{name} {{\n{}}}", fields.collect::<String>())
            }
            (Language::Toml, Content::Block(fields)) => {
                let fields: Vec<_> = fields.iter().map(|field| self.field(field)).collect();
                format!("{name} = {{ {} }}", fields.join(", "))
            }
            (Language::Toml, Content::Table(entries)) => {
                let print =
                    |(key, atom): &(_, Atom)| format!("{key} = {}", scalar(atom, toml_text));
                let entries: Vec<_> = entries.iter().map(print).collect();
                format!("{name} = {{ {} }}", entries.join(", "))
            }
        }
    }
}

fn scalar(atom: &Atom, text: fn(&str) -> String) -> String {
    match atom {
        Atom::Text(value) => text(value),
        Atom::Number(number) => number.to_string(),
    }
}

/// A KDL string; a raw one where there would be much to escape.
fn kdl_text(text: &str) -> String {
    let raw = text.contains(['"', '\\']) && !text.contains("\"#") && !text.chars().any(is_unsafe);
    if raw {
        return format!("#\"{text}\"#");
    }
    quoted(text, |c| format!("\\u{{{:x}}}", u32::from(c)))
}

/// A TOML string; a literal one where there would be much to escape.
fn toml_text(text: &str) -> String {
    let literal =
        text.contains(['"', '\\']) && !text.contains('\'') && !text.chars().any(is_unsafe);
    if literal {
        return format!("'{text}'");
    }
    quoted(text, |c| format!("\\u{:04x}", u32::from(c)))
}

fn toml_key(id: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if id.chars().all(bare) {
        id.to_owned()
    } else {
        toml_text(id)
    }
}

/// Whether a character can't stand in a file as itself: besides controls, KDL forbids marks of
/// direction and of byte order.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            | '\u{feff}' | '\u{2028}' | '\u{2029}')
}

fn quoted(text: &str, unicode: fn(char) -> String) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_unsafe(c) => out.push_str(&unicode(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

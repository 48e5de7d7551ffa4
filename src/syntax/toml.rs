//! TOML → [`Document`].
//!
//! A key is a node. An array of plain values is a node with several values; an array of tables or
//! of arrays is the node repeated; a table is a node with children.

use toml::de::{DeTable, DeValue, Error};

use super::{Document, Node, Scalar, Value};
use crate::diag::{Diagnostic, Diags};
use crate::span::{SourceId, Span, Spanned};

type Located<T> = toml::Spanned<T>;

/// Past this many, further mistakes are consequences of earlier ones more often than not.
const MOST_ERRORS: usize = 20;

/// Reads a TOML text as far as possible.
pub(super) fn parse(id: SourceId, text: &str, diags: &mut Diags) -> Document {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut reader = Reader {
        id,
        start,
        diags,
        damaged: Vec::new(),
    };
    let (table, mut errors) = DeTable::parse_recoverable(&text[start..]);
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    errors.dedup_by_key(|error| error.span().map(|span| span.start));
    for error in telling(&errors).iter().take(MOST_ERRORS) {
        reader.syntax_error(error, text);
    }
    reader.damaged = errors
        .iter()
        .map(|error| damage(error, &text[start..]))
        .collect();
    Document {
        nodes: reader.table(table.get_ref()),
    }
}

/// The errors up to the first array that is not closed: what follows is taken for its elements.
fn telling(errors: &[Error]) -> &[Error] {
    let open_array = |error: &Error| {
        let message = error.message();
        message.starts_with("missing comma between array elements")
            || message.starts_with("unclosed array")
    };
    match errors.iter().position(open_array) {
        Some(at) => &errors[..=at],
        None => errors,
    }
}

struct Reader<'a> {
    id: SourceId,
    start: usize,
    diags: &'a mut Diags,
    /// What the parser made of these ranges is not what was meant.
    damaged: Vec<std::ops::Range<usize>>,
}

/// What an error makes unreadable: its own place, and behind a table's name that is not closed the
/// whole table.
fn damage(error: &Error, text: &str) -> std::ops::Range<usize> {
    let place = error.span().unwrap_or_default();
    let behind = &text[place.end..];
    let end = if error.message().starts_with("unclosed table") {
        place.end + behind.find("\n[").unwrap_or(behind.len())
    } else {
        place.end
    };
    place.start..end
}

impl Reader<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.id, range.start + self.start..range.end + self.start)
    }

    fn syntax_error(&mut self, error: &Error, text: &str) {
        let range = error.span().unwrap_or_default();
        let span = self.span(range);
        let message = error.message().replace('\n', ", ");
        let kdl_like = text.contains('{') && !text.contains('=');
        let help = match message.as_str() {
            _ if kdl_like => "this looks like KDL: such a file is named with the ending `.kdl`",
            text if text.starts_with("missing comma") => "or the array is not closed before this",
            text if text.starts_with("invalid boolean") => "text stands in quotes",
            _ => "",
        };
        let diagnostic = Diagnostic::new("syntax", message).at(span, "here");
        self.diags
            .push(diagnostic.maybe_help((!help.is_empty()).then(|| help.to_owned())));
    }

    fn table(&mut self, table: &DeTable<'_>) -> Vec<Node> {
        let mut nodes = Vec::with_capacity(table.len());
        for (key, value) in table {
            if !self.is_damaged(&key.span()) {
                self.entry(key, value, &mut nodes);
            }
        }
        nodes
    }

    fn entry(
        &mut self,
        key: &Located<std::borrow::Cow<'_, str>>,
        value: &Located<DeValue<'_>>,
        nodes: &mut Vec<Node>,
    ) {
        let span = self.span(key.span());
        let name = Spanned::new(key.get_ref().to_string(), span);
        let DeValue::Array(array) = value.get_ref() else {
            let node = self.node(name, value);
            nodes.push(node);
            return;
        };
        let is_container =
            |item: &Located<DeValue<'_>>| item.get_ref().is_table() || item.get_ref().is_array();
        match array.iter().filter(|item| is_container(item)).count() {
            0 => {
                let mut node = self.empty(name);
                node.span = span.to(self.span(value.span()));
                for item in array {
                    self.argument(&mut node, item);
                }
                nodes.push(node);
            }
            count if count == array.len() => {
                for item in array {
                    let node = self.node(name.clone(), item);
                    nodes.push(node);
                }
            }
            _ => {
                self.unsupported(value.span(), "an array that mixes tables with plain values");
                let node = Node {
                    broken: true,
                    ..self.empty(name)
                };
                nodes.push(node);
            }
        }
    }

    fn empty(&self, name: Spanned<String>) -> Node {
        Node {
            span: name.span,
            name,
            args: Vec::new(),
            children: Vec::new(),
            broken: !self.damaged.is_empty(),
        }
    }

    fn node(&mut self, name: Spanned<String>, value: &Located<DeValue<'_>>) -> Node {
        let mut node = self.empty(name);
        match value.get_ref() {
            DeValue::Table(table) => node.children = self.table(table),
            DeValue::Array(array) => {
                for item in array {
                    self.argument(&mut node, item);
                }
            }
            _ => {
                self.argument(&mut node, value);
                node.span = node.span.to(self.span(value.span()));
            }
        }
        node
    }

    /// Adds a value to a node. One that has no meaning is not missing.
    fn argument(&mut self, node: &mut Node, value: &Located<DeValue<'_>>) {
        match self.scalar(value) {
            Some(scalar) => node.args.push(scalar),
            None => node.broken = true,
        }
    }

    fn scalar(&mut self, value: &Located<DeValue<'_>>) -> Option<Value> {
        if self.is_damaged(&value.span()) {
            return None;
        }
        let scalar = match value.get_ref() {
            DeValue::String(text) => Scalar::Text(text.to_string()),
            DeValue::Boolean(truth) => Scalar::Bool(*truth),
            DeValue::Integer(digits) => {
                match i128::from_str_radix(digits.as_str(), digits.radix()) {
                    Ok(number) => Scalar::Int(number),
                    Err(_) => return self.refuse(value, "a number of this size"),
                }
            }
            DeValue::Float(digits) => match digits.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => Scalar::Float(number),
                _ => return self.refuse(value, "a number that is not finite"),
            },
            DeValue::Datetime(moment) => Scalar::Text(moment.to_string()),
            DeValue::Array(_) | DeValue::Table(_) => {
                return self.refuse(value, "an array within an array");
            }
        };
        Some(Spanned::new(scalar, self.span(value.span())))
    }

    fn refuse(&mut self, value: &Located<DeValue<'_>>, what: &str) -> Option<Value> {
        self.unsupported(value.span(), what);
        None
    }

    fn is_damaged(&self, range: &std::ops::Range<usize>) -> bool {
        self.damaged
            .iter()
            .any(|damaged| damaged.start <= range.start && range.start < damaged.end)
    }

    fn unsupported(&mut self, range: std::ops::Range<usize>, what: &str) {
        // What the parser made of a text with mistakes is not what was meant.
        if !self.damaged.is_empty() {
            return;
        }
        let span = self.span(range);
        self.diags.push(
            Diagnostic::new("unsupported-value", format!("{what} has no meaning here"))
                .at(span, "not used in pipelines"),
        );
    }
}

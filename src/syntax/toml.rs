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
        broken: false,
    };
    let (table, mut errors) = DeTable::parse_recoverable(&text[start..]);
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    errors.dedup_by_key(|error| error.span().map(|span| span.start));
    for error in errors.iter().take(MOST_ERRORS) {
        reader.syntax_error(error, text);
    }
    Document {
        nodes: reader.table(table.get_ref()),
    }
}

struct Reader<'a> {
    id: SourceId,
    start: usize,
    diags: &'a mut Diags,
    broken: bool,
}

impl Reader<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.id, range.start + self.start..range.end + self.start)
    }

    fn syntax_error(&mut self, error: &Error, text: &str) {
        self.broken = true;
        let range = error.span().unwrap_or_default();
        let span = self.span(range);
        let kdl_like = text.contains('{') && !text.contains('=');
        self.diags.push(
            Diagnostic::new("syntax", error.message().replace('\n', ", "))
                .at(span, "here")
                .maybe_help(kdl_like.then(|| {
                    "this looks like KDL: such a file is named with the ending `.kdl`".into()
                })),
        );
    }

    fn table(&mut self, table: &DeTable<'_>) -> Vec<Node> {
        let mut nodes = Vec::with_capacity(table.len());
        for (key, value) in table {
            self.entry(key, value, &mut nodes);
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
                for item in array.iter() {
                    node.args.extend(self.scalar(item));
                }
                nodes.push(node);
            }
            count if count == array.len() => {
                for item in array.iter() {
                    let node = self.node(name.clone(), item);
                    nodes.push(node);
                }
            }
            _ => self.unsupported(value.span(), "an array that mixes tables with plain values"),
        }
    }

    fn empty(&self, name: Spanned<String>) -> Node {
        Node {
            span: name.span,
            name,
            args: Vec::new(),
            children: Vec::new(),
            broken: self.broken,
        }
    }

    fn node(&mut self, name: Spanned<String>, value: &Located<DeValue<'_>>) -> Node {
        let mut node = self.empty(name);
        match value.get_ref() {
            DeValue::Table(table) => node.children = self.table(table),
            DeValue::Array(array) => {
                for item in array.iter() {
                    node.args.extend(self.scalar(item));
                }
            }
            _ => {
                node.args.extend(self.scalar(value));
                node.span = node.span.to(self.span(value.span()));
            }
        }
        node
    }

    fn scalar(&mut self, value: &Located<DeValue<'_>>) -> Option<Value> {
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

    fn unsupported(&mut self, range: std::ops::Range<usize>, what: &str) {
        let span = self.span(range);
        self.diags.push(
            Diagnostic::new("unsupported-value", format!("{what} has no meaning here"))
                .at(span, "not used in pipelines"),
        );
    }
}

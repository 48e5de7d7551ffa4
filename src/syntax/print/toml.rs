//! [`Document`] → TOML 1.0.

use std::collections::HashMap;

use super::super::{Document, Node, Scalar, Value};
use super::plain;

/// Nodes of one name in one table; TOML has a key once.
type Group<'a> = Vec<&'a Node>;

/// Prints a document as TOML.
///
/// Plain values come first, then a table for each node with children: `[kind.id]` where the
/// children are tables themselves, in the order of the document. Inner tables are inline.
pub fn print_toml(document: &Document) -> String {
    let groups = groups(&document.nodes);
    let mut out = String::new();
    let mut layouts = HashMap::new();
    for group in &groups {
        let layout = layout(group);
        if let Layout::Plain = layout {
            pair(group, &mut out);
        }
        layouts.insert(group[0].name.as_str(), layout);
    }
    for node in &document.nodes {
        match layouts[node.name.as_str()] {
            Layout::Plain => {}
            Layout::Section => section(&[&node.name], &node.children, &mut out),
            Layout::Nested => {
                for child in &node.children {
                    section(&[&node.name, &child.name], &child.children, &mut out);
                }
            }
        }
    }
    out
}

/// Where the top-level nodes of one name are printed.
enum Layout {
    /// `name = …`
    Plain,
    /// `[name]`
    Section,
    /// `[name.child]` for every child of all of them.
    Nested,
}

fn layout(group: &[&Node]) -> Layout {
    let is_table = |node: &Node| node.args.is_empty() && !node.children.is_empty();
    if !group.iter().all(|node| is_table(node)) {
        return Layout::Plain;
    }
    let children: Vec<&Node> = group.iter().flat_map(|node| &node.children).collect();
    let mut names: Vec<&str> = children.iter().map(|child| child.name.as_str()).collect();
    names.sort_unstable();
    let distinct = names.windows(2).all(|pair| pair[0] != pair[1]);
    match group.len() {
        _ if distinct && children.into_iter().all(is_table) => Layout::Nested,
        1 => Layout::Section,
        _ => Layout::Plain,
    }
}

fn groups(nodes: &[Node]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places = HashMap::new();
    for node in nodes {
        let place = *places.entry(node.name.as_str()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(node),
            None => groups.push(vec![node]),
        }
    }
    groups
}

fn section(path: &[&str], nodes: &[Node], out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push('[');
    for (index, name) in path.iter().enumerate() {
        if index > 0 {
            out.push('.');
        }
        key(name, out);
    }
    out.push_str("]\n");
    for group in groups(nodes) {
        pair(&group, out);
    }
}

fn pair(group: &[&Node], out: &mut String) {
    key(&group[0].name, out);
    out.push_str(" = ");
    value(group.to_vec(), out);
    out.push('\n');
}

/// A piece of a value that is still to be printed.
enum Piece<'a> {
    Text(&'static str),
    Key(&'a str),
    Array(&'a [Value]),
    Table(&'a [Node]),
    Group(Group<'a>),
}

fn value(group: Group<'_>, out: &mut String) {
    let mut open = vec![Piece::Group(group)];
    while let Some(piece) = open.pop() {
        let inner = match piece {
            Piece::Text(text) => {
                out.push_str(text);
                continue;
            }
            Piece::Key(name) => {
                key(name, out);
                continue;
            }
            Piece::Array(args) => {
                array(args, out);
                continue;
            }
            Piece::Table(nodes) => table(nodes),
            Piece::Group(group) => match group.as_slice() {
                [node] if node.children.is_empty() && node.args.len() == 1 => {
                    scalar(&node.args[0], out);
                    continue;
                }
                [node] if node.args.is_empty() || node.children.is_empty() => containers(node),
                nodes => listed(nodes.iter().flat_map(|node| containers(node))),
            },
        };
        open.extend(inner.into_iter().rev());
    }
}

/// `{ key = value, … }`
fn table(nodes: &[Node]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for group in groups(nodes) {
        let start = if pieces.is_empty() { "{ " } else { ", " };
        let name = Piece::Key(group[0].name.as_str());
        pieces.extend([
            Piece::Text(start),
            name,
            Piece::Text(" = "),
            Piece::Group(group),
        ]);
    }
    pieces.push(Piece::Text(" }"));
    pieces
}

/// A node as an array or a table; as both where it has values and children.
fn containers(node: &Node) -> Vec<Piece<'_>> {
    let array =
        (!node.args.is_empty() || node.children.is_empty()).then_some(Piece::Array(&node.args));
    let table = (!node.children.is_empty()).then_some(Piece::Table(&node.children));
    array.into_iter().chain(table).collect()
}

fn listed<'a>(items: impl Iterator<Item = Piece<'a>>) -> Vec<Piece<'a>> {
    let mut pieces = vec![Piece::Text("[")];
    for item in items {
        if pieces.len() > 1 {
            pieces.push(Piece::Text(", "));
        }
        pieces.push(item);
    }
    pieces.push(Piece::Text("]"));
    pieces
}

fn array(args: &[Value], out: &mut String) {
    out.push('[');
    for (index, arg) in args.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        scalar(arg, out);
    }
    out.push(']');
}

fn key(name: &str, out: &mut String) {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(bare) {
        out.push_str(name);
    } else {
        quoted(name, out);
    }
}

fn scalar(scalar: &Scalar, out: &mut String) {
    match scalar {
        Scalar::Text(text) if text.contains('\n') && !text.contains(is_control) => {
            lines(text, out);
        }
        Scalar::Text(text)
            if text.contains('\\')
                && !text.contains(|c| c == '\'' || c == '\n' || is_control(c)) =>
        {
            out.extend(["'", text, "'"]);
        }
        Scalar::Text(text) => quoted(text, out),
        _ => out.push_str(&plain(scalar)),
    }
}

/// Whether a character has to be escaped in every string.
fn is_control(c: char) -> bool {
    c.is_ascii_control() && c != '\n' && c != '\t'
}

fn lines(text: &str, out: &mut String) {
    let mut escaped = text.replace('\\', "\\\\");
    // Where quotes could be taken for the closing ones, all are escaped.
    if text.contains("\"\"\"") || text.ends_with('"') {
        escaped = escaped.replace('"', "\\\"");
    }
    out.extend(["\"\"\"\n", &escaped, "\"\"\""]);
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\\' | '"' => out.extend(['\\', c]),
            _ if is_control(c) => out.extend([format!("\\u{:04x}", u32::from(c))]),
            _ => out.push(c),
        }
    }
    out.push('"');
}

//! [`Document`] → KDL 2, in the layout of `sdd fmt`.

use super::super::fmt::lexer::{is_newline, is_space};
use super::super::kdl::is_disallowed;
use super::super::{Document, Node, Scalar};
use super::plain;

/// Most properties that stand on a node's own line.
const MOST_PROPERTIES: usize = 3;

/// A line that is still to be printed, with its depth.
enum Line<'a> {
    Node(&'a Node, usize),
    Close(usize),
}

/// Prints a document as KDL 2.
pub fn print_kdl(document: &Document) -> String {
    let mut out = String::new();
    let mut block_before = false;
    for node in &document.nodes {
        let block = has_block(node, 0);
        if !out.is_empty() && (block || block_before) {
            out.push('\n');
        }
        block_before = block;
        top_level(node, &mut out);
    }
    out
}

fn top_level(node: &Node, out: &mut String) {
    let mut open = vec![Line::Node(node, 0)];
    while let Some(line) = open.pop() {
        match line {
            Line::Close(depth) => {
                indent(depth, out);
                out.push('}');
            }
            Line::Node(node, depth) => {
                indent(depth, out);
                head(node, depth, out);
                if has_block(node, depth) {
                    out.push_str(" {");
                    open.push(Line::Close(depth));
                    let children = node.children.iter().rev();
                    open.extend(children.map(|child| Line::Node(child, depth + 1)));
                }
            }
        }
        out.push('\n');
    }
}

/// Whether a node's children stand in a block; otherwise they are properties, or there are none.
fn has_block(node: &Node, depth: usize) -> bool {
    let children = &node.children;
    let twice = |at: usize| children[..at].iter().any(|c| c.name == children[at].name);
    let is_property = |(at, child): (usize, &Node)| {
        child.args.len() == 1 && child.children.is_empty() && !twice(at)
    };
    let properties = depth > 0
        && children.len() <= MOST_PROPERTIES
        && children.iter().enumerate().all(is_property);
    !children.is_empty() && !properties
}

/// The node's name, values and properties.
fn head(node: &Node, depth: usize, out: &mut String) {
    name(&node.name, out);
    for arg in &node.args {
        out.push(' ');
        value(arg, depth, out);
    }
    if has_block(node, depth) {
        return;
    }
    for child in &node.children {
        out.push(' ');
        name(&child.name, out);
        out.push('=');
        value(&child.args[0], depth, out);
    }
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("    ", depth));
}

fn name(text: &str, out: &mut String) {
    const KEYWORDS: &[&str] = &["true", "false", "null", "inf", "nan"];
    let plain = text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && !KEYWORDS.contains(&text);
    if plain {
        out.push_str(text);
    } else {
        quoted(text, out);
    }
}

fn value(scalar: &Scalar, depth: usize, out: &mut String) {
    match scalar {
        Scalar::Text(text) if reads_well_as_lines(text) => lines(text, depth, out),
        Scalar::Text(text) if reads_well_raw(text) => raw(text, out),
        Scalar::Text(text) => quoted(text, out),
        Scalar::Bool(_) => {
            out.push('#');
            out.push_str(&plain(scalar));
        }
        _ => out.push_str(&plain(scalar)),
    }
}

/// Whether a string of several lines can say it: a line of blanks would be read as an empty one.
fn reads_well_as_lines(text: &str) -> bool {
    let blank = |line: &str| !line.is_empty() && line.chars().all(is_space);
    text.contains('\n')
        && !text.contains(|c| (is_newline(c) && c != '\n') || is_disallowed(c))
        && !text.split('\n').any(blank)
}

fn lines(text: &str, depth: usize, out: &mut String) {
    let escaped = text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    out.push_str("\"\"\"\n");
    for line in escaped.split('\n') {
        if !line.is_empty() {
            indent(depth + 1, out);
            out.push_str(line);
        }
        out.push('\n');
    }
    indent(depth + 1, out);
    out.push_str("\"\"\"");
}

/// A `"` at the start would look like the opening of a string of several lines.
fn reads_well_raw(text: &str) -> bool {
    text.contains(['\\', '"'])
        && !text.starts_with('"')
        && !text.contains(|c| is_newline(c) || is_disallowed(c))
}

fn raw(text: &str, out: &mut String) {
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    out.extend([&hashes, "\"", text, "\"", &hashes]);
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' | '"' => out.extend(['\\', c]),
            _ if is_newline(c) || is_disallowed(c) => {
                out.extend(c.escape_unicode());
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

//! The form in which each language says the same: what `sdd convert` arranges before printing.
//!
//! Both forms are read by the same decoder. They differ in entries that the user names, which KDL
//! writes one by one (`service "db" { … }`) and TOML as tables (`[service.db]`), and in bare
//! flags, for which TOML has no form.

use super::{Form, TableSpec, Ty};
use crate::span::Spanned;
use crate::syntax::{Document, Node, Scalar};

/// What may stand in a pipeline file.
#[derive(Debug, Clone)]
pub struct Grammar {
    /// The fields of a pipeline itself.
    pub header: &'static TableSpec,
    /// The kinds of nodes, each with the fields of its own.
    pub kinds: Vec<&'static TableSpec>,
    /// The fields of every node.
    pub common: &'static TableSpec,
}

impl Grammar {
    /// The kind of that name.
    pub fn kind(&self, name: &str) -> Option<&'static TableSpec> {
        self.kinds.iter().copied().find(|kind| kind.name == name)
    }

    /// The document as TOML would say it: named entries are tables, those of a header field
    /// together in one; a flag has a value.
    pub fn toml_shape(&self, document: &Document) -> Document {
        let mut nodes = toml_fields(&document.nodes, &[self.header]);
        for node in &mut nodes {
            let Some(kind) = self.kind(&node.name) else {
                continue;
            };
            // Kinds are not merged: the order of nodes stays that of the document.
            if let Some(entries) = entries(node) {
                let scope = [kind, self.common];
                node.args.clear();
                node.children = entries.map(|entry| toml_entry(entry, &scope)).collect();
            }
        }
        Document { nodes }
    }

    /// The document as KDL would say it: each named entry is a node.
    ///
    /// Nodes stand in the order of their places in the text, since TOML keeps those of a kind
    /// together.
    pub fn kdl_shape(&self, document: &Document) -> Document {
        let is_kind = |node: &&Node| self.kind(&node.name).is_some();
        let (kinds, head): (Vec<&Node>, Vec<&Node>) = document.nodes.iter().partition(is_kind);
        let mut named = Vec::new();
        for node in kinds {
            let kind = self.kind(&node.name);
            let scope: Vec<_> = kind.into_iter().chain([self.common]).collect();
            named.extend(kdl_entries(node, &scope));
        }
        named.sort_by_key(|node| node.args.first().map(|id| id.span.start));
        let mut nodes = kdl_fields(head, &[self.header]);
        nodes.append(&mut named);
        Document { nodes }
    }
}

fn type_of(name: &str, scope: &[&'static TableSpec]) -> Option<Ty> {
    scope
        .iter()
        .find_map(|table| table.field(name))
        .map(|field| field.ty)
}

/// The entries of a node whose entries the user names, each called by its name. `None` if a name
/// is no text.
fn entries(node: &Node) -> Option<std::vec::IntoIter<Node>> {
    if node.args.is_empty() {
        return Some(node.children.clone().into_iter());
    }
    let named: Option<Vec<Node>> = node
        .args
        .iter()
        .map(|arg| {
            let Scalar::Text(name) = &arg.value else {
                return None;
            };
            Some(Node {
                children: node.children.clone(),
                ..Node::named(Spanned::new(name.clone(), arg.span))
            })
        })
        .collect();
    Some(named?.into_iter())
}

fn toml_entry(entry: Node, scope: &[&'static TableSpec]) -> Node {
    Node {
        children: toml_fields(&entry.children, scope),
        ..entry
    }
}

fn toml_fields(nodes: &[Node], scope: &[&'static TableSpec]) -> Vec<Node> {
    let mut fields: Vec<Node> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let ty = type_of(&node.name, scope);
        let field = toml_field(node, ty);
        let together = matches!(ty, Some(Ty::Named(_) | Ty::Map(_)));
        match fields
            .iter_mut()
            .find(|other| together && other.name == field.name)
        {
            Some(first) if first.args.is_empty() && field.args.is_empty() => {
                first.children.extend(field.children);
            }
            _ => fields.push(field),
        }
    }
    for field in &mut fields {
        if let Some(Ty::Named(_)) = type_of(&field.name, scope) {
            list_bare_names(field);
        }
    }
    fields
}

/// A field as TOML would say it.
pub(super) fn toml_field(node: &Node, ty: Option<Ty>) -> Node {
    let mut field = node.clone();
    match ty {
        Some(Ty::Table(spec) | Ty::Repeated(spec)) => {
            field.children = toml_fields(&node.children, &[spec]);
        }
        Some(Ty::Named(spec)) => {
            if let Some(entries) = entries(node) {
                field.args.clear();
                field.children = entries.map(|entry| toml_entry(entry, &[spec])).collect();
            }
        }
        Some(Ty::Scalar(Form::Flag)) if node.args.is_empty() => {
            field.args.push(Spanned::new(Scalar::Bool(true), node.span));
        }
        _ => {}
    }
    field
}

/// Entries none of which has fields are a list of names: `include = ["a.kdl"]`.
fn list_bare_names(field: &mut Node) {
    let bare = |entry: &Node| entry.args.is_empty() && entry.children.is_empty();
    if field.children.iter().all(bare) {
        let names = field.children.drain(..).map(|entry| entry.name);
        let values = names.map(|name| Spanned::new(Scalar::Text(name.value), name.span));
        field.args.extend(values);
    }
}

fn kdl_fields<'n>(
    nodes: impl IntoIterator<Item = &'n Node>,
    scope: &[&'static TableSpec],
) -> Vec<Node> {
    let mut fields = Vec::new();
    for node in nodes {
        match type_of(&node.name, scope) {
            Some(Ty::Named(spec)) => fields.extend(kdl_entries(node, &[spec])),
            Some(Ty::Table(spec) | Ty::Repeated(spec)) => fields.push(Node {
                children: kdl_fields(&node.children, &[spec]),
                ..node.clone()
            }),
            _ => fields.push(node.clone()),
        }
    }
    fields
}

/// A node for each entry that the user names, and the node itself where that can't be.
fn kdl_entries(node: &Node, scope: &[&'static TableSpec]) -> Vec<Node> {
    let Some(entries) = entries(node) else {
        return vec![node.clone()];
    };
    entries
        .map(|entry| {
            let name = Spanned::new(Scalar::Text(entry.name.value), entry.name.span);
            Node {
                name: node.name.clone(),
                args: std::iter::once(name).chain(entry.args).collect(),
                children: kdl_fields(&entry.children, scope),
                span: node.span,
                broken: entry.broken,
            }
        })
        .collect()
}

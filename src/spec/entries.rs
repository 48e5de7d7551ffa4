//! What Rust types read from blocks: repeated ones, named entries, names with values.

use super::value::{known_before_the_run, list, single, text};
use super::{Decoder, Fields, Form, Table, Template, Ty, Value};
use crate::diag::Diagnostic;
use crate::span::{Span, Spanned};
use crate::syntax::Node;

/// A block that may be repeated; in the order of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocks<T>(pub Vec<T>);

impl<T: Table + Value> Value for Blocks<T> {
    const TY: Ty = Ty::Repeated(T::SPEC);
    const OPTIONAL: bool = true;

    fn decode(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<Self> {
        let read: Vec<_> = nodes.iter().map(|node| decoder.block(node)).collect();
        read.into_iter().collect::<Option<Vec<_>>>().map(Blocks)
    }

    fn templates(&self, visit: &mut dyn FnMut(&Template)) {
        for block in &self.0 {
            block.templates(visit);
        }
    }

    fn absent() -> Option<Self> {
        Some(Blocks(Vec::new()))
    }
}

/// Entries that the user names, each a block; in the order of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Named<T>(pub Vec<(Spanned<String>, T)>);

impl<T: Table + Value> Value for Named<T> {
    const TY: Ty = Ty::Named(T::SPEC);
    const OPTIONAL: bool = true;

    fn decode(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<Self> {
        let entries = named_entries(nodes, decoder);
        let read: Vec<_> = entries
            .into_iter()
            .map(|entry| {
                let label = format!("{} \"{}\"", entry.owner, *entry.name);
                let children = entry.children.iter();
                let mut fields = Fields::of(label, entry.name.span, entry.broken, children);
                let value = T::take(&mut fields, decoder);
                fields.finish(&[T::SPEC], decoder);
                Some((entry.name, value?))
            })
            .collect();
        read.into_iter().collect::<Option<Vec<_>>>().map(Named)
    }

    fn templates(&self, visit: &mut dyn FnMut(&Template)) {
        for (_, entry) in &self.0 {
            entry.templates(visit);
        }
    }

    fn absent() -> Option<Self> {
        Some(Named(Vec::new()))
    }
}

/// One entry that the user named: `owner "name" { children }`.
pub struct Entry<'n> {
    /// The field's name.
    pub owner: &'n str,
    /// The entry's name.
    pub name: Spanned<String>,
    /// Its fields.
    pub children: &'n [Node],
    /// Whether a syntax error was passed over inside it.
    pub broken: bool,
}

/// Both ways to write named entries, `service "db" a=1` and `service { db a=1 }`, as one list.
pub fn named_entries<'n>(nodes: &[&'n Node], decoder: &mut Decoder<'_>) -> Vec<Entry<'n>> {
    let mut entries: Vec<Entry<'n>> = Vec::new();
    for node in nodes {
        let owner = node.name.as_str();
        if node.args.is_empty() {
            for child in &node.children {
                if let Some(value) = child.args.first() {
                    let message = format!("`{owner} \"{}\"` is a block with fields", *child.name);
                    decoder.diags.push(
                        Diagnostic::new("wrong-type", message).at(value.span, "a bare value"),
                    );
                }
                let name = child.name.clone();
                if known_before_the_run(owner, &name, name.span, decoder) {
                    push_entry(&mut entries, entry(owner, name, child), decoder);
                }
            }
        }
        for arg in &node.args {
            let Some(name) = text(owner, arg, Form::Text, decoder) else {
                continue;
            };
            let name = Spanned::new(name.to_owned(), arg.span);
            push_entry(&mut entries, entry(owner, name, node), decoder);
        }
    }
    entries
}

fn entry<'n>(owner: &'n str, name: Spanned<String>, node: &'n Node) -> Entry<'n> {
    Entry {
        owner,
        name,
        children: &node.children,
        broken: node.broken,
    }
}

fn push_entry<'n>(entries: &mut Vec<Entry<'n>>, entry: Entry<'n>, decoder: &mut Decoder<'_>) {
    if let Some(first) = entries.iter().find(|known| known.name == entry.name) {
        duplicate_name(entry.owner, &entry.name, first.name.span, decoder);
        return;
    }
    entries.push(entry);
}

fn duplicate_name(owner: &str, name: &Spanned<String>, first: Span, decoder: &mut Decoder<'_>) {
    decoder.diags.push(
        Diagnostic::new(
            "duplicate-field",
            format!("`{owner} \"{}\"` is written twice", **name),
        )
        .at(name.span, "again here")
        .at(first, "first written here"),
    );
}

/// Entries that the user names, each with values; in the order of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Map<T>(pub Vec<(Spanned<String>, T)>);

impl<T> Map<T> {
    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0
            .iter()
            .find(|(key, _)| **key == name)
            .map(|(_, value)| value)
    }
}

impl<T: MapValue> Value for Map<T> {
    const TY: Ty = Ty::Map(T::FORM);
    const OPTIONAL: bool = true;

    fn decode(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<Self> {
        let mut entries: Vec<(Spanned<String>, T)> = Vec::new();
        let mut sound = true;
        for node in nodes {
            if let Some(value) = node.args.first() {
                let message = format!("`{}` holds names with values", *node.name);
                let help = format!("for instance `{} {{ NAME \"value\" }}`", *node.name);
                decoder.diags.push(
                    Diagnostic::new("wrong-type", message)
                        .at(value.span, "a bare value")
                        .help(help),
                );
                sound = false;
            }
            for child in &node.children {
                if let Some((first, _)) = entries.iter().find(|(name, _)| *name == child.name) {
                    duplicate_name(&node.name, &child.name, first.span, decoder);
                    sound = false;
                    continue;
                }
                match T::read_entry(child, decoder) {
                    Some(value) => entries.push((child.name.clone(), value)),
                    None => sound = false,
                }
            }
        }
        sound.then_some(Map(entries))
    }

    fn absent() -> Option<Self> {
        Some(Map(Vec::new()))
    }

    fn templates(&self, visit: &mut dyn FnMut(&super::Template)) {
        for (_, value) in &self.0 {
            value.templates(visit);
        }
    }
}

/// What a [`Map`] can hold for a name.
pub trait MapValue: Sized {
    /// What may be written for each name.
    const FORM: Form;
    /// Reads `name value …`.
    fn read_entry(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self>;
    /// See [`Value::templates`].
    fn templates(&self, _visit: &mut dyn FnMut(&super::Template)) {}
}

impl MapValue for Vec<Spanned<String>> {
    const FORM: Form = Form::Text;

    fn read_entry(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        list(node, decoder)
    }
}

impl MapValue for Spanned<String> {
    const FORM: Form = Form::Text;

    fn read_entry(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        single(&[node], decoder)
    }
}

impl MapValue for super::Template {
    const FORM: Form = Form::Template;

    fn read_entry(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        single(&[node], decoder)
    }

    fn templates(&self, visit: &mut dyn FnMut(&super::Template)) {
        visit(self);
    }
}

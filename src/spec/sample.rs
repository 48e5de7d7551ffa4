//! What a type is called, and how a field of it may look, for the reference.

use super::shape::toml_field;
use super::{FieldSpec, Form, TableSpec, Ty};
use crate::span::{Span, Spanned};
use crate::syntax::{Document, Node, Scalar, print_kdl, print_toml};

impl Ty {
    /// What may be written, as a noun.
    pub fn noun(self) -> String {
        match self {
            Ty::Scalar(form) => form.noun(),
            Ty::List(form) => format!("a list; each value is {}", form.noun()),
            Ty::Argv => "a program and its arguments, or one line of them".to_owned(),
            Ty::Table(_) => "a block with fields".to_owned(),
            Ty::Repeated(_) => "a block with fields, which may be repeated".to_owned(),
            Ty::Named(_) => "named entries, each a block with fields".to_owned(),
            Ty::Map(form) => format!("names, each with {}", form.noun()),
            Ty::Lines(form) => {
                format!(
                    "a list, which may be repeated; each value is {}",
                    form.noun()
                )
            }
        }
    }

    /// The table of what stands inside, if it is a block or has entries that are.
    pub fn block(self) -> Option<&'static TableSpec> {
        match self {
            Ty::Table(spec) | Ty::Repeated(spec) | Ty::Named(spec) => Some(spec),
            _ => None,
        }
    }
}

/// How a field may look inside of a node, in KDL and in TOML.
pub(super) fn looks(field: &FieldSpec) -> [String; 2] {
    let sample = sample(field);
    let table = toml_field(&sample, Some(field.ty));
    // Beside a plain value, even blocks are printed as they look inside of a node.
    let inside = |child: Node| {
        let mut plain = named("plain");
        plain.args.push(spanned(Scalar::Bool(true)));
        let mut outer = named("node");
        outer.children = vec![plain, child];
        Document { nodes: vec![outer] }
    };
    let kdl = print_kdl(&inside(sample));
    let inner = kdl.lines().filter_map(|line| line.strip_prefix("    "));
    let toml = print_toml(&inside(table));
    [
        inner.skip(1).collect::<Vec<_>>().join("\n"),
        toml.lines().skip(2).collect::<Vec<_>>().join("\n"),
    ]
}

fn sample(field: &FieldSpec) -> Node {
    let mut node = named(field.name);
    match field.ty {
        Ty::Scalar(form) | Ty::List(form) | Ty::Lines(form) => {
            let default = field.default.filter(|_| form != Form::Flag);
            node.args.push(spanned(value(form, default)));
        }
        Ty::Argv => node.args = ["cargo", "test"].map(|word| spanned(text(word))).to_vec(),
        Ty::Table(spec) | Ty::Repeated(spec) => node.children = samples(spec),
        Ty::Named(spec) => {
            node.args.push(spanned(text("NAME")));
            node.children = samples(spec);
        }
        Ty::Map(form) => {
            let mut entry = named("NAME");
            entry.args.push(spanned(value(form, None)));
            node.children.push(entry);
        }
    }
    node
}

/// The fields that have to be written, or else the first one.
fn samples(spec: &TableSpec) -> Vec<Node> {
    let required: Vec<Node> = spec
        .fields
        .iter()
        .filter(|field| field.required)
        .map(sample)
        .collect();
    if required.is_empty() {
        return spec.fields.first().map(sample).into_iter().collect();
    }
    required
}

fn value(form: Form, default: Option<&str>) -> Scalar {
    let word = |sample: &str| text(default.unwrap_or(sample));
    match form {
        Form::Flag => Scalar::Bool(true),
        Form::Count(low, _) => {
            let number = default.and_then(|text| text.split_whitespace().next()?.parse().ok());
            Scalar::Int(number.unwrap_or(i128::from(low)))
        }
        Form::Percent => Scalar::Int(80),
        Form::Duration => word("30s"),
        Form::Size => word("64MiB"),
        Form::Rate => word("100/s"),
        Form::Text | Form::Template => word("…"),
        Form::Path => word("src"),
        Form::Glob => word("src/**"),
        Form::Regex => word(r"\bTODO\b"),
        Form::Node => word("ID"),
        Form::Choice(words) => text(default.unwrap_or(words[0])),
    }
}

fn text(text: &str) -> Scalar {
    Scalar::Text(text.to_owned())
}

fn spanned<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

fn named(name: &str) -> Node {
    Node::named(spanned(name.to_owned()))
}

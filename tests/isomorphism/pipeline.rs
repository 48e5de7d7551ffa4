//! Random pipelines, drawn from the tables of what may be written.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sdd::span::{Span, Spanned};
use sdd::spec::{FieldSpec, Form, Grammar, TableSpec, Ty};
use sdd::syntax::{Document, Node, Scalar, print_kdl};

/// For a table, sets of fields of which exactly one set is written.
const ALTERNATIVES: &[(&str, &[&[&str]])] = &[
    ("command", RUN_OR_SHELL),
    ("test", &[&["run", "results"], &["shell", "results"]]),
    ("results", &[&["format", "path"]]),
    ("coverage", &[&["format", "path"]]),
    ("contract", &[&["spec"]]),
    ("benchmark", &[&["target"]]),
    ("lint", CHECK),
    ("format", CHECK),
    ("security", &[&["scan"]]),
    ("scan", &[&["run", "findings"]]),
    ("server", &[&["run"]]),
    ("setup", RUN_OR_SHELL),
    ("teardown", RUN_OR_SHELL),
    ("service", RUN_OR_SHELL),
    ("ready", &[&["http"], &["tcp"], &["log"], &["exec"]]),
    ("secrets", &[&["env"], &["file"]]),
    (
        "docs",
        &[
            &["changelog"],
            &["readme"],
            &["links"],
            &["docstrings"],
            &["changelog", "readme", "links", "docstrings"],
        ],
    ),
    ("docstrings", &[&["paths"]]),
    (
        "preflight",
        &[&["docker"], &["files", "env"], &["ports-free"]],
    ),
    (
        "rule",
        &[
            &["forbid", "in"],
            &["require", "in", "except"],
            &["exists"],
            &["absent"],
            &["run"],
            &["shell"],
        ],
    ),
];

const RUN_OR_SHELL: &[&[&str]] = &[&["run"], &["shell"]];

const CHECK: &[&[&str]] = &[
    &["check"],
    &["check", "fix"],
    &["check", "findings", "new-only"],
];

/// Fields whose values have to exist, or to fit each other, in a way that the tables don't say.
const LEFT_OUT: &[(&str, &[&str])] = &[
    ("test", &["tool"]),
    ("lint", &["tool"]),
    ("format", &["tool"]),
    ("security", &["ignore"]),
    ("scan", &["tool"]),
    ("docstrings", &["tool"]),
    ("findings", &["expect", "each", "severity"]),
    ("preflight", &["tools"]),
    ("compose", &["service"]),
    ("benchmark", &["limit"]),
    ("target", &["method", "headers", "expect"]),
    ("load", &["rate", "requests"]),
    ("server", &["url", "token"]),
];

/// Fields of which only some values make sense.
const FITTING: &[(&str, &str)] = &[("url", "http://127.0.0.1:8000/"), ("os", "linux")];

type Nodes = BoxedStrategy<Vec<Node>>;

/// A whole pipeline: fields of the header, which includes nothing, and nodes of every kind.
pub(crate) fn pipeline(grammar: &Grammar) -> BoxedStrategy<Drawn> {
    let header = fields(&[grammar.header], &["include"]);
    let kinds: Vec<_> = grammar.kinds.clone();
    let common = grammar.common;
    let node = select(kinds).prop_flat_map(move |kind| {
        let fields = fields(&[kind, common], &[]);
        (Just(kind.name), fields, any::<bool>())
    });
    (header, vec(node, 1..5))
        .prop_map(|(mut nodes, drawn)| {
            for (index, (kind, mut fields, nested)) in drawn.into_iter().enumerate() {
                if fields.is_empty() {
                    fields.push(leaf("description", vec![text("what for")]));
                }
                nodes.push(entry(kind, &format!("{kind}.{index}"), fields, nested));
            }
            Drawn(Document { nodes })
        })
        .boxed()
}

/// A pipeline that is shown as its text when a test fails.
#[derive(Clone)]
pub(crate) struct Drawn(pub(crate) Document);

impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&print_kdl(&self.0))
    }
}

fn spanned<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

fn text(text: &str) -> Scalar {
    Scalar::Text(text.to_owned())
}

fn leaf(name: &str, args: Vec<Scalar>) -> Node {
    Node {
        args: args.into_iter().map(spanned).collect(),
        ..Node::named(spanned(name.to_owned()))
    }
}

fn block(name: &str, children: Vec<Node>) -> Node {
    Node {
        children,
        ..Node::named(spanned(name.to_owned()))
    }
}

/// An entry that the user names, in one of two ways.
fn entry(owner: &str, name: &str, children: Vec<Node>, nested: bool) -> Node {
    if nested {
        return block(owner, vec![block(name, children)]);
    }
    Node {
        children,
        ..leaf(owner, vec![text(name)])
    }
}

/// Fields of these tables in any order: those that are required, and some of the others.
fn fields(tables: &[&'static TableSpec], without: &[&str]) -> Nodes {
    let mut drawn: Vec<Nodes> = Vec::new();
    for (index, table) in tables.iter().enumerate() {
        let shadowed = |name: &str| {
            tables[..index]
                .iter()
                .any(|other| other.field(name).is_some())
        };
        let sets = ALTERNATIVES.iter().find(|(name, _)| *name == table.name);
        let sets = sets.map_or(&[][..], |(_, sets)| *sets);
        let left_out = LEFT_OUT.iter().find(|(name, _)| *name == table.name);
        let left_out = left_out.map_or(&[][..], |(_, fields)| *fields);
        for spec in table
            .fields
            .iter()
            .filter(|spec| !left_out.contains(&spec.name) && !shadowed(spec.name))
        {
            let chosen = sets.iter().any(|set| set.contains(&spec.name));
            if !chosen && !without.contains(&spec.name) {
                drawn.push(maybe(spec));
            }
        }
        if !sets.is_empty() {
            let set = select(sets.to_vec());
            let all = |set: &[&str]| {
                let rows = table.fields.iter().filter(|row| set.contains(&row.name));
                rows.map(|row| field(row, 1)).collect::<Vec<_>>()
            };
            drawn.push(
                set.prop_flat_map(all)
                    .prop_map(|fields| fields.concat())
                    .boxed(),
            );
        }
    }
    drawn
        .prop_map(|fields| fields.concat())
        .prop_shuffle()
        .boxed()
}

fn maybe(spec: &'static FieldSpec) -> Nodes {
    if spec.required {
        return field(spec, 1);
    }
    prop_oneof![5 => Just(Vec::new()), 1 => field(spec, 0)].boxed()
}

/// The nodes of one field; a list has at least so many values.
fn field(spec: &'static FieldSpec, least: usize) -> Nodes {
    let name = spec.name;
    let one = move |children| vec![block(name, children)];
    if let Some((_, value)) = FITTING.iter().find(|(known, _)| *known == name) {
        return Just(vec![leaf(name, vec![text(value)])]).boxed();
    }
    match spec.ty {
        Ty::Scalar(Form::Flag) => select(vec![
            vec![],
            vec![Scalar::Bool(true)],
            vec![Scalar::Bool(false)],
        ])
        .prop_map(move |args| vec![leaf(name, args)])
        .boxed(),
        Ty::Scalar(form) => scalar(form)
            .prop_map(move |value| vec![leaf(name, vec![value])])
            .boxed(),
        Ty::List(form) => list(name, form, least).prop_map(|node| vec![node]).boxed(),
        Ty::Lines(form) => vec(list(name, form, 0), 1..3).boxed(),
        Ty::Argv => argv().prop_map(move |args| vec![leaf(name, args)]).boxed(),
        Ty::Table(table) => fields(&[table], &[]).prop_map(one).boxed(),
        Ty::Repeated(table) => vec(fields(&[table], &[]), 1..3)
            .prop_map(move |blocks| blocks.into_iter().flat_map(one).collect())
            .boxed(),
        Ty::Named(table) => vec((word(), fields(&[table], &[]), any::<bool>()), 1..3)
            .prop_map(move |entries| {
                let entries = entries.into_iter().enumerate();
                let entries = entries.map(|(index, (word, fields, nested))| {
                    entry(name, &format!("{word}{index}"), fields, nested)
                });
                entries.collect()
            })
            .boxed(),
        Ty::Map(form) => map(name, form),
    }
}

/// Names with values, in one block or in two.
fn map(name: &'static str, form: Form) -> Nodes {
    let most = if name == "matrix" { 3 } else { 1 };
    vec((word(), vec(scalar(form), 1..=most), any::<bool>()), 0..3)
        .prop_map(move |entries| {
            let mut blocks = vec![block(name, Vec::new())];
            for (index, (word, values, apart)) in entries.into_iter().enumerate() {
                if apart && name != "matrix" {
                    blocks.push(block(name, Vec::new()));
                }
                let last = blocks.len() - 1;
                blocks[last]
                    .children
                    .push(leaf(&format!("{word}{index}"), values));
            }
            blocks
        })
        .boxed()
}

fn list(name: &'static str, form: Form, least: usize) -> BoxedStrategy<Node> {
    vec(scalar(form), least..4)
        .prop_map(move |values| leaf(name, values))
        .boxed()
}

fn argv() -> BoxedStrategy<Vec<Scalar>> {
    let argument = prop_oneof![
        4 => words().prop_map(|word| text(&word)),
        1 => (0..100i128).prop_map(Scalar::Int),
    ];
    prop_oneof![
        Just(vec![text("pytest -q 'a b'")]),
        vec(argument, 1..4).prop_map(|arguments| [vec![text("tool")], arguments].concat()),
    ]
    .boxed()
}

/// Letters that are awkward in one language or the other.
fn word() -> BoxedStrategy<String> {
    prop_oneof![4 => "[a-z]{1,6}", 1 => r#"[a-zé😀 ."'\\#{=\n-]{1,6}"#].boxed()
}

fn words() -> BoxedStrategy<String> {
    prop_oneof![
        6 => word(),
        2 => r#"([a-z]{1,4}["'\\#;=/ \t]{0,3}\n?){1,4}"#,
        1 => r"[\r\u{0}\u{85}\u{2028}\u{feff}\u{202e}é😀a ]{1,5}",
        1 => select(vec!["{{out}}/a", "{{env.HOME}}", "{{{{.X}}", "{{root}}", "-{{run.id}}-"]).prop_map(str::to_owned),
        1 => Just(String::new()),
    ]
    .boxed()
}

/// One of these words, which stand for whatever a form allows.
fn one_of(words: &'static [&'static str]) -> BoxedStrategy<Scalar> {
    select(words).prop_map(text).boxed()
}

fn scalar(form: Form) -> BoxedStrategy<Scalar> {
    match form {
        Form::Flag => any::<bool>().prop_map(Scalar::Bool).boxed(),
        Form::Count(low, high) => (low..=high.min(low + 50))
            .prop_map(|number| Scalar::Int(number.into()))
            .boxed(),
        Form::Percent => prop_oneof![
            (0..=100i128).prop_map(Scalar::Int),
            (0.0..=100f64).prop_map(Scalar::Float),
            one_of(&["80%", "79.5 %"]),
        ]
        .boxed(),
        Form::Duration => one_of(&["30s", "1m 30s", "500ms", "0.5h", "2 min"]),
        Form::Size => one_of(&["64MiB", "1.5GB", "10 B"]),
        Form::Rate => one_of(&["100/s", "6 /m", "0.5/h"]),
        Form::Text => words()
            .prop_map(|word| text(&word.replace("{{", "{")))
            .boxed(),
        Form::Template => words().prop_map(|word| text(&word)).boxed(),
        Form::Path => one_of(&["src", "./a/b", "a b/ü", ""]),
        Form::Glob => one_of(&["src/**", "**/*.py", "{a,b}/?.rs", "[a-z]\\*"]),
        Form::Regex => one_of(&[r"^\s*print\(", "a|b", r#""\d+'"#, "é{2}"]),
        Form::Node => one_of(&["unit", "a.b", "py:lint"]),
        Form::Choice(words) => one_of(words),
    }
}

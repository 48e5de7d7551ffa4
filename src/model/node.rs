//! Top-level nodes → [`Node`]s: ids, defaults, the matrix.

use super::expand::{Filler, add_defaults, combinations};
use super::load::{Loader, Scope, sound, templates};
use super::{Common, Header, Node};
use crate::diag::{Diagnostic, Diags, closest};
use crate::kinds::{KINDS, Kind, kind_spec};
use crate::span::Spanned;
use crate::spec::{Decoder, Entry, Fields, Table, named_entries};
use crate::syntax::{self, Scalar};

/// Longest id, before prefixes.
const LONGEST_ID: usize = 100;
/// Most copies that the matrix of one node makes.
const MOST_COPIES: usize = 1000;

impl Loader<'_> {
    /// A node of a kind, or a top-level name that is none.
    pub(super) fn top_level(&mut self, node: syntax::Node, scope: &Scope<'_>) {
        let name = node.name.clone();
        if kind_spec(&name).is_none() {
            self.diags.push(unknown_kind(&node));
            self.lose(node, scope);
            return;
        }
        if has_no_id(&node) {
            self.diags.push(
                Diagnostic::new("bad-id", format!("this `{}` has no id", *name))
                    .at(name.span, "needs an id")
                    .help(format!("for instance `{} \"unit\" {{ … }}`", *name)),
            );
            return;
        }
        let nodes = [&node];
        let mut decoder = Decoder {
            diags: self.diags,
            secrets: &scope.secrets,
            sources: self.sources,
        };
        for entry in named_entries(&nodes, &mut decoder) {
            self.entry(&name, &entry, scope);
        }
    }

    /// Remembers the ids and variables of what is no node, since they are no further mistakes.
    fn lose(&mut self, mut node: syntax::Node, scope: &Scope<'_>) {
        for arg in &node.args {
            if let Scalar::Text(id) = &arg.value {
                self.pipeline.lost.name(format!("{}{id}", scope.prefix));
            }
        }
        if node.args.is_empty() {
            for child in &node.children {
                let id = format!("{}{}", scope.prefix, *child.name);
                self.pipeline.lost.name(id);
            }
        }
        let mut unheard = Diags::default();
        let filler = self.filler(&scope.values);
        Filler {
            diags: &mut unheard,
            ..filler
        }
        .fill(std::slice::from_mut(&mut node));
    }

    fn entry(&mut self, kind: &Spanned<String>, entry: &Entry<'_>, scope: &Scope<'_>) {
        if !is_id(&entry.name) {
            self.bad_id(&entry.name);
        }
        let mut children = entry.children.to_vec();
        add_defaults(&mut children, &scope.defaults, kind_spec(kind));
        let axes = match children.iter_mut().find(|child| *child.name == "matrix") {
            None => Vec::new(),
            Some(matrix) => {
                self.filler(&scope.values)
                    .fill(std::slice::from_mut(matrix));
                matrix.children.clone()
            }
        };
        let copies = combinations(&axes);
        if copies.len() > MOST_COPIES {
            let message = format!("the matrix has {} combinations", copies.len());
            self.diags.push(
                Diagnostic::new("out-of-range", message)
                    .at(entry.name.span, "too many copies")
                    .help(format!("at most {MOST_COPIES} are possible")),
            );
            return;
        }
        if copies.is_empty() {
            self.diags.push(
                Diagnostic::new("missing-field", "a name of the matrix has no values")
                    .at(entry.name.span, "would be no node at all"),
            );
        }
        for combination in copies {
            let mut values = scope.values.clone();
            values.matrix = combination.iter().cloned().collect();
            let mut children = children.clone();
            self.filler(&values).fill(&mut children);
            let template = Copy {
                kind,
                entry,
                children,
                combination,
            };
            self.node(template, scope);
        }
    }

    fn node(&mut self, copy: Copy<'_>, scope: &Scope<'_>) {
        let entry = copy.entry;
        let label = format!("{} \"{}\"", **copy.kind, *entry.name);
        let owner = entry.name.span;
        let mut fields = Fields::of(label, owner, entry.broken, copy.children.iter());
        let mut decoder = Decoder {
            diags: self.diags,
            secrets: &scope.secrets,
            sources: self.sources,
        };
        // A field of the kind's own stands before one of all nodes that has the same name.
        let own = kind_spec(copy.kind).map_or(&[][..], |spec| spec.fields);
        let shadowing = Common::SPEC.fields.iter().map(|field| field.name);
        let shadowing = shadowing.filter(|name| own.iter().any(|field| field.name == *name));
        let aside = fields.set_aside(shadowing);
        let common = Common::take(&mut fields, &mut decoder);
        fields.put_back(aside);
        if let Some(common) = &common {
            common.check(&mut decoder);
        }
        let kind = Kind::take(copy.kind, owner, &mut fields, &mut decoder);
        let specs: Vec<_> = kind_spec(copy.kind)
            .into_iter()
            .chain([Common::SPEC])
            .collect();
        fields.finish(&specs, &mut decoder);
        let plain = format!("{}{}", scope.prefix, *entry.name);
        let common = common.or_else(|| sound(&copy.children, &scope.secrets, self.sources));
        let (Some(common), Some(mut kind)) = (common, kind) else {
            self.pipeline.lost.node(plain, owner);
            return;
        };
        self.bind(&mut kind);
        let place: Vec<_> = copy
            .combination
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let id = match place.as_slice() {
            [] => plain.clone(),
            place => format!("{plain}[{}]", place.join(",")),
        };
        let own = templates(&common.env);
        let inherited = scope
            .env
            .iter()
            .filter(|(name, _)| !own.iter().any(|(mine, _)| mine == name));
        self.pipeline.nodes.push(Node {
            id: Spanned::new(id, owner),
            kind,
            env: inherited.cloned().chain(own.iter().cloned()).collect(),
            common,
            prefix: scope.prefix.to_owned(),
            group: (!copy.combination.is_empty()).then_some(plain),
            matrix: copy.combination,
            written: copy.children,
            span: copy.kind.span.to(owner),
        });
    }

    pub(super) fn bad_id(&mut self, id: &Spanned<String>) {
        self.diags.push(
            Diagnostic::new("bad-id", format!("`{}` can't be an id", **id))
                .at(id.span, "not an id")
                .help("letters, digits, `-`, `_` and `.`, beginning with a letter, digit or `_`"),
        );
    }
}

/// One copy of a node, ready to be decoded.
struct Copy<'n> {
    kind: &'n Spanned<String>,
    entry: &'n Entry<'n>,
    children: Vec<syntax::Node>,
    combination: Vec<(String, String)>,
}

pub(super) fn is_id(id: &str) -> bool {
    let sound = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    id.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && id.chars().all(sound)
        && id.chars().count() <= LONGEST_ID
}

/// Whether a node has fields in the place of an id.
fn has_no_id(node: &syntax::Node) -> bool {
    let is_field = |child: &syntax::Node| {
        let kind = kind_spec(&node.name);
        let specs = kind.into_iter().chain([Common::SPEC]);
        !child.args.is_empty()
            && specs
                .into_iter()
                .any(|spec| spec.field(&child.name).is_some())
    };
    node.args.is_empty() && (node.children.is_empty() || node.children.iter().any(is_field))
}

/// Whether a child looks like a node of its own in the block of an `owner`.
pub(super) fn declares_kind(child: &syntax::Node, owner: &str) -> bool {
    let field_of_owner = kind_spec(owner).and_then(|spec| spec.field(&child.name));
    kind_spec(&child.name).is_some()
        && field_of_owner.is_none()
        && !child.args.is_empty()
        && !child.children.is_empty()
}

fn unknown_kind(node: &syntax::Node) -> Diagnostic {
    /// Words of other runners for what is a kind here.
    const HABITS: &[(&str, &str)] = &[
        ("task", "command"),
        ("job", "jobs"),
        ("step", "command"),
        ("target", "command"),
        ("script", "command"),
        ("tests", "test"),
        ("gate", "command"),
        ("check", "rule"),
        ("services", "service"),
        ("vars", "var"),
        ("variables", "var"),
        ("environment", "env"),
        ("concurrency", "jobs"),
    ];
    let name = node.name.as_str();
    let kinds: Vec<&str> = KINDS.iter().map(|row| row.spec.name).collect();
    let fields: Vec<&str> = Header::SPEC.fields.iter().map(|row| row.name).collect();
    let known: Vec<&str> = kinds.iter().chain(&fields).copied().collect();
    let habit = HABITS.iter().find(|(word, _)| *word == name);
    let near = habit
        .map(|(_, here)| *here)
        .or_else(|| closest(name, known.iter().copied()));
    let help = match near {
        _ if Common::SPEC.field(name).is_some() => {
            format!("`{name}` is a field of nodes: it stands in the block of one")
        }
        _ if name.ends_with(':') => {
            "this looks like YAML: in KDL no colon stands behind a name, and blocks stand in braces"
                .to_owned()
        }
        Some(near) => format!("did you mean `{near}`?"),
        None if node.children.is_empty() => format!("header fields are {}", quote_all(&fields)),
        None => format!("kinds are {}", quote_all(&kinds)),
    };
    Diagnostic::new(
        "unknown-kind",
        format!("`{name}` is no kind of node and no header field"),
    )
    .at(node.name.span, "unknown")
    .help(help)
}

fn quote_all(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

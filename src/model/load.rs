//! Files → [`Pipeline`], with everything that is wrong in any of them.

use std::collections::{BTreeMap, BTreeSet};

use super::expand::{Filler, Values, add_defaults, combinations};
use super::{Common, Header, Node, Pipeline};
use crate::diag::{Diagnostic, Diags, closest, did_you_mean};
use crate::kinds::{KINDS, Kind, kind_spec};
use crate::span::{Sources, Span, Spanned};
use crate::spec::{Decoder, Entry, Fields, Table, Template, named_entries, normalise};
use crate::syntax::{self, Scalar};

/// Where files come from.
pub trait Files {
    /// The text of a file; the path is relative to the root.
    fn read(&self, path: &str) -> Result<String, ReadError>;
}

/// Why a file can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// It is not there.
    Missing,
    /// Anything else.
    Other(String),
}

/// Longest id, before prefixes.
const LONGEST_ID: usize = 100;
/// Most copies that the matrix of one node makes.
const MOST_COPIES: usize = 1000;

/// Reads a pipeline and what it includes. `settings` are the `--set` of the command line.
pub fn load(
    path: &str,
    files: &dyn Files,
    settings: &[(String, String)],
    sources: &mut Sources,
    diags: &mut Diags,
) -> Pipeline {
    let stem = path.rsplit('/').next().unwrap_or(path);
    let mut loader = Loader {
        files,
        sources,
        diags,
        settings: settings.iter().cloned().collect(),
        used: BTreeSet::new(),
        declared: BTreeMap::new(),
        pipeline: Pipeline {
            name: stem
                .rsplit_once('.')
                .map_or(stem, |(stem, _)| stem)
                .to_owned(),
            path: path.to_owned(),
            ..Pipeline::default()
        },
        stack: Vec::new(),
    };
    match files.read(path) {
        Ok(text) => loader.file(path, text, "", &BTreeMap::new(), Span::default()),
        Err(error) => loader.unreadable(path, &error),
    }
    loader.close();
    loader.pipeline
}

struct Loader<'a> {
    files: &'a dyn Files,
    sources: &'a mut Sources,
    diags: &'a mut Diags,
    settings: BTreeMap<String, String>,
    used: BTreeSet<String>,
    declared: BTreeMap<String, Span>,
    pipeline: Pipeline,
    /// Files that are being read, the including before the included, with the place of the include.
    stack: Vec<(String, Span)>,
}

/// What a file gives to each of its nodes.
struct Scope<'a> {
    prefix: &'a str,
    values: Values,
    env: Vec<(String, Template)>,
    defaults: Vec<syntax::Node>,
    secrets: Vec<String>,
}

impl Loader<'_> {
    fn unreadable(&mut self, path: &str, error: &ReadError) {
        self.pipeline.broken = true;
        let message = match error {
            ReadError::Missing => format!("`{path}` is not there"),
            ReadError::Other(reason) => format!("`{path}` can't be read: {reason}"),
        };
        self.diags
            .push(Diagnostic::new("unreadable", message).in_file(path));
    }

    fn file(
        &mut self,
        path: &str,
        text: String,
        prefix: &str,
        outer: &BTreeMap<String, String>,
        included_at: Span,
    ) {
        let id = self.sources.add(path, text);
        let Some(source) = self.sources.get(id).cloned() else {
            return;
        };
        let errors = self.diags.len();
        let document = syntax::parse(id, &source, self.diags);
        let syntax_errors = self.diags.len() > errors;
        self.pipeline.broken |= syntax_errors;
        self.stack.push((path.to_owned(), included_at));
        let nodes_before = self.pipeline.nodes.len();
        let (head, body): (Vec<_>, Vec<_>) = document
            .nodes
            .into_iter()
            .partition(|node| Header::SPEC.field(&node.name).is_some());
        let values = self.variables(&head, outer);
        let scope = self.header(head, prefix, values);
        let said = self.diags.len();
        for node in body {
            self.top_level(node, &scope);
        }
        let empty = self.pipeline.nodes.len() == nodes_before && self.diags.len() == said;
        if empty && !syntax_errors {
            self.diags.push(
                Diagnostic::new("empty-pipeline", format!("`{path}` has no nodes"))
                    .in_file(path)
                    .help("it would pass without having checked anything; `sdd init` writes a first pipeline"),
            );
        }
        self.stack.pop();
    }

    /// The variables that the file's nodes see: its own, over which those of the including file
    /// and of the command line go.
    fn variables(&mut self, head: &[syntax::Node], outer: &BTreeMap<String, String>) -> Values {
        let mut var = BTreeMap::new();
        let declared = head.iter().filter(|node| *node.name == "var");
        for entry in declared.flat_map(|node| &node.children) {
            let [
                Spanned {
                    value: Scalar::Text(value),
                    span,
                },
            ] = entry.args.as_slice()
            else {
                continue;
            };
            if value.contains("{{") {
                self.diags.push(
                    Diagnostic::new("bad-interpolation", "the value of a variable is plain text")
                        .at(*span, "`{{` has no meaning here"),
                );
                continue;
            }
            let name = entry.name.value.clone();
            self.declared.entry(name.clone()).or_insert(entry.name.span);
            var.insert(name, value.clone());
        }
        var.extend(outer.clone());
        for (name, value) in &self.settings {
            if let Some(current) = var.get_mut(name) {
                current.clone_from(value);
            }
        }
        Values {
            var,
            matrix: BTreeMap::new(),
        }
    }

    fn header<'p>(
        &mut self,
        mut head: Vec<syntax::Node>,
        prefix: &'p str,
        values: Values,
    ) -> Scope<'p> {
        let secrets = secret_names(&head);
        let (mut variables, mut rest): (Vec<_>, Vec<_>) =
            head.drain(..).partition(|node| *node.name == "var");
        self.filler(&values).fill(&mut rest);
        variables.append(&mut rest);
        let mut fields = Fields::of(
            "pipeline".to_owned(),
            Span::default(),
            false,
            variables.iter(),
        );
        let mut decoder = Decoder {
            diags: self.diags,
            secrets: &secrets,
        };
        let header = Header::take(&mut fields, &mut decoder);
        let scope = Scope {
            prefix,
            env: header
                .as_ref()
                .map(|h| templates(&h.env))
                .unwrap_or_default(),
            defaults: header
                .as_ref()
                .map(|h| h.defaults.0.clone())
                .unwrap_or_default(),
            secrets,
            values,
        };
        if let Some(header) = header {
            self.take_header(header, &scope);
        } else {
            self.pipeline.broken = true;
        }
        scope
    }

    fn take_header(&mut self, header: Header, scope: &Scope<'_>) {
        for (name, pool) in &header.pool.0 {
            self.pipeline
                .pools
                .insert(name.value.clone(), pool.depth as usize);
        }
        for (name, secret) in &header.secrets.0 {
            if secret.env.is_some() == secret.file.is_some() {
                self.diags.push(
                    Diagnostic::new("conflicting-fields", "a secret comes from one place")
                        .at(name.span, "this secret")
                        .help(format!(
                            "for instance `secrets {{ {} env=\"{}\" }}`",
                            **name, **name
                        )),
                );
            }
            self.pipeline
                .secrets
                .insert(name.value.clone(), secret.clone());
        }
        let folder = self
            .stack
            .last()
            .map(|(path, _)| path.clone())
            .unwrap_or_default();
        let folder = folder
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder)
            .to_owned();
        let includes = header.include.0.clone();
        if self.stack.len() == 1 {
            self.pipeline.header = Some(header);
        }
        for (path, include) in includes {
            let inner = include
                .prefix
                .as_ref()
                .map(|prefix| format!("{}:", **prefix));
            let prefix = format!("{}{}", scope.prefix, inner.unwrap_or_default());
            if let Some(bad) = include.prefix.filter(|prefix| !is_id(prefix)) {
                self.bad_id(&bad);
            }
            self.include(&folder, &path, &prefix, &scope.values.var);
        }
    }

    fn include(
        &mut self,
        folder: &str,
        path: &Spanned<String>,
        prefix: &str,
        outer: &BTreeMap<String, String>,
    ) {
        let Some(whole) =
            normalise(&format!("{folder}/{}", **path)).filter(|_| !path.starts_with('/'))
        else {
            self.diags.push(
                Diagnostic::new(
                    "include-escapes",
                    format!("`{}` is outside of the project", **path),
                )
                .at(path.span, "leaves the root"),
            );
            return;
        };
        if let Some(first) = self.stack.iter().position(|(open, _)| *open == whole) {
            let mut circle: Vec<_> = self.stack[first..]
                .iter()
                .map(|(path, _)| path.as_str())
                .collect();
            circle.push(&whole);
            let message = format!(
                "files include each other in a circle: {}",
                circle.join(" → ")
            );
            let mut diagnostic =
                Diagnostic::new("include-cycle", message).at(path.span, "closes the circle");
            for (open, at) in &self.stack[first + 1..] {
                diagnostic = diagnostic.at(*at, format!("includes `{open}`"));
            }
            self.diags.push(diagnostic);
            return;
        }
        match self.files.read(&whole) {
            Ok(text) => self.file(&whole, text, prefix, outer, path.span),
            Err(ReadError::Missing) => {
                self.pipeline.broken = true;
                self.diags.push(
                    Diagnostic::new("include-missing", format!("`{whole}` is not there"))
                        .at(path.span, "included here")
                        .help("the path is relative to the file that includes"),
                );
            }
            Err(error) => self.unreadable(&whole, &error),
        }
    }

    fn filler<'f>(&'f mut self, values: &'f Values) -> Filler<'f> {
        Filler {
            values,
            used: &mut self.used,
            diags: self.diags,
        }
    }

    /// A node of a kind, or a top-level name that is none.
    fn top_level(&mut self, node: syntax::Node, scope: &Scope<'_>) {
        let name = node.name.clone();
        if kind_spec(&name).is_none() {
            self.pipeline.broken = true;
            self.diags.push(unknown_kind(&name));
            return;
        }
        if node.args.is_empty() && node.children.is_empty() {
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
        };
        for entry in named_entries(&nodes, &mut decoder) {
            self.entry(&name, &entry, scope);
        }
    }

    fn entry(&mut self, kind: &Spanned<String>, entry: &Entry<'_>, scope: &Scope<'_>) {
        if !is_id(&entry.name) {
            self.bad_id(&entry.name);
        }
        let mut children = entry.children.to_vec();
        add_defaults(&mut children, &scope.defaults);
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
                children: &children,
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
        };
        let common = Common::take(&mut fields, &mut decoder);
        let kind = Kind::take(copy.kind, owner, &mut fields, &mut decoder);
        let specs: Vec<_> = kind_spec(copy.kind)
            .into_iter()
            .chain([Common::SPEC])
            .collect();
        fields.finish(&specs, &mut decoder);
        let (Some(common), Some(kind)) = (common, kind) else {
            self.pipeline.broken = true;
            return;
        };
        let plain = format!("{}{}", scope.prefix, *entry.name);
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
            span: copy.kind.span.to(owner),
        });
    }

    fn bad_id(&mut self, id: &Spanned<String>) {
        self.diags.push(
            Diagnostic::new("bad-id", format!("`{}` can't be an id", **id))
                .at(id.span, "not an id")
                .help("letters, digits, `-`, `_` and `.`, beginning with a letter, digit or `_`"),
        );
    }

    /// What can be said only when everything was read.
    fn close(&mut self) {
        for (name, span) in &self.declared {
            if !self.used.contains(name) && !self.pipeline.broken {
                self.diags.push(
                    Diagnostic::new(
                        "unused-variable",
                        format!("the variable `{name}` is never used"),
                    )
                    .at(*span, "declared here")
                    .maybe_help(did_you_mean(
                        name,
                        self.used
                            .iter()
                            .filter(|used| !self.declared.contains_key(*used))
                            .map(String::as_str),
                    )),
                );
            }
        }
        for name in self
            .settings
            .keys()
            .filter(|name| !self.declared.contains_key(*name))
        {
            let near = did_you_mean(name, self.declared.keys().map(String::as_str));
            self.diags.push(
                Diagnostic::new(
                    "unknown-variable",
                    format!("`--set {name}` sets a variable that no file declares"),
                )
                .in_file(&self.pipeline.path)
                .help(near.unwrap_or_else(|| {
                    format!("declare it in the header: `var {{ {name} \"…\" }}`")
                })),
            );
        }
    }
}

/// One copy of a node, ready to be decoded.
struct Copy<'n> {
    kind: &'n Spanned<String>,
    entry: &'n Entry<'n>,
    children: &'n [syntax::Node],
    combination: Vec<(String, String)>,
}

fn templates(env: &crate::spec::Map<Template>) -> Vec<(String, Template)> {
    env.0
        .iter()
        .map(|(name, value)| (name.value.clone(), value.clone()))
        .collect()
}

fn secret_names(head: &[syntax::Node]) -> Vec<String> {
    let secrets = head.iter().filter(|node| *node.name == "secrets");
    secrets
        .flat_map(|node| {
            let named = node.args.iter().filter_map(|arg| match &arg.value {
                Scalar::Text(name) => Some(name.clone()),
                _ => None,
            });
            let children = node.children.iter().map(|child| child.name.value.clone());
            if node.args.is_empty() {
                children.collect::<Vec<_>>()
            } else {
                named.collect()
            }
        })
        .collect()
}

fn is_id(id: &str) -> bool {
    let sound = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    id.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && id.chars().all(sound)
        && id.chars().count() <= LONGEST_ID
}

fn unknown_kind(name: &Spanned<String>) -> Diagnostic {
    /// Words of other runners for what is a kind here.
    const HABITS: &[(&str, &str)] = &[
        ("task", "command"),
        ("job", "command"),
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
    let kinds = || KINDS.iter().map(|row| row.spec.name);
    let fields = || Header::SPEC.fields.iter().map(|field| field.name);
    let habit = HABITS.iter().find(|(word, _)| *word == name.as_str());
    let near = habit
        .map(|(_, here)| *here)
        .or_else(|| closest(name, kinds().chain(fields())));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("kinds are {}", kinds().collect::<Vec<_>>().join(", ")),
    };
    Diagnostic::new(
        "unknown-kind",
        format!("`{}` is no kind of node and no header field", **name),
    )
    .at(name.span, "unknown")
    .help(help)
}

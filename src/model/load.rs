//! Files → [`Pipeline`], with everything that is wrong in any of them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::expand::{Filler, Values};
use super::node::{declares_kind, is_id};
use super::{Header, Pipeline, Secret};
use crate::diag::{Diagnostic, Diags, did_you_mean};
use crate::span::{SourceId, Sources, Span, Spanned};
use crate::spec::{Decoder, Fields, Table, Template};
use crate::syntax::{self, Scalar};
use crate::tools::Tool;

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
        tools: BTreeMap::new(),
        stack: Vec::new(),
    };
    match files.read(path) {
        Ok(text) => {
            loader.stack.push((path.to_owned(), Span::default()));
            loader.file(path, text, "", &BTreeMap::new());
        }
        Err(error) => {
            loader.pipeline.lost.file("");
            let diagnostic = unreadable(path, &error);
            loader.diags.push(diagnostic.in_file(path));
        }
    }
    loader.close();
    loader.pipeline
}

/// What is said of a file that can't be read.
pub(super) fn unreadable(path: &str, error: &ReadError) -> Diagnostic {
    let message = match error {
        ReadError::Missing => format!("`{path}` is not there"),
        ReadError::Other(reason) => format!("`{path}` can't be read: {reason}"),
    };
    Diagnostic::new("unreadable", message)
}

pub(super) struct Loader<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) sources: &'a mut Sources,
    pub(super) diags: &'a mut Diags,
    settings: BTreeMap<String, String>,
    used: BTreeSet<String>,
    declared: BTreeMap<String, Span>,
    pub(super) pipeline: Pipeline,
    /// Tools that nodes named, looked up once.
    pub(super) tools: BTreeMap<String, Option<Arc<Tool>>>,
    /// Files that are being read, the including before the included, with the place of the include.
    pub(super) stack: Vec<(String, Span)>,
}

/// What a file gives to each of its nodes.
pub(super) struct Scope<'a> {
    pub(super) prefix: &'a str,
    pub(super) values: Values,
    pub(super) env: Vec<(String, Template)>,
    pub(super) defaults: Vec<syntax::Node>,
    pub(super) secrets: Vec<String>,
}

impl Loader<'_> {
    /// Reads the text of a file, which is on top of the stack.
    pub(super) fn file(
        &mut self,
        path: &str,
        text: String,
        prefix: &str,
        outer: &BTreeMap<String, String>,
    ) {
        let id = self.source(path, text);
        let Some(source) = self.sources.get(id).cloned() else {
            return;
        };
        let errors = self.diags.len();
        let document = syntax::parse(id, &source, self.diags);
        let syntax_errors = self.diags.len() > errors;
        if syntax_errors {
            self.pipeline.lost.text(id, source.text);
        }
        let nodes_before = self.pipeline.nodes.len();
        let (mut head, body): (Vec<_>, Vec<_>) = top_level_nodes(document)
            .into_iter()
            .partition(|node| Header::SPEC.field(&node.name).is_some());
        let values = self.variables(&mut head, outer);
        let scope = self.header(head, prefix, values);
        let said = self.diags.len();
        let included = self.pipeline.nodes.len();
        for node in body {
            self.top_level(node, &scope);
        }
        // TOML brings the nodes of a kind together; what counts is their order in the text.
        self.pipeline.nodes[included..].sort_by_key(|node| node.id.span.start);
        let empty = self.pipeline.nodes.len() == nodes_before && self.diags.len() == said;
        if empty && !syntax_errors {
            self.diags.push(
                Diagnostic::new("empty-pipeline", format!("`{path}` has no nodes"))
                    .in_file(path)
                    .help("it would pass without having checked anything; `sdd init` writes a first pipeline"),
            );
        }
    }

    /// The source of a file; one that is included twice has the same places both times.
    fn source(&mut self, path: &str, text: String) -> SourceId {
        let known = self
            .sources
            .iter()
            .find(|(_, source)| source.path == path && *source.text == *text);
        match known.map(|(id, _)| id) {
            Some(id) => id,
            None => self.sources.add(path, text),
        }
    }

    /// The variables that the file's nodes see: its own, over which those of the including file
    /// and of the command line go. One with a mistake is known, but empty.
    fn variables(&mut self, head: &mut [syntax::Node], outer: &BTreeMap<String, String>) -> Values {
        let mut var = BTreeMap::new();
        let declared = head.iter_mut().filter(|node| *node.name == "var");
        for entry in declared.flat_map(|node| &mut node.children) {
            let mut value = String::new();
            if let [arg] = entry.args.as_mut_slice()
                && let Scalar::Text(text) = &mut arg.value
            {
                if text.contains("{{") {
                    text.clear();
                    self.diags.push(
                        Diagnostic::new(
                            "bad-interpolation",
                            format!("the variable `{}` is not plain text", *entry.name),
                        )
                        .at(arg.span, "`{{` has no meaning here")
                        .help("use `{{env.…}}` and the like where the variable is used"),
                    );
                }
                value.clone_from(text);
            }
            let name = entry.name.value.clone();
            self.declared.entry(name.clone()).or_insert(entry.name.span);
            var.insert(name, value);
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
        head: Vec<syntax::Node>,
        prefix: &'p str,
        values: Values,
    ) -> Scope<'p> {
        let (mut fields, mut rest): (Vec<_>, Vec<_>) =
            head.into_iter().partition(|node| *node.name == "var");
        self.filler(&values).fill(&mut rest);
        fields.append(&mut rest);
        let mut secrets = declared_names(&fields, "secrets");
        secrets.extend(secret_sources(&fields));
        let mut decoder = Decoder {
            diags: self.diags,
            secrets: &secrets,
            sources: self.sources,
        };
        let header = Header::take(&mut fields_of(&fields), &mut decoder);
        let header = header.or_else(|| {
            for name in ["pool", "secrets"] {
                let lost = declared_names(&fields, name);
                for name in lost {
                    self.pipeline.lost.name(name);
                }
            }
            sound(&fields, &secrets, self.sources)
        });
        let mut scope = Scope {
            prefix,
            env: Vec::new(),
            defaults: Vec::new(),
            secrets,
            values,
        };
        if let Some(header) = header {
            scope.env = templates(&header.env);
            scope.defaults.clone_from(&header.defaults.0);
            self.take_header(header, &scope);
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
            self.take_secret(name, secret);
        }
        let includes = header.include.0.clone();
        if self.stack.len() == 1 {
            self.pipeline.header = Some(header);
        }
        for (path, include) in includes {
            if let Some(bad) = include.prefix.as_ref().filter(|prefix| !is_id(prefix)) {
                self.bad_id(bad);
            }
            let inner = include.prefix.map(|prefix| format!("{}:", *prefix));
            let prefix = format!("{}{}", scope.prefix, inner.unwrap_or_default());
            self.include(&path, &prefix, &scope.values.var);
        }
    }

    fn take_secret(&mut self, name: &Spanned<String>, secret: &Secret) {
        if secret.env.is_some() == secret.file.is_some() {
            let example = format!("for instance `secrets {{ {0} env=\"{0}\" }}`", **name);
            self.diags.push(
                Diagnostic::new(
                    "conflicting-fields",
                    format!("the secret `{}` has to come from one place", **name),
                )
                .at(name.span, "either `env` or `file`")
                .help(example),
            );
        }
        self.pipeline
            .secrets
            .insert(name.value.clone(), secret.clone());
    }

    pub(super) fn filler<'f>(&'f mut self, values: &'f Values) -> Filler<'f> {
        Filler {
            values,
            used: &mut self.used,
            sources: self.sources,
            diags: self.diags,
        }
    }

    /// What can be said only when everything was read.
    fn close(&mut self) {
        let lost = &self.pipeline.lost;
        let unused = |name: &String| !self.used.contains(name) && !lost.may_use(name);
        for (name, span) in self.declared.iter().filter(|(name, _)| unused(name)) {
            self.diags.push(
                Diagnostic::new(
                    "unused-variable",
                    format!("the variable `{name}` is never used"),
                )
                .at(*span, "declared here")
                .help(format!("use it as `{{{{var.{name}}}}}`, or remove it")),
            );
        }
        let declared = |name: &String| self.declared.contains_key(name);
        for name in self.settings.keys().filter(|name| !declared(name)) {
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

/// The nodes of a document. What a block that is never closed has swallowed is put back.
fn top_level_nodes(document: syntax::Document) -> Vec<syntax::Node> {
    let mut found = Vec::with_capacity(document.nodes.len());
    let mut open = VecDeque::from(document.nodes);
    while let Some(mut node) = open.pop_front() {
        if node.broken {
            let (swallowed, own): (Vec<_>, Vec<_>) = std::mem::take(&mut node.children)
                .into_iter()
                .partition(|child| declares_kind(child, &node.name));
            node.children = own;
            for child in swallowed.into_iter().rev() {
                open.push_front(child);
            }
        }
        found.push(node);
    }
    found
}

fn fields_of(nodes: &[syntax::Node]) -> Fields<'_> {
    Fields::of("pipeline".to_owned(), Span::default(), false, nodes.iter())
}

/// Reads a table without required fields from those of its fields that have no mistake: a mistake
/// in one must not hide those in others.
pub(super) fn sound<'n, T: Table>(
    nodes: &'n [syntax::Node],
    secrets: &[String],
    sources: &Sources,
) -> Option<T> {
    let mut unheard = Diags::default();
    let mut decoder = Decoder {
        diags: &mut unheard,
        secrets,
        sources,
    };
    let mut take = |nodes: &mut dyn Iterator<Item = &'n syntax::Node>| {
        let mut fields = Fields::of(String::new(), Span::default(), true, nodes);
        T::take(&mut fields, &mut decoder)
    };
    let mut kept: Vec<&syntax::Node> = Vec::new();
    for field in T::SPEC.fields {
        let of_field = nodes.iter().filter(|node| *node.name == field.name);
        if take(&mut of_field.clone()).is_some() {
            kept.extend(of_field);
        }
    }
    take(&mut kept.into_iter())
}

pub(super) fn templates(env: &crate::spec::Map<Template>) -> Vec<(String, Template)> {
    env.0
        .iter()
        .map(|(name, value)| (name.value.clone(), value.clone()))
        .collect()
}

/// The names of named entries of a header field, whatever else is wrong with them.
/// Variables of the environment that secrets come from: who prints one prints the secret.
fn secret_sources(head: &[syntax::Node]) -> Vec<String> {
    let declared = head.iter().filter(|node| *node.name == "secrets");
    let blocks = declared.flat_map(|node| {
        let own = node.children.iter();
        own.chain(node.children.iter().flat_map(|child| &child.children))
    });
    let sources = blocks
        .filter(|field| *field.name == "env")
        .flat_map(|field| &field.args);
    sources
        .filter_map(|arg| match &arg.value {
            Scalar::Text(name) => Some(name.clone()),
            _ => None,
        })
        .collect()
}

fn declared_names(head: &[syntax::Node], field: &str) -> Vec<String> {
    let nodes = head.iter().filter(|node| *node.name == field);
    nodes
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

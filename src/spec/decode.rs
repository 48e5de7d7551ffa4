//! Blocks → Rust values, collecting every mistake on the way.

use super::{Form, Table, TableSpec, Ty, Value};
use crate::diag::{Diagnostic, Diags, closest};
use crate::span::{Sources, Span, Spanned};
use crate::syntax::{Node, Scalar};

/// What decoding reports into and has to know.
pub struct Decoder<'a> {
    /// Where mistakes go.
    pub diags: &'a mut Diags,
    /// Names of the secrets that the pipeline declares; they can't be interpolated.
    pub secrets: &'a [String],
    /// The texts as written, where the exact place of a token is looked up.
    pub sources: &'a Sources,
}

/// Words of other runners and of YAML habits, with what they are called here.
const HABITS: &[(&str, &str)] = &[
    ("depends_on", "needs"),
    ("depends-on", "needs"),
    ("dependencies", "needs"),
    ("deps", "needs"),
    ("requires", "needs"),
    ("cmd", "run"),
    ("command", "run"),
    ("commands", "run"),
    ("exec", "run"),
    ("script", "shell"),
    ("optional", "required #false"),
    ("allow_failure", "required #false"),
    ("continue-on-error", "required #false"),
    ("environment", "env"),
    ("cwd", "dir"),
    ("working-directory", "dir"),
    ("workdir", "dir"),
    ("if", "when"),
    ("only-if", "when"),
    ("inputs", "reads"),
    ("sources", "reads"),
    ("outputs", "writes"),
    ("generates", "writes"),
    ("retries", "retry attempts=2"),
    ("timeout-minutes", "timeout \"5m\""),
    ("mutex", "locks"),
    ("concurrency", "pool or locks"),
    ("before", "after (on the other node)"),
];

impl Decoder<'_> {
    /// Reads a block that stands once.
    pub fn table<T: Table>(&mut self, nodes: &[&Node]) -> Option<T> {
        let node = self.once(nodes)?;
        self.block(node)
    }

    /// Reads one block, and reports what is in it that its table does not know.
    pub fn block<T: Table>(&mut self, node: &Node) -> Option<T> {
        if let Some(extra) = node.args.first() {
            let known: Vec<_> = T::SPEC.fields.iter().map(|field| field.name).collect();
            self.diags.push(
                Diagnostic::new(
                    "wrong-type",
                    format!("`{}` is a block with fields, not a value", *node.name),
                )
                .at(extra.span, "a bare value")
                .help(format!("its fields are {}", quote_all(&known))),
            );
            return None;
        }
        let mut fields = Fields::new(node);
        let value = T::take(&mut fields, self);
        fields.finish(&[T::SPEC], self);
        value
    }

    /// The only node of that name; a second one is reported.
    pub fn once<'n>(&mut self, nodes: &[&'n Node]) -> Option<&'n Node> {
        let (first, rest) = nodes.split_first()?;
        for again in rest {
            self.diags.push(
                Diagnostic::new(
                    "duplicate-field",
                    format!("`{}` is written twice", *again.name),
                )
                .at(again.name.span, "again here")
                .at(first.name.span, "first written here")
                .help("keep one; a list takes all its values on one line"),
            );
        }
        Some(first)
    }

    /// Reports a value of a wrong type.
    pub fn wrong_type(&mut self, what: &str, form: Form, value: &crate::syntax::Value) {
        let help = match (&value.value, form) {
            (Scalar::Text(text), Form::Flag) if text == "true" || text == "false" => Some(format!(
                "booleans are bare: `#{text}` in KDL, `{text}` in TOML"
            )),
            (Scalar::Int(number), Form::Duration) => Some(format!(
                "a time has a unit: \"{number}s\", \"{number}ms\" or \"{number}m\""
            )),
            (Scalar::Int(number), Form::Size) => {
                Some(format!("a size has a unit: \"{number}MiB\""))
            }
            (Scalar::Int(number), Form::Rate) => Some(format!("a rate has a unit: \"{number}/s\"")),
            (Scalar::Text(text), Form::Count(..)) if text.parse::<u64>().is_ok() => {
                Some(format!("counts are bare: {text}"))
            }
            (scalar, Form::Text | Form::Template | Form::Path | Form::Glob | Form::Node) => {
                Some(format!("text stands in quotes: \"{}\"", display(scalar)))
            }
            _ => None,
        };
        self.diags.push(
            Diagnostic::new("wrong-type", format!("{what} takes {}", form.noun()))
                .at(value.span, format!("this is {}", value.value.noun()))
                .maybe_help(help),
        );
    }
}

fn display(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Text(text) => text.clone(),
        Scalar::Int(number) => number.to_string(),
        Scalar::Float(number) => number.to_string(),
        Scalar::Bool(truth) => truth.to_string(),
    }
}

/// The fields of one block, taken out one by one; what is left at the end is unknown.
pub struct Fields<'n> {
    owner: Span,
    label: String,
    broken: bool,
    entries: Vec<Option<&'n Node>>,
    missing: Vec<(&'static str, Ty)>,
}

impl<'n> Fields<'n> {
    /// The children of a node.
    pub fn new(node: &'n Node) -> Self {
        let label = match node.args.first().map(|arg| &arg.value) {
            Some(Scalar::Text(id)) => format!("{} \"{id}\"", *node.name),
            _ => node.name.value.clone(),
        };
        Self::of(label, node.name.span, node.broken, node.children.iter())
    }

    /// Nodes from anywhere, with what their owner is called and where it stands.
    pub fn of(
        label: String,
        owner: Span,
        broken: bool,
        nodes: impl Iterator<Item = &'n Node>,
    ) -> Self {
        Self {
            owner,
            label,
            broken,
            entries: nodes.map(Some).collect(),
            missing: Vec::new(),
        }
    }

    /// Whether everything that is written was read, so that what is not read is not there.
    pub fn are_settled(&self) -> bool {
        !self.broken && self.entries.iter().all(Option::is_none)
    }

    /// Takes all nodes of that name.
    pub fn take(&mut self, name: &str) -> Vec<&'n Node> {
        self.entries
            .iter_mut()
            .filter(|entry| entry.is_some_and(|node| *node.name == name))
            .filter_map(Option::take)
            .collect()
    }

    /// Takes all nodes of those names, for [`Fields::put_back`].
    pub fn set_aside<'f>(&mut self, names: impl Iterator<Item = &'f str>) -> Vec<&'n Node> {
        names.flat_map(|name| self.take(name)).collect()
    }

    /// Gives back what was set aside.
    pub fn put_back(&mut self, nodes: Vec<&'n Node>) {
        self.entries.extend(nodes.into_iter().map(Some));
    }

    /// Takes and reads a field; what is absent gets its default or is reported at the end.
    pub fn field<T: Value>(
        &mut self,
        name: &'static str,
        default: Option<&'static str>,
        decoder: &mut Decoder<'_>,
    ) -> Option<T> {
        let nodes = self.take(name);
        if !nodes.is_empty() {
            return T::decode(&nodes, decoder);
        }
        if let Some(text) = default {
            return T::decode(&[&default_node(name, text, self.owner)], decoder);
        }
        let absent = T::absent();
        if absent.is_none() && !self.broken {
            self.missing.push((name, T::TY));
        }
        absent
    }

    /// Reports every field that no table of `specs` knows, and every one that is missing.
    pub fn finish(self, specs: &[&TableSpec], decoder: &mut Decoder<'_>) {
        let known: Vec<&str> = specs
            .iter()
            .flat_map(|spec| spec.fields)
            .map(|field| field.name)
            .collect();
        let mut meant = Vec::new();
        for node in self.entries.into_iter().flatten() {
            let (field, help) = meaning(&node.name, &known);
            meant.extend(field);
            decoder.diags.push(
                Diagnostic::new(
                    "unknown-field",
                    format!("`{}` has no field `{}`", self.label, *node.name),
                )
                .at(node.name.span, "unknown field")
                .help(help),
            );
        }
        for (name, ty) in self.missing {
            // A misspelt field is one mistake and not two.
            if !meant.contains(&name) {
                decoder.diags.push(
                    Diagnostic::new("missing-field", format!("`{}` has no `{name}`", self.label))
                        .at(self.owner, format!("needs `{name}`"))
                        .help(format!("for instance `{}`", example(name, ty))),
                );
            }
        }
    }
}

/// The field that an unknown name probably stands for, and how to say so.
fn meaning<'k>(name: &str, known: &[&'k str]) -> (Option<&'k str>, String) {
    let known_as = |here: &str| {
        known
            .iter()
            .find(|field| here.starts_with(**field))
            .copied()
    };
    let habit = HABITS
        .iter()
        .filter(|(word, _)| *word == name)
        .find_map(|(_, here)| Some((known_as(here)?, here)));
    if let Some((field, here)) = habit {
        return (Some(field), format!("here it is called `{here}`"));
    }
    if let Some(field) = without_colon(name, known) {
        return (
            Some(field),
            format!("no colon stands behind a name: `{field}`"),
        );
    }
    match closest(name, known.iter().copied()) {
        Some(field) => (Some(field), format!("did you mean `{field}`?")),
        None => (None, format!("known here are {}", quote_all(known))),
    }
}

/// The known name that stands there with the colon that YAML puts behind names.
fn without_colon<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let bare = name.strip_suffix(':')?;
    known.iter().find(|known| **known == bare).copied()
}

fn quote_all(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// How a field may be written.
fn example(name: &str, ty: Ty) -> String {
    match ty {
        Ty::Argv => format!(r#"{name} "cargo" "test""#),
        Ty::Scalar(form) | Ty::List(form) | Ty::Lines(form) => format!("{name} {}", sample(form)),
        Ty::Map(form) => format!("{name} {{ NAME {} }}", sample(form)),
        Ty::Named(_) => format!(r#"{name} "NAME" {{ … }}"#),
        Ty::Table(spec) | Ty::Repeated(spec) => {
            let needed = spec.fields.iter().filter(|field| field.required);
            let shown = needed.chain(spec.fields.first().filter(|field| !field.required));
            let properties = shown.filter_map(|field| match field.ty {
                Ty::Scalar(form) => Some(format!(" {}={}", field.name, sample(form))),
                _ => None,
            });
            format!("{name}{}", properties.collect::<String>())
        }
    }
}

/// A value of a form, as it would be written.
fn sample(form: Form) -> String {
    match form {
        Form::Flag => "#true".to_owned(),
        Form::Count(low, _) => low.max(1).to_string(),
        Form::Percent => "80".to_owned(),
        Form::Duration => r#""30s""#.to_owned(),
        Form::Size => r#""64MiB""#.to_owned(),
        Form::Rate => r#""100/s""#.to_owned(),
        Form::Glob => r#""src/**""#.to_owned(),
        Form::Node => r#""ID""#.to_owned(),
        Form::Choice(words) => format!("\"{}\"", words.first().unwrap_or(&"…")),
        Form::Text | Form::Template | Form::Path | Form::Regex => r#""…""#.to_owned(),
    }
}

/// A default as the tree that its text would give.
fn default_node(name: &str, text: &str, span: Span) -> Node {
    let args = text.split_whitespace().map(|word| {
        let scalar = match (word, word.parse::<i128>()) {
            ("true", _) => Scalar::Bool(true),
            ("false", _) => Scalar::Bool(false),
            (_, Ok(number)) => Scalar::Int(number),
            _ => Scalar::Text(word.to_owned()),
        };
        Spanned::new(scalar, span)
    });
    Node {
        name: Spanned::new(name.to_owned(), span),
        args: args.collect(),
        children: Vec::new(),
        span,
        broken: false,
    }
}

//! Text → [`Document`]: one tree for KDL and TOML, every token with its span.
//!
//! The tree knows no field and no kind. It has one shape for what both languages can say: a node
//! is a name, values and children. A KDL property (`min=80`) is a child (`min 80`), a TOML key is
//! a node, a TOML array is a node's values, an array of tables is a node repeated.

pub mod fmt;
mod kdl;
mod print;
mod toml;

pub use print::{print_kdl, print_toml};

use crate::diag::{Diagnostic, Diags};
use crate::span::{Source, SourceId, Span, Spanned};

/// Largest text that is parsed, in bytes.
pub const MAX_BYTES: usize = 4 << 20;
/// Deepest nesting that is parsed.
pub const MAX_DEPTH: usize = 64;

/// A single value.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// Text, unescaped.
    Text(String),
    /// A whole number.
    Int(i128),
    /// Any other finite number.
    Float(f64),
    /// True or false.
    Bool(bool),
}

impl Scalar {
    /// What the value is called in a message.
    pub fn noun(&self) -> &'static str {
        match self {
            Scalar::Text(_) => "text",
            Scalar::Int(_) => "a whole number",
            Scalar::Float(_) => "a decimal number",
            Scalar::Bool(_) => "a boolean",
        }
    }
}

/// A value and its place.
pub type Value = Spanned<Scalar>;

/// A name with values and children.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is called.
    pub name: Spanned<String>,
    /// Its values, in order.
    pub args: Vec<Value>,
    /// What is inside it, properties included, in order.
    pub children: Vec<Node>,
    /// From the name to the last value.
    pub span: Span,
    /// Whether a syntax error was passed over inside it, so that what seems missing may be there.
    pub broken: bool,
}

impl Node {
    /// A node with nothing but a name.
    pub fn named(name: Spanned<String>) -> Self {
        Self {
            span: name.span,
            name,
            args: Vec::new(),
            children: Vec::new(),
            broken: false,
        }
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.args == other.args && self.children == other.children
    }
}

/// A whole file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// The top-level nodes, in order.
    pub nodes: Vec<Node>,
}

/// The languages that a pipeline can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// KDL 2.
    Kdl,
    /// TOML 1.
    Toml,
}

impl Language {
    /// Every language with the ending of its files.
    pub const ALL: [(Language, &'static str); 2] =
        [(Language::Kdl, "kdl"), (Language::Toml, "toml")];

    /// The language that a file's ending stands for.
    pub fn of_path(path: &str) -> Option<Self> {
        let (_, ending) = path.rsplit_once('.')?;
        Self::ALL
            .iter()
            .find(|(_, known)| *known == ending)
            .map(|(language, _)| *language)
    }
}

/// Reads a text as far as possible; what could not be read is in the diagnostics.
pub fn parse(id: SourceId, source: &Source, diags: &mut Diags) -> Document {
    let text = &*source.text;
    if text.len() > MAX_BYTES {
        diags.push(
            Diagnostic::new(
                "too-large",
                format!("the file has {} MiB", text.len() >> 20),
            )
            .in_file(&source.path)
            .help("split it with `include`"),
        );
        return Document::default();
    }
    match Language::of_path(&source.path) {
        Some(Language::Toml) => toml::parse(id, text, diags),
        _ => kdl::parse(id, text, diags),
    }
}

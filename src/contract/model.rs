//! What a contract promises, whatever version of the specification it is written in.

use std::collections::{BTreeMap, BTreeSet};

use super::load::Problem;
use super::schema::SchemaId;
use crate::span::Span;

/// A contract.
#[derive(Debug, Default)]
pub struct Contract {
    /// What can be asked for, in the order of the document.
    pub operations: Vec<Operation>,
    /// What is wrong in it, and yet leaves no doubt of what it promises.
    pub mistakes: Vec<Problem>,
}

/// What stands between the operation and the callback in its path.
const CALLBACK: &str = " callback ";

/// A method of a path.
#[derive(Debug)]
pub struct Operation {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The path as it is written; `webhook NAME` for what the server calls, and
    /// `PATH callback NAME EXPRESSION`.
    pub path: String,
    /// Who asks.
    pub caller: Caller,
    /// Where it stands.
    pub span: Span,
    /// Its name for programs.
    pub name: Option<String>,
    /// Whether it is going to be removed.
    pub deprecated: bool,
    /// When: `x-sunset`.
    pub sunset: Option<String>,
    /// How much is promised of it: `x-stability-level`.
    pub stability: Option<String>,
    /// Where it is.
    pub servers: Servers,
    /// What is sent beside the body.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What may come back, by status.
    pub responses: BTreeMap<String, Response>,
    /// The ways to be let in: each a set of schemes with scopes. None at all is open.
    pub security: Vec<Way>,
}

/// A way to be let in: for every scheme, known by what it is, its name and the scopes.
pub type Way = BTreeMap<String, (String, BTreeSet<String>)>;

/// Who asks and who answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caller {
    /// A client asks the server.
    Client,
    /// The server asks a client, whenever it likes.
    Webhook,
    /// The server asks a client after that operation.
    Callback((String, String)),
}

/// What stands in a pattern of addresses for a variable that may be anything.
pub const FREE: &str = "{}";

/// The addresses under which an operation is.
#[derive(Debug, Clone, Default)]
pub struct Servers {
    /// Each with its variables filled in, by default if they may be anything.
    pub urls: BTreeSet<String>,
    /// The one that is named first.
    pub first: Option<String>,
    /// The patterns of those with variables that may be anything, each with the address that has
    /// their defaults.
    pub free: BTreeMap<String, String>,
    /// Where they stand.
    pub span: Option<Span>,
}

/// How lists and objects are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// As the specification calls it; the media type of what is a document of its own.
    pub name: String,
    /// Whether each value has a name of its own.
    pub explode: bool,
}

impl Style {
    /// A style of that name.
    pub fn new(name: impl Into<String>, explode: bool) -> Self {
        Self {
            name: name.into(),
            explode,
        }
    }

    /// Whether what is written is a document of some media type.
    pub fn is_document(&self) -> bool {
        self.name.contains('/')
    }
}

/// A value beside the body.
#[expect(clippy::struct_excessive_bools, reason = "each is a field of its own")]
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `query`, `path`, `header` or `cookie`.
    pub place: String,
    /// Whether it must be sent.
    pub required: bool,
    /// How lists and objects are written.
    pub style: Style,
    /// Whether reserved characters may be sent as they are: `allowReserved`.
    pub reserved: bool,
    /// Whether it may be sent without a value: `allowEmptyValue`.
    pub empty: bool,
    /// Whether it is going to be removed.
    pub deprecated: bool,
    /// When: `x-sunset`.
    pub sunset: Option<String>,
    /// How much is promised of it: `x-stability-level`.
    pub stability: Option<String>,
    /// What it may be.
    pub schema: Option<SchemaId>,
    /// Where it stands.
    pub span: Span,
}

/// A request body.
#[derive(Debug)]
pub struct Body {
    /// Whether it must be sent.
    pub required: bool,
    /// What it may be, by media type.
    pub media: BTreeMap<String, Media>,
    /// Where it stands.
    pub span: Span,
}

/// A content of one type.
#[derive(Debug, Clone)]
pub struct Media {
    /// What it may be.
    pub schema: Option<SchemaId>,
    /// How fields of a form are written, by name, where that is said.
    pub encoding: BTreeMap<String, Encoding>,
    /// Where it stands.
    pub span: Span,
}

/// How a field of a form is written.
#[derive(Debug, Clone, Default)]
pub struct Encoding {
    /// As a parameter is, if it is written in a style.
    pub style: Option<Style>,
    /// The media types that it may have.
    pub kinds: Vec<String>,
    /// The headers of its part, by lower-case name.
    pub headers: BTreeMap<String, Header>,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// What it may be, by media type.
    pub media: BTreeMap<String, Media>,
    /// Headers by lower-case name.
    pub headers: BTreeMap<String, Header>,
    /// What other operations it leads to, by name: the operation and what is handed over.
    pub links: BTreeMap<String, String>,
    /// Where it stands.
    pub span: Span,
}

/// A header of an answer, or of a part of a form.
#[derive(Debug, Clone)]
pub struct Header {
    /// Whether it is always there.
    pub required: bool,
    /// How lists and objects are written in it.
    pub style: Style,
    /// What it may be.
    pub schema: Option<SchemaId>,
    /// Where it stands.
    pub span: Span,
}

impl Parameter {
    /// What stands before its value, whatever that is.
    pub fn affix(&self) -> String {
        match self.style.name.as_str() {
            "label" => ".".to_owned(),
            "matrix" => format!(";{}=", self.name),
            _ => String::new(),
        }
    }
}

impl Operation {
    /// What two operations have in common that are the same to a client: renaming `{id}` breaks
    /// nobody. The expression of a callback says where it goes, and counts as it is.
    pub fn key(&self) -> (String, String) {
        let path = match (&self.caller, self.path.split_once(CALLBACK)) {
            (Caller::Callback(_), Some((parent, own))) => {
                shape(parent) + CALLBACK + &placed(own, parent)
            }
            _ => shape(&self.path),
        };
        (self.method.clone(), path)
    }

    /// As people name it.
    pub fn title(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The names in the path, in order.
    pub fn variables(&self) -> Vec<&str> {
        variables(&self.path)
    }

    /// What a parameter is known by: those of the path by their place in it.
    pub fn parameter_key(&self, parameter: &Parameter) -> (String, String) {
        let name = match parameter.place.as_str() {
            "path" => {
                let variables = self.variables();
                let place = variables.iter().position(|name| *name == parameter.name);
                place.map_or_else(|| parameter.name.clone(), |place| format!("{{{place}}}"))
            }
            "header" => parameter.name.to_lowercase(),
            // It is the whole query, so that its name is sent by nobody.
            "querystring" => String::new(),
            _ => parameter.name.clone(),
        };
        (parameter.place.clone(), name)
    }
}

fn variables(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect()
}

/// An expression with the places of variables of the path instead of their names.
fn placed(expression: &str, path: &str) -> String {
    let mut placed = expression.to_owned();
    for (place, name) in variables(path).into_iter().enumerate() {
        let written = format!("{{$request.path.{name}}}");
        placed = placed.replace(&written, &format!("{{$request.path {place}}}"));
    }
    placed
}

/// A path without the names of its variables.
fn shape(path: &str) -> String {
    let mut out = String::new();
    for (place, part) in path.split('{').enumerate() {
        match part.split_once('}') {
            Some((_, rest)) if place > 0 => {
                out.push_str("{}");
                out.push_str(rest);
            }
            _ => out.push_str(part),
        }
    }
    out
}

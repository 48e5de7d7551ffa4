//! Text with `{{name}}` in it, replaced during the run.

use super::value::Single;
use super::{Decoder, Form};
use crate::diag::{Diagnostic, closest};
use crate::span::{Sources, Span};
use crate::syntax::{Scalar, Value as SyntaxValue};

/// What a `{{name}}` can stand for once variables and the matrix are filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// `{{env.X}}`: a variable of the environment that `sdd` was started in.
    Env(String),
    /// `{{out}}`: the attempt's own folder for its reports.
    Out,
    /// `{{root}}`: the project root.
    Root,
    /// `{{base}}`: the commit that "changed" counts from.
    Base,
    /// `{{run.id}}`.
    RunId,
    /// `{{work-item.id}}`: the current work item.
    WorkItemId,
    /// `{{work-item.type}}`: what sort of work it is.
    WorkItemType,
    /// `{{work-item.title}}`: what it is about.
    WorkItemTitle,
    /// `{{node.ID.NAME}}`: the part behind `node.`, a value that a node publishes.
    Node(String),
}

/// A stretch of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text that stands for itself.
    Text(String),
    /// A name to be replaced.
    Name(Name),
}

/// Text with names in it.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its stretches, in order.
    pub parts: Vec<Part>,
    /// Where it stands.
    pub span: Span,
    /// Where its names stand, in order.
    places: Vec<Span>,
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

/// Names without a part of the user's own.
const FIXED: &[(&str, Name)] = &[
    ("out", Name::Out),
    ("root", Name::Root),
    ("base", Name::Base),
    ("run.id", Name::RunId),
    ("work-item.id", Name::WorkItemId),
    ("work-item.type", Name::WorkItemType),
    ("work-item.title", Name::WorkItemTitle),
];

impl Name {
    /// Whether it stands for something of the current work item.
    pub fn is_of_work_item(&self) -> bool {
        matches!(
            self,
            Name::WorkItemId | Name::WorkItemType | Name::WorkItemTitle
        )
    }
}

impl Template {
    /// Text without names.
    pub fn literal(text: impl Into<String>, span: Span) -> Self {
        Self {
            parts: vec![Part::Text(text.into())],
            span,
            places: Vec::new(),
        }
    }

    /// The text, if there is no name in it.
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The names in it.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.parts.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name),
            Part::Text(_) => None,
        })
    }

    /// The names in it, each with its place.
    pub fn placed_names(&self) -> impl Iterator<Item = (&Name, Span)> {
        self.names().zip(self.places.iter().copied())
    }

    /// The text as it was written, up to spelling.
    pub fn source(&self) -> String {
        self.parts.iter().map(Part::source).collect()
    }

    /// Reads `{{name}}` in a text; `span` is where the text stands, quotes included.
    pub fn parse(text: &str, span: Span, decoder: &mut Decoder<'_>) -> Option<Self> {
        let (mut parts, mut places) = (Vec::new(), Vec::new());
        let mut sound = true;
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => push_text(&mut parts, text),
                Piece::Escape => push_text(&mut parts, "{{"),
                Piece::Name { name, at } => {
                    let token = token_span(text, at..at + name.len() + 4, span, decoder.sources);
                    let known = known_name(name.trim(), token, decoder);
                    sound &= known.is_some();
                    parts.extend(known.map(Part::Name));
                    places.push(token);
                }
                Piece::Unclosed { at } => {
                    let token = token_span(text, at..at + 2, span, decoder.sources);
                    decoder.diags.push(
                        Diagnostic::new("bad-interpolation", "`{{` is not closed")
                            .at(token, "opened here")
                            .help("close it with `}}`; to write `{{` itself, double it: `{{{{`"),
                    );
                    sound = false;
                }
            }
        }
        sound.then_some(Self {
            parts,
            span,
            places,
        })
    }
}

impl Part {
    /// The stretch as it was written, up to spelling.
    pub fn source(&self) -> String {
        match self {
            Part::Text(text) => text.replace("{{", "{{{{"),
            Part::Name(Name::Env(name)) => format!("{{{{env.{name}}}}}"),
            Part::Name(Name::Node(rest)) => format!("{{{{node.{rest}}}}}"),
            Part::Name(fixed) => FIXED
                .iter()
                .find(|(_, name)| name == fixed)
                .map_or_else(String::new, |(word, _)| format!("{{{{{word}}}}}")),
        }
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Text(last)) => last.push_str(text),
        _ => parts.push(Part::Text(text.to_owned())),
    }
}

/// A stretch of a text, before names are looked up.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text without `{{`.
    Text(&'t str),
    /// `{{{{`, which stands for `{{`.
    Escape,
    /// `{{name}}`; `at` is the offset of its first brace.
    Name {
        /// What is between the braces.
        name: &'t str,
        /// The offset of the first brace, in bytes.
        at: usize,
    },
    /// `{{` without its `}}`.
    Unclosed {
        /// The offset of the first brace, in bytes.
        at: usize,
    },
}

/// Cuts a text at its `{{…}}`.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find("{{") {
        let open = at + offset;
        if open > at {
            pieces.push(Piece::Text(&text[at..open]));
        }
        if text[open + 2..].starts_with("{{") {
            pieces.push(Piece::Escape);
            at = open + 4;
            continue;
        }
        let Some(length) = text[open + 2..].find("}}") else {
            pieces.push(Piece::Unclosed { at: open });
            return pieces;
        };
        let name = &text[open + 2..open + 2 + length];
        pieces.push(Piece::Name { name, at: open });
        at = open + 2 + length + 2;
    }
    if at < text.len() {
        pieces.push(Piece::Text(&text[at..]));
    }
    pieces
}

/// The place of a token of a text, of which `whole` is the place. Escapes, indentation and values
/// that were filled in move it from where it is in the text, so the token is looked for as written;
/// where it was not written like that, its place is the whole text.
pub fn token_span(
    text: &str,
    range: std::ops::Range<usize>,
    whole: Span,
    sources: &Sources,
) -> Span {
    let token = &text[range.clone()];
    let earlier = text[..range.start].matches(token).count();
    let written = sources.slice(whole);
    let Some((at, _)) = written.match_indices(token).nth(earlier) else {
        return whole;
    };
    let start = whole.start as usize + at;
    Span::new(whole.source, start..start + token.len())
}

/// The place of the first `{{` of a text and of what belongs to it.
pub(super) fn first_name(text: &str, whole: Span, sources: &Sources) -> Span {
    let range = pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Name { name, at } => Some(at..at + name.len() + 4),
        Piece::Unclosed { at } => Some(at..at + 2),
        Piece::Text(_) | Piece::Escape => None,
    });
    range.map_or(whole, |range| token_span(text, range, whole, sources))
}

fn known_name(name: &str, span: Span, decoder: &mut Decoder<'_>) -> Option<Name> {
    if let Some((_, fixed)) = FIXED.iter().find(|(word, _)| *word == name) {
        return Some(fixed.clone());
    }
    if let Some(variable) = name.strip_prefix("env.").filter(|rest| !rest.is_empty()) {
        if decoder.secrets.iter().any(|secret| secret == variable) {
            decoder.diags.push(secret_in_text(variable, span));
            return None;
        }
        return Some(Name::Env(variable.to_owned()));
    }
    if let Some(rest) = name.strip_prefix("node.").filter(|rest| rest.contains('.')) {
        return Some(Name::Node(rest.to_owned()));
    }
    unknown_name(name, span, decoder);
    None
}

/// Reports a name that stands for nothing.
fn unknown_name(name: &str, span: Span, decoder: &mut Decoder<'_>) {
    if decoder.secrets.iter().any(|secret| secret == name) {
        decoder.diags.push(secret_in_text(name, span));
        return;
    }
    decoder.diags.push(
        Diagnostic::new(
            "unknown-variable",
            format!("`{{{{{name}}}}}` names nothing"),
        )
        .at(span, "unknown name")
        .help(meant(name)),
    );
}

/// What somebody who wrote an unknown name may have meant.
fn meant(name: &str) -> String {
    let fixed = || FIXED.iter().map(|(word, _)| *word);
    if let Some(word) = closest(name, fixed()) {
        return format!("did you mean `{{{{{word}}}}}`?");
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.starts_with('.') || !name.chars().all(is_name) {
        return "to write `{{` itself, for a tool with templates of its own, double it: `{{{{`"
            .to_owned();
    }
    if name
        .chars()
        .all(|c| c.is_ascii_uppercase() || !c.is_ascii_alphabetic())
    {
        return format!("did you mean `{{{{env.{name}}}}}`?");
    }
    let families = ["env.X", "var.x", "matrix.x", "node.ID.x"];
    let known: Vec<String> = families
        .into_iter()
        .chain(fixed())
        .map(|word| format!("`{{{{{word}}}}}`"))
        .collect();
    format!("known are {}", known.join(", "))
}

fn secret_in_text(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(
        "secret-in-command",
        format!("the secret `{name}` is put into a text that others can read"),
    )
    .at(span, "others can read this")
    .help(format!(
        "let the program read it from its environment: `secrets \"{name}\"` puts it there"
    ))
}

impl Single for Template {
    const FORM: Form = Form::Template;

    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        let Scalar::Text(text) = &value.value else {
            decoder.wrong_type(&format!("`{field}`"), Self::FORM, value);
            return None;
        };
        Template::parse(text, value.span, decoder)
    }

    fn templates(&self, visit: &mut dyn FnMut(&Template)) {
        visit(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubled_braces_stand_for_themselves() {
        assert_eq!(
            pieces("{{{{.Name}} {{out}}"),
            [
                Piece::Escape,
                Piece::Text(".Name}} "),
                Piece::Name {
                    name: "out",
                    at: 12
                }
            ]
        );
    }

    #[test]
    fn a_single_brace_is_text() {
        assert_eq!(pieces("a{1,2}"), [Piece::Text("a{1,2}")]);
    }
}

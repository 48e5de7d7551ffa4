//! What fills a field: a place, `@key`, text that stands for itself, or text with places in it.

use serde_json::Value;

use super::place::{Place, says_something, text};
use super::scope::Scope;

/// One alternative of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Key,
    At(Place),
}

impl Source {
    /// Compiles an alternative; the error says what is wrong with it.
    pub(super) fn compile(written: &str) -> Result<Self, String> {
        let pieces = if written.contains(['{', '}']) {
            composed(written.strip_prefix('=').unwrap_or(written))?
        } else {
            vec![match written.strip_prefix('=') {
                Some(literal) => Piece::Literal(literal.to_owned()),
                None => place(written)?,
            }]
        };
        Ok(Self { pieces })
    }

    /// Whether it comes from the output, at least in part.
    pub(super) fn is_found(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| !matches!(piece, Piece::Literal(_)))
    }

    /// Its text, if all of it is there.
    pub(super) fn text(&self, scope: Scope<'_, '_>) -> Option<String> {
        self.pieces.iter().map(|piece| piece.text(scope)).collect()
    }

    /// All its texts: those of a list, or the one of anything else.
    pub(super) fn texts(&self, scope: Scope<'_, '_>) -> Vec<String> {
        let [Piece::At(place)] = self.pieces.as_slice() else {
            return self.text(scope).into_iter().collect();
        };
        let lists = scope.find(place, |value| {
            Some(each_text(value)).filter(|all| !all.is_empty())
        });
        lists.into_iter().flatten().collect()
    }

    /// What `judge` says of the first value that is there and not null.
    fn judge(&self, scope: Scope<'_, '_>, judge: impl Fn(&Value) -> bool) -> Option<bool> {
        let [Piece::At(place)] = self.pieces.as_slice() else {
            return self.text(scope).map(|text| judge(&Value::String(text)));
        };
        let found = scope.find(place, |value| (!value.is_null()).then_some(value));
        (!found.is_empty()).then(|| found.into_iter().any(judge))
    }

    /// Whether what is there is not false; `None` if nothing is there.
    pub(super) fn is_not_false(&self, scope: Scope<'_, '_>) -> Option<bool> {
        self.judge(scope, |value| *value != Value::Bool(false))
    }
}

/// A condition on an item: a place and the values that it may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    negated: bool,
    source: Source,
    values: Vec<String>,
}

impl Condition {
    /// Compiles the words of a `where`.
    pub(super) fn compile(place: &str, values: Vec<String>) -> Result<Self, String> {
        let (negated, place) = match place.strip_prefix('!') {
            Some(place) => (true, place),
            None => (false, place),
        };
        Ok(Self {
            negated,
            source: Source::compile(place)?,
            values,
        })
    }

    /// Whether it holds.
    pub(super) fn holds(&self, scope: Scope<'_, '_>) -> bool {
        let found = self
            .source
            .judge(scope, |value| match self.values.as_slice() {
                [] => says_something(value),
                values => text(value).is_some_and(|text| values.contains(&text)),
            });
        found.unwrap_or(false) != self.negated
    }
}

impl Piece {
    fn text(&self, scope: Scope<'_, '_>) -> Option<String> {
        match self {
            Piece::Literal(text) => Some(text.clone()),
            Piece::Key => scope.key().map(str::to_owned),
            Piece::At(place) => scope.text(place),
        }
    }
}

fn each_text(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(text).collect(),
        other => text(other).into_iter().collect(),
    }
}

fn place(written: &str) -> Result<Piece, String> {
    match written {
        "@key" => Ok(Piece::Key),
        _ => Place::compile(written).map(Piece::At),
    }
}

/// Text with `{place}` in it.
fn composed(mut rest: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    while let Some((before, after)) = rest.split_once('{') {
        let (inner, after) = after.split_once('}').ok_or("a `}` is missing")?;
        if !before.is_empty() {
            pieces.push(literal(before)?);
        }
        pieces.push(place(inner)?);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(literal(rest)?);
    }
    Ok(pieces)
}

fn literal(text: &str) -> Result<Piece, String> {
    if text.contains('}') {
        Err("a `{` is missing".to_owned())
    } else {
        Ok(Piece::Literal(text.to_owned()))
    }
}

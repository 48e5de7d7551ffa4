//! What a search knows: simple facts on an instance of one type.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::contract::number::Exact;
use crate::contract::schema::{SchemaId, Type};

/// Something that instances fit or do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Term {
    /// A schema.
    Schema(SchemaId),
    /// Exactly one value, by its number.
    Constant(usize),
}

/// A term, or that it does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Literal {
    pub term: Term,
    pub fits: bool,
}

impl Literal {
    pub(super) fn new(term: Term, fits: bool) -> Self {
        Self { term, fits }
    }

    pub(super) fn opposite(self) -> Self {
        Self::new(self.term, !self.fits)
    }
}

/// What the items of a list are.
#[derive(Debug, Clone, Default)]
pub(super) struct Items {
    pub prefix: Vec<Term>,
    pub rest: Option<Term>,
}

/// What the properties of an object are.
#[derive(Debug, Clone, Default)]
pub(super) struct Properties {
    pub named: BTreeMap<String, Term>,
    pub patterns: Vec<(String, Term)>,
    pub rest: Option<Term>,
}

impl Properties {
    /// Whether the rest is not for this name.
    pub(super) fn knows(&self, name: &str) -> Option<bool> {
        if self.named.contains_key(name) {
            return Some(true);
        }
        for (pattern, _) in &self.patterns {
            if super::text::matches(pattern, name)? {
                return Some(true);
            }
        }
        Some(false)
    }
}

/// At least one of these lists of facts is true.
pub(super) type Choice = Vec<Vec<Fact>>;

/// One thing that is true of the instance.
#[derive(Debug, Clone)]
pub(super) enum Fact {
    /// The instance as a whole fits, or not.
    Is(Literal),
    /// One of several ways.
    Any(Choice),
    /// Nothing is true of.
    Impossible,
    /// It is one of these.
    OneOf(Vec<Value>),
    /// It is none of these.
    NoneOf(Vec<Value>),
    /// At least, or more than if the flag is set.
    Above(Exact, bool),
    /// At most, or less than if the flag is set.
    Below(Exact, bool),
    /// A multiple.
    Step(Exact),
    /// No multiple.
    NoStep(Exact),
    /// At least so many characters, items or properties.
    Least(u64),
    /// At most so many.
    Most(u64),
    /// The text matches, or not.
    Pattern(String, bool),
    /// The items.
    Items(Items),
    /// An item is there and fits.
    Item(usize, Literal),
    /// An item from there on fits.
    ItemFrom(usize, Literal),
    /// Every item fits.
    Every(Literal),
    /// So many items fit.
    Some(Literal, u64),
    /// No two items are equal.
    Distinct,
    /// Two items are equal.
    Repeated,
    /// The properties.
    Properties(Properties),
    /// A property is there.
    Present(String),
    /// A property is not there.
    Absent(String),
    /// A property fits if it is there.
    Property(String, Literal),
    /// A property is there that the rest of these is for, and fits.
    Other(Properties, Literal),
    /// A property is there whose name matches, and fits.
    Matching(String, Literal),
    /// Every name fits.
    Names(Literal),
    /// A name does not fit.
    SomeName(Literal),
    /// What could not be taken into account.
    Loose(&'static str),
}

/// The types that instances are told apart by.
pub(super) const KINDS: &[Type] = &[
    Type::Null,
    Type::Boolean,
    Type::Number,
    Type::String,
    Type::Array,
    Type::Object,
];

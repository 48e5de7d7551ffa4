//! What is compared: a row a rule, in a file a family, with how much it weighs and why.

mod body;
mod endpoint;
mod manual;
mod note;
mod parameter;
mod response;
mod schema;
mod security;
mod server;
mod webhook;

pub use manual::manual;
pub use note::{NOTES, NoteRule};
pub use schema::{PREFIXES, PROPERTIES, SCHEMAS, SchemaRule};
pub(super) use {note::note_rule, schema::schema_rule};

use crate::contract::schema::Direction;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Somebody who keeps to the old contract is broken.
    Error,
    /// Somebody may be.
    Warning,
    /// It could not be decided.
    Undecided,
    /// Nobody is.
    Info,
}

impl Level {
    /// The word of every format.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Undecided => "undecided",
            Level::Info => "info",
        }
    }
}

/// A rule on what a contract says outside of schemas.
#[derive(Debug)]
pub struct Rule {
    /// Its stable name.
    pub id: &'static str,
    /// How much it weighs.
    pub level: Level,
    /// Which way that goes which it is about; both, if nothing is said.
    pub direction: Option<Direction>,
    /// What it means, in a sentence.
    pub doc: &'static str,
    /// What changes, in a few words.
    pub example: &'static str,
}

const SENT: Option<Direction> = Some(Direction::Request);
const RECEIVED: Option<Direction> = Some(Direction::Response);

macro_rules! family {
    ($($id:literal $level:ident $direction:expr, $doc:literal, $example:literal;)*) => {
        /// The rules of this family.
        pub(super) const RULES: &[super::Rule] = &[$(super::Rule {
            id: $id,
            level: super::Level::$level,
            direction: $direction,
            doc: $doc,
            example: $example,
        }),*];
    };
}
use family;

/// All families of rules on what stands outside of schemas.
const FAMILIES: &[(&str, &[Rule])] = &[
    ("Paths and methods", endpoint::RULES),
    ("Parameters", parameter::RULES),
    ("Bodies of requests", body::RULES),
    ("Responses", response::RULES),
    ("Security", security::RULES),
    ("Servers", server::RULES),
    ("Webhooks and callbacks", webhook::RULES),
];

/// Every rule on what stands outside of schemas.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|(_, rules)| *rules)
}

/// The rule of that name.
///
/// # Panics
/// If no row has it: names are written as literals in this crate.
pub(super) fn rule(id: &str) -> &'static Rule {
    rules()
        .find(|rule| rule.id == id)
        .unwrap_or_else(|| panic!("`{id}` is not a row of a family of rules"))
}

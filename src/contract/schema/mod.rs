//! Schemas of every version as one graph: a shared or recursive component is one node.

mod check;
mod classes;
mod export;
pub mod format;
mod merge;
mod read;

pub use check::{Checker, Checkers, accepts, accepts_by_format};
pub use classes::classes;
pub use merge::merge;
pub use read::{Dialect, Reader};

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;
use serde_json::Value;

use super::number::Exact;
use crate::span::Span;

/// A node of a [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(pub(super) u32);

impl SchemaId {
    /// Its place in a list with an item a node.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Which way what a schema describes goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the client to the server.
    Request,
    /// From the server to the client.
    Response,
}

/// A type of JSON; whole numbers are numbers in steps of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `null`.
    Null,
    /// `true` and `false`.
    Boolean,
    /// Whole numbers only.
    Integer,
    /// Any number.
    Number,
    /// A text.
    String,
    /// A list.
    Array,
    /// Named values.
    Object,
}

impl Type {
    /// The type that a schema names so.
    pub fn named(name: &str) -> Option<Self> {
        TYPES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, kind)| *kind)
    }

    /// The type of a value; whole numbers are numbers like others.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Type::Null,
            Value::Bool(_) => Type::Boolean,
            Value::Number(_) => Type::Number,
            Value::String(_) => Type::String,
            Value::Array(_) => Type::Array,
            Value::Object(_) => Type::Object,
        }
    }

    /// The narrowest type of a value.
    pub fn narrowest(value: &Value) -> Self {
        let whole = value.as_f64().is_some_and(|number| number.fract() == 0.0);
        if whole {
            Type::Integer
        } else {
            Self::of(value)
        }
    }

    /// Its name in schemas.
    pub fn name(self) -> &'static str {
        TYPES
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(name, _)| name)
    }
}

const TYPES: &[(&str, Type)] = &[
    ("null", Type::Null),
    ("boolean", Type::Boolean),
    ("integer", Type::Integer),
    ("number", Type::Number),
    ("string", Type::String),
    ("array", Type::Array),
    ("object", Type::Object),
];

/// What a schema says, in the words of JSON Schema 2020-12.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a keyword of its own"
)]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Keywords {
    /// Nothing at all is valid.
    pub never: bool,
    /// `type`; any if none is named.
    pub types: Option<BTreeSet<Type>>,
    /// `enum` and `const`.
    pub values: Option<Vec<Value>>,
    /// Bounds by keyword: `minimum`, `exclusiveMinimum`, `maximum`, `exclusiveMaximum`, `multipleOf`.
    pub numbers: BTreeMap<&'static str, Exact>,
    /// Counts by keyword: `minLength`, `maxLength`, `minItems` and so on.
    pub counts: BTreeMap<&'static str, u64>,
    /// `pattern`.
    pub pattern: Option<String>,
    /// `uniqueItems`.
    pub unique: bool,
    /// `prefixItems`.
    pub prefix: Vec<SchemaId>,
    /// `items`.
    pub items: Option<SchemaId>,
    /// `contains`.
    pub contains: Option<SchemaId>,
    /// `properties`.
    pub properties: BTreeMap<String, SchemaId>,
    /// `patternProperties`.
    pub patterns: BTreeMap<String, SchemaId>,
    /// `additionalProperties`.
    pub additional: Option<SchemaId>,
    /// `propertyNames`.
    pub names: Option<SchemaId>,
    /// `required`.
    pub required: BTreeSet<String>,
    /// `dependentRequired`.
    pub dependent: BTreeMap<String, BTreeSet<String>>,
    /// `dependentSchemas`.
    pub dependent_schemas: BTreeMap<String, SchemaId>,
    /// `allOf`, and a `$ref` with other keywords beside it.
    pub all_of: Vec<SchemaId>,
    /// `anyOf`.
    pub any_of: Vec<SchemaId>,
    /// `oneOf`.
    pub one_of: Vec<SchemaId>,
    /// `not`.
    pub not: Option<SchemaId>,
    /// `if`, `then`, `else`.
    pub condition: Option<(SchemaId, Option<SchemaId>, Option<SchemaId>)>,
    /// What can't be judged: the keyword with its text.
    pub opaque: Vec<String>,
    /// `readOnly`: not part of a request.
    pub read_only: bool,
    /// `writeOnly`: not part of a response.
    pub write_only: bool,
    /// `unevaluatedProperties`.
    pub unevaluated: Option<SchemaId>,
    /// `unevaluatedItems`.
    pub unevaluated_items: Option<SchemaId>,
    /// What it says beside what is valid.
    pub notes: Option<Box<Notes>>,
}

/// What a schema says to people and programs beside what is valid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Notes {
    /// `format`.
    pub format: Option<String>,
    /// `default`.
    pub default: Option<Value>,
    /// `contentEncoding`.
    pub encoding: Option<String>,
    /// `contentMediaType`.
    pub media: Option<String>,
    /// `contentSchema`.
    pub content: Option<SchemaId>,
    /// `discriminator`.
    pub discriminator: Option<Discriminator>,
    /// `x-extensible-enum`: the values that are known so far.
    pub extensible: Option<Vec<Value>>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `x-sunset`.
    pub sunset: Option<String>,
    /// `x-stability-level`.
    pub stability: Option<String>,
}

impl Notes {
    /// These, and what only the others say.
    pub(super) fn and(self, others: Self) -> Self {
        Self {
            format: self.format.or(others.format),
            default: self.default.or(others.default),
            encoding: self.encoding.or(others.encoding),
            media: self.media.or(others.media),
            content: self.content.or(others.content),
            discriminator: self.discriminator.or(others.discriminator),
            extensible: self.extensible.or(others.extensible),
            deprecated: self.deprecated || others.deprecated,
            sunset: self.sunset.or(others.sunset),
            stability: self.stability.or(others.stability),
        }
    }
}

/// What tells the branches of a schema apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Discriminator {
    /// The property that does.
    pub property: String,
    /// The schemas that its values stand for, where it is said; else, they are their names.
    pub mapping: BTreeMap<String, String>,
    /// The schema that any other value stands for.
    pub otherwise: Option<String>,
}

impl Discriminator {
    /// The schema that a value stands for, if these are the names of schemas.
    pub fn target<'d>(
        &'d self,
        value: &'d String,
        names: &BTreeSet<&String>,
    ) -> Option<&'d String> {
        let own = names.contains(value).then_some(value);
        self.mapping.get(value).or(own)
    }
}

/// All schemas of the documents that are compared.
#[derive(Debug)]
pub struct Graph {
    nodes: Vec<(Keywords, Span)>,
    /// What nodes said before their `allOf` was merged.
    written: HashMap<SchemaId, Keywords>,
}

impl Default for Graph {
    fn default() -> Self {
        let never = Keywords {
            never: true,
            ..Keywords::default()
        };
        let nodes = [Keywords::default(), never];
        Self {
            nodes: nodes.map(|node| (node, Span::default())).into(),
            written: HashMap::default(),
        }
    }
}

impl Graph {
    /// Room for a schema that is read later.
    pub fn reserve(&mut self, span: Span) -> SchemaId {
        let id = SchemaId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push((Keywords::default(), span));
        id
    }

    /// Adds a schema.
    pub fn add(&mut self, keywords: Keywords, span: Span) -> SchemaId {
        let id = self.reserve(span);
        self.set(id, keywords);
        id
    }

    /// The schema that everything fits.
    pub fn anything(&self) -> SchemaId {
        SchemaId(0)
    }

    /// The schema that nothing fits.
    pub fn nothing(&self) -> SchemaId {
        SchemaId(1)
    }

    /// Fills the room.
    pub fn set(&mut self, id: SchemaId, keywords: Keywords) {
        if let Some(node) = self.nodes.get_mut(id.index()) {
            node.0 = keywords;
        }
    }

    /// What a schema says.
    pub fn get(&self, id: SchemaId) -> &Keywords {
        &self.nodes[id.index()].0
    }

    /// What a schema says in the words of the document, with its `allOf` as it is.
    pub fn written(&self, id: SchemaId) -> &Keywords {
        self.written.get(&id).unwrap_or_else(|| self.get(id))
    }

    /// Where a schema stands.
    pub fn span(&self, id: SchemaId) -> Span {
        self.nodes[id.index()].1
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The properties that must be there in that direction.
    pub fn required<'k>(
        &'k self,
        keywords: &'k Keywords,
        direction: Direction,
    ) -> impl Iterator<Item = &'k String> {
        let names = keywords.required.iter();
        names.filter(move |name| !self.is_unsent(keywords, name, direction))
    }

    /// The properties that do not go that way: who sends leaves them out, who receives ignores
    /// them.
    pub fn unsent<'k>(
        &'k self,
        keywords: &'k Keywords,
        direction: Direction,
    ) -> impl Iterator<Item = &'k String> {
        let unsent = keywords.properties.iter();
        let unsent = unsent.filter(move |(_, id)| !self.goes(**id, direction));
        unsent.map(|(name, _)| name)
    }

    /// Whether a property does not go that way.
    pub fn is_unsent(&self, keywords: &Keywords, name: &str, direction: Direction) -> bool {
        let property = keywords.properties.get(name);
        property.is_some_and(|id| !self.goes(*id, direction))
    }

    /// Whether a property with that schema goes that way.
    pub fn goes(&self, id: SchemaId, direction: Direction) -> bool {
        match direction {
            Direction::Request => !self.get(id).read_only,
            Direction::Response => !self.get(id).write_only,
        }
    }
}

impl Keywords {
    /// Whether `allOf`, `anyOf` or `oneOf` name schemas that its instances have to fit as well.
    pub fn has_branches(&self) -> bool {
        let lists = [&self.all_of, &self.any_of, &self.one_of];
        lists.iter().any(|list| !list.is_empty())
    }

    /// Whether no other schema limits its instances as a whole, whatever these are.
    pub fn is_whole(&self) -> bool {
        !self.has_branches() && self.condition.is_none() && self.dependent_schemas.is_empty()
    }

    /// The properties of another schema, with the schema of each here and there.
    pub fn beside<'k>(
        &'k self,
        other: &'k Self,
    ) -> impl Iterator<Item = (&'k String, Option<SchemaId>, SchemaId)> {
        // Both are in the order of their names.
        let mut known = self.properties.iter().peekable();
        other.properties.iter().map(move |(name, theirs)| {
            while known.next_if(|(own, _)| *own < name).is_some() {}
            let own = known.next_if(|(own, _)| *own == name);
            (name, own.map(|(_, id)| *id), *theirs)
        })
    }

    /// Every schema that is named here, in an order that depends on the meaning only.
    pub fn children(&self) -> Vec<SchemaId> {
        let mut all = Vec::new();
        all.extend(self.prefix.iter().chain(&self.all_of));
        all.extend(self.any_of.iter().chain(&self.one_of));
        let single = [
            self.items,
            self.contains,
            self.additional,
            self.names,
            self.not,
            self.unevaluated,
            self.unevaluated_items,
            self.notes.as_ref().and_then(|notes| notes.content),
        ];
        all.extend(single.into_iter().flatten());
        all.extend(self.properties.values().chain(self.patterns.values()));
        all.extend(self.dependent_schemas.values());
        if let Some((test, then, otherwise)) = self.condition {
            all.push(test);
            all.extend(then.into_iter().chain(otherwise));
        }
        all
    }
}

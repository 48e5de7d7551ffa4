//! What is compared: a row a rule, with how much it weighs.

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
}

macro_rules! rules {
    ($($id:literal $level:ident $direction:expr, $doc:literal)*) => {
        /// Every rule on what stands outside of schemas.
        pub const RULES: &[Rule] = &[$(Rule {
            id: $id,
            level: Level::$level,
            direction: $direction,
            doc: $doc,
        }),*];
    };
}

const SENT: Option<Direction> = Some(Direction::Request);
const RECEIVED: Option<Direction> = Some(Direction::Response);

rules! {
    "api-path-removed-without-deprecation" Error None, "A path is gone that was not deprecated."
    "api-removed-without-deprecation" Error None, "A method of a path is gone that was not deprecated."
    "api-removed-with-deprecation" Warning None, "A method of a path is gone that was deprecated before."
    "endpoint-added" Info None, "There is a new method of a path."
    "endpoint-deprecated" Info None, "A method of a path is going to be removed."
    "endpoint-reactivated" Info None, "A method of a path is no longer deprecated."
    "request-parameter-removed" Warning SENT, "A parameter is gone: who sends it is not heard."
    "new-required-request-parameter" Error SENT, "A new parameter must be sent."
    "new-optional-request-parameter" Info SENT, "A new parameter may be sent."
    "request-parameter-became-required" Error SENT, "A parameter must be sent that could be left away."
    "request-parameter-became-optional" Info SENT, "A parameter can be left away."
    "request-parameter-style-changed" Error SENT, "Lists or objects in a parameter are written in another way."
    "request-body-added-required" Error SENT, "A body must be sent where there was none."
    "request-body-added-optional" Info SENT, "A body may be sent where there was none."
    "request-body-removed" Error SENT, "A body is no longer read."
    "request-body-became-required" Error SENT, "A body must be sent that could be left away."
    "request-body-became-optional" Info SENT, "A body can be left away."
    "request-body-media-type-removed" Error SENT, "A media type is no longer accepted."
    "request-body-media-type-added" Info SENT, "A media type is accepted as well."
    "response-success-status-removed" Error RECEIVED, "A successful answer is gone that clients wait for."
    "response-non-success-status-removed" Info RECEIVED, "An answer is gone that tells of a failure."
    "response-status-added" Info RECEIVED, "There is a new answer."
    "response-media-type-removed" Error RECEIVED, "An answer no longer comes in a media type."
    "response-media-type-added" Info RECEIVED, "An answer comes in another media type as well."
    "required-response-header-removed" Error RECEIVED, "A header is gone that was always there."
    "optional-response-header-removed" Warning RECEIVED, "A header is gone that could be there."
    "response-header-became-optional" Error RECEIVED, "A header may be missing that was always there."
    "api-security-tightened" Error SENT, "A way to be let in is gone, or asks for more."
    "webhook-changed" Undecided None, "What is sent to a webhook beside its body is not compared."
}

/// The rule of that name.
///
/// # Panics
/// If no row has it: names are written as literals in this crate.
pub(super) fn rule(id: &str) -> &'static Rule {
    RULES
        .iter()
        .find(|rule| rule.id == id)
        .unwrap_or_else(|| panic!("`{id}` is not a row of RULES"))
}

/// What narrowed a schema of a request, or widened one of a response.
#[derive(Debug)]
pub struct SchemaRule {
    /// The keyword that the cause is in.
    pub keyword: &'static str,
    /// The end of the rule's name for what is sent.
    pub sent: &'static str,
    /// The end of the rule's name for what is received.
    pub received: &'static str,
    /// How much it weighs.
    pub level: Level,
}

macro_rules! schema_rules {
    ($($keyword:literal $sent:literal $received:literal $level:ident)*) => {
        /// Every rule on schemas: `request-body-`, `request-property-`, `request-parameter-`,
        /// `response-body-`, `response-property-` or `response-header-`, and one of these.
        pub const SCHEMA_RULES: &[SchemaRule] = &[$(SchemaRule {
            keyword: $keyword,
            sent: $sent,
            received: $received,
            level: Level::$level,
        }),*];
    };
}

schema_rules! {
    "type" "type-changed" "type-changed" Error
    "enum" "enum-value-removed" "enum-value-added" Error
    "minimum" "min-increased" "min-decreased" Error
    "maximum" "max-decreased" "max-increased" Error
    "exclusiveMinimum" "exclusive-min-increased" "exclusive-min-decreased" Error
    "exclusiveMaximum" "exclusive-max-decreased" "exclusive-max-increased" Error
    "multipleOf" "multiple-of-changed" "multiple-of-changed" Error
    "minLength" "min-length-increased" "min-length-decreased" Error
    "maxLength" "max-length-decreased" "max-length-increased" Error
    "pattern" "pattern-changed" "pattern-changed" Error
    "minItems" "min-items-increased" "min-items-decreased" Error
    "maxItems" "max-items-decreased" "max-items-increased" Error
    "uniqueItems" "unique-items-set" "unique-items-removed" Error
    "items" "items-narrowed" "items-widened" Error
    "contains" "contains-narrowed" "contains-widened" Error
    "minProperties" "min-properties-increased" "min-properties-decreased" Error
    "maxProperties" "max-properties-decreased" "max-properties-increased" Error
    "required" "became-required" "became-optional" Error
    "properties" "narrowed" "widened" Error
    "undeclared" "declared" "undeclared" Warning
    "patternProperties" "pattern-properties-narrowed" "pattern-properties-widened" Error
    "unevaluatedProperties" "unevaluated-properties-narrowed" "unevaluated-properties-widened" Error
    "unevaluatedItems" "unevaluated-items-narrowed" "unevaluated-items-widened" Error
    "additionalProperties" "additional-properties-narrowed" "additional-properties-widened" Error
    "propertyNames" "names-narrowed" "names-widened" Error
    "dependent" "dependencies-narrowed" "dependencies-widened" Error
    "allOf" "all-of-added" "all-of-removed" Error
    "anyOf" "any-of-removed" "any-of-added" Error
    "oneOf" "one-of-removed" "one-of-added" Error
    "not" "not-added" "not-removed" Error
    "if" "if-narrowed" "if-widened" Error
    "schema" "schema-narrowed" "schema-widened" Error
}

/// The rule on that keyword; any other is one on the schema as a whole.
pub(super) fn schema_rule(keyword: &str) -> &'static SchemaRule {
    SCHEMA_RULES
        .iter()
        .find(|rule| rule.keyword == keyword)
        .unwrap_or(&SCHEMA_RULES[SCHEMA_RULES.len() - 1])
}

//! What narrowed a schema of a request, or widened one of a response. Every error has a witness.

use super::Level;

/// A rule on schemas.
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
    /// What it means: first for what is sent, then for what is received.
    pub doc: [&'static str; 2],
}

/// The beginnings of the names of rules on schemas.
pub const PREFIXES: &[&str] = &[
    "request-body",
    "request-property",
    "request-parameter",
    "request-parameter-property",
    "response-body",
    "response-property",
    "response-header",
    "response-header-property",
];

/// Rules on required properties, which have names of their own.
pub const PROPERTIES: &[&str] = &[
    "new-required-request-property",
    "request-property-became-required",
    "response-required-property-removed",
    "response-property-became-optional",
];

macro_rules! schema_rules {
    ($($keyword:literal $sent:literal $received:literal $level:ident, $in:literal, $out:literal;)*) => {
        /// Every rule on schemas: one of [`PREFIXES`] and one of these endings.
        pub const SCHEMAS: &[SchemaRule] = &[$(SchemaRule {
            keyword: $keyword,
            sent: $sent,
            received: $received,
            level: Level::$level,
            doc: [$in, $out],
        }),*];
    };
}

schema_rules! {
    "type" "type-changed" "type-changed" Error, "A type is no longer accepted.", "A type comes that never came.";
    "enum" "enum-value-removed" "enum-value-added" Error, "A value is no longer accepted.", "A value comes that never came.";
    "minimum" "min-increased" "min-decreased" Error, "Small numbers are refused.", "Smaller numbers come.";
    "maximum" "max-decreased" "max-increased" Error, "Large numbers are refused.", "Larger numbers come.";
    "exclusiveMinimum" "exclusive-min-increased" "exclusive-min-decreased" Error, "Small numbers are refused.", "Smaller numbers come.";
    "exclusiveMaximum" "exclusive-max-decreased" "exclusive-max-increased" Error, "Large numbers are refused.", "Larger numbers come.";
    "multipleOf" "multiple-of-changed" "multiple-of-changed" Error, "Numbers between the steps are refused.", "Numbers between the steps come.";
    "minLength" "min-length-increased" "min-length-decreased" Error, "Short texts are refused.", "Shorter texts come.";
    "maxLength" "max-length-decreased" "max-length-increased" Error, "Long texts are refused.", "Longer texts come.";
    "pattern" "pattern-changed" "pattern-changed" Error, "Texts that do not match are refused.", "Texts come that do not match.";
    "minItems" "min-items-increased" "min-items-decreased" Error, "Short lists are refused.", "Shorter lists come.";
    "maxItems" "max-items-decreased" "max-items-increased" Error, "Long lists are refused.", "Longer lists come.";
    "uniqueItems" "unique-items-set" "unique-items-removed" Error, "Lists with the same item twice are refused.", "The same item comes twice.";
    "items" "items-narrowed" "items-widened" Error, "Items are refused.", "Items come that never came.";
    "contains" "contains-narrowed" "contains-widened" Error, "Lists without a certain item are refused.", "Lists come without a certain item.";
    "minProperties" "min-properties-increased" "min-properties-decreased" Error, "Objects with few properties are refused.", "Objects come with fewer properties.";
    "maxProperties" "max-properties-decreased" "max-properties-increased" Error, "Objects with many properties are refused.", "Objects come with more properties.";
    "required" "became-required" "became-optional" Error, "A property must be sent.", "A property may be missing.";
    "properties" "narrowed" "widened" Error, "Values of a property are refused.", "Values of a property come that never came.";
    "undeclared" "declared" "undeclared" Warning, "A property is limited that could be anything while nobody spoke of it.", "A property can be anything now that nobody speaks of it.";
    "patternProperties" "pattern-properties-narrowed" "pattern-properties-widened" Error, "Values under names that match are refused.", "Values under names that match come that never came.";
    "additionalProperties" "additional-properties-narrowed" "additional-properties-widened" Error, "Other properties, or values of them, are refused.", "Other properties, or values of them, come.";
    "unevaluatedProperties" "unevaluated-properties-narrowed" "unevaluated-properties-widened" Error, "Properties that nothing names are refused.", "Properties come that nothing names.";
    "unevaluatedItems" "unevaluated-items-narrowed" "unevaluated-items-widened" Error, "Items that nothing names are refused.", "Items come that nothing names.";
    "propertyNames" "names-narrowed" "names-widened" Error, "Names of properties are refused.", "Names of properties come that never came.";
    "dependent" "dependencies-narrowed" "dependencies-widened" Error, "A property may only come with others.", "A property comes without the others.";
    "anyOf" "any-of-removed" "any-of-added" Error, "What fits no branch is refused.", "What fits no branch comes.";
    "oneOf" "one-of-removed" "one-of-added" Error, "What fits no branch, or two, is refused.", "What fits no branch, or two, comes.";
    "not" "not-added" "not-removed" Error, "What is excluded is refused.", "What was excluded comes.";
    "if" "if-narrowed" "if-widened" Error, "What fits a condition and not its consequence is refused.", "What fits a condition and not its consequence comes.";
    "schema" "schema-narrowed" "schema-widened" Error, "The schema refuses what was accepted.", "The schema allows what never came.";
}

/// The rule on that keyword; any other is one on the schema as a whole.
pub(in crate::contract::compare) fn schema_rule(keyword: &str) -> &'static SchemaRule {
    SCHEMAS
        .iter()
        .find(|rule| rule.keyword == keyword)
        .unwrap_or(&SCHEMAS[SCHEMAS.len() - 1])
}

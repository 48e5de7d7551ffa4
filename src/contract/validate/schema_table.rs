//! The Schema Object: of Swagger 2.0, `OpenAPI` 3.0, and JSON Schema 2020-12 from 3.1 on.

use super::table::Shape::{
    Any, Count, Exclusive, Flag, Items, List, Map, Number, Schema, SchemaOrFlag, Some, Text, Types,
};
use super::table::{Field, Object, Rest, Shape, may, must};
use super::three::EXTERNAL_DOCS;

/// What schemas know, each edition a part of it.
static KEYWORDS: [Field; 66] = [
    may("title", Text),
    may("description", Text),
    may("format", Text),
    may("default", Any),
    may("type", Types),
    may("enum", Shape::List(&Any)),
    may("multipleOf", Number),
    may("maximum", Number),
    may("minimum", Number),
    may("exclusiveMaximum", Exclusive),
    may("exclusiveMinimum", Exclusive),
    may("maxLength", Count),
    may("minLength", Count),
    may("pattern", Text),
    may("maxItems", Count),
    may("minItems", Count),
    may("uniqueItems", Flag),
    may("maxProperties", Count),
    may("minProperties", Count),
    may("required", List(&Text)),
    may("items", Items),
    may("allOf", Some(&Schema)),
    may("properties", Map(&Schema)),
    may("additionalProperties", SchemaOrFlag),
    may("readOnly", Flag),
    may("example", Any),
    may("externalDocs", Shape::Object(&EXTERNAL_DOCS)),
    may("xml", Shape::Object(&XML)),
    may("discriminator", Text).until(20),
    may("discriminator", Shape::Object(&DISCRIMINATOR)).since(30),
    may("anyOf", Some(&Schema)).since(30),
    may("oneOf", Some(&Schema)).since(30),
    may("not", Schema).since(30),
    may("nullable", Flag).since(30),
    may("writeOnly", Flag).since(30),
    may("deprecated", Flag).since(30),
    may("$schema", Text).since(31),
    may("$id", Text).since(31),
    may("$anchor", Text).since(31),
    may("$dynamicAnchor", Text).since(31),
    may("$dynamicRef", Text).since(31),
    may("$ref", Text).since(31),
    may("$comment", Text).since(31),
    may("$vocabulary", Map(&Flag)).since(31),
    may("$defs", Map(&Schema)).since(31),
    may("const", Any).since(31),
    may("examples", Shape::List(&Any)).since(31),
    may("prefixItems", Some(&Schema)).since(31),
    may("contains", Schema).since(31),
    may("minContains", Count).since(31),
    may("maxContains", Count).since(31),
    may("patternProperties", Map(&Schema)).since(31),
    may("propertyNames", Schema).since(31),
    may("dependentRequired", Map(&List(&Text))).since(31),
    may("dependentSchemas", Map(&Schema)).since(31),
    may("if", Schema).since(31),
    may("then", Schema).since(31),
    may("else", Schema).since(31),
    may("unevaluatedItems", Schema).since(31),
    may("unevaluatedProperties", Schema).since(31),
    may("contentEncoding", Text).since(31),
    may("contentMediaType", Text).since(31),
    may("contentSchema", Schema).since(31),
    may("additionalItems", SchemaOrFlag).since(31),
    may("definitions", Map(&Schema)).since(31),
    may("dependencies", Map(&Any)).since(31),
];

/// A schema of Swagger 2.0 or `OpenAPI` 3.0: other keywords would be without effect.
pub(super) static OLD: Object = Object {
    name: "Schema",
    fields: &KEYWORDS,
    rest: Rest::Extensions,
};

/// A schema from 3.1 on: JSON Schema lets authors add keywords.
pub(super) static NEW: Object = Object {
    name: "Schema",
    fields: &KEYWORDS,
    rest: Rest::Anything,
};

static DISCRIMINATOR: Object = Object {
    name: "Discriminator",
    fields: &[
        must("propertyName", Text),
        may("mapping", Map(&Text)),
        may("defaultMapping", Text).since(32),
    ],
    rest: Rest::Extensions,
};

pub(super) static XML: Object = Object {
    name: "XML",
    fields: &[
        may("name", Text),
        may("namespace", Text),
        may("prefix", Text),
        may("attribute", Flag),
        may("wrapped", Flag),
        may(
            "nodeType",
            Shape::Word(&["element", "attribute", "text", "cdata", "none"]),
        )
        .since(32),
    ],
    rest: Rest::Extensions,
};

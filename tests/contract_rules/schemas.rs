//! Schemas that narrow and widen: each in every place, both ways, each claim with its proof.

use sdd::contract::compare::{Finding, Level, PREFIXES, SCHEMAS};
use serde_json::Value;

use crate::contract::{alarms, diff, placed};

/// The keyword of a rule, a wide schema and a narrow one.
pub(crate) const FIXTURES: &[(&str, &str, &str)] = &[
    ("type", "{type: number}", "{type: integer}"),
    ("enum", "{enum: [a, b]}", "{enum: [a]}"),
    (
        "minimum",
        "{type: number, minimum: 1}",
        "{type: number, minimum: 2}",
    ),
    (
        "maximum",
        "{type: number, maximum: 2}",
        "{type: number, maximum: 1}",
    ),
    (
        "exclusiveMinimum",
        "{type: number, exclusiveMinimum: 1}",
        "{type: number, exclusiveMinimum: 2}",
    ),
    (
        "exclusiveMaximum",
        "{type: number, exclusiveMaximum: 2}",
        "{type: number, exclusiveMaximum: 1}",
    ),
    (
        "multipleOf",
        "{type: number, multipleOf: 0.1}",
        "{type: number, multipleOf: 0.3}",
    ),
    (
        "minLength",
        "{type: string}",
        "{type: string, minLength: 1}",
    ),
    (
        "maxLength",
        "{type: string, maxLength: 2}",
        "{type: string, maxLength: 1}",
    ),
    (
        "pattern",
        "{type: string, pattern: '^a'}",
        "{type: string, pattern: '^ab'}",
    ),
    ("minItems", "{type: array}", "{type: array, minItems: 1}"),
    ("maxItems", "{type: array}", "{type: array, maxItems: 3}"),
    (
        "uniqueItems",
        "{type: array}",
        "{type: array, uniqueItems: true}",
    ),
    (
        "items",
        "{type: array}",
        "{type: array, items: {type: string}}",
    ),
    (
        "contains",
        "{type: array}",
        "{type: array, contains: {const: 1}}",
    ),
    (
        "minProperties",
        "{type: object}",
        "{type: object, minProperties: 1}",
    ),
    (
        "maxProperties",
        "{type: object}",
        "{type: object, maxProperties: 3}",
    ),
    (
        "required",
        "{type: object, properties: {a: {}}}",
        "{type: object, properties: {a: {}}, required: [a]}",
    ),
    (
        "properties",
        "{type: object, additionalProperties: {type: number}}",
        "{type: object, additionalProperties: {type: number}, properties: {a: {type: integer}}}",
    ),
    (
        "undeclared",
        "{type: object}",
        "{type: object, properties: {a: {type: string}}}",
    ),
    (
        "patternProperties",
        "{type: object}",
        "{type: object, patternProperties: {'^a': {type: string}}}",
    ),
    (
        "additionalProperties",
        "{type: object}",
        "{type: object, additionalProperties: false}",
    ),
    (
        "unevaluatedProperties",
        "{type: object, anyOf: [{required: [a], properties: {a: {}}}, {properties: {b: {}}}]}",
        "{type: object, anyOf: [{required: [a], properties: {a: {}}}, {properties: {b: {}}}], unevaluatedProperties: false}",
    ),
    (
        "unevaluatedItems",
        "{type: array, anyOf: [{prefixItems: [true]}, {prefixItems: [true, true]}]}",
        "{type: array, anyOf: [{prefixItems: [true]}, {prefixItems: [true, true]}], unevaluatedItems: false}",
    ),
    (
        "propertyNames",
        "{type: object}",
        "{type: object, propertyNames: {pattern: '^a'}}",
    ),
    (
        "dependent",
        "{type: object}",
        "{type: object, dependentRequired: {a: [b]}}",
    ),
    (
        "anyOf",
        "{anyOf: [{type: string}, {type: 'null'}]}",
        "{anyOf: [{type: string}]}",
    ),
    (
        "oneOf",
        "{oneOf: [{type: string}, {type: 'null'}]}",
        "{oneOf: [{type: string}]}",
    ),
    ("not", "{type: string}", "{type: string, not: {const: a}}"),
    (
        "if",
        "{type: string}",
        "{type: string, if: {minLength: 2}, then: {pattern: '^a'}}",
    ),
    ("schema", "{}", "false"),
];

/// The name of the rule for something that was narrowed or widened there.
fn expected(prefix: &str, keyword: &str) -> String {
    let rule = SCHEMAS.iter().find(|rule| rule.keyword == keyword).unwrap();
    let sent = prefix.starts_with("request");
    match (keyword, sent) {
        ("required", true) => return "request-property-became-required".to_owned(),
        ("required", false) => return "response-property-became-optional".to_owned(),
        _ => {}
    }
    // What is told of a property stands inside of the body.
    let inside = matches!(keyword, "properties" | "undeclared");
    let prefix = match prefix {
        "request-body" if inside => "request-property",
        "response-body" if inside => "response-property",
        "request-parameter" if inside => "request-parameter-property",
        "response-header" if inside => "response-header-property",
        prefix => prefix,
    };
    let ending = if sent { rule.sent } else { rule.received };
    format!("{prefix}-{ending}")
}

fn proven(findings: &[Finding], wide: &str, narrow: &str) {
    for finding in findings {
        if finding.level == Level::Error {
            assert!(finding.witness.is_some(), "{wide} {narrow} {finding:?}");
        }
    }
}

#[test]
fn what_is_sent_breaks_when_it_narrows_and_what_is_received_when_it_widens() {
    for (keyword, wide, narrow) in FIXTURES {
        for prefix in PREFIXES {
            let (wide, narrow) = (placed(prefix, wide), placed(prefix, narrow));
            let (old, new) = if prefix.starts_with("request") {
                (&wide, &narrow)
            } else {
                (&narrow, &wide)
            };
            let findings = diff(old, new);
            let told = expected(prefix, keyword);
            assert_eq!(
                alarms(&findings),
                [told.as_str()],
                "{old}\n{new}\n{findings:#?}"
            );
            proven(&findings, &wide, &narrow);
            let back = diff(new, old);
            let breaks = back.iter().filter(|finding| finding.level == Level::Error);
            assert_eq!(breaks.count(), 0, "{new}\n{old}\n{back:#?}");
        }
    }
}

#[test]
fn a_witness_is_valid_on_one_side_only_by_the_word_of_an_independent_validator() {
    let json = |schema: &str| -> Value {
        let text = format!("schema: {schema}");
        let yaml = sdd::yaml::parse(&text).unwrap();
        plain(yaml.get("schema").unwrap())
    };
    for (keyword, wide, narrow) in FIXTURES {
        if matches!(*keyword, "properties" | "undeclared") {
            continue;
        }
        let (old, new) = (placed("request-body", wide), placed("request-body", narrow));
        let findings = diff(&old, &new);
        let witness = &findings[0].witness.as_ref().unwrap().instance;
        let valid = |schema: &str| jsonschema::is_valid(&json(schema), witness);
        assert!(valid(wide) && !valid(narrow), "{wide} {narrow} {witness}");
    }
}

/// The JSON value of a schema that is written in one line.
fn plain(node: &sdd::yaml::Yaml) -> Value {
    use sdd::yaml::Value as Node;
    match &node.value {
        Node::Scalar { text, plain: true } => {
            serde_json::from_str(text).unwrap_or_else(|_| text.clone().into())
        }
        Node::Scalar { text, .. } => text.clone().into(),
        Node::Sequence(items) => items.iter().map(plain).collect(),
        Node::Mapping(entries) => {
            let fields = entries.iter();
            let fields = fields.map(|entry| (entry.key.clone(), plain(&entry.value)));
            Value::Object(fields.collect())
        }
    }
}

#[test]
fn a_property_that_is_new_or_gone_has_a_name_of_its_own() {
    let (open, with) = (
        "{type: object}",
        "{type: object, properties: {a: {}}, required: [a]}",
    );
    let findings = diff(&placed("request-body", open), &placed("request-body", with));
    assert_eq!(alarms(&findings), ["new-required-request-property"]);
    let findings = diff(
        &placed("response-body", with),
        &placed("response-body", open),
    );
    assert_eq!(alarms(&findings), ["response-required-property-removed"]);
}

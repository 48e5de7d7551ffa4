#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use serde_json::{Value, json};

use super::fact::{Choice, Fact};
use super::{Engine, Verdict};
use crate::contract::load::{Files, Library};
use crate::contract::schema::{Dialect, Direction, Graph, Reader, classes, merge};
use crate::span::Sources;

struct One(String);

impl Files for One {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

/// Whether every instance of the first is one of the second.
fn decide(narrow: &Value, wide: &Value) -> Verdict {
    let text = json!({"narrow": narrow, "wide": wide}).to_string();
    let library = Library::read("a.json", &One(text), &mut Sources::default()).unwrap();
    let mut graph = Graph::default();
    let mut reader = Reader::new(&library, &mut graph, Dialect::New);
    let [narrow, wide] =
        ["narrow", "wide"].map(|side| reader.schema(library.root().get(side).unwrap()));
    assert_eq!(reader.problems, []);
    merge(&mut graph);
    let classes = classes(&graph);
    Engine::new(&graph, &classes, Direction::Request).contained(narrow, wide)
}

/// Strictly narrower in the first place: the way back has a witness.
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn strict() -> Vec<(Value, Value)> {
    vec![
        (json!({"type": "integer"}), json!({"type": "number"})),
        (json!({"enum": ["a"]}), json!({"enum": ["b", "a"]})),
        (json!({"const": {"a": [1]}}), json!({"type": "object"})),
        (
            json!({"type": "integer", "minimum": 1, "maximum": 1}),
            json!({"type": "integer", "exclusiveMinimum": 0}),
        ),
        (
            json!({"type": "number", "multipleOf": 0.3}),
            json!({"type": "number", "multipleOf": 0.1}),
        ),
        (
            json!({"type": "string", "minLength": 2, "maxLength": 3}),
            json!({"type": "string", "minLength": 1}),
        ),
        (
            json!({"type": "string", "pattern": "^a[0-9]{2}$"}),
            json!({"type": "string", "pattern": "^a"}),
        ),
        (
            json!({"type": "string", "pattern": "^x$"}),
            json!({"type": "string", "maxLength": 1}),
        ),
        (
            json!({"type": "array", "uniqueItems": true}),
            json!({"type": "array"}),
        ),
        (
            json!({"type": "array", "items": {"type": "boolean"}, "uniqueItems": true}),
            json!({"type": "array", "maxItems": 2}),
        ),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}]}),
            json!({"type": "array", "prefixItems": [true]}),
        ),
        (
            json!({"type": "array", "contains": {"const": 1}}),
            json!({"type": "array", "minItems": 1}),
        ),
        (
            json!({"type": "object", "required": ["a"]}),
            json!({"type": "object", "minProperties": 1}),
        ),
        (
            json!({"type": "object", "properties": {"a": true}, "additionalProperties": false}),
            json!({"type": "object", "maxProperties": 1}),
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "integer"}}),
            json!({"type": "object", "additionalProperties": {"type": "number"}}),
        ),
        (
            json!({"type": "object", "propertyNames": {"pattern": "^a"}}),
            json!({"type": "object"}),
        ),
        (
            json!({"type": "object", "patternProperties": {"^a": {"type": "string"}}}),
            json!({"type": "object"}),
        ),
        (
            json!({"type": "object", "dependentRequired": {"a": ["b"]}}),
            json!({"type": "object"}),
        ),
        (
            json!({"allOf": [{"type": "string"}, {"minLength": 1}]}),
            json!({"type": "string"}),
        ),
        (
            json!({"oneOf": [{"type": "string"}, {"type": "null"}]}),
            json!({"type": ["string", "null", "boolean"]}),
        ),
        (
            json!({"type": "string", "not": {"const": ""}}),
            json!({"type": "string"}),
        ),
        (
            json!({"if": {"type": "string"}, "then": {"minLength": 1}}),
            json!({"not": {"const": ""}, "type": ["string", "number", "object", "array", "boolean", "null"]}),
        ),
    ]
}

#[test]
fn what_is_narrower_is_contained_and_the_way_back_has_a_witness() {
    for (narrow, wide) in &strict() {
        if decide(wide, narrow) == Verdict::Contained {
            // The last pair says the same twice.
            assert_eq!(narrow["if"]["type"], "string", "{narrow} {wide}");
        }
        assert_eq!(decide(narrow, wide), Verdict::Contained, "{narrow} {wide}");
    }
}

#[test]
fn every_claim_of_a_break_has_a_value_that_the_validator_agrees_on() {
    let mut claims = 0;
    for (narrow, wide) in &strict() {
        if let Verdict::Broken(witness) = decide(wide, narrow) {
            claims += 1;
            assert!(jsonschema::is_valid(wide, &witness), "{wide} {witness}");
            assert!(
                !jsonschema::is_valid(narrow, &witness),
                "{narrow} {witness}"
            );
        }
    }
    assert_eq!(claims, strict().len() - 1);
}

#[test]
fn recursive_schemas_are_compared_by_what_they_mean() {
    let list = |name: &str, value: Value| {
        let rest = format!("#/{name}/properties/rest");
        json!({"type": "object", "required": ["value"], "properties": {
            "value": value,
            "rest": {"type": "object", "required": ["value"], "properties": {
                "value": value, "rest": {"$ref": rest}}}}})
    };
    let integers = list("narrow", json!({"type": "integer"}));
    let numbers = list("wide", json!({"type": "number"}));
    assert_eq!(decide(&integers, &numbers), Verdict::Contained);
    let texts = list("wide", json!({"type": "string"}));
    assert!(matches!(decide(&integers, &texts), Verdict::Broken(_)));
}

#[test]
fn what_can_not_be_judged_is_undecided_and_never_contained() {
    let opaque = json!({"type": "object", "$dynamicRef": "#node"});
    assert!(matches!(
        decide(&json!({"type": "object"}), &opaque),
        Verdict::Undecided(_)
    ));
    let look = json!({"type": "string", "pattern": "^(?=a)"});
    assert!(matches!(
        decide(&json!({"type": "string"}), &look),
        Verdict::Undecided(_)
    ));
}

#[test]
fn schemas_inside_of_each_other_without_end_do_not_overflow() {
    let (mut narrow, mut wide) = (json!({"type": "integer"}), json!({"type": "string"}));
    for _ in 0..60 {
        narrow = json!({"type": "array", "minItems": 1, "items": narrow});
        wide = json!({"type": "array", "minItems": 1, "items": wide});
    }
    assert_ne!(decide(&narrow, &wide), Verdict::Contained);
}

#[test]
fn names_that_several_patterns_match_are_told_apart() {
    let with = |pattern: &str| {
        json!({"type": "object", "properties": {"name": {"type": "string"}},
            "patternProperties": {pattern: {"type": "boolean"}}})
    };
    assert_eq!(decide(&with("b.*b"), &with("^ba+b$")), Verdict::Contained);
    assert!(matches!(
        decide(&with("^ba+b$"), &with("b.*b")),
        Verdict::Broken(_)
    ));
    let named = json!({"type": "object", "properties": {"email": {"type": "string"},
        "emaik": {"type": "string"}}});
    let matched =
        json!({"type": "object", "patternProperties": {"^emai(l|k)$": {"type": "string"}}});
    assert_eq!(decide(&named, &matched), Verdict::Contained);
}

#[test]
fn a_list_that_is_too_long_to_be_written_is_still_compared() {
    let list = |kind: &str| json!({"type": "array", "minItems": 200_000, "maxItems": 200_000, "items": {"type": kind}});
    assert_eq!(
        decide(&list("integer"), &list("number")),
        Verdict::Contained
    );
    assert!(matches!(
        decide(&list("number"), &list("integer")),
        Verdict::Undecided(_)
    ));
}

#[test]
fn what_branches_leave_unevaluated_is_judged_with_them() {
    let object = |name: &str| json!({"properties": {name: {"type": "string"}}, "required": [name]});
    let closed = |keyword: &str, names: &[&str]| {
        let branches: Vec<Value> = names.iter().map(|name| object(name)).collect();
        json!({"type": "object", keyword: branches, "unevaluatedProperties": false})
    };
    for keyword in ["anyOf", "oneOf", "allOf"] {
        let (open, narrow) = (json!({"type": "object"}), closed(keyword, &["a", "b"]));
        assert_eq!(decide(&narrow, &open), Verdict::Contained, "{keyword}");
        let Verdict::Broken(witness) = decide(&open, &narrow) else {
            panic!("{keyword}");
        };
        assert!(!jsonschema::is_valid(&narrow, &witness), "{witness}");
    }
    assert_eq!(
        decide(&closed("oneOf", &["a"]), &closed("oneOf", &["a", "b"])),
        Verdict::Contained
    );
    let list = json!({"type": "array", "prefixItems": [true], "unevaluatedItems": false});
    let short = json!({"type": "array", "maxItems": 1});
    assert_eq!(decide(&list, &short), Verdict::Contained);
    assert_eq!(decide(&short, &list), Verdict::Contained);
}

#[test]
fn the_opposite_of_many_alternatives_is_no_larger_than_they_are() {
    let present = |name: &str| Fact::Present(name.to_owned());
    let choice: Choice = (0..32)
        .map(|_| ["a", "b", "c"].map(present).into())
        .collect();
    let [opposite] = &super::expand::opposite(&choice)[..] else {
        panic!("all alternatives fail together")
    };
    assert_eq!(opposite.len(), 32);
    assert!(
        opposite
            .iter()
            .all(|fact| matches!(fact, Fact::Any(ways) if ways.len() == 3))
    );
}

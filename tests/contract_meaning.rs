//! What changes nothing shows no break, a change seen from the other side is the same one, and
//! nothing that is read makes the comparison fall over.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

#[path = "support/contract.rs"]
mod contract;

use std::collections::BTreeSet;

use contract::{alarms, diff, document, placed, try_diff};
use proptest::prelude::*;
use sdd::contract::compare::Level;
use serde_json::{Map, Value, json};

/// A schema of few words, so that two of them often have to do with each other.
fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({})),
        Just(json!({"type": "string"})),
        (0..3_u32).prop_map(|least| json!({"type": "string", "minLength": least})),
        (1..4_i32).prop_map(|least| json!({"type": "integer", "minimum": least})),
        (1..4_i32).prop_map(|most| json!({"type": "number", "maximum": most})),
        prop::sample::subsequence(vec!["a", "b", "c"], 1..4)
            .prop_map(|values| json!({"enum": values})),
        Just(json!({"type": ["string", "null"], "pattern": "^a"})),
        Just(json!({"type": "boolean"})),
    ];
    leaf.prop_recursive(3, 24, 3, |inner| {
        let names = prop::sample::subsequence(vec!["a", "b", "c"], 1..3);
        let object = (
            names,
            prop::collection::vec(inner.clone(), 3),
            any::<bool>(),
            0..3_u8,
        );
        prop_oneof![
            object.prop_map(|(names, schemas, required, rest)| {
                let named = names.iter().zip(schemas);
                let named: Map<String, Value> = named
                    .map(|(name, schema)| ((*name).to_owned(), schema))
                    .collect();
                let mut object = json!({"type": "object", "properties": named});
                if required {
                    object["required"] = json!([names[0]]);
                }
                match rest {
                    0 => object["additionalProperties"] = json!(false),
                    1 => object["additionalProperties"] = json!({"type": "string"}),
                    _ => {}
                }
                object
            }),
            inner
                .clone()
                .prop_map(|items| json!({"type": "array", "items": items})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|all| json!({"allOf": all})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|any| json!({"anyOf": any})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|one| json!({"oneOf": one})),
            inner.prop_map(|not| json!({"not": not})),
        ]
    })
}

/// Whatever order can be another one is.
fn reordered(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().rev();
            fields
                .map(|(name, value)| {
                    let value = match (name.as_str(), value) {
                        (
                            "enum" | "allOf" | "anyOf" | "oneOf" | "required" | "type",
                            Value::Array(all),
                        ) => all.iter().rev().map(reordered).collect(),
                        (_, value) => reordered(value),
                    };
                    (name.clone(), value)
                })
                .collect()
        }
        Value::Array(items) => items.iter().map(reordered).collect(),
        other => other.clone(),
    }
}

/// Every schema becomes the only part of an `allOf`, and so all of them may be merged.
fn wrapped(value: &Value) -> Value {
    let Value::Object(fields) = value else {
        return value.clone();
    };
    let inner: Map<String, Value> = fields
        .iter()
        .map(|(name, value)| {
            let value = match (name.as_str(), value) {
                ("properties", Value::Object(named)) => {
                    let named = named.iter();
                    named
                        .map(|(name, schema)| (name.clone(), wrapped(schema)))
                        .collect()
                }
                ("allOf" | "anyOf" | "oneOf", Value::Array(all)) => {
                    all.iter().map(wrapped).collect()
                }
                ("items" | "not" | "additionalProperties", schema) => wrapped(schema),
                (_, other) => other.clone(),
            };
            (name.clone(), value)
        })
        .collect();
    json!({"allOf": [inner]})
}

const PLACES: [&str; 2] = ["request-property", "response-body"];

fn breaks(old: &str, new: &str) -> BTreeSet<String> {
    let findings = diff(old, new);
    let errors = findings
        .iter()
        .filter(|finding| finding.level == Level::Error);
    errors
        .map(|finding| format!("{} {finding:?}", finding.rule))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_says_the_same_breaks_nobody(schema in schema()) {
        for place in PLACES {
            let plain = placed(place, &schema.to_string());
            prop_assert_eq!(diff(&plain, &plain), vec![]);
            for same in [reordered(&schema), wrapped(&schema)] {
                let other = placed(place, &same.to_string());
                prop_assert_eq!(breaks(&plain, &other), BTreeSet::new(), "{} {}", schema, same);
                prop_assert_eq!(breaks(&other, &plain), BTreeSet::new(), "{} {}", same, schema);
            }
        }
    }

    #[test]
    fn every_claim_has_a_witness_that_an_independent_validator_agrees_on(
        old in schema(),
        new in schema(),
    ) {
        let findings = diff(
            &placed("request-body", &old.to_string()),
            &placed("request-body", &new.to_string()),
        );
        for finding in &findings {
            if finding.level == Level::Error {
                prop_assert!(finding.witness.is_some(), "{:?}", finding);
            }
            let whole = finding.location == "request.body";
            if let Some(witness) = finding.witness.as_ref().filter(|_| whole) {
                let valid = |schema: &Value| jsonschema::is_valid(schema, &witness.instance);
                // A branch is told of at the place of the whole: there it may be another that fits.
                prop_assert!(valid(&old), "{} {} {:?}", old, new, finding);
                prop_assert!(!valid(&new), "{} {} {:?}", old, new, finding);
            }
        }
    }

    #[test]
    fn a_request_that_breaks_is_a_response_that_breaks_on_the_way_back(
        old in schema(),
        new in schema(),
    ) {
        let at = |place: &str, schema: &Value| placed(place, &schema.to_string());
        let ends = |findings: Vec<sdd::contract::compare::Finding>| -> Vec<Value> {
            // That nothing is left to answer with is no matter of who understands it.
            let errors = findings.into_iter().filter(|finding| {
                finding.level == Level::Error && finding.rule != "response-body-impossible"
            });
            errors.map(|finding| finding.witness.unwrap().instance).collect()
        };
        let sent = ends(diff(&at("request-body", &old), &at("request-body", &new)));
        let received = ends(diff(&at("response-body", &new), &at("response-body", &old)));
        prop_assert_eq!(sent, received, "{} {}", old, new);
    }

    #[test]
    fn no_text_makes_the_comparison_fall_over(text in "[ -~\\n]{0,200}", cut in 0..400_usize) {
        let whole = placed("request-body", "{allOf: [{$ref: '#/components/schemas/S'}]}");
        let whole = format!("{whole}components: {{schemas: {{S: {{oneOf: [{{$ref: '#/components/schemas/S'}}]}}}}}}\n");
        let cut: String = whole.chars().take(cut).collect();
        for (old, new) in [(&text, &whole), (&whole, &cut), (&cut, &text)] {
            _ = try_diff(old, new);
        }
    }
}

#[test]
fn a_component_that_is_written_in_place_says_the_same() {
    let component = "{type: object, required: [n], properties: {n: {type: integer}, x: {anyOf: [{type: string}, {type: 'null'}]}}}";
    for place in ["request-body", "response-property", "request-parameter"] {
        let named = format!(
            "{}components: {{schemas: {{S: {component}}}}}\n",
            placed(place, "{$ref: '#/components/schemas/S'}")
        );
        let inlined = placed(place, component);
        assert_eq!(diff(&named, &inlined), []);
        assert_eq!(diff(&inlined, &named), []);
    }
}

#[test]
fn another_order_of_paths_and_another_name_of_a_variable_break_nobody() {
    let path = |name: &str| {
        format!(
            "  /a/{{{name}}}/b:\n    get: {{parameters: [{{name: {name}, in: path, required: true, schema: {{}}}}], responses: {{}}}}\n"
        )
    };
    let other = "  /c:\n    post: {responses: {'200': {description: d}}}\n";
    let old = document(&format!("{}{other}", path("id")));
    let new = document(&format!("{other}{}", path("key")));
    assert_eq!(diff(&old, &new), []);
}

/// One contract in the words of three versions.
fn versions(kind: &str) -> [String; 3] {
    let two = format!(
        "swagger: '2.0'\ninfo: {{title: t, version: '1'}}\nbasePath: /v1\nsecurityDefinitions: {{k: {{type: apiKey, in: header, name: X-Key}}}}\npaths:\n  /a:\n    post:\n      security: [{{k: []}}]\n      parameters:\n        - {{name: q, in: query, type: array, items: {{type: string}}, collectionFormat: multi}}\n        - {{name: b, in: body, required: true, schema: {{$ref: '#/definitions/B'}}}}\n      responses: {{200: {{description: d, schema: {{$ref: '#/definitions/B'}}}}}}\ndefinitions:\n  B: {{type: object, properties: {{n: {{type: {kind}, minimum: 0, exclusiveMinimum: true}}}}}}\n"
    );
    let three = |version: &str, number: &str| {
        format!(
            "openapi: {version}\ninfo: {{title: t, version: '1'}}\nservers: [{{url: /v1}}]\npaths:\n  /a:\n    post:\n      security: [{{key: []}}]\n      parameters:\n        - {{name: q, in: query, schema: {{type: array, items: {{type: string}}}}}}\n      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/B'}}}}}}}}\n      responses: {{'200': {{description: d, content: {{application/json: {{schema: {{$ref: '#/components/schemas/B'}}}}}}}}}}\ncomponents:\n  securitySchemes: {{key: {{type: apiKey, in: header, name: X-Key}}}}\n  schemas:\n    B: {{type: object, properties: {{n: {number}}}}}\n"
        )
    };
    [
        two,
        three(
            "3.0.3",
            &format!("{{type: {kind}, minimum: 0, exclusiveMinimum: true}}"),
        ),
        three("3.1.0", &format!("{{type: {kind}, exclusiveMinimum: 0}}")),
    ]
}

#[test]
fn a_contract_says_the_same_in_the_words_of_another_version() {
    for old in &versions("number") {
        for new in &versions("number") {
            assert_eq!(diff(old, new), [], "{old}\n{new}");
        }
        for new in &versions("integer") {
            let told = diff(old, new);
            assert_eq!(
                alarms(&told),
                ["request-property-type-changed"],
                "{old}\n{new}"
            );
        }
    }
}

#[test]
fn a_read_only_property_is_not_sent_and_a_write_only_one_does_not_come_back() {
    let with = |flag: &str, least: u32| {
        format!(
            "{{type: object, required: [p], properties: {{p: {{type: integer, {flag}: true, minimum: {least}}}}}}}"
        )
    };
    for (place, ignored, counted) in [
        ("request-body", "readOnly", "writeOnly"),
        ("response-body", "writeOnly", "readOnly"),
    ] {
        let (low, high) = (
            placed(place, &with(ignored, 1)),
            placed(place, &with(ignored, 2)),
        );
        assert_eq!(
            (alarms(&diff(&low, &high)), alarms(&diff(&high, &low))),
            (vec![], vec![])
        );
        let (low, high) = (
            placed(place, &with(counted, 1)),
            placed(place, &with(counted, 2)),
        );
        let told = [diff(&low, &high), diff(&high, &low)].concat();
        assert_eq!(alarms(&told).len(), 1, "{told:#?}");
    }
}

#[test]
fn schemas_that_all_lead_to_each_other_are_told_once() {
    let graph = |kind: &str| {
        let link = |to: usize| format!("{{$ref: '#/components/schemas/S{}'}}", to % 200);
        let one = |place: usize| {
            let next: Vec<String> = (1..7)
                .map(|step| format!("p{step}: {}", link(place * 7 + step * step + 1)))
                .collect();
            let kind = if place == 100 { kind } else { "string" };
            format!(
                "    S{place}: {{type: object, required: [v], properties: {{v: {{type: {kind}}}, {}}}}}\n",
                next.join(", ")
            )
        };
        let paths: String = (0..200)
            .map(|place| format!("  /s{place}: {{post: {{requestBody: {{content: {{application/json: {{schema: {}}}}}}}, responses: {{}}}}}}\n", link(place)))
            .collect();
        let schemas: String = (0..200).map(one).collect();
        format!("{}components:\n  schemas:\n{schemas}", document(&paths))
    };
    let told = diff(&graph("string"), &graph("integer"));
    assert_eq!(alarms(&told), ["request-property-type-changed"]);
    assert_eq!(told[0].operations.len(), 200);
    assert!(told[0].witness.is_some());
}

#[test]
fn what_leads_only_to_itself_and_what_is_very_deep_is_read_to_the_end() {
    let with = |schemas: &str| {
        let body = placed("request-body", "{$ref: '#/components/schemas/A'}");
        format!("{body}components: {{schemas: {{{schemas}}}}}\n")
    };
    let hostile = [
        "A: {allOf: [{$ref: '#/components/schemas/A'}]}".to_owned(),
        "A: {not: {$ref: '#/components/schemas/A'}}".to_owned(),
        "A: {oneOf: [{$ref: '#/components/schemas/A'}, {type: string}]}".to_owned(),
        "A: {type: object, required: [a], properties: {a: {$ref: '#/components/schemas/A'}}}".to_owned(),
        "A: {anyOf: [{$ref: '#/components/schemas/B'}]}, B: {allOf: [{$ref: '#/components/schemas/A'}]}".to_owned(),
        "A: {unevaluatedProperties: false, allOf: [{$ref: '#/components/schemas/A'}]}".to_owned(),
        format!("A: {}", "{items: ".repeat(60) + "{}" + &"}".repeat(60)),
        format!("A: {{pattern: '{}'}}", "(a|b)*".repeat(200)),
        format!("A: {{minItems: {}, type: array}}", u64::MAX),
        "A: {multipleOf: 0, minimum: 1e400, type: number}".to_owned(),
        "A: {enum: []}".to_owned(),
    ];
    for one in &hostile {
        for other in &hostile {
            _ = try_diff(&with(one), &with(other));
        }
    }
    let chain: String = (0..3_000)
        .map(|place| {
            format!(
                "S{place}: {{allOf: [{{$ref: '#/components/schemas/S{}'}}]}}, ",
                place + 1
            )
        })
        .collect();
    let chain = |end: &str| {
        with(&format!(
            "A: {{$ref: '#/components/schemas/S0'}}, {chain}S3000: {{type: {end}}}"
        ))
    };
    _ = try_diff(&chain("string"), &chain("integer"));
}

#[test]
fn a_branch_that_something_else_limits_is_not_judged_alone() {
    let old = "{enum: [c], anyOf: [{type: number, maximum: 2}]}";
    let new = "{oneOf: [{type: number, maximum: 1}]}";
    for place in ["request-body", "request-property"] {
        assert_eq!(
            alarms(&diff(&placed(place, old), &placed(place, new))),
            [""; 0]
        );
    }
}

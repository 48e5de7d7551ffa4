//! Schemas that are written in ways that hide what they mean: references by every name, earlier
//! drafts, several lists of branches, formats in branches, and what would take for ever.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

#[path = "support/contract.rs"]
mod contract;

use contract::{alarms, diff, placed};
use sdd::contract::compare::{Finding, Level};

/// A body of a request with this schema, in a document with these others.
fn body(schema: &str, others: &str) -> String {
    let rest = format!("components: {{schemas: {{{others}}}}}\n");
    format!("{}\n{rest}", placed("request-body", schema))
}

fn sent(old: &str, new: &str) -> Vec<Finding> {
    diff(&placed("request-body", old), &placed("request-body", new))
}

#[track_caller]
fn breaks(old: &str, new: &str) {
    let found = sent(old, new);
    let mut errors = found.iter().filter(|one| one.level == Level::Error);
    assert!(
        errors.any(|one| one.witness.is_some()),
        "{old} {new} {found:#?}"
    );
}

#[track_caller]
fn harmless(old: &str, new: &str) {
    let found = sent(old, new);
    assert!(alarms(&found).is_empty(), "{old} {new} {found:#?}");
}

#[test]
fn each_of_several_lists_of_branches_is_compared() {
    let pairs = [
        (
            "{type: string}",
            "{allOf: [{oneOf: [{type: string}]}, {oneOf: [{type: integer}]}]}",
        ),
        (
            "{type: string}",
            "{allOf: [{anyOf: [{type: string}]}, {anyOf: [{type: integer}]}]}",
        ),
        (
            "{type: string}",
            "{anyOf: [{type: string}], allOf: [{anyOf: [{type: integer}]}]}",
        ),
        (
            "{anyOf: [{type: string}], oneOf: [{type: string}]}",
            "{oneOf: [{type: integer}]}",
        ),
        (
            "{type: object, anyOf: [{required: [a]}, {required: [b]}], oneOf: [{required: [c]}, {required: [d]}]}",
            "{type: object, anyOf: [{required: [a]}], oneOf: [{required: [c]}, {required: [d]}]}",
        ),
    ];
    for (old, new) in pairs {
        breaks(old, new);
        harmless(old, old);
    }
}

#[test]
fn a_property_of_two_parts_of_an_all_of_is_compared_with_both() {
    let parts = |first: &str, second: &str| {
        format!(
            "{{properties: {{p: {{type: {first}}}}}, unevaluatedProperties: true, allOf: [{{properties: {{p: {{{second}}}}}, unevaluatedProperties: true}}]}}"
        )
    };
    breaks(
        &parts("string", "minLength: 1"),
        &parts("string", "maxLength: 3"),
    );
}

#[test]
fn counts_of_what_a_list_contains_belong_to_the_schema_that_says_what() {
    breaks(
        "{type: array, items: {type: integer}}",
        "{allOf: [{contains: {type: string}}, {minContains: 0}]}",
    );
    harmless(
        "{type: array}",
        "{allOf: [{minContains: 3}, {contains: {type: string}, minContains: 0}]}",
    );
    breaks(
        "{type: array, contains: {type: string}, minContains: 0}",
        "{allOf: [{contains: {type: string}}, {contains: {type: string}, minContains: 0}]}",
    );
}

#[test]
fn whole_numbers_of_twenty_digits_differ_by_one() {
    breaks(
        "{enum: [12345678901234567891]}",
        "{enum: [12345678901234567892]}",
    );
    breaks("{const: 9007199254740993}", "{const: 9007199254740992}");
}

#[test]
fn formats_are_compared_with_those_of_all_branches() {
    breaks("{type: string}", "{oneOf: [{type: string, format: date}]}");
    breaks(
        "{allOf: [{format: date}]}",
        "{allOf: [{format: date}, {format: uri}]}",
    );
    for (one, other) in [
        (
            "{type: string, format: date}",
            "{oneOf: [{type: string, format: date}]}",
        ),
        (
            "{type: string, format: uuid}",
            "{type: string, format: hostname}",
        ),
        (
            "{type: string, format: email}",
            "{type: string, format: idn-email}",
        ),
        (
            "{enum: ['2020-01-01']}",
            "{enum: ['2020-01-01'], format: date}",
        ),
        (
            "{type: integer, minimum: 0, maximum: 10, format: int32}",
            "{type: integer, minimum: 0, maximum: 10, format: int64}",
        ),
    ] {
        harmless(one, other);
    }
}

#[test]
fn a_format_that_makes_no_difference_here_breaks_nobody() {
    let found = sent(
        "{type: integer, minimum: 0, maximum: 10, format: int64}",
        "{type: integer, minimum: 0, maximum: 10, format: int32}",
    );
    assert!(
        found.iter().all(|one| one.level != Level::Error),
        "{found:#?}"
    );
}

#[test]
fn a_break_by_format_shows_a_value_that_only_one_side_takes() {
    let found = sent(
        "{type: string, maxLength: 3}",
        "{type: string, maxLength: 3, format: date}",
    );
    let value = &found[0].witness.as_ref().unwrap().instance;
    assert!(
        value.as_str().is_some_and(|text| text.len() <= 3),
        "{value}"
    );
    let found = sent(
        "{type: string, pattern: '^[A-Z]{5}$'}",
        "{type: string, pattern: '^[A-Z]{5}$', format: uuid}",
    );
    let value = &found[0].witness.as_ref().unwrap().instance;
    assert_eq!(value.as_str().map(str::len), Some(5));
}

#[test]
fn an_anchor_an_address_and_a_dynamic_anchor_name_a_schema() {
    let named = [
        ("{$ref: '#text'}", "S: {$anchor: text, type: string}"),
        (
            "{$ref: 'https://s.example/text'}",
            "S: {$id: 'https://s.example/text', type: string}",
        ),
        (
            "{$ref: 'https://s.example/a/text'}",
            "R: {$id: 'https://s.example/a/root', properties: {p: {$ref: text}}}, S: {$id: 'https://s.example/a/text', type: string}",
        ),
        (
            "{$ref: 'https://s.example/root#/$defs/text'}",
            "R: {$id: 'https://s.example/root', $defs: {text: {type: string}}}",
        ),
        (
            "{$ref: 'https://s.example/root'}",
            "R: {$id: 'https://s.example/root', $ref: '#/$defs/text', $defs: {text: {type: string}}}",
        ),
        (
            "{$dynamicRef: '#text'}",
            "S: {$dynamicAnchor: text, type: string}",
        ),
    ];
    for (schema, others) in named {
        let (by_name, plain) = (
            body(schema, others),
            placed("request-body", "{type: string}"),
        );
        assert_eq!(alarms(&diff(&by_name, &plain)), [""; 0], "{others}");
        assert_eq!(alarms(&diff(&plain, &by_name)), [""; 0], "{others}");
        let narrower = placed("request-body", "{type: string, minLength: 1}");
        assert_eq!(
            alarms(&diff(&by_name, &narrower)),
            ["request-body-min-length-increased"]
        );
    }
}

#[test]
fn an_anchor_that_stands_twice_names_nothing() {
    let twice = body(
        "{$ref: '#a'}",
        "S: {$anchor: a, type: string}, T: {$anchor: a, type: integer}",
    );
    let problems = contract::try_diff(&twice, &twice).unwrap_err();
    assert!(
        problems[0].message.contains("`#a` leads nowhere"),
        "{problems:?}"
    );
}

#[test]
fn a_dynamic_reference_that_may_lead_to_two_schemas_is_undecided() {
    let of = |kind: &str| {
        let others = "S: {$dynamicAnchor: a, type: string}, T: {$dynamicAnchor: a, type: integer}";
        body(
            &format!("{{anyOf: [{{$dynamicRef: '#a'}}, {{type: {kind}}}]}}"),
            others,
        )
    };
    let found = diff(&of("boolean"), &of("'null'"));
    assert!(
        found.iter().any(|one| one.level == Level::Undecided),
        "{found:#?}"
    );
}

#[test]
fn a_schema_that_names_an_earlier_draft_is_read_by_it() {
    let draft = "$schema: 'http://json-schema.org/draft-07/schema#'";
    // Beside `$ref` nothing counts there.
    let beside = |words: &str| {
        body(
            &format!("{{{words} $ref: '#/components/schemas/S', minLength: 3}}"),
            "S: {type: string}",
        )
    };
    let plain = placed("request-body", "{type: string}");
    assert_eq!(
        alarms(&diff(&plain, &beside(&format!("{draft}, ")))),
        [""; 0]
    );
    assert_eq!(
        alarms(&diff(&plain, &beside(""))),
        ["request-body-min-length-increased"]
    );
    breaks(
        "{type: object}",
        &format!("{{{draft}, type: object, dependencies: {{a: [b]}}}}"),
    );
    breaks(
        "{type: object}",
        &format!("{{{draft}, type: object, dependencies: {{a: {{minProperties: 2}}}}}}"),
    );
}

#[test]
fn what_branches_leave_unevaluated_is_refused() {
    breaks(
        "{}",
        "{allOf: [{anyOf: [{}, {}]}, {anyOf: [{properties: {x1: {}}}, {}]}], unevaluatedProperties: false}",
    );
}

#[test]
fn a_part_that_can_not_be_there_breaks_nobody() {
    let narrowed = [
        "{type: object, propertyNames: {minLength: 2}, properties: {a: {type: K}}}",
        "{type: object, required: [z], additionalProperties: false, properties: {a: {type: K}}}",
        "{type: object, dependentRequired: {a: [z]}, additionalProperties: false, properties: {a: {type: K}}}",
        "{type: object, required: [z], unevaluatedProperties: false, properties: {a: {type: K}}}",
        "{type: array, prefixItems: [true, true], maxItems: 2, items: {type: K}}",
    ];
    for schema in narrowed {
        let of = |kind: &str| schema.replace('K', kind);
        harmless(&of("number"), &of("integer"));
    }
    breaks(
        "{type: object, propertyNames: {minLength: 1}, properties: {a: {type: number}}}",
        "{type: object, propertyNames: {minLength: 1}, properties: {a: {type: integer}}}",
    );
    breaks(
        "{type: array, prefixItems: [true], maxItems: 2, items: {type: number}}",
        "{type: array, prefixItems: [true], maxItems: 2, items: {type: integer}}",
    );
}

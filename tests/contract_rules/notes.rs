//! What schemas say beside what is valid.

use sdd::contract::compare::{Finding, NOTES};

use crate::contract::{diff, placed};

/// The ending of a rule, a schema before and after, and the ending that is told on the way back.
pub(crate) const FIXTURES: &[(&str, &str, &str, &str)] = &[
    (
        "format-changed",
        "{type: string, format: date}",
        "{type: string, format: uuid}",
        "format-changed",
    ),
    (
        "format-unknown-changed",
        "{type: string, format: iban}",
        "{type: string, format: bic}",
        "format-unknown-changed",
    ),
    (
        "default-changed",
        "{type: integer, default: 1}",
        "{type: integer, default: 2}",
        "default-changed",
    ),
    (
        "default-value-changed",
        "{type: integer, default: 1}",
        "{type: integer, default: 2}",
        "default-value-changed",
    ),
    (
        "content-encoding-changed",
        "{type: string, contentEncoding: base64}",
        "{type: string, contentEncoding: base16}",
        "content-encoding-changed",
    ),
    (
        "content-media-type-changed",
        "{type: string, contentMediaType: text/csv}",
        "{type: string, contentMediaType: text/html}",
        "content-media-type-changed",
    ),
    (
        "content-schema-changed",
        "{type: string}",
        "{type: string, contentSchema: {type: object}}",
        "content-schema-changed",
    ),
    (
        "discriminator-changed",
        "{type: object, discriminator: {propertyName: a}}",
        "{type: object, discriminator: {propertyName: b}}",
        "discriminator-changed",
    ),
    (
        "discriminator-mapping-changed",
        "{type: object, discriminator: {propertyName: a, mapping: {x: X, y: Y}}}",
        "{type: object, discriminator: {propertyName: a, mapping: {x: X}}}",
        "",
    ),
    (
        "extensible-enum-value-removed",
        "{x-extensible-enum: [a, b]}",
        "{x-extensible-enum: [a]}",
        "extensible-enum-value-added",
    ),
    (
        "extensible-enum-value-added",
        "{x-extensible-enum: [a]}",
        "{x-extensible-enum: [a, b]}",
        "extensible-enum-value-removed",
    ),
    ("deprecated", "{}", "{deprecated: true}", "reactivated"),
    ("reactivated", "{deprecated: true}", "{}", "deprecated"),
    (
        "sunset-unreadable",
        "{deprecated: true}",
        "{deprecated: true, x-sunset: soon}",
        "sunset-unreadable",
    ),
    (
        "sunset-deleted",
        "{deprecated: true, x-sunset: '9999-01-01'}",
        "{deprecated: true}",
        "",
    ),
    (
        "sunset-moved-earlier",
        "{deprecated: true, x-sunset: '9999-01-01'}",
        "{deprecated: true, x-sunset: '2100-01-01T00:00:00Z'}",
        "",
    ),
    (
        "deprecated-sunset-missing",
        "{x-stability-level: beta}",
        "{x-stability-level: beta, deprecated: true}",
        "reactivated",
    ),
    (
        "sunset-date-too-small",
        "{x-stability-level: beta}",
        "{x-stability-level: beta, deprecated: true, x-sunset: '2026-12-26'}",
        "reactivated",
    ),
    (
        "stability-decreased",
        "{x-stability-level: stable}",
        "{x-stability-level: beta}",
        "stability-increased",
    ),
    (
        "stability-increased",
        "{x-stability-level: alpha}",
        "{}",
        "stability-decreased",
    ),
    ("stability-unknown", "{}", "{x-stability-level: almost}", ""),
    (
        "became-read-only",
        "{}",
        "{readOnly: true}",
        "became-not-read-only",
    ),
    (
        "became-not-read-only",
        "{readOnly: true}",
        "{}",
        "became-read-only",
    ),
    (
        "became-write-only",
        "{}",
        "{writeOnly: true}",
        "became-not-write-only",
    ),
    (
        "became-not-write-only",
        "{writeOnly: true}",
        "{}",
        "became-write-only",
    ),
    (
        "impossible",
        "{oneOf: [{type: object}, {type: string}]}",
        "{oneOf: [{type: object}, {type: object}]}",
        "",
    ),
    (
        "removed",
        "{type: object, properties: {a: {}}}",
        "{type: object}",
        "added",
    ),
    (
        "added",
        "{type: object}",
        "{type: object, properties: {a: {}}}",
        "removed",
    ),
];

fn place(ending: &str, sent: bool) -> &'static str {
    match (ending, sent) {
        ("default-value-changed", _) => "request-parameter",
        ("impossible", false) => "response-body",
        (_, true) => "request-property",
        (_, false) => "response-property",
    }
}

fn told(findings: &[Finding], prefix: &str, ending: &str) -> bool {
    let name = format!("{prefix}-{ending}");
    findings.iter().any(|finding| finding.rule == name)
}

#[test]
fn each_is_told_where_it_stands_and_its_opposite_on_the_way_back() {
    for (ending, old, new, back) in FIXTURES {
        let rule = NOTES.iter().find(|rule| rule.ending == *ending).unwrap();
        let level = |ending: &str, sent: bool| {
            let rule = NOTES.iter().find(|rule| rule.ending == ending)?;
            if sent { rule.sent } else { rule.received }
        };
        for (sent, expected) in [(true, rule.sent), (false, rule.received)] {
            let prefix = place(ending, sent);
            let (old, new) = (placed(prefix, old), placed(prefix, new));
            if prefix == "request-parameter" && !sent {
                continue;
            }
            let forward = diff(&old, &new);
            let name = format!("{prefix}-{ending}");
            let found = forward.iter().find(|finding| finding.rule == name);
            assert_eq!(
                found.map(|finding| finding.level),
                expected,
                "{name} {forward:#?}"
            );
            let backward = diff(&new, &old);
            if level(back, sent).is_some() {
                assert!(
                    told(&backward, prefix, back),
                    "{prefix} {back} {backward:#?}"
                );
            }
            if back != ending {
                assert!(!told(&backward, prefix, ending), "{name} {backward:#?}");
            }
        }
    }
}

#[test]
fn an_answer_that_nothing_fits_is_shown_by_one_that_was_possible() {
    let dog = "{type: object, required: [dog], properties: {dog: {type: string}}}";
    let with = |schema: &str| placed("response-body", schema);
    let one = with(&format!(
        "{{type: object, required: [pet], properties: {{pet: {{oneOf: [{dog}]}}}}}}"
    ));
    let two = with(&format!(
        "{{type: object, required: [pet], properties: {{pet: {{oneOf: [{dog}, {dog}]}}}}}}"
    ));
    let findings = diff(&one, &two);
    let found = findings
        .iter()
        .find(|finding| finding.rule == "response-body-impossible");
    let witness = found.unwrap().witness.as_ref().unwrap();
    assert_eq!(witness.valid_in, "old");
    assert!(witness.instance["pet"]["dog"].is_string(), "{witness:?}");
    let closed = diff(&one, &with("false"));
    assert!(!told(&closed, "response-body", "impossible"), "{closed:#?}");
}

#[test]
fn a_format_that_lets_more_through_breaks_no_request() {
    let with = |format: &str| {
        placed(
            "request-property",
            &format!("{{type: integer, format: {format}}}"),
        )
    };
    assert_eq!(diff(&with("int32"), &with("int64")), []);
    let narrowed = diff(&with("int64"), &with("int32"));
    assert_eq!(narrowed[0].rule, "request-property-format-changed");
    assert!(narrowed[0].message.contains("2147483648"), "{narrowed:?}");
}

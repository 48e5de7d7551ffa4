//! What comes over in parameters, headers and forms: texts, written in styles.

use crate::contract::{alarms, diff, document, operation};
use crate::{Judged, judged};

fn query(parameter: &str) -> String {
    operation(&format!(
        "parameters: [{{name: q, in: query, {parameter}}}]\nresponses: {{}}"
    ))
}

fn path(parameter: &str) -> String {
    document(&format!(
        "  /a/{{q}}:\n    get: {{parameters: [{{name: q, in: path, required: true, {parameter}}}], responses: {{}}}}\n"
    ))
}

fn header(schema: &str) -> String {
    operation(&format!(
        "responses: {{'200': {{description: d, headers: {{E: {{schema: {schema}}}}}}}}}"
    ))
}

fn form(kind: &str) -> String {
    let head = "swagger: '2.0'\ninfo: {title: t, version: '1'}\n";
    let field = format!("{{name: f, in: formData, {kind}}}");
    format!("{head}paths: {{/a: {{post: {{parameters: [{field}], responses: {{}}}}}}}}\n")
}

const TYPE: &str = "request-parameter-type-changed";
const STYLE: &str = "request-parameter-style-changed";

/// What came over before, and who reads it now.
const TEXTS: &[Judged] = &[
    ("schema: {type: integer}", "schema: {type: string}", &[]),
    ("schema: {type: boolean}", "schema: {type: string}", &[]),
    ("schema: {type: number}", "schema: {type: string}", &[]),
    (
        "schema: {type: integer, minimum: 1, format: int32}",
        "schema: {type: string}",
        &[],
    ),
    (
        "schema: {type: [integer, string]}",
        "schema: {type: string}",
        &[],
    ),
    (
        "schema: {type: array, items: {type: integer}}",
        "schema: {type: array, items: {type: string}}",
        &[],
    ),
    (
        "schema: {type: integer}",
        "schema: {type: string, pattern: '^-?[0-9]+$'}",
        &[],
    ),
    (
        "schema: {type: boolean}",
        "schema: {enum: ['true', 'false', 'maybe']}",
        &[],
    ),
    ("schema: {enum: ['1', '2']}", "schema: {type: integer}", &[]),
    (
        "schema: {type: integer}",
        "schema: {type: string, minLength: 2}",
        &["request-parameter-min-length-increased"],
    ),
    (
        "schema: {type: integer, minimum: 10}",
        "schema: {type: string, minLength: 2}",
        &["request-parameter-min-length-increased"],
    ),
    (
        "schema: {type: boolean}",
        "schema: {enum: ['true']}",
        &["request-parameter-enum-value-removed"],
    ),
    (
        "schema: {enum: ['1', a]}",
        "schema: {type: integer}",
        &[TYPE],
    ),
    ("schema: {type: string}", "schema: {type: integer}", &[TYPE]),
    (
        "schema: {type: integer}",
        "schema: {type: boolean}",
        &[TYPE],
    ),
    (
        "content: {application/json: {schema: {type: integer}}}",
        "content: {application/json: {schema: {type: string}}}",
        &[TYPE],
    ),
];

#[test]
fn a_parameter_is_judged_by_the_texts_that_come_over() {
    judged(query, TEXTS);
}

#[test]
fn a_field_of_a_form_and_a_header_are_judged_by_their_texts() {
    judged(form, &[("type: integer", "type: string", &[])]);
    judged(
        form,
        &[(
            "type: string",
            "type: integer",
            &["request-property-type-changed"],
        )],
    );
    judged(header, &[("{type: string}", "{type: integer}", &[])]);
    judged(
        header,
        &[(
            "{type: integer}",
            "{type: string}",
            &["response-header-type-changed"],
        )],
    );
}

#[test]
fn a_text_that_may_or_may_not_fit_is_undecided() {
    for (old, new) in [
        (
            "schema: {type: integer, minimum: 10}",
            "schema: {type: string, minLength: 2}",
        ),
        (
            "schema: {type: string, pattern: '^[0-9]+$'}",
            "schema: {type: integer}",
        ),
    ] {
        let findings = diff(&query(old), &query(new));
        let levels: Vec<&str> = findings.iter().map(|it| it.level.as_str()).collect();
        assert_eq!(levels, ["undecided"], "{old}\n{new}");
    }
}

#[test]
fn no_segment_of_a_path_is_empty() {
    judged(
        path,
        &[
            (
                "schema: {type: string}",
                "schema: {type: string, minLength: 1}",
                &[],
            ),
            (
                "schema: {type: array, items: {type: string}}",
                "schema: {type: array, items: {type: string}, minItems: 1}",
                &[],
            ),
            (
                "schema: {type: string}",
                "schema: {type: string, minLength: 2}",
                &["request-parameter-min-length-increased"],
            ),
        ],
    );
}

#[test]
fn a_style_counts_where_it_changes_the_text() {
    judged(
        path,
        &[
            (
                "schema: {type: integer}",
                "style: label, schema: {type: integer}",
                &[STYLE],
            ),
            (
                "schema: {type: integer}",
                "style: matrix, schema: {type: integer}",
                &[STYLE],
            ),
            (
                "schema: {type: array}",
                "explode: true, schema: {type: array}",
                &[],
            ),
            (
                "schema: {type: object}",
                "explode: true, schema: {type: object}",
                &[STYLE],
            ),
        ],
    );
    judged(
        query,
        &[
            (
                "schema: {enum: [a, b]}",
                "explode: false, schema: {enum: [a, b]}",
                &[],
            ),
            (
                "schema: {allOf: [{type: string}]}",
                "explode: false, schema: {allOf: [{type: string}]}",
                &[],
            ),
            (
                "style: deepObject, schema: {type: object}",
                "style: deepObject, explode: true, schema: {type: object}",
                &[],
            ),
            (
                "schema: {allOf: [{type: array}]}",
                "explode: false, schema: {allOf: [{type: array}]}",
                &[STYLE],
            ),
        ],
    );
}

#[test]
fn the_name_of_a_matrix_is_in_the_text() {
    let with = |name: &str, style: &str| {
        let parameter = format!(
            "{{name: {name}, in: path, required: true, style: {style}, schema: {{type: integer}}}}"
        );
        document(&format!(
            "  /a/{{{name}}}:\n    get: {{parameters: [{parameter}], responses: {{}}}}\n"
        ))
    };
    let renamed = |style| diff(&with("a", style), &with("b", style));
    assert_eq!(alarms(&renamed("matrix")), [STYLE]);
    assert!(alarms(&renamed("simple")).is_empty());
}

#[test]
fn one_value_is_as_good_as_a_list_of_it() {
    judged(
        query,
        &[
            (
                "schema: {type: string}",
                "schema: {type: array, items: {type: string}, minItems: 1, uniqueItems: true}",
                &[],
            ),
            (
                "schema: {type: integer}",
                "explode: false, schema: {type: array, items: {type: integer}}",
                &[],
            ),
            (
                "schema: {type: string}",
                "schema: {type: array, contains: {type: string}}",
                &[],
            ),
            (
                "schema: {type: string}",
                "schema: {type: array, items: {type: integer}}",
                &["request-parameter-property-type-changed"],
            ),
            (
                "schema: {type: string}",
                "schema: {type: array, prefixItems: [{type: integer}]}",
                &["request-parameter-items-narrowed"],
            ),
            (
                "schema: {type: string}",
                "schema: {type: array, maxItems: 0}",
                &["request-parameter-max-items-decreased"],
            ),
            (
                "schema: {type: string}",
                "schema: {type: array, contains: {type: integer}}",
                &["request-parameter-contains-narrowed"],
            ),
            (
                "schema: {type: string}",
                "schema: {type: array, contains: {type: string}, minContains: 2}",
                &["request-parameter-contains-narrowed"],
            ),
            (
                "schema: {type: string}",
                "schema: {type: array, enum: [[a, b]]}",
                &["request-parameter-enum-value-removed"],
            ),
            (
                "schema: {type: string}",
                "schema: {type: array, allOf: [{minItems: 2}]}",
                &["request-parameter-min-items-increased"],
            ),
            (
                "schema: {type: string}",
                "explode: false, schema: {type: array, items: {type: string}}",
                &[TYPE],
            ),
        ],
    );
}

#[test]
fn what_could_be_sent_unescaped_or_empty_still_can() {
    const ESCAPED: &str = "request-parameter-reserved-refused";
    const EMPTY: &str = "request-parameter-empty-value-refused";
    judged(
        query,
        &[
            (
                "allowReserved: true, schema: {type: string}",
                "schema: {type: string}",
                &[ESCAPED],
            ),
            (
                "allowReserved: true, schema: {type: integer}",
                "schema: {type: integer}",
                &[],
            ),
            (
                "allowEmptyValue: true, schema: {type: integer}",
                "schema: {type: integer}",
                &[EMPTY],
            ),
            (
                "allowEmptyValue: true, schema: {type: string}",
                "schema: {type: string}",
                &[],
            ),
        ],
    );
}

#[test]
fn the_names_of_headers_do_not_depend_on_case() {
    let with = |kind: &str| {
        let shared = "{name: X-A, in: header, schema: {type: string}}";
        let own = format!("{{name: x-a, in: header, schema: {{type: {kind}}}}}");
        document(&format!(
            "  /a:\n    parameters: [{shared}]\n    get: {{parameters: [{own}], responses: {{}}}}\n"
        ))
    };
    assert_eq!(alarms(&diff(&with("string"), &with("integer"))), [TYPE]);
}

//! API contracts compared by the real program: pitfalls, rules both ways, and what breaks nobody.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use serde_json::Value;
use support::Project;

/// A contract with these paths.
fn openapi(paths: &str) -> String {
    format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n{paths}")
}

/// A contract whose only operation is this.
fn operation(text: &str) -> String {
    openapi(&format!(
        "  /a:\n    post:\n      {}\n",
        text.replace('\n', "\n      ")
    ))
}

/// A contract with this schema in the body of a request.
fn request(schema: &str) -> String {
    let content = format!("content: {{application/json: {{schema: {schema}}}}}");
    operation(&format!("requestBody: {{{content}}}\nresponses: {{}}"))
}

/// A contract with this schema in the body of a response.
fn response(schema: &str) -> String {
    let content = format!("content: {{application/json: {{schema: {schema}}}}}");
    operation(&format!(
        "responses: {{'200': {{description: d, {content}}}}}"
    ))
}

struct Diff {
    exit: Option<i32>,
    told: Value,
    errors: String,
}

impl Diff {
    fn of(old: &str, new: &str) -> Self {
        let project = Project::new().file("old.yaml", old).file("new.yaml", new);
        let args = [
            "contract", "diff", "old.yaml", "new.yaml", "--format", "json",
        ];
        let output = project.command(&args).output().unwrap();
        Self {
            exit: output.status.code(),
            told: serde_json::from_slice(&output.stdout).unwrap_or_default(),
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The rules of a level.
    fn rules(&self, level: &str) -> Vec<&str> {
        let findings = self.told["findings"].as_array().unwrap();
        let own = findings.iter().filter(|finding| finding["level"] == level);
        own.map(|finding| finding["rule"].as_str().unwrap())
            .collect()
    }
}

#[track_caller]
fn breaks(old: &str, new: &str, rule: &str) {
    let diff = Diff::of(old, new);
    assert_eq!(diff.rules("error"), [rule], "{:#}", diff.told);
    assert_eq!(diff.exit, Some(1));
}

#[track_caller]
fn harmless(old: &str, new: &str) {
    let diff = Diff::of(old, new);
    assert_eq!(diff.exit, Some(0), "{:#} {}", diff.told, diff.errors);
    for level in ["error", "warning", "undecided"] {
        assert!(diff.rules(level).is_empty(), "{:#}", diff.told);
    }
}

#[test]
fn b97_a_parameter_by_reference_is_compared() {
    let with = |kind: &str| {
        let parameter = format!("{{name: q, in: query, schema: {{type: {kind}}}}}");
        let used = operation("parameters: [{$ref: '#/components/parameters/q'}]\nresponses: {}");
        format!("{used}components: {{parameters: {{q: {parameter}}}}}\n")
    };
    harmless(&with("string"), &with("string"));
    breaks(
        &with("string"),
        &with("integer"),
        "request-parameter-type-changed",
    );
}

#[test]
fn b98_only_methods_are_methods_and_parameters_of_the_path_count() {
    let with = |rest: &str| openapi(&format!("  /a:\n{rest}    get: {{responses: {{}}}}\n"));
    harmless(&with("    summary: s\n    servers: []\n"), &with(""));
    let required = "    parameters: [{name: q, in: query, required: true, schema: {}}]\n";
    breaks(&with(""), &with(required), "new-required-request-parameter");
}

#[test]
fn b99_parameters_of_one_name_in_two_places_are_two() {
    let path = "{name: id, in: path, required: true, schema: {type: string}}";
    let with = |kind: &str| {
        let query = format!("{{name: id, in: query, schema: {{type: {kind}}}}}");
        openapi(&format!(
            "  /a/{{id}}:\n    get: {{parameters: [{path}, {query}], responses: {{}}}}\n"
        ))
    };
    breaks(
        &with("string"),
        &with("boolean"),
        "request-parameter-type-changed",
    );
}

#[test]
fn b100_a_change_of_type_is_found_with_a_value_that_shows_it() {
    let diff = Diff::of(&request("{type: number}"), &request("{type: integer}"));
    let finding = &diff.told["findings"][0];
    assert_eq!(finding["rule"], "request-body-type-changed");
    assert_eq!(finding["witness"]["valid_in"], "old");
    assert!(finding["witness"]["instance"].is_f64());
    assert_eq!(finding["old"]["path"], "old.yaml");
    assert_eq!(finding["old"]["line"], 6);
    assert_eq!(diff.told["breaking"], 1);
}

#[test]
fn b101_bodies_answers_values_security_and_every_method_are_compared() {
    let head = openapi("  /a: {head: {responses: {}}, options: {responses: {}}}\n");
    let diff = Diff::of(&head, &openapi("  /a: {options: {responses: {}}}\n"));
    assert_eq!(diff.rules("error"), ["api-removed-without-deprecation"]);
    let plain = operation("responses: {'200': {description: d}}");
    let body = "requestBody: {required: true, content: {application/json: {schema: {}}}}\n";
    let with_body = operation(&format!("{body}responses: {{'200': {{description: d}}}}"));
    breaks(&plain, &with_body, "request-body-added-required");
    breaks(
        &plain,
        &operation("responses: {'404': {description: d}}"),
        "response-success-status-removed",
    );
    breaks(
        &request("{enum: [a, b]}"),
        &request("{enum: [a]}"),
        "request-body-enum-value-removed",
    );
    breaks(
        &response("{enum: [a]}"),
        &response("{enum: [a, b]}"),
        "response-body-enum-value-added",
    );
    let secured = operation("security: [{key: []}]\nresponses: {'200': {description: d}}");
    breaks(&plain, &secured, "api-security-tightened");
    harmless(&secured, &plain);
}

#[test]
fn b102_another_name_for_a_part_of_the_path_breaks_nobody() {
    let with = |name: &str| {
        let parameter =
            format!("{{name: {name}, in: path, required: true, schema: {{type: string}}}}");
        openapi(&format!(
            "  /a/{{{name}}}:\n    get: {{parameters: [{parameter}], responses: {{}}}}\n"
        ))
    };
    harmless(&with("id"), &with("userId"));
}

#[test]
fn b103_a_contract_that_can_not_be_read_is_no_breaking_change() {
    let project = Project::new().file("new.yaml", openapi("  {}\n"));
    let args = [
        "contract",
        "diff",
        "missing.yaml",
        "new.yaml",
        "--format",
        "json",
    ];
    let output = project.command(&args).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("missing.yaml"));
}

#[test]
fn b105_what_is_no_contract_is_said_to_be_none_and_webhooks_alone_are_one() {
    let check = |text: &str| {
        let project = Project::new().file("a.yaml", text);
        let output = project
            .command(&["contract", "check", "a.yaml"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), said)
    };
    for text in [
        "",
        "---\n",
        "[openapi, paths]",
        "a: 1",
        "openapi: 4.0.0\ninfo: {}\npaths: {}",
    ] {
        let (code, said) = check(text);
        assert_eq!(code, Some(1), "{text:?}");
        assert!(said.contains("a.yaml:1:"), "{text:?} {said}");
    }
    let info = "info: {title: t, version: '1'}";
    assert_eq!(
        check(&format!("openapi: 3.1.0\n{info}\nwebhooks: {{}}\n")).0,
        Some(0)
    );
    assert_eq!(
        check(&format!("openapi: 3.0.3\n{info}\nwebhooks: {{}}\n")).0,
        Some(1)
    );
}

#[test]
fn b106_scalars_are_those_of_yaml_1_2() {
    let number = operation("responses: {200: {description: d}}");
    harmless(&number, &operation("responses: {'200': {description: d}}"));
    harmless(
        &request("{enum: [no, 0o17]}"),
        &request("{enum: ['no', 15]}"),
    );
    breaks(
        &request("{enum: [no]}"),
        &request("{enum: [false]}"),
        "request-body-enum-value-removed",
    );
    breaks(
        &request("{const: '1.10'}"),
        &request("{const: 1.1}"),
        "request-body-enum-value-removed",
    );
}

#[test]
fn b107_what_is_sent_may_widen_and_what_is_received_may_narrow() {
    let (open, tight) = (
        "{type: object, properties: {a: {}}}",
        "{type: object, properties: {a: {}}, required: [a]}",
    );
    breaks(
        &request(open),
        &request(tight),
        "request-property-became-required",
    );
    harmless(&request(tight), &request(open));
    breaks(
        &response(tight),
        &response(open),
        "response-property-became-optional",
    );
    harmless(&response(open), &response(tight));
    let query = "parameters: [{name: q, in: query, required: true, schema: {}}]\n";
    let diff = Diff::of(
        &operation(&format!("{query}responses: {{}}")),
        &operation("responses: {}"),
    );
    assert_eq!(diff.rules("warning"), ["request-parameter-removed"]);
    assert_eq!(diff.exit, Some(0));
}

#[test]
fn b109_a_contract_with_a_mistake_of_syntax_is_never_without_changes() {
    let diff = Diff::of(&openapi("  {}\n"), "openapi: 3.1.0\npaths: [\n");
    assert_eq!(diff.exit, Some(2));
    assert_eq!(diff.told, Value::Null);
    assert!(diff.errors.contains("new.yaml:"), "{}", diff.errors);
    let nowhere = request("{$ref: '#/components/schemas/none'}");
    let diff = Diff::of(&nowhere, &nowhere);
    assert_eq!(diff.exit, Some(2));
    assert!(diff.errors.contains("old.yaml:6:"), "{}", diff.errors);
}

/// A wide schema, a narrow one, and the rules on the way to and fro.
const LIMITS: &[(&str, &str, &str, &str)] = &[
    (
        "{type: integer, minimum: 1}",
        "{type: integer, minimum: 2}",
        "min-increased",
        "min-decreased",
    ),
    (
        "{type: integer, maximum: 2}",
        "{type: integer, maximum: 1}",
        "max-decreased",
        "max-increased",
    ),
    (
        "{type: string, maxLength: 2}",
        "{type: string, maxLength: 1}",
        "max-length-decreased",
        "max-length-increased",
    ),
    (
        "{type: string}",
        "{type: string, pattern: '^a'}",
        "pattern-changed",
        "pattern-changed",
    ),
    (
        "{type: array}",
        "{type: array, uniqueItems: true}",
        "unique-items-set",
        "unique-items-removed",
    ),
    (
        "{type: array}",
        "{type: array, maxItems: 3}",
        "max-items-decreased",
        "max-items-increased",
    ),
    (
        "{type: object}",
        "{type: object, minProperties: 1}",
        "min-properties-increased",
        "min-properties-decreased",
    ),
    (
        "{type: number}",
        "{type: number, multipleOf: 2}",
        "multiple-of-changed",
        "multiple-of-changed",
    ),
    (
        "{type: object}",
        "{type: object, additionalProperties: false}",
        "additional-properties-narrowed",
        "additional-properties-widened",
    ),
    (
        "{type: string}",
        "{type: string, not: {const: a}}",
        "not-added",
        "not-removed",
    ),
    (
        "{anyOf: [{type: string}, {type: 'null'}]}",
        "{anyOf: [{type: string}]}",
        "any-of-removed",
        "any-of-added",
    ),
];

#[test]
fn limits_break_in_one_direction_only() {
    for (wide, narrow, sent, received) in LIMITS {
        breaks(
            &request(wide),
            &request(narrow),
            &format!("request-body-{sent}"),
        );
        harmless(&request(narrow), &request(wide));
        breaks(
            &response(narrow),
            &response(wide),
            &format!("response-body-{received}"),
        );
        harmless(&response(wide), &response(narrow));
    }
}

#[test]
fn what_is_only_written_in_another_way_breaks_nobody() {
    let pairs = [
        (
            "{allOf: [{type: string}, {minLength: 1}]}",
            "{type: string, minLength: 1}",
        ),
        ("{oneOf: [{const: a}, {const: b}]}", "{enum: [b, a]}"),
        (
            "{type: integer, exclusiveMinimum: 0}",
            "{type: integer, minimum: 1}",
        ),
        (
            "{type: [string, 'null']}",
            "{anyOf: [{type: 'null'}, {type: string}]}",
        ),
        (
            "{type: object, required: [a]}",
            "{type: object, required: [a], minProperties: 1}",
        ),
        (
            "{type: string, pattern: '^[ab]$'}",
            "{type: string, pattern: '^(a|b)$'}",
        ),
        ("{not: {not: {type: string}}}", "{type: string}"),
    ];
    for (one, other) in pairs {
        for side in [request, response] {
            harmless(&side(one), &side(other));
            harmless(&side(other), &side(one));
        }
    }
}

#[test]
fn a_change_of_a_shared_schema_is_told_once_with_all_that_it_reaches() {
    let with = |kind: &str| {
        let body = "{content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}";
        let paths: String = ["a", "b", "c"]
            .map(|path| format!("  /{path}: {{post: {{requestBody: {body}, responses: {{}}}}}}\n"))
            .concat();
        let schema = format!(
            "{{type: object, properties: {{n: {{type: {kind}}}, s: {{$ref: '#/components/schemas/S'}}}}}}"
        );
        format!(
            "{}components: {{schemas: {{S: {schema}}}}}\n",
            openapi(&paths)
        )
    };
    harmless(&with("number"), &with("number"));
    let diff = Diff::of(&with("number"), &with("integer"));
    assert_eq!(
        diff.rules("error"),
        ["request-property-type-changed"],
        "{:#}",
        diff.told
    );
    let operations = diff.told["findings"][0]["operations"].as_array().unwrap();
    assert_eq!(operations.len(), 3);
    assert_eq!(diff.told["findings"][0]["location"], "request.body.n");
}

#[test]
fn a_reference_says_the_same_as_what_it_names() {
    let named = format!(
        "{}components: {{schemas: {{S: {{type: string, minLength: 1}}}}}}\n",
        request("{$ref: '#/components/schemas/S'}")
    );
    harmless(&named, &request("{minLength: 1, type: string}"));
    harmless(&request("{minLength: 1, type: string}"), &named);
}

#[test]
fn swagger_2_is_compared_by_the_same_rules_and_with_openapi_3() {
    let swagger = |kind: &str| {
        let body = format!("{{name: b, in: body, schema: {{type: {kind}}}}}");
        let head = "swagger: '2.0'\ninfo: {title: t, version: '1'}\n";
        format!("{head}paths: {{/a: {{post: {{parameters: [{body}], responses: {{}}}}}}}}\n")
    };
    breaks(
        &swagger("number"),
        &swagger("integer"),
        "request-body-type-changed",
    );
    harmless(&swagger("number"), &request("{type: number}"));
    let three = request("{type: string, nullable: true}").replace("3.1.0", "3.0.3");
    harmless(&three, &request("{type: [string, 'null']}"));
}

#[test]
fn what_can_not_be_decided_is_said_and_breaks_nothing() {
    let diff = Diff::of(
        &request("{type: string}"),
        &request("{type: string, pattern: '^(?!a)'}"),
    );
    assert_eq!(diff.rules("undecided").len(), 1, "{:#}", diff.told);
    assert!(diff.rules("error").is_empty());
    assert_eq!(diff.exit, Some(0));
}

#[test]
fn people_read_the_endpoint_the_proof_and_both_places() {
    let project = Project::new()
        .file("old.yaml", request("{enum: [a, b]}"))
        .file("new.yaml", request("{enum: [a]}"));
    let output = project
        .command(&["contract", "diff", "old.yaml", "new.yaml"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    for part in [
        "POST /a\n",
        "proof: \"b\" is valid in old, not in new",
        "old: old.yaml:6",
        "new: new.yaml:6",
        "1 breaking",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
}

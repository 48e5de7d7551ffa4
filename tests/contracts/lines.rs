//! What `sdd contract diff` says of a break can be repeated as it stands.

use super::support::Project;

const SECURITY: &str = "components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: key}
    cookie: {type: apiKey, in: cookie, name: sid}
    bearer: {type: http, scheme: bearer}
    basic: {type: http, scheme: basic}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://a/t', scopes: {}}}}
";

/// What is said of one operation that was so, where the text is replaced by another.
fn said(servers: &str, operation: &str, (from, to): (&str, &str), format: &str) -> String {
    assert!(operation.contains(from), "{from}");
    let text = |operation: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\n{servers}\npaths:\n  /a:\n    post: {{{operation}, responses: {{'200': {{description: d}}}}}}\n{SECURITY}"
        )
    };
    let project = Project::new()
        .file("old.yaml", text(operation))
        .file("new.yaml", text(&operation.replace(from, to)));
    let args = [
        "contract", "diff", "old.yaml", "new.yaml", "--format", format,
    ];
    let finished = project.sdd(&args);
    assert_eq!(finished.code(), Some(1), "{}", finished.stderr());
    finished.stdout()
}

fn body(kind: &str, schema: &str) -> String {
    format!("requestBody: {{required: true, content: {{{kind}: {{schema: {schema}}}}}}}")
}

#[test]
fn a_value_is_printed_letter_by_letter_and_a_terminal_only_shows_it() {
    let schema = "{anyOf: [{type: integer}, {const: '    '}]}";
    let blanks = body("application/json", schema);
    for format in ["human", "markdown", "sarif"] {
        let said = said("", &blanks, (", {const: '    '}", ""), format);
        let quote = if format == "sarif" { "\\\"" } else { "\"" };
        let blanks = format!("{quote}    {quote}");
        assert!(
            said.contains(&format!("{blanks} is valid in old")),
            "{said}"
        );
        assert!(said.contains(&format!("--data-raw '{blanks}'")), "{said}");
    }
    let hostile = body("text/plain", "{enum: [\"a\\x9b2J\\e]0;|`\\n\\u202e'\", b]}");
    let from = "\"a\\x9b2J\\e]0;|`\\n\\u202e'\", ";
    for format in ["human", "markdown"] {
        let said = said("", &hostile, (from, ""), format);
        let proof = r#""a\u009b2J\u001b]0;|`\n\u202e'" is valid in old"#;
        let line = r"--data-raw $'a\302\2332J\033]0;|`\n\342\200\256\'' http://localhost/a";
        assert!(said.contains(proof), "{said}");
        assert!(said.contains(line), "{said}");
    }
}

#[test]
fn a_line_goes_to_the_first_server_with_what_lets_it_in() {
    let sent = |more: &str| {
        let body = body("application/json", "{enum: [1, 2]}");
        format!("{more}{body}")
    };
    for (servers, security, expected) in [
        ("", "", "http://localhost/a"),
        (
            "servers: [{url: 'https://b/v1/'}, {url: 'https://a'}]",
            "",
            "https://b/v1/a",
        ),
        ("servers: [{url: /v1}]", "", "http://localhost/v1/a"),
        (
            "servers: [{url: 'https://{r}.b/v1', variables: {r: {default: eu}}}]",
            "",
            "https://eu.b/v1/a",
        ),
        ("", "key: []", "-H \"x-key: $API_KEY\""),
        ("", "bearer: []", "-H \"Authorization: Bearer $TOKEN\""),
        ("", "oauth: []", "-H \"Authorization: Bearer $TOKEN\""),
        ("", "basic: []", "-u \"$USER:$PASSWORD\""),
        ("", "query: []", "\"http://localhost/a?key=$API_KEY\""),
        ("", "cookie: []", "-H \"Cookie: sid=$API_KEY\""),
        (
            "",
            "key: [], query: []",
            "-H \"x-key: $API_KEY\" --data-raw 1 \"http://localhost/a?key=$API_KEY_2\"",
        ),
    ] {
        let security = format!("security: [{{{security}}}], ");
        let said = said(servers, &sent(&security), ("[1, 2]", "[2]"), "human");
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let open = said(
        "",
        &sent("security: [{key: []}, {}], "),
        ("[1, 2]", "[2]"),
        "human",
    );
    assert!(!open.contains("API_KEY"), "{open}");
}

#[test]
fn what_a_parameter_can_not_hold_is_said_instead_of_a_line_that_shows_nothing() {
    for (parameter, change, expected) in [
        (
            "in: query, schema: {type: [string, 'null']}",
            ("[string, 'null']", "string"),
            "`null` can't be written in a URL",
        ),
        (
            "in: header, schema: {enum: ['é', b]}",
            ("'é', ", ""),
            "`\"é\"` can't be written in a header",
        ),
        (
            "in: query, schema: {enum: [[[1]], b]}",
            ("[[1]], ", ""),
            "`[[1]]` can't be written in a URL",
        ),
    ] {
        let operation = format!("parameters: [{{name: q, {parameter}}}]");
        let said = said("", &operation, change, "human");
        assert!(
            said.contains(&format!("no request: {expected}\n")),
            "{said}"
        );
        assert!(!said.contains("curl"), "{said}");
    }
}

#[test]
fn parameters_and_bodies_are_written_as_the_contract_says() {
    let object = "name: m, explode: false, schema: {type: object, required: [x, y], properties: {x: {const: 1}, y: {enum: ['k,l', b]}}}";
    let form = "{type: object, required: [a], properties: {a: {enum: ['k&l', b]}}}";
    let parts =
        "{type: object, required: [a, m], properties: {a: {enum: ['@\"k', b]}, m: {type: object}}}";
    for (operation, from, expected) in [
        (
            format!("parameters: [{{in: query, {object}}}]"),
            "'k,l', ",
            "'http://localhost/a?m=x,1,y,k%2Cl'",
        ),
        (
            "parameters: [{name: c, in: cookie, schema: {enum: ['a; b', b]}}]".to_owned(),
            "'a; b', ",
            "-H 'Cookie: c=a%3B%20b'",
        ),
        (
            body("text/plain", "{enum: ['a  b', b]}"),
            "'a  b', ",
            "-H 'Content-Type: text/plain' --data-raw 'a  b' http",
        ),
        (
            body("application/x-www-form-urlencoded", form),
            "'k&l', ",
            "--data-raw a=k%26l http",
        ),
        (
            body("multipart/form-data", parts),
            "'@\"k', ",
            r#"-F 'a="@\"k"' -F 'm="{}";type=application/json' http"#,
        ),
    ] {
        let said = said("", &operation, (from, ""), "human");
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let xml = said(
        "",
        &body("application/xml", "{enum: [a, b]}"),
        ("a, ", ""),
        "human",
    );
    assert!(
        xml.contains("\"a\" is valid in old") && !xml.contains("curl"),
        "{xml}"
    );
}

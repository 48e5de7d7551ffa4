//! Which answer, and which content of it, is compared with which.

use crate::contract::{alarms, diff, document, operation};
use crate::judged;

const A: &str = "{schema: {type: integer}}";
const B: &str = "{schema: {type: string}}";

/// Writes `A` and `B` out.
fn filled(text: &str) -> String {
    text.replace("'A'", A).replace("'B'", B)
}

fn answers(statuses: &str) -> String {
    let content =
        |media: &str| format!("{{description: d, content: {{application/json: {media}}}}}");
    let statuses = statuses.replace("'A'", &content(A));
    operation(&format!(
        "responses: {{{}}}",
        statuses.replace("'B'", &content(B))
    ))
}

fn answered(contents: &str) -> String {
    let contents = filled(contents);
    operation(&format!(
        "responses: {{'200': {{description: d, content: {{{contents}}}}}}}"
    ))
}

fn sent(contents: &str) -> String {
    let contents = filled(contents);
    operation(&format!(
        "requestBody: {{content: {{{contents}}}}}\nresponses: {{}}"
    ))
}

fn hook(answer: &str) -> String {
    document(&format!(
        "  {{}}\nwebhooks:\n  done: {{post: {{responses: {{{}}}}}}}\n",
        filled(answer)
    ))
}

const CAME: &str = "response-body-type-changed";

#[test]
fn a_status_is_compared_with_what_stood_for_it() {
    judged(
        answers,
        &[
            ("2XX: 'A'", "2XX: 'A', 200: 'B'", &[CAME]),
            ("default: 'A'", "default: 'A', 200: 'B'", &[CAME]),
            ("404: 'A'", "default: 'B'", &[CAME]),
            ("default: 'A'", "4XX: 'B'", &[CAME]),
            ("2XX: 'A'", "200: 'B'", &[CAME]),
            (
                "200: 'A', 4XX: 'A'",
                "200: 'A', 404: 'B', 4XX: 'A'",
                &[CAME],
            ),
            ("2XX: 'A'", "200: 'A'", &[]),
            ("200: 'A'", "default: 'A'", &[]),
            ("200: 'A'", "2XX: 'A'", &[]),
            (
                "200: 'A', default: 'B'",
                "200: 'A', 404: 'B', default: 'B'",
                &[],
            ),
            ("2XX: 'A'", "404: 'A'", &["response-success-status-removed"]),
        ],
    );
}

#[test]
fn every_media_type_that_comes_is_compared_with_what_stood_for_it() {
    const GROWN: &str = "response-media-type-generalized";
    const GONE: &str = "response-media-type-removed";
    judged(
        answered,
        &[
            (
                "application/*: 'A'",
                "application/json: 'A', application/xml: 'B'",
                &[CAME],
            ),
            ("'*/*': 'A'", "'*/*': 'A', text/plain: 'B'", &[CAME]),
            ("'*/*': 'A'", "text/*: 'A', text/plain: 'B'", &[CAME]),
            (
                "application/json: 'A'",
                "application/*: 'B'",
                &[GROWN, CAME],
            ),
            (
                "application/json: 'A'",
                "application/json: 'A', application/*: 'B'",
                &[],
            ),
            ("application/*: 'A'", "application/json: 'A'", &[]),
            ("application/*: 'A'", "text/plain: 'A'", &[GONE]),
            ("a/b;version=1: 'A'", "a/b;version=2: 'A'", &[GONE]),
            ("a/b;version=1: 'A'", "a/b; version=\"1\": 'A'", &[]),
            ("a/b: 'A'", "a/b; charset=utf-8: 'A'", &[]),
            ("a/b; charset=utf-8: 'A'", "a/b: 'A'", &[]),
            ("a/b; charset=utf-8: 'A'", "a/b: 'B'", &[CAME]),
        ],
    );
}

#[test]
fn every_media_type_that_is_sent_is_compared_with_the_most_specific_that_it_is_in() {
    const REFUSED: &str = "request-body-type-changed";
    const GONE: &str = "request-body-media-type-removed";
    judged(
        sent,
        &[
            (
                "application/*: 'A'",
                "application/*: 'A', application/json: 'B'",
                &[REFUSED],
            ),
            ("'*/*': 'A'", "'*/*': 'B', application/*: 'A'", &[REFUSED]),
            (
                "application/json: 'A'",
                "'*/*': 'B', application/*: 'A'",
                &[],
            ),
            ("a/b;version=1: 'A'", "a/b;version=2: 'A'", &[GONE]),
            ("a/b;version=1: 'A'", "a/b: 'A'", &[]),
            ("a/b; charset=utf-8: 'A'", "a/b: 'A'", &[]),
            ("a/b: 'A'", "a/b; charset=utf-8: 'A'", &[]),
        ],
    );
}

#[test]
fn what_clients_answer_to_a_webhook_has_to_be_understood() {
    judged(
        hook,
        &[
            (
                "200: {description: d, content: {application/json: 'A'}}",
                "200: {description: d, content: {application/json: 'B'}}",
                &["request-body-type-changed"],
            ),
            (
                "2XX: {description: d, content: {a/b: 'A'}}",
                "2XX: {description: d, content: {a/b: 'A'}}, 200: {description: d, content: {a/b: 'B'}}",
                &["request-body-type-changed"],
            ),
            (
                "200: {description: d, headers: {E: {schema: {}}}}",
                "200: {description: d, headers: {E: {schema: {type: object}}}}",
                &["request-parameter-type-changed"],
            ),
            (
                "200: {description: d, content: {a/b: 'A'}}",
                "200: {description: d}",
                &[],
            ),
        ],
    );
}

#[test]
fn the_expression_of_a_callback_says_where_it_goes() {
    let with = |expressions: &[&str]| {
        let asked = "{post: {responses: {'200': {description: d}}}}";
        let all = expressions.iter().map(|it| format!("'{it}': {asked}"));
        let all: Vec<String> = all.collect();
        operation(&format!(
            "callbacks: {{done: {{{}}}}}\nresponses: {{}}",
            all.join(", ")
        ))
    };
    let (one, other) = ("{$request.body#/url}", "{$request.body#/other}");
    let moved = diff(&with(&[one]), &with(&[other]));
    assert_eq!(alarms(&moved), ["callback-removed", "callback-added"]);
    let both = with(&[one, other]);
    assert!(diff(&both, &both).is_empty());
    let named = |name: &str| {
        let asked = "{post: {responses: {'200': {description: d}}}}";
        let parameter = format!("{{name: {name}, in: path, required: true, schema: {{}}}}");
        document(&format!(
            "  /a/{{{name}}}:\n    post:\n      parameters: [{parameter}]\n      callbacks: {{done: {{'/b/{{$request.path.{name}}}': {asked}}}}}\n      responses: {{}}\n"
        ))
    };
    assert!(alarms(&diff(&named("id"), &named("user"))).is_empty());
}

//! What stands outside of schemas.

use crate::contract::{diff, document, operation};

/// What a fixture is a part of.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    /// The whole below `paths`, and what may follow it.
    Paths,
    /// What is below the only operation.
    Operation,
}
use Part::{Operation, Paths};

/// A rule, what its documents are, both of them, and what is told on the way back: another rule,
/// or nothing at all that is new.
pub(crate) type Row = (&'static str, Part, &'static str, &'static str, &'static str);

const GET: &str = "  /a:\n    get: {responses: {}}\n";
const BOTH: &str = "  /a:\n    get: {responses: {}}\n    put: {responses: {}}\n";
const BODY: &str = "requestBody: {content: {application/json: {}}}\nresponses: {}";
const MUST: &str = "requestBody: {required: true, content: {application/json: {}}}\nresponses: {}";
const WIDER: &str =
    "requestBody: {content: {application/json: {}, application/xml: {}}}\nresponses: {}";
const PART: &str = "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {p: {type: string}}}, encoding: {p: {contentType: image/png}}}}}\nresponses: {}";
const OTHER_PART: &str = "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {p: {type: string}}}, encoding: {p: {contentType: image/jpeg}}}}}\nresponses: {}";
const ANSWERED_PART: &str = "responses: {'200': {description: d, content: {multipart/form-data: {schema: {}, encoding: {p: {contentType: image/png}}}}}}";
const OTHER_ANSWERED_PART: &str = "responses: {'200': {description: d, content: {multipart/form-data: {schema: {}, encoding: {p: {contentType: image/jpeg}}}}}}";
const OK: &str = "responses: {'200': {description: d}}";
const JSON: &str = "responses: {'200': {description: d, content: {application/json: {}}}}";
const JSON_OR_XML: &str =
    "responses: {'200': {description: d, content: {application/json: {}, application/xml: {}}}}";
const HEADER: &str = "responses: {'200': {description: d, headers: {E: {schema: {}}}}}";
const SURE_HEADER: &str =
    "responses: {'200': {description: d, headers: {E: {required: true, schema: {}}}}}";
const LINK: &str = "responses: {'200': {description: d, links: {next: {operationId: a}}}}";
const OTHER_LINK: &str = "responses: {'200': {description: d, links: {next: {operationId: b}}}}";
const GONE_LATER: &str =
    "  /a:\n    get: {deprecated: true, x-sunset: '9999-01-01', responses: {}}\n";
const GONE: &str = "  /a:\n    get: {deprecated: true, responses: {}}\n";
const HOOK: &str = "  {}\nwebhooks:\n  done: {post: {responses: {'200': {description: d}}}}\n";
const NO_HOOK: &str = "  {}\nwebhooks: {}\n";
const HOOK_BODY: &str = "  {}\nwebhooks:\n  done: {post: {requestBody: {content: {application/json: {}}}, responses: {'200': {description: d}}}}\n";
const HOOK_MUST: &str = "  {}\nwebhooks:\n  done: {post: {requestBody: {required: true, content: {application/json: {}}}, responses: {'200': {description: d}}}}\n";
const HOOK_WIDER: &str = "  {}\nwebhooks:\n  done: {post: {requestBody: {content: {application/json: {}, application/xml: {}}}, responses: {'200': {description: d}}}}\n";
const HOOK_HEADER: &str = "  {}\nwebhooks:\n  done: {post: {parameters: [{name: s, in: header, schema: {}}], responses: {'200': {description: d}}}}\n";
const HOOK_SURE: &str = "  {}\nwebhooks:\n  done: {post: {parameters: [{name: s, in: header, required: true, schema: {}}], responses: {'200': {description: d}}}}\n";
const HOOK_ANSWERS: &str = "  {}\nwebhooks:\n  done: {post: {responses: {'200': {description: d}, '204': {description: d}}}}\n";
const HOOK_EXPLODED: &str = "  {}\nwebhooks:\n  done: {post: {parameters: [{name: s, in: header, explode: true, schema: {}}], responses: {'200': {description: d}}}}\n";
const HOOK_ANSWERS_JSON: &str = "  {}\nwebhooks:\n  done: {post: {responses: {'200': {description: d, content: {application/json: {}}}}}}\n";
const HOOK_ANSWERS_XML: &str = "  {}\nwebhooks:\n  done: {post: {responses: {'200': {description: d, content: {application/xml: {}}}}}}\n";
const HOOK_ANSWERS_SURE: &str = "  {}\nwebhooks:\n  done: {post: {responses: {'200': {description: d, headers: {E: {required: true, schema: {}}}}}}}\n";
const CALLBACK: &str = "callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: d}}}}}}\nresponses: {}";

pub(crate) const FIXTURES: &[Row] = &[
    (
        "api-path-removed-without-deprecation",
        Paths,
        GET,
        "  {}\n",
        "endpoint-added",
    ),
    (
        "api-removed-without-deprecation",
        Paths,
        BOTH,
        GET,
        "endpoint-added",
    ),
    (
        "api-removed-before-sunset",
        Paths,
        GONE_LATER,
        "  {}\n",
        "endpoint-added",
    ),
    (
        "api-removed-with-deprecation",
        Paths,
        GONE,
        "  {}\n",
        "endpoint-added",
    ),
    (
        "api-removed-after-sunset",
        Paths,
        "  /a:\n    get: {deprecated: true, x-sunset: '2026-11-27', responses: {}}\n",
        "  {}\n",
        "endpoint-added",
    ),
    (
        "api-removed-unstable",
        Paths,
        "  /a:\n    get: {x-stability-level: alpha, responses: {}}\n",
        "  {}\n",
        "endpoint-added",
    ),
    (
        "endpoint-added",
        Paths,
        GET,
        BOTH,
        "api-removed-without-deprecation",
    ),
    (
        "endpoint-deprecated",
        Paths,
        GET,
        GONE,
        "endpoint-reactivated",
    ),
    (
        "endpoint-reactivated",
        Paths,
        GONE,
        GET,
        "endpoint-deprecated",
    ),
    (
        "api-sunset-unreadable",
        Paths,
        GONE,
        "  /a:\n    get: {deprecated: true, x-sunset: soon, responses: {}}\n",
        "api-sunset-unreadable",
    ),
    ("api-sunset-deleted", Paths, GONE_LATER, GONE, ""),
    (
        "api-sunset-moved-earlier",
        Paths,
        GONE_LATER,
        "  /a:\n    get: {deprecated: true, x-sunset: '2100-01-01', responses: {}}\n",
        "",
    ),
    (
        "api-deprecated-sunset-missing",
        Operation,
        "x-stability-level: beta\nresponses: {}",
        "x-stability-level: beta\ndeprecated: true\nresponses: {}",
        "endpoint-reactivated",
    ),
    (
        "api-sunset-date-too-small",
        Operation,
        "x-stability-level: beta\nresponses: {}",
        "x-stability-level: beta\ndeprecated: true\nx-sunset: '2026-12-26'\nresponses: {}",
        "endpoint-reactivated",
    ),
    (
        "api-stability-decreased",
        Operation,
        "x-stability-level: stable\nresponses: {}",
        "x-stability-level: alpha\nresponses: {}",
        "api-stability-increased",
    ),
    (
        "api-stability-increased",
        Operation,
        "x-stability-level: draft\nresponses: {}",
        "responses: {}",
        "api-stability-decreased",
    ),
    (
        "api-stability-unknown",
        Operation,
        "responses: {}",
        "x-stability-level: 1\nresponses: {}",
        "",
    ),
    (
        "operation-id-changed",
        Operation,
        "operationId: a\nresponses: {}",
        "operationId: b\nresponses: {}",
        "operation-id-changed",
    ),
    (
        "request-parameter-removed",
        Operation,
        "parameters: [{name: q, in: query, schema: {}}]\nresponses: {}",
        "responses: {}",
        "new-optional-request-parameter",
    ),
    (
        "request-parameter-removed-with-deprecation",
        Operation,
        "parameters: [{name: q, in: query, deprecated: true, schema: {}}]\nresponses: {}",
        "responses: {}",
        "new-optional-request-parameter",
    ),
    (
        "request-parameter-removed-before-sunset",
        Operation,
        "parameters: [{name: q, in: query, deprecated: true, x-sunset: '9999-01-01', schema: {}}]\nresponses: {}",
        "responses: {}",
        "new-optional-request-parameter",
    ),
    (
        "new-required-request-parameter",
        Operation,
        "responses: {}",
        "parameters: [{name: q, in: query, required: true, schema: {}}]\nresponses: {}",
        "request-parameter-removed",
    ),
    (
        "new-optional-request-parameter",
        Operation,
        "responses: {}",
        "parameters: [{name: q, in: query, schema: {}}]\nresponses: {}",
        "request-parameter-removed",
    ),
    (
        "request-parameter-became-required",
        Operation,
        "parameters: [{name: q, in: query, schema: {}}]\nresponses: {}",
        "parameters: [{name: q, in: query, required: true, schema: {}}]\nresponses: {}",
        "request-parameter-became-optional",
    ),
    (
        "request-parameter-became-optional",
        Operation,
        "parameters: [{name: q, in: query, required: true, schema: {}}]\nresponses: {}",
        "parameters: [{name: q, in: query, schema: {}}]\nresponses: {}",
        "request-parameter-became-required",
    ),
    (
        "request-parameter-style-changed",
        Operation,
        "parameters: [{name: q, in: query, schema: {type: array}}]\nresponses: {}",
        "parameters: [{name: q, in: query, explode: false, schema: {type: array}}]\nresponses: {}",
        "request-parameter-style-changed",
    ),
    (
        "request-parameter-reserved-refused",
        Operation,
        "parameters: [{name: q, in: query, allowReserved: true, schema: {}}]\nresponses: {}",
        "parameters: [{name: q, in: query, schema: {}}]\nresponses: {}",
        "",
    ),
    (
        "request-parameter-empty-value-refused",
        Operation,
        "parameters: [{name: q, in: query, allowEmptyValue: true, schema: {type: integer}}]\nresponses: {}",
        "parameters: [{name: q, in: query, schema: {type: integer}}]\nresponses: {}",
        "",
    ),
    (
        "request-parameter-deprecated",
        Operation,
        "parameters: [{name: q, in: query, schema: {}}]\nresponses: {}",
        "parameters: [{name: q, in: query, deprecated: true, schema: {}}]\nresponses: {}",
        "request-parameter-reactivated",
    ),
    (
        "request-parameter-reactivated",
        Operation,
        "parameters: [{name: q, in: query, deprecated: true, schema: {}}]\nresponses: {}",
        "parameters: [{name: q, in: query, schema: {}}]\nresponses: {}",
        "request-parameter-deprecated",
    ),
    (
        "request-parameter-sunset-unreadable",
        Operation,
        "parameters: [{name: q, in: query, deprecated: true, schema: {}}]\nresponses: {}",
        "parameters: [{name: q, in: query, deprecated: true, x-sunset: soon, schema: {}}]\nresponses: {}",
        "request-parameter-sunset-unreadable",
    ),
    (
        "request-parameter-sunset-deleted",
        Operation,
        "parameters: [{name: q, in: query, deprecated: true, x-sunset: '9999-01-01', schema: {}}]\nresponses: {}",
        "parameters: [{name: q, in: query, deprecated: true, schema: {}}]\nresponses: {}",
        "",
    ),
    (
        "request-parameter-sunset-moved-earlier",
        Operation,
        "parameters: [{name: q, in: query, deprecated: true, x-sunset: '9999-01-01', schema: {}}]\nresponses: {}",
        "parameters: [{name: q, in: query, deprecated: true, x-sunset: '2100-01-01', schema: {}}]\nresponses: {}",
        "",
    ),
    (
        "request-parameter-deprecated-sunset-missing",
        Operation,
        "parameters: [{name: q, in: query, x-stability-level: beta, schema: {}}]\nresponses: {}",
        "parameters: [{name: q, in: query, x-stability-level: beta, deprecated: true, schema: {}}]\nresponses: {}",
        "request-parameter-reactivated",
    ),
    (
        "request-parameter-sunset-date-too-small",
        Operation,
        "parameters: [{name: q, in: query, x-stability-level: beta, schema: {}}]\nresponses: {}",
        "parameters: [{name: q, in: query, x-stability-level: beta, deprecated: true, x-sunset: '2026-12-26', schema: {}}]\nresponses: {}",
        "request-parameter-reactivated",
    ),
    (
        "request-body-added-required",
        Operation,
        "responses: {}",
        MUST,
        "request-body-removed",
    ),
    (
        "request-body-added-optional",
        Operation,
        "responses: {}",
        BODY,
        "request-body-removed",
    ),
    (
        "request-body-removed",
        Operation,
        BODY,
        "responses: {}",
        "request-body-added-optional",
    ),
    (
        "request-body-became-required",
        Operation,
        BODY,
        MUST,
        "request-body-became-optional",
    ),
    (
        "request-body-became-optional",
        Operation,
        MUST,
        BODY,
        "request-body-became-required",
    ),
    (
        "request-body-media-type-removed",
        Operation,
        WIDER,
        BODY,
        "request-body-media-type-added",
    ),
    (
        "request-body-encoding-changed",
        Operation,
        PART,
        OTHER_PART,
        "request-body-encoding-changed",
    ),
    (
        "request-body-media-type-added",
        Operation,
        BODY,
        WIDER,
        "request-body-media-type-removed",
    ),
    (
        "response-success-status-removed",
        Operation,
        "responses: {'200': {description: d}, '201': {description: d}}",
        OK,
        "response-status-added",
    ),
    (
        "response-non-success-status-removed",
        Operation,
        "responses: {'200': {description: d}, '404': {description: d}}",
        OK,
        "response-status-added",
    ),
    (
        "response-status-added",
        Operation,
        OK,
        "responses: {'200': {description: d}, '201': {description: d}}",
        "response-success-status-removed",
    ),
    (
        "response-media-type-removed",
        Operation,
        JSON_OR_XML,
        JSON,
        "response-media-type-added",
    ),
    (
        "response-media-type-generalized",
        Operation,
        JSON,
        "responses: {'200': {description: d, content: {application/*: {}}}}",
        "",
    ),
    (
        "response-media-type-added",
        Operation,
        JSON,
        JSON_OR_XML,
        "response-media-type-removed",
    ),
    (
        "required-response-header-removed",
        Operation,
        SURE_HEADER,
        OK,
        "response-header-added",
    ),
    (
        "optional-response-header-removed",
        Operation,
        HEADER,
        OK,
        "response-header-added",
    ),
    (
        "response-header-added",
        Operation,
        OK,
        HEADER,
        "optional-response-header-removed",
    ),
    (
        "response-header-became-optional",
        Operation,
        SURE_HEADER,
        HEADER,
        "",
    ),
    (
        "response-header-style-changed",
        Operation,
        "responses: {'200': {description: d, headers: {E: {schema: {type: object}}}}}",
        "responses: {'200': {description: d, headers: {E: {explode: true, schema: {type: object}}}}}",
        "response-header-style-changed",
    ),
    (
        "response-body-encoding-changed",
        Operation,
        ANSWERED_PART,
        OTHER_ANSWERED_PART,
        "response-body-encoding-changed",
    ),
    (
        "response-link-removed",
        Operation,
        LINK,
        OK,
        "response-link-added",
    ),
    (
        "response-link-changed",
        Operation,
        LINK,
        OTHER_LINK,
        "response-link-changed",
    ),
    (
        "response-link-added",
        Operation,
        OK,
        LINK,
        "response-link-removed",
    ),
    (
        "api-security-tightened",
        Operation,
        "security: [{oauth: [read]}]\nresponses: {}",
        "security: [{oauth: [read, write]}]\nresponses: {}",
        "api-security-loosened",
    ),
    (
        "api-security-loosened",
        Operation,
        "security: [{key: []}]\nresponses: {}",
        "security: [{key: []}, {}]\nresponses: {}",
        "api-security-tightened",
    ),
    (
        "api-base-path-removed",
        Operation,
        "servers: [{url: 'https://a.example/v1/'}]\nresponses: {}",
        "servers: [{url: 'https://a.example/v2'}]\nresponses: {}",
        "api-base-path-removed",
    ),
    (
        "api-server-removed",
        Operation,
        "servers: [{url: 'https://a.example/v1'}, {url: 'https://b.example/v1'}]\nresponses: {}",
        "servers: [{url: 'https://{host}/v1', variables: {host: {default: a.example, enum: [a.example]}}}]\nresponses: {}",
        "api-server-added",
    ),
    (
        "api-server-added",
        Operation,
        "servers: [{url: 'https://a.example/v1'}]\nresponses: {}",
        "servers: [{url: 'https://a.example/v1'}, {url: 'https://b.example/v1'}]\nresponses: {}",
        "api-server-removed",
    ),
    ("webhook-removed", Paths, HOOK, NO_HOOK, "webhook-added"),
    ("webhook-added", Paths, NO_HOOK, HOOK, "webhook-removed"),
    (
        "callback-removed",
        Operation,
        CALLBACK,
        "responses: {}",
        "callback-added",
    ),
    (
        "callback-added",
        Operation,
        "responses: {}",
        CALLBACK,
        "callback-removed",
    ),
    (
        "webhook-body-removed",
        Paths,
        HOOK_BODY,
        HOOK,
        "webhook-body-added",
    ),
    (
        "webhook-body-added",
        Paths,
        HOOK,
        HOOK_BODY,
        "webhook-body-removed",
    ),
    (
        "webhook-body-became-optional",
        Paths,
        HOOK_MUST,
        HOOK_BODY,
        "",
    ),
    (
        "webhook-media-type-added",
        Paths,
        HOOK_BODY,
        HOOK_WIDER,
        "webhook-media-type-removed",
    ),
    (
        "webhook-media-type-removed",
        Paths,
        HOOK_WIDER,
        HOOK_BODY,
        "webhook-media-type-added",
    ),
    (
        "webhook-parameter-removed",
        Paths,
        HOOK_HEADER,
        HOOK,
        "webhook-parameter-added",
    ),
    (
        "webhook-parameter-became-optional",
        Paths,
        HOOK_SURE,
        HOOK_HEADER,
        "",
    ),
    (
        "webhook-parameter-added",
        Paths,
        HOOK,
        HOOK_HEADER,
        "webhook-parameter-removed",
    ),
    (
        "webhook-parameter-style-changed",
        Paths,
        HOOK_HEADER,
        HOOK_EXPLODED,
        "webhook-parameter-style-changed",
    ),
    (
        "webhook-answer-removed",
        Paths,
        HOOK_ANSWERS,
        HOOK,
        "webhook-answer-added",
    ),
    (
        "webhook-answer-media-type-removed",
        Paths,
        HOOK_ANSWERS_JSON,
        HOOK_ANSWERS_XML,
        "webhook-answer-media-type-removed",
    ),
    (
        "webhook-answer-body-added",
        Paths,
        HOOK,
        HOOK_ANSWERS_JSON,
        "",
    ),
    (
        "webhook-answer-header-became-required",
        Paths,
        HOOK,
        HOOK_ANSWERS_SURE,
        "",
    ),
    (
        "webhook-answer-added",
        Paths,
        HOOK,
        HOOK_ANSWERS,
        "webhook-answer-removed",
    ),
];

#[test]
fn each_is_told_alone_and_its_opposite_on_the_way_back() {
    for (rule, part, old, new, back) in FIXTURES {
        let whole = |text: &str| match part {
            Paths => document(text),
            Operation => operation(text),
        };
        let (old, new) = (whole(old), whole(new));
        let told = |old: &str, new: &str| -> Vec<String> {
            diff(old, new)
                .into_iter()
                .map(|finding| finding.rule)
                .collect()
        };
        assert_eq!(told(&old, &new), [*rule], "{old}\n{new}");
        let expected: &[&str] = if back.is_empty() { &[] } else { &[back] };
        assert_eq!(told(&new, &old), expected, "{new}\n{old}");
    }
}

#[test]
fn a_part_of_which_nothing_is_said_is_written_as_before() {
    for schema in [
        "{}",
        "{oneOf: [{type: string}, {type: object}]}",
        "{type: array}",
    ] {
        let form = format!(
            "requestBody: {{content: {{multipart/form-data: {{schema: {{properties: {{p: {schema}}}}}, encoding: {{p: {{headers: {{}}}}, unknown: {{}}}}}}}}}}\nresponses: {{}}"
        );
        let form = operation(&form);
        assert_eq!(diff(&form, &form), [], "{schema}");
    }
}

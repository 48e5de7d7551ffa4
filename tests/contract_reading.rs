//! What is read from documents: all that breaks somebody is seen, and what says the same in other
//! words is the same.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

#[path = "support/contract.rs"]
mod contract;

use contract::{Texts, alarms, diff, document, operation, placed, try_diff};
use sdd::contract::load::Problem;
use sdd::contract::model::Contract;
use sdd::contract::read;
use sdd::contract::schema::Graph;
use sdd::span::Sources;

/// Two parts of an operation, and what is told on the way there and back beside notices.
type Row = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

/// Compares both ways what a frame makes of the parts.
#[track_caller]
fn told_of(frame: impl Fn(&str) -> String, rows: &[Row]) {
    for (old, new, there, back) in rows {
        let (old, new) = (frame(old), frame(new));
        assert_eq!(alarms(&diff(&old, &new)), *there, "{old}\n{new}");
        assert_eq!(alarms(&diff(&new, &old)), *back, "{new}\n{old}");
    }
}

/// The same, where nothing at all is told.
#[track_caller]
fn the_same(frame: impl Fn(&str) -> String, rows: &[(&str, &str)]) {
    for (one, other) in rows {
        let (one, other) = (frame(one), frame(other));
        assert_eq!(diff(&one, &other), [], "{one}\n{other}");
        assert_eq!(diff(&other, &one), [], "{other}\n{one}");
    }
}

/// Swagger 2.0 with these fields of the document, and this operation.
fn swagger(root: &str, operation: &str) -> String {
    let head = "swagger: '2.0'\ninfo: {title: t, version: '1'}\n";
    format!("{head}{root}\npaths: {{/a: {{post: {{{operation}}}}}}}\n")
}

const SERVER: &[&str] = &["api-server-removed"];
const BASE: &[&str] = &["api-base-path-removed"];

fn servers(list: &str) -> String {
    operation(&format!("servers: [{list}]\nresponses: {{}}"))
}

#[test]
fn every_value_of_a_variable_makes_a_server() {
    let v = "{url: 'https://a/{v}', variables: {v: {default: v1, enum: [v1, v2]}}}";
    told_of(
        servers,
        &[
            (
                v,
                "{url: 'https://a/{v}', variables: {v: {default: v1, enum: [v1]}}}",
                BASE,
                &[],
            ),
            (
                "{url: 'https://{h}.a', variables: {h: {default: x}}}",
                "{url: 'https://{h}.a', variables: {h: {default: x, enum: [x, y]}}}",
                SERVER,
                &[],
            ),
            (
                "{url: 'https://{h}.a', variables: {h: {default: x}}}",
                "{url: 'https://{h}.b', variables: {h: {default: x}}}",
                SERVER,
                SERVER,
            ),
            ("{url: 'https://a/x/v1'}", "{url: v1}", &[], SERVER),
            ("{url: 'https://a/x/v2'}", "{url: v1}", BASE, BASE),
        ],
    );
    the_same(
        servers,
        &[
            (v, "{url: 'https://a/v1'}, {url: 'https://a/v2'}"),
            (
                v,
                "{url: 'https://a/{v}', variables: {v: {default: v2, enum: [v2, v1]}}}",
            ),
            ("{url: 'https://A:443/v1'}", "{url: 'HTTPS://a/v1/'}"),
            ("{url: 'http://a:80'}", "{url: 'http://a'}"),
            ("{url: ./v1}", "{url: v1}"),
        ],
    );
}

#[test]
fn more_values_than_can_be_written_out_are_any_value() {
    let values: Vec<String> = (0..200).map(|place| format!("v{place}")).collect();
    let with = |values: &[String]| {
        let values = values.join(", ");
        servers(&format!(
            "{{url: 'https://{{v}}.a', variables: {{v: {{default: v0, enum: [{values}]}}}}}}"
        ))
    };
    assert_eq!(diff(&with(&values), &with(&values)), []);
    assert_eq!(alarms(&diff(&with(&values), &with(&values[..9]))), SERVER);
}

#[test]
fn a_scheme_counts_without_a_host() {
    let with = |root: &str| swagger(root, "responses: {}");
    told_of(
        with,
        &[("schemes: [http, https]", "schemes: [https]", SERVER, &[])],
    );
    the_same(
        with,
        &[("basePath: /v1", "schemes: [https]\nbasePath: /v1")],
    );
    let three = document("  /a:\n    post: {servers: [{url: /v1}], responses: {}}\n");
    let two = with("schemes: [https]\nbasePath: /v1");
    assert_eq!((diff(&two, &three), diff(&three, &two)), (vec![], vec![]));
}

/// These schemes, and what of them is asked for.
fn security(text: &str) -> String {
    let (schemes, asked) = text.split_once(" | ").unwrap();
    let used = operation(&format!("security: {asked}\nresponses: {{}}"));
    format!("{used}components: {{securitySchemes: {{{schemes}}}}}\n").replace("3.1.0", "3.2.0")
}

const KEY: &[&str] = &["api-security-tightened"];
const CODE: &str =
    "authorizationCode: {authorizationUrl: 'https://a/c', tokenUrl: 'https://a/t', scopes: {}}";
const CREDENTIALS: &str = "clientCredentials: {tokenUrl: 'https://a/t', scopes: {}}";

#[test]
fn a_scheme_is_all_that_a_client_needs_to_know_of_it() {
    told_of(
        security,
        &[
            (
                "o: {type: openIdConnect, openIdConnectUrl: 'https://a/x'} | [{o: []}]",
                "o: {type: openIdConnect, openIdConnectUrl: 'https://a/y'} | [{o: []}]",
                KEY,
                KEY,
            ),
            (
                "o: {type: oauth2, flows: {deviceAuthorization: {deviceAuthorizationUrl: 'https://a/x', tokenUrl: 'https://a/t'}}} | [{o: []}]",
                "o: {type: oauth2, flows: {deviceAuthorization: {deviceAuthorizationUrl: 'https://a/y', tokenUrl: 'https://a/t'}}} | [{o: []}]",
                KEY,
                KEY,
            ),
            (
                "k: {type: apiKey, in: query, name: K} | [{k: []}]",
                "k: {type: apiKey, in: query, name: k} | [{k: []}]",
                KEY,
                KEY,
            ),
            (
                "a: {type: http, scheme: bearer} | [{a: [r]}]",
                "a: {type: http, scheme: bearer}, b: {type: http, scheme: bearer} | [{a: [r], b: [w]}]",
                KEY,
                &[],
            ),
        ],
    );
    the_same(
        security,
        &[
            (
                "m: {type: mutualTLS} | [{m: []}]",
                "n: {type: mutualTLS} | [{n: []}]",
            ),
            (
                "k: {type: apiKey, in: header, name: X-Key} | [{k: []}]",
                "k: {type: apiKey, in: header, name: x-key} | [{k: []}]",
            ),
            (
                "a: {type: http, scheme: bearer}, b: {type: http, scheme: bearer} | [{a: [r], b: [w]}]",
                "a: {type: http, scheme: bearer} | [{a: [r, w]}]",
            ),
            (
                "k: {type: http, scheme: basic} | [{k: []}]",
                "k: {type: http, scheme: basic} | [{'#/components/securitySchemes/k': []}]",
            ),
        ],
    );
}

#[test]
fn each_flow_is_a_way_to_be_let_in() {
    let with = |flows: &[&str]| {
        let flows = flows.join(", ");
        security(&format!(
            "o: {{type: oauth2, flows: {{{flows}}}}} | [{{o: [r]}}]"
        ))
    };
    let (one, both) = (with(&[CODE]), with(&[CODE, CREDENTIALS]));
    assert_eq!(alarms(&diff(&one, &both)), [""; 0]);
    let lost = diff(&both, &one);
    assert_eq!(alarms(&lost), KEY);
    assert!(lost[0].message.contains("o by clientCredentials (r)"));
    let apart = format!(
        "o: {{type: oauth2, flows: {{{CODE}}}}}, p: {{type: oauth2, flows: {{{CREDENTIALS}}}}} | [{{o: [r]}}, {{p: [r]}}]"
    );
    let apart = security(&apart);
    assert_eq!((diff(&both, &apart), diff(&apart, &both)), (vec![], vec![]));
}

#[test]
fn many_flows_of_many_schemes_are_read_to_the_end() {
    let flows = |place: usize| {
        let flow = |name: usize| format!("f{name}: {{tokenUrl: 'https://a/{place}/{name}'}}");
        let flows: Vec<String> = (0..9).map(flow).collect();
        format!(
            "s{place}: {{type: oauth2, flows: {{{}}}}}",
            flows.join(", ")
        )
    };
    let schemes: Vec<String> = (0..30).map(flows).collect();
    let asked: Vec<String> = (0..30).map(|place| format!("s{place}: []")).collect();
    let whole = security(&format!(
        "{} | [{{{}}}]",
        schemes.join(", "),
        asked.join(", ")
    ));
    assert_eq!(diff(&whole, &whole), []);
}

fn header(text: &str) -> String {
    operation(&format!(
        "responses: {{'200': {{description: d, headers: {{H: {text}}}}}}}"
    ))
}

#[test]
fn a_header_is_read_with_its_content_and_its_style() {
    told_of(
        header,
        &[
            (
                "{content: {application/json: {schema: {type: integer}}}}",
                "{content: {application/json: {schema: {type: string}}}}",
                &["response-header-type-changed"],
                &["response-header-type-changed"],
            ),
            (
                "{content: {application/json: {schema: {type: string}}}}",
                "{schema: {type: string}}",
                &["response-header-style-changed"],
                &["response-header-style-changed"],
            ),
        ],
    );
    the_same(
        header,
        &[
            (
                "{schema: {type: array}}",
                "{explode: true, schema: {type: array}}",
            ),
            (
                "{schema: {type: object, default: {}}}",
                "{style: simple, explode: false, schema: {type: object, default: {}}}",
            ),
        ],
    );
    let old = |format: &str| {
        let header = format!("{{type: array, items: {{type: string}}{format}}}");
        swagger(
            "",
            &format!("responses: {{'200': {{description: d, headers: {{H: {header}}}}}}}"),
        )
    };
    told_of(
        old,
        &[(
            "",
            ", collectionFormat: pipes",
            &["response-header-style-changed"],
            &["response-header-style-changed"],
        )],
    );
    the_same(old, &[("", ", collectionFormat: csv")]);
}

#[test]
fn a_style_that_writes_the_same_text_is_the_same() {
    let with = |rest: &str| {
        operation(&format!(
            "parameters: [{{name: q, {rest}}}]\nresponses: {{}}"
        ))
    };
    the_same(
        with,
        &[
            (
                "in: query, style: deepObject, schema: {type: object}",
                "in: query, style: deepObject, explode: true, schema: {type: object}",
            ),
            (
                "in: header, schema: {type: array}",
                "in: header, explode: true, schema: {type: array}",
            ),
            (
                "in: query, schema: {enum: [a, b]}",
                "in: query, explode: false, schema: {enum: [a, b]}",
            ),
            (
                "in: query, schema: {oneOf: [{type: string}, {type: integer}]}",
                "in: query, explode: false, schema: {oneOf: [{type: string}, {type: integer}]}",
            ),
        ],
    );
}

const ENCODING: &[&str] = &["request-body-encoding-changed"];

/// A form of that media type with fields of all kinds, and these encodings.
fn form(text: &str) -> String {
    let (kind, encoding) = text.split_once(' ').unwrap();
    let properties = "s: {type: string}, b: {type: string, format: binary}, l: {type: array, items: {type: string}}, o: {type: object}";
    let schema = format!("{{type: object, properties: {{{properties}}}}}");
    operation(&format!(
        "requestBody: {{content: {{{kind}: {{schema: {schema}, encoding: {{{encoding}}}}}}}}}\nresponses: {{}}"
    ))
}

#[test]
fn how_the_fields_of_a_form_are_written_counts() {
    let url = "application/x-www-form-urlencoded";
    let rows = [
        (
            "multipart/form-data",
            "",
            "o: {contentType: application/xml}",
            true,
            true,
        ),
        (
            "multipart/form-data",
            "b: {contentType: image/png}",
            "b: {contentType: 'image/png, image/jpeg'}",
            false,
            true,
        ),
        (
            "multipart/form-data",
            "b: {contentType: image/png}",
            "b: {contentType: 'image/*'}",
            false,
            true,
        ),
        (
            "multipart/form-data",
            "",
            "b: {contentType: image/png}",
            true,
            true,
        ),
        (
            "multipart/form-data",
            "",
            "s: {contentType: text/plain}, b: {contentType: application/octet-stream}, l: {contentType: text/plain}, o: {contentType: application/json}",
            false,
            false,
        ),
        (
            "multipart/form-data",
            "",
            "s: {headers: {X: {required: true, schema: {}}}}",
            true,
            false,
        ),
        (
            "multipart/form-data",
            "",
            "s: {headers: {X: {schema: {}}, Content-Type: {required: true}}}",
            false,
            false,
        ),
        (url, "", "l: {explode: false}", true, true),
        (
            url,
            "",
            "l: {explode: true}, s: {explode: false}",
            false,
            false,
        ),
        (url, "", "o: {style: deepObject}", true, true),
        (
            url,
            "l: {style: spaceDelimited}",
            "l: {style: pipeDelimited}",
            true,
            true,
        ),
        (
            "application/json",
            "",
            "s: {contentType: text/csv}",
            false,
            false,
        ),
    ];
    for (kind, old, new, there, back) in rows {
        let (old, new) = (
            form(&format!("{kind} {old}")),
            form(&format!("{kind} {new}")),
        );
        for (old, new, breaks) in [(&old, &new, there), (&new, &old, back)] {
            let expected = if breaks { ENCODING } else { &[] };
            assert_eq!(alarms(&diff(old, new)), expected, "{old}\n{new}");
        }
    }
}

#[test]
fn a_header_of_a_part_is_compared() {
    let with = |kind: &str| {
        form(&format!(
            "multipart/form-data s: {{headers: {{X: {{schema: {{type: {kind}}}}}}}}}"
        ))
    };
    let told = diff(&with("number"), &with("integer"));
    assert_eq!(alarms(&told), ["request-parameter-type-changed"]);
    assert_eq!(told[0].location, "request.body.s.header.x");
}

#[test]
fn what_a_field_is_written_as_by_its_value_is_undecided() {
    let with = |encoding: &str| {
        let schema = "{type: object, properties: {p: {}}}";
        operation(&format!(
            "requestBody: {{content: {{multipart/form-data: {{schema: {schema}, encoding: {{{encoding}}}}}}}}}\nresponses: {{}}"
        ))
    };
    let told = diff(&with(""), &with("p: {contentType: text/plain}"));
    assert_eq!(alarms(&told), ENCODING);
    assert_eq!(told[0].level.as_str(), "undecided");
}

#[test]
fn lists_in_the_forms_of_swagger_2_are_written_as_it_says() {
    let with = |format: &str| {
        let field =
            format!("{{name: l, in: formData, type: array, items: {{type: string}}{format}}}");
        swagger("", &format!("parameters: [{field}], responses: {{}}"))
    };
    told_of(
        with,
        &[
            ("", ", collectionFormat: multi", ENCODING, ENCODING),
            (
                ", collectionFormat: csv",
                ", collectionFormat: ssv",
                ENCODING,
                ENCODING,
            ),
        ],
    );
    the_same(with, &[("", ", collectionFormat: csv")]);
    let three = |encoding: &str| {
        let schema = "{type: object, properties: {l: {type: array, items: {type: string}}}}";
        operation(&format!(
            "requestBody: {{content: {{application/x-www-form-urlencoded: {{schema: {schema}, encoding: {{{encoding}}}}}}}}}\nresponses: {{}}"
        ))
    };
    assert_eq!(diff(&with(", collectionFormat: multi"), &three("")), []);
    assert_eq!(diff(&with(""), &three("l: {explode: false}")), []);
    assert_eq!(alarms(&diff(&with(""), &three(""))), ENCODING);
}

#[test]
fn lists_in_lists_of_swagger_2_are_written_as_it_says() {
    let with = |format: &str| {
        let inner = format!("{{type: array, items: {{type: string}}{format}}}");
        let parameter = format!("{{name: q, in: query, type: array, items: {inner}}}");
        swagger("", &format!("parameters: [{parameter}], responses: {{}}"))
    };
    let style: &[&str] = &["request-parameter-style-changed"];
    told_of(with, &[("", ", collectionFormat: pipes", style, style)]);
    the_same(with, &[("", ", collectionFormat: csv")]);
}

#[test]
fn a_form_of_swagger_2_is_a_form_whatever_the_document_consumes() {
    let two = swagger(
        "consumes: [application/json]",
        "parameters: [{name: s, in: formData, type: string}], responses: {}",
    );
    let three = operation(
        "requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {s: {type: string}}}}}}\nresponses: {}",
    );
    assert_eq!((diff(&two, &three), diff(&three, &two)), (vec![], vec![]));
}

/// `OpenAPI` 3.2 with these paths.
fn latest(paths: &str) -> String {
    document(paths).replace("3.1.0", "3.2.0")
}

#[test]
fn methods_that_have_no_field_are_compared() {
    let with = |kind: &str| {
        let body = format!("{{content: {{application/json: {{schema: {{type: {kind}}}}}}}}}");
        latest(&format!(
            "  /a:\n    additionalOperations: {{COPY: {{requestBody: {body}, responses: {{}}}}}}\n"
        ))
    };
    let told = diff(&with("number"), &with("integer"));
    assert_eq!(alarms(&told), ["request-body-type-changed"]);
    assert_eq!(told[0].method, "COPY");
    let gone = diff(&with("number"), &latest("  /a: {}\n"));
    assert_eq!(alarms(&gone), ["api-path-removed-without-deprecation"]);
}

#[test]
fn the_items_of_a_sequence_are_compared() {
    let content = |content: &str| {
        let content = format!("content: {{application/jsonl: {content}}}");
        operation(&format!("requestBody: {{{content}}}\nresponses: {{}}")).replace("3.1.0", "3.2.0")
    };
    told_of(
        content,
        &[(
            "{itemSchema: {type: number}}",
            "{itemSchema: {type: integer}}",
            &["request-property-type-changed"],
            &[],
        )],
    );
    the_same(
        content,
        &[(
            "{itemSchema: {type: number}}",
            "{schema: {type: array, items: {type: number}}}",
        )],
    );
}

#[test]
fn the_name_of_the_whole_query_is_not_sent() {
    let with = |name: &str| {
        let content = "content: {application/x-www-form-urlencoded: {schema: {type: object}}}";
        operation(&format!(
            "parameters: [{{name: {name}, in: querystring, {content}}}]\nresponses: {{}}"
        ))
        .replace("3.1.0", "3.2.0")
    };
    the_same(with, &[("a", "b")]);
}

#[test]
fn what_stands_beside_the_reference_of_a_path_counts_and_wins() {
    let with = |beside: &str| {
        let paths = document(&format!(
            "  /a: {{$ref: '#/components/pathItems/a'{beside}}}\n"
        ));
        let get = "{parameters: [{name: p, in: query, schema: {type: string}}], responses: {}}";
        format!(
            "{paths}components: {{pathItems: {{a: {{parameters: [{{name: q, in: query, schema: {{type: number}}}}], get: {get}}}}}}}\n"
        )
    };
    told_of(
        with,
        &[
            (
                ", put: {responses: {}}",
                "",
                &["api-removed-without-deprecation"],
                &[],
            ),
            (
                "",
                ", parameters: [{name: r, in: query, required: true, schema: {}}]",
                &["new-required-request-parameter"],
                &["request-parameter-removed"],
            ),
            (
                "",
                ", parameters: [{name: q, in: query, schema: {type: integer}}]",
                &["request-parameter-type-changed"],
                &[],
            ),
            (
                "",
                ", get: {responses: {}}",
                &["request-parameter-removed"],
                &[],
            ),
        ],
    );
    the_same(with, &[("", ", summary: s")]);
}

fn sent(schema: &str) -> String {
    placed("request-body", schema)
}

/// The same in `OpenAPI` 3.0.
fn sent_before(schema: &str) -> String {
    sent(schema).replace("3.1.0", "3.0.3")
}

#[test]
fn bytes_are_bytes_in_the_words_of_another_version() {
    let same = [
        (
            "{type: string, format: byte}",
            "{type: string, contentEncoding: base64}",
        ),
        (
            "{type: string, format: binary}",
            "{type: string, contentMediaType: application/octet-stream}",
        ),
    ];
    for (old, new) in same {
        let (old, new) = (sent_before(old), sent(new));
        assert_eq!((diff(&old, &new), diff(&new, &old)), (vec![], vec![]));
    }
    let told = diff(
        &sent_before("{type: string, format: byte}"),
        &sent("{type: string, contentEncoding: base16}"),
    );
    assert_eq!(alarms(&told), ["request-body-content-encoding-changed"]);
    assert!(told[0].message.contains("base64"), "{told:?}");
}

#[test]
fn a_file_of_swagger_2_is_a_text_of_bytes() {
    let two = swagger(
        "",
        "parameters: [{name: f, in: formData, type: file}], responses: {200: {description: d, schema: {type: file}}}",
    );
    let binary = "{type: string, format: binary}";
    let three = operation(&format!(
        "requestBody: {{content: {{multipart/form-data: {{schema: {{type: object, properties: {{f: {binary}}}}}}}}}}}\nresponses: {{'200': {{description: d, content: {{application/json: {{schema: {binary}}}}}}}}}"
    ));
    assert_eq!((diff(&two, &three), diff(&three, &two)), (vec![], vec![]));
}

#[test]
fn a_default_beside_a_reference_is_told_and_takes_nothing_from_what_it_names() {
    let with = |default: &str| {
        let parameter =
            format!("{{name: q, in: query, schema: {{$ref: '#/components/schemas/S'{default}}}}}");
        let used = operation(&format!("parameters: [{parameter}]\nresponses: {{}}"));
        format!("{used}components: {{schemas: {{S: {{type: string, format: date}}}}}}\n")
    };
    let changed: &[&str] = &["request-parameter-default-value-changed"];
    told_of(
        with,
        &[
            (", default: a", ", default: b", changed, changed),
            ("", ", default: a", changed, changed),
        ],
    );
    let before = |default: &str| with(default).replace("3.1.0", "3.0.3");
    the_same(before, &[("", ", default: a")]);
}

#[test]
fn what_a_discriminator_stands_for_without_a_mapping_is_compared() {
    let with = |rest: &str| {
        let one_of = "oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]";
        let used = sent(&format!(
            "{{{one_of}, discriminator: {{propertyName: k{rest}}}}}"
        ));
        format!("{used}components: {{schemas: {{A: {{type: object}}, B: {{type: string}}}}}}\n")
    };
    let rules = |old: &str, new: &str| -> Vec<String> {
        let told = diff(&with(old), &with(new)).into_iter();
        told.map(|finding| finding.rule).collect()
    };
    let changed = "request-body-discriminator-mapping-changed";
    let swapped = ", mapping: {A: '#/components/schemas/B', B: A}";
    assert_eq!(rules("", swapped), [changed, changed]);
    assert_eq!(rules(swapped, ""), [changed, changed]);
    assert_eq!(
        rules(", defaultMapping: A", ", defaultMapping: B"),
        [changed]
    );
    the_same(
        with,
        &[("", ", mapping: {A: A, B: '#/components/schemas/B'}")],
    );
}

#[test]
fn data_that_looks_like_a_reference_is_data() {
    let data = "{$ref: 'none.yaml#/x', $anchor: a}";
    let real = "{$anchor: a, type: string}";
    for schema in [
        format!("{{enum: [{data}]}}"),
        format!("{{const: {data}}}"),
        format!("{{default: {{in: {data}}}}}"),
        format!("{{example: {data}}}"),
        format!("{{examples: [{data}]}}"),
        format!("{{properties: {{p: {{default: [{data}]}}}}}}"),
    ] {
        let whole = format!("{{anyOf: [{{$ref: '#a'}}, {real}, {schema}]}}");
        let whole = sent(&whole);
        assert_eq!(diff(&whole, &whole), []);
    }
    for rest in [
        format!("example: {data}"),
        format!("examples: {{e: {{value: {data}}}}}"),
    ] {
        let content = format!("{{schema: {{}}, {rest}}}");
        let whole = operation(&format!(
            "requestBody: {{content: {{application/json: {content}}}}}\nresponses: {{}}"
        ));
        assert_eq!(diff(&whole, &whole), []);
    }
    let answer = format!("{{description: d, examples: {{application/json: {data}}}}}");
    let whole = swagger("", &format!("responses: {{200: {answer}}}"));
    assert_eq!(diff(&whole, &whole), []);
}

#[test]
fn what_has_the_name_of_data_is_followed_like_all_else() {
    let reference = "{$ref: 'none.yaml#/x'}";
    for part in [
        format!("properties: {{example: {reference}}}"),
        format!("properties: {{default: {{items: {reference}}}}}"),
        format!("$defs: {{enum: {{properties: {{examples: {reference}}}}}}}"),
    ] {
        let whole = sent(&format!("{{{part}}}"));
        let problems = try_diff(&whole, &whole).unwrap_err();
        assert!(problems[0].message.contains("none.yaml"), "{problems:?}");
    }
    let answers = operation(&format!("responses: {{default: {reference}}}"));
    assert!(try_diff(&answers, &answers).is_err());
}

/// Reads the document `a/api.yaml` beside these files.
fn read_with(document: &str, others: &[(&str, &str)]) -> Result<Contract, Vec<Problem>> {
    let own = [("a/api.yaml", document)];
    let texts: Vec<(&str, &str)> = own.iter().chain(others).copied().collect();
    let (mut sources, mut graph) = (Sources::default(), Graph::default());
    read("a/api.yaml", &Texts(&texts), &mut sources, &mut graph)
}

#[test]
fn a_reference_is_read_from_the_address_of_the_document_or_its_file() {
    let with = |reference: &str| {
        let used = sent(&format!("{{$ref: '{reference}'}}")).replace("3.1.0", "3.2.0");
        format!("{used}$self: https://h/v1/api\ncomponents: {{schemas: {{S: {{}}}}}}\n")
    };
    for reference in [
        "https://h/v1/api#/components/schemas/S",
        "api#/components/schemas/S",
        "/v1/api#/components/schemas/S",
        "#/components/schemas/S",
        "b%20c.yaml",
        "b%20c.yaml#/properties/d%20e",
    ] {
        let other = ("a/b c.yaml", "properties: {d e: {}}");
        let found = read_with(&with(reference), &[other]);
        assert!(found.is_ok(), "{reference} {found:?}");
    }
}

#[test]
fn the_parts_of_a_file_have_names_that_the_author_chose() {
    let whole = operation("responses: {default: {$ref: 'answers.yaml#/default'}}");
    let answers = (
        "a/answers.yaml",
        "default: {description: d, headers: {H: {$ref: header.yaml}}}",
    );
    let header = ("a/header.yaml", "schema: {type: string}");
    let found = read_with(&whole, &[answers, header]);
    assert!(found.is_ok(), "{found:?}");
}

#[test]
fn a_bound_beyond_all_numbers_bounds_nothing() {
    the_same(
        sent,
        &[
            ("{type: number, maximum: 1e400}", "{type: number}"),
            (
                "{type: number, minimum: -1.7976931348623157e+308}",
                "{type: number}",
            ),
        ],
    );
    let none = sent("{type: number, minimum: 1e400}");
    assert_eq!(diff(&none, &none), []);
    assert_eq!(diff(&sent("{enum: [1e400]}"), &sent("{enum: [1e400]}")), []);
}

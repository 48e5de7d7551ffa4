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

//! Each rule on a document that breaks it, and documents that break none.

use super::{Grade, RULES, inspect};
use crate::contract::load::{Files, Library};
use crate::contract::schema::Graph;
use crate::span::Sources;

struct One(String);

impl Files for One {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

/// What is told of a document, each as `RULE GRADE LINE:COLUMN POINTER`.
fn told(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let library = match Library::read("a.yaml", &One(text.to_owned()), &mut sources) {
        Ok(library) => library,
        Err(problems) => return vec![problems[0].message.clone()],
    };
    let inspected = inspect(&library, &mut Graph::default());
    let all = inspected.diagnoses.iter().map(|one| {
        let at = sources.position(one.span);
        let rule = one.rule.id.strip_prefix("openapi/").unwrap();
        let grade = one.grade.as_str();
        format!("{rule} {grade} {}:{} {}", at.line, at.column, one.pointer)
    });
    all.collect()
}

/// A document of that version with these contents; the contents begin in line 3.
fn document(version: &str, contents: &str) -> String {
    let key = if version == "2.0" {
        "swagger"
    } else {
        "openapi"
    };
    format!("{key}: '{version}'\ninfo: {{title: t, version: '1'}}\n{contents}")
}

/// A document with one operation, `get` of that path, which has these fields.
fn operation(version: &str, path: &str, fields: &str) -> String {
    let answers = "responses: {'200': {description: d}}";
    let contents = format!("paths:\n  {path}:\n    get: {{{fields}, {answers}}}\n");
    document(version, &contents)
}

fn schema(version: &str, text: &str) -> String {
    let contents = if version == "2.0" {
        format!("paths: {{}}\ndefinitions:\n  S: {text}\n")
    } else {
        format!("paths: {{}}\ncomponents:\n schemas:\n  S: {text}\n")
    };
    document(version, &contents)
}

const PATH: &str = "{name: id, in: path, required: true, schema: {type: string}}";

#[expect(clippy::too_many_lines, reason = "it is a table")]
/// What is told first of documents that break one rule each.
fn broken() -> Vec<(String, &'static str)> {
    let three = |contents: &str| document("3.1.0", contents);
    vec![
        (three("paths: 1"), "wrong-type error 3:8 /paths"),
        (
            "openapi: 3.1.0\ninfo: {title: t, version: 1.0}\npaths: {}\n".to_owned(),
            "wrong-type error 2:27 /info/version",
        ),
        (
            "openapi: 3.1.0\ninfo: {title: t}\npaths: {}\n".to_owned(),
            "missing-field error 2:7 /info",
        ),
        (three("{}: 1"), "unreadable"),
        (three("tags: []"), "no-contents error 1:1 "),
        (
            three("path: {}\npaths: {}"),
            "unknown-field error 3:1 /path",
        ),
        (
            document("3.0.3", "paths: {}\nwebhooks: {}"),
            "unknown-field error 4:1 /webhooks",
        ),
        (three("paths: {a: {}}"), "bad-key error 3:9 /paths/a"),
        (
            three("paths: {}\ncomponents: {schemas: {'a b': {}}}"),
            "bad-key error 4:24 /components/schemas/a b",
        ),
        (
            three("paths: {}\ncomponents: {securitySchemes: {k: {type: key}}}"),
            "unknown-value error 4:42 /components/securitySchemes/k/type",
        ),
        (
            three("paths: {/a: {$ref: '#/components/pathItems/a'}}"),
            "unresolved-reference error 3:20 /paths/~1a/$ref",
        ),
        (
            schema("3.1.0", "{$ref: 'https://example.com/s.json'}"),
            "unfetched-reference warning 6:13 /components/schemas/S/$ref",
        ),
        (
            schema(
                "3.0.3",
                "{$ref: '#/components/schemas/T', minLength: 1}\n  T: {}",
            ),
            "ignored-beside-reference warning 6:39 /components/schemas/S/minLength",
        ),
        (
            three("paths: {}\ncomponents: {examples: {e: {value: 1, externalValue: a}}}"),
            "exclusive-fields error 4:39 /components/examples/e/externalValue",
        ),
        (
            three("paths:\n  /a: {get: {operationId: o}}\n  /b: {get: {operationId: o}}\n"),
            "duplicate-operation-id error 5:27 /paths/~1b/get/operationId",
        ),
        (
            three("paths: {/a: {get: {responses: {}}}}"),
            "no-responses warning 3:31 /paths/~1a/get/responses",
        ),
        (
            three("paths: {'/{a}': {}, '/{b}': {}}"),
            "ambiguous-path error 3:21 /paths/~1{b}",
        ),
        (
            three("paths: {'/{a}/b': {}, '/a/{b}': {}}"),
            "ambiguous-path warning 3:23 /paths/~1a~1{b}",
        ),
        (
            three("paths: {'/{a': {}}"),
            "path-template error 3:9 /paths/~1{a",
        ),
        (
            three("paths: {'/{a}/{a}': {}}"),
            "path-template error 3:9 /paths/~1{a}~1{a}",
        ),
        (
            operation("3.1.0", "'/{id}'", "tags: []"),
            "undeclared-path-parameter error 5:5 /paths/~1{id}/get",
        ),
        (
            operation("3.1.0", "/a", &format!("parameters: [{PATH}]")),
            "unused-path-parameter error 5:24 /paths/~1a/get/parameters/0",
        ),
        (
            operation(
                "3.1.0",
                "'/{id}'",
                "parameters: [{name: id, in: path, schema: {}}]",
            ),
            "optional-path-parameter error 5:24 /paths/~1{id}/get/parameters/0",
        ),
        (
            operation("3.1.0", "'/{id}'", &format!("parameters: [{PATH}, {PATH}]")),
            "duplicate-parameter error 5:86 /paths/~1{id}/get/parameters/1",
        ),
        (
            operation(
                "3.1.0",
                "/a",
                "parameters: [{name: q, in: query, style: simple, schema: {}}]",
            ),
            "bad-parameter error 5:52 /paths/~1a/get/parameters/0/style",
        ),
        (
            operation(
                "3.1.0",
                "/a",
                "parameters: [{name: Accept, in: header, schema: {}}]",
            ),
            "unheard-header warning 5:24 /paths/~1a/get/parameters/0",
        ),
        (
            operation(
                "2.0",
                "/a",
                "parameters: [{name: q, in: query, type: array}]",
            ),
            "missing-items error 5:24 /paths/~1a/get/parameters/0",
        ),
        (
            operation(
                "2.0",
                "/a",
                "parameters: [{name: f, in: formData, type: file}]",
            ),
            "bad-parameter error 5:10 /paths/~1a/get",
        ),
        (
            schema("3.1.0", "{minLength: 2, maxLength: 1}"),
            "bad-schema warning 6:7 /components/schemas/S/minLength",
        ),
        (
            schema("3.1.0", "{pattern: '['}"),
            "bad-schema warning 6:16 /components/schemas/S/pattern",
        ),
        (
            schema("2.0", "{type: object, required: [a], properties: {b: {}}}"),
            "undefined-property error 5:32 /definitions/S/required/0",
        ),
        (
            schema("2.0", "{anyOf: [{type: string}]}"),
            "unknown-field error 5:7 /definitions/S/anyOf",
        ),
        (
            three("paths: {}\ncomponents: {links: {l: {}}}"),
            "bad-link error 4:25 /components/links/l",
        ),
        (
            three("paths: {}\nservers: [{url: 'https://{host}/'}]"),
            "bad-server error 4:17 /servers/0/url",
        ),
        (
            three("paths: {}\nsecurity: [{key: []}]"),
            "undeclared-security error 4:13 /security/0/key",
        ),
        (
            three("paths: {}\ncomponents: {securitySchemes: {k: {type: http}}}"),
            "bad-security error 4:35 /components/securitySchemes/k",
        ),
        (
            three("paths: {}\ntags: [{name: a}, {name: a}]"),
            "duplicate-tag error 4:19 /tags/1",
        ),
        (
            schema("3.1.0", "{type: integer, examples: [1, a]}"),
            "example-mismatch warning 6:36 /components/schemas/S/examples/1",
        ),
        (
            schema("3.0.3", "{type: integer, default: a}"),
            "default-mismatch error 6:31 /components/schemas/S/default",
        ),
    ]
}

#[test]
fn every_rule_is_told_with_its_place_where_it_is_broken() {
    let rows = broken()
        .into_iter()
        .filter(|(_, expected)| *expected != "unreadable");
    let other = rows.filter_map(|(text, expected)| {
        let told = told(&text);
        let is_so = told.first().is_some_and(|first| first == expected) && told.len() <= 2;
        (!is_so).then(|| format!("{text}\n{expected}\n{told:#?}"))
    });
    let other: Vec<String> = other.collect();
    assert!(other.is_empty(), "{}", other.join("\n"));
}

#[test]
fn every_rule_has_a_document_that_breaks_it() {
    for rule in RULES {
        let id = rule.id.strip_prefix("openapi/").unwrap();
        let known = broken()
            .iter()
            .any(|(_, expected)| expected.split(' ').next() == Some(id));
        assert!(known, "{id}");
    }
}

#[test]
fn what_the_specification_allows_is_told_nothing_of() {
    let parameter = "{name: q, in: query, schema: {type: array, items: {type: string}}}";
    let old = "{name: q, in: query, type: array, items: {type: string}, collectionFormat: multi}";
    for text in [
        document("3.1.0", "webhooks: {}"),
        document("3.1.0", "paths: {/a: {get: {}}}"),
        document(
            "3.2.0",
            "paths: {/a: {query: {}, additionalOperations: {COPY: {}}}}",
        ),
        operation("3.0.3", "/a", &format!("parameters: [{parameter}]")),
        operation("2.0", "/a", &format!("parameters: [{old}]")),
        operation(
            "3.1.0",
            "'/{id}.{id2}'",
            &format!("parameters: [{PATH}, {}]", PATH.replace("id,", "id2,")),
        ),
        schema(
            "3.1.0",
            "{type: [string, 'null'], anything: 1, $defs: {a: true}, examples: [a, null]}",
        ),
        schema(
            "3.0.3",
            "{type: string, nullable: true, default: null, x-a: 1}",
        ),
        schema(
            "3.0.3",
            "{type: object, properties: {s: {$ref: '#/components/schemas/S'}}}",
        ),
        schema(
            "2.0",
            "{type: object, required: [a], properties: {a: {}}, discriminator: a}",
        ),
        document("3.1.0", "paths: {'/a/{b}': {}, '/a/b': {}}"),
        document("3.1.0", "x-own: {anything: [1]}\npaths: {x-a: 1}"),
    ] {
        let told = told(&text);
        assert_eq!(told, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_path_that_refers_to_something_else_is_held_against_what_a_path_is() {
    let text = document(
        "2.0",
        "paths: {/a: {$ref: '#/definitions/S'}}\ndefinitions:\n  S: {type: object}\n",
    );
    assert_eq!(told(&text), ["unknown-field error 5:7 /definitions/S/type"]);
}

#[test]
fn references_that_lead_to_each_other_end() {
    for version in ["3.0.3", "3.1.0"] {
        let text = schema(
            version,
            "{$ref: '#/components/schemas/T'}\n  T: {$ref: '#/components/schemas/S'}",
        );
        assert!(
            told(&text).iter().any(|one| one.contains(" error ")),
            "{:?}",
            told(&text)
        );
    }
    let text = schema(
        "3.1.0",
        "{properties: {s: {$ref: '#/components/schemas/S'}}}",
    );
    assert_eq!(told(&text), Vec::<String>::new());
    assert_eq!(Grade::Error.as_str(), "error");
}

#[test]
fn a_schema_of_an_earlier_draft_has_the_words_of_that_draft() {
    let with = |draft: &str| {
        let schema = format!(
            "{{{draft}type: number, minimum: 1, exclusiveMinimum: true, properties: {{p: {{items: [{{}}, {{}}]}}}}}}"
        );
        told(&document(
            "3.1.0",
            &format!("paths: {{}}\ncomponents: {{schemas: {{S: {schema}}}}}"),
        ))
    };
    assert_eq!(
        with("$schema: 'http://json-schema.org/draft-04/schema#', "),
        [""; 0]
    );
    assert_eq!(with("").len(), 2);
}

//! What is sent follows from the contract, and what comes back is held against it.

use super::*;
use crate::contract::load::Files;
use crate::span::Sources;

const SHOP: &str = "
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /orders/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, pattern: '^[a-z]{2}[0-9]+$'}}
        - {name: page, in: query, schema: {type: integer, minimum: 1, maximum: 3}}
        - {name: X-Day, in: header, required: true, schema: {type: string, format: date}}
      responses:
        '200':
          description: d
          headers: {ETag: {required: true, schema: {type: string}}, X-Left: {schema: {type: integer}}}
          content:
            application/json:
              schema:
                type: object
                required: [id, secret]
                properties:
                  id: {type: string}
                  secret: {type: string, writeOnly: true}
        4XX: {description: d}
    put:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}, example: 7}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [id, name, tags]
              properties:
                id: {type: integer, readOnly: true}
                name: {type: string, minLength: 3}
                tags: {type: array, minItems: 1, uniqueItems: true, items: {enum: [a, b]}}
                next: {$ref: '#/paths/~1orders~1{id}/put/requestBody/content/application~1json/schema'}
            examples:
              one: {value: {name: first, tags: [a]}}
              two: {value: {name: second, tags: [b]}}
      responses: {'204': {description: d}}
";

struct Text(String);

impl Files for Text {
    fn read(&self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

fn trial() -> Trial {
    let library = Library::read("a.yaml", &Text(SHOP.to_owned()), &mut Sources::default()).unwrap();
    Trial::of(&library).unwrap()
}

fn settings(methods: &[&str], seed: u64) -> Settings {
    Settings {
        base: "http://localhost/v1/".to_owned(),
        methods: methods.iter().map(|method| (*method).to_owned()).collect(),
        most: 6,
        seed,
        headers: vec![("x-own".to_owned(), "1".to_owned())],
    }
}

#[test]
fn the_same_seed_sends_the_same_and_another_something_else() {
    let cases = |seed| trial().cases(&settings(&["GET", "PUT"], seed)).0;
    assert_eq!(cases(1), cases(1));
    assert_ne!(cases(1), cases(2));
}

#[test]
fn only_what_may_be_sent_is_sent_and_the_rest_is_named() {
    let (cases, untried) = trial().cases(&settings(&["GET"], 0));
    assert!(cases.len() > 1 && cases.len() <= 6);
    assert!(cases.iter().all(|case| case.request.method == "GET"));
    assert_eq!(untried.len(), 1);
    assert!(untried[0].reason.contains("PUT"), "{untried:?}");
}

#[test]
fn values_fit_their_schemas_and_their_places() {
    let path =
        regex::Regex::new(r"^http://localhost/v1/orders/[a-z]{2}[0-9]+(\?page=[123])?$").unwrap();
    for seed in 0..30 {
        for case in trial().cases(&settings(&["GET"], seed)).0 {
            let Request { url, headers, .. } = &case.request;
            assert!(path.is_match(url), "{url}");
            let day = headers.iter().find(|(name, _)| name == "X-Day").unwrap();
            assert!(day.1.parse::<jiff::civil::Date>().is_ok(), "{day:?}");
            assert!(headers.contains(&("x-own".to_owned(), "1".to_owned())));
        }
    }
}

#[test]
fn schemas_that_need_themselves_or_ask_for_too_much_end() {
    for schema in [
        "{type: object, required: [a, b], properties: {a: {$ref: '#/components/schemas/S'}, b: {$ref: '#/components/schemas/S'}}}",
        "{type: array, minItems: 3, items: {$ref: '#/components/schemas/S'}}",
        "{type: string, minLength: 1000000000000}",
        "{type: string, pattern: '^((a{1000}){1000}){1000}$'}",
        "{type: array, minItems: 100000000000}",
        "{type: object, minProperties: 100000000000}",
    ] {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths: {{/a: {{post: {{requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/S'}}}}}}}}}}}}}}\ncomponents: {{schemas: {{S: {schema}}}}}\n"
        );
        let library = Library::read("a.yaml", &Text(text), &mut Sources::default()).unwrap();
        let trial = Trial::of(&library).unwrap();
        let (cases, untried) = trial.cases(&settings(&["POST"], 0));
        assert!(cases.len() + untried.len() >= 1, "{schema}");
    }
}

#[test]
fn examples_come_first_and_what_only_the_service_says_is_not_sent() {
    let (cases, _) = trial().cases(&settings(&["PUT"], 0));
    let body = |place: usize| -> serde_json::Value {
        serde_json::from_str(&cases[place].request.body.as_ref().unwrap().text()).unwrap()
    };
    assert_eq!(body(0)["name"], "first");
    assert_eq!(body(1)["name"], "second");
    assert!(cases[0].request.url.ends_with("/orders/7"));
    for place in 0..cases.len() {
        assert_eq!(body(place).get("id"), None);
        assert!(body(place)["name"].as_str().unwrap().len() >= 3);
    }
}

/// The rules that an answer to the first GET breaks.
fn complaints(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<&'static str> {
    let mut trial = trial();
    let case = trial.cases(&settings(&["GET"], 0)).0.remove(0);
    let answer = Answer {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: body.as_bytes().to_vec(),
    };
    let all = trial.judge(&case, &answer).into_iter();
    all.map(|complaint| complaint.rule).collect()
}

#[test]
fn an_answer_is_held_against_what_is_described() {
    let json = ("content-type", "application/json; charset=utf-8");
    let tag = ("etag", "a");
    let good = "{\"id\": \"a\"}";
    assert_eq!(
        complaints(200, &[json, tag, ("x-left", "3")], good),
        Vec::<&str>::new()
    );
    assert_eq!(complaints(404, &[], ""), Vec::<&str>::new());
    for (status, headers, body, rule) in [
        (500, &[json, tag][..], good, "live/undocumented-status"),
        (302, &[], "", "live/undocumented-status"),
        (200, &[json], good, "live/missing-header"),
        (
            200,
            &[json, tag, ("x-left", "few")],
            good,
            "live/header-mismatch",
        ),
        (
            200,
            &[("content-type", "text/html"), tag],
            good,
            "live/undocumented-content-type",
        ),
        (200, &[tag], good, "live/undocumented-content-type"),
        (200, &[json, tag], "", "live/missing-body"),
        (200, &[json, tag], "{", "live/unreadable-body"),
        (200, &[json, tag], "{\"id\": 1}", "live/body-mismatch"),
        (200, &[json, tag], "{}", "live/body-mismatch"),
        (404, &[], "gone", "live/undocumented-body"),
    ] {
        assert_eq!(
            complaints(status, headers, body),
            [rule],
            "{status} {headers:?} {body}"
        );
    }
}

/// The rules that an answer of one schema breaks, as its body and as the text of a header.
fn complaints_of(schema: &str, text: &str) -> [Vec<&'static str>; 2] {
    let contract = format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths: {{/a: {{get: {{responses: {{'200': {{description: d, headers: {{X-A: {{schema: {schema}}}}}, content: {{application/json: {{schema: {schema}}}}}}}}}}}}}}}\n"
    );
    let library = Library::read("a.yaml", &Text(contract), &mut Sources::default()).unwrap();
    let mut trial = Trial::of(&library).unwrap();
    let case = trial.cases(&settings(&["GET"], 0)).0.remove(0);
    let mut complaints = |headers: &[(&str, &str)], body: serde_json::Value| {
        let json = [("content-type", "application/json")];
        let headers = json.iter().chain(headers);
        let headers = headers.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let answer = Answer {
            status: 200,
            headers: headers.collect(),
            body: body.to_string().into_bytes(),
        };
        let all = trial.judge(&case, &answer).into_iter();
        all.map(|complaint| complaint.rule).collect::<Vec<_>>()
    };
    let of_body = complaints(&[], serde_json::json!(text));
    let both = complaints(&[("x-a", text)], serde_json::json!(text));
    [of_body.clone(), both[..both.len() - of_body.len()].to_vec()]
}

#[test]
fn a_text_that_is_not_of_its_format_is_odd_and_breaks_nothing() {
    for (format, good, bad) in [
        ("date-time", "2024-02-29T12:30:45Z", "yesterday"),
        ("date", "2024-02-29", "2023-02-29"),
        ("time", "12:30:45Z", "noon"),
        ("email", "a@example.com", "a"),
        ("hostname", "example.com", "-a-"),
        ("ipv4", "192.0.2.1", "192.0.2.256"),
        ("ipv6", "2001:db8::1", "::g"),
        ("uri", "https://a/b", "a b"),
        ("uuid", "6f1b9c2e-8d4a-4b7e-9f3c-2a5d8e7b1c04", "6f1b"),
    ] {
        let schema = format!("{{type: string, format: {format}}}");
        assert_eq!(complaints_of(&schema, good), [[""; 0]; 2], "{format}");
        let odd = ["live/format-mismatch"];
        assert_eq!(complaints_of(&schema, bad), [odd, odd], "{format}");
    }
    let choice = "{anyOf: [{type: string, format: date}, {type: string, format: ipv4}]}";
    assert_eq!(complaints_of(choice, "192.0.2.1"), [[""; 0]; 2]);
    assert_eq!(
        complaints_of("{type: string, format: colour}", "x"),
        [[""; 0]; 2]
    );
    let weight = |id| LIVE_RULES.iter().find(|rule| rule.id == id).unwrap().weight;
    assert_eq!(weight("live/format-mismatch"), Weight::Odd);
}

//! A service that runs is held against its contract.

use super::committed;
use super::server::{Answer, Server};
use super::support::{Project, Report};

const CONTRACT: &str = "openapi: 3.1.0
info: {title: Orders, version: '1.0.0'}
paths:
  /orders/{id}:
    get:
      operationId: order
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}, example: 7}
      responses:
        '200':
          description: an order
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Order'}
        '404': {description: none}
    delete:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'204': {description: gone}}
  /health:
    get:
      responses:
        '200':
          description: well
          headers: {X-Load: {required: true, schema: {type: number}}}
components:
  schemas:
    Order:
      type: object
      required: [id, cents]
      properties: {id: {type: integer}, cents: {type: integer, minimum: 0}}
";

/// An answer and the rule that it breaks.
type Way = (fn() -> Answer, &'static str);

const HEALTHY: &str = "HTTP/1.1 200 OK\r\nx-load: 0.5\r\ncontent-length: 0\r\n\r\n";

fn project(url: &str, fields: &str) -> Project {
    project_of(CONTRACT, url, fields)
}

fn project_of(contract: &str, url: &str, fields: &str) -> Project {
    let node = format!(
        "secrets {{ KEY env=\"CONTRACT_TEST_KEY\"; }}\ncontract \"api\" {{\n spec \"api.yaml\"\n live {{\n url \"{url}\"\n {fields}\n }}\n}}\n"
    );
    committed(Project::with(&node).file("api.yaml", contract))
}

fn tried(server: &Server, fields: &str) -> Report {
    project(&server.url(), fields).run()
}

/// The order that a request asks for, as it should be answered.
fn order(request: &str) -> Answer {
    let number = request.split(['/', ' ']).nth(3).unwrap();
    Answer::json(200, &format!("{{\"id\": {number}, \"cents\": 5}}"))
}

fn honest(request: &str) -> Answer {
    match request.split(' ').nth(1).unwrap() {
        "/health" => Answer::raw(HEALTHY),
        path if path.starts_with("/orders/") => order(request),
        _ => Answer::json(404, ""),
    }
}

fn rules(report: &Report) -> Vec<String> {
    let findings = report.node("api")["findings"].as_array().unwrap();
    let rules = findings
        .iter()
        .map(|one| one["rule"].as_str().unwrap().to_owned());
    rules.filter(|rule| rule != "live/untried").collect()
}

#[test]
fn a_service_that_keeps_its_contract_passes_and_is_asked_for_nothing_that_changes_it() {
    let server = Server::reading(|_, request| {
        assert!(request.starts_with("GET "), "{request}");
        honest(request)
    });
    let report = tried(&server, "requests 4");
    assert_eq!(report.outcome("api"), "passed", "{}", report.reason("api"));
    assert_eq!(rules(&report), Vec::<String>::new());
    assert_eq!(report.measured("api", "live.operations"), Some(2.0));
    assert_eq!(report.measured("api", "live.operations-untried"), Some(1.0));
    let requests = report.measured("api", "live.requests").unwrap();
    assert!(requests > 2.0, "{requests}");
    #[expect(clippy::cast_precision_loss, reason = "a few requests")]
    let served = server.requests() as f64;
    assert_eq!(report.measured("api", "live.answers"), Some(served));
    let untried = &report.node("api")["findings"][0]["message"];
    assert!(untried.as_str().unwrap().contains("DELETE /orders/{id}"));
}

#[test]
fn each_way_to_break_the_contract_is_told_with_its_place_and_a_line_to_repeat_it() {
    let well = |answer: fn() -> Answer| {
        Server::reading(move |_, request| {
            if request.contains("/health") {
                Answer::raw(HEALTHY)
            } else {
                answer()
            }
        })
    };
    let ways: [Way; 7] = [
        (|| Answer::json(500, "{}"), "live/undocumented-status"),
        (
            || Answer::json(201, "{\"id\": 1, \"cents\": 1}"),
            "live/undocumented-status",
        ),
        (
            || Answer::json(200, "{\"id\": 1, \"cents\": -1}"),
            "live/body-mismatch",
        ),
        (|| Answer::json(200, "{\"id\": 1}"), "live/body-mismatch"),
        (|| Answer::json(200, "{\"id\":"), "live/unreadable-body"),
        (
            || Answer::of_type(200, "text/html", "<p>"),
            "live/undocumented-content-type",
        ),
        (Answer::reset, "live/no-answer"),
    ];
    for (answer, rule) in ways {
        let server = well(answer);
        let report = tried(&server, "requests 1");
        assert_eq!(report.outcome("api"), "failed", "{rule}");
        assert_eq!(rules(&report), [rule]);
        let findings = report.node("api")["findings"].as_array().unwrap();
        let finding = findings.iter().find(|one| one["rule"] == rule).unwrap();
        let message = finding["message"].as_str().unwrap();
        assert!(message.starts_with("GET /orders/{id}: "), "{message}");
        let line = format!(
            "curl -i -H 'Accept: application/json' {}orders/7",
            server.url()
        );
        assert!(message.contains(&line), "{message}");
        assert_eq!(finding["path"], "api.yaml");
        assert_eq!(report.measured("api", "contract.breaking"), Some(0.0));
    }
    let silent = Server::reading(|_, request| {
        if request.contains("/health") {
            Answer::raw("HTTP/1.1 200 OK\r\nx-load: high\r\ncontent-length: 0\r\n\r\n")
        } else {
            order(request)
        }
    });
    assert_eq!(rules(&tried(&silent, "")), ["live/header-mismatch"]);
}

#[test]
fn a_text_of_another_format_is_told_with_its_place_and_does_not_fail() {
    let server = Server::reading(|_, request| {
        if request.contains("/health") {
            Answer::raw(HEALTHY)
        } else {
            Answer::json(200, "{\"id\": 1, \"cents\": 5, \"made\": \"yesterday\"}")
        }
    });
    let contract = CONTRACT.replace(
        "cents: {type: integer, minimum: 0}",
        "cents: {type: integer}, made: {type: string, format: date-time}",
    );
    let report = project_of(&contract, &server.url(), "requests 1").run();
    assert_eq!(report.outcome("api"), "passed", "{}", report.reason("api"));
    assert_eq!(rules(&report), ["live/format-mismatch"]);
    let findings = report.node("api")["findings"].as_array().unwrap();
    let wanted = |one: &&serde_json::Value| one["rule"] == "live/format-mismatch";
    let finding = findings.iter().find(wanted).unwrap();
    assert_eq!(
        (&finding["path"], &finding["line"]),
        (&"api.yaml".into(), &11.into())
    );
    let message = finding["message"].as_str().unwrap();
    assert!(
        message.contains("at `/made`") && message.contains("curl -i"),
        "{message}"
    );
}

#[test]
fn what_shows_nothing_is_an_error_and_no_pass() {
    let error = |report: &Report, reason: &str| {
        let said = report.reason("api");
        assert_eq!(report.outcome("api"), "error", "{said}");
        assert!(said.contains(reason), "{said}");
    };
    let absent = project("http://127.0.0.1:1/", "").run();
    error(&absent, "http://127.0.0.1:1/ does not answer: ");
    let denied = Server::new(|_| Answer::raw("HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n"));
    let only_orders = CONTRACT.replace("  /health:\n    get:", "  /health:\n    post:");
    let hidden = project_of(&only_orders, &denied.url(), "").run();
    error(&hidden, "no request had success (");
    let server = Server::reading(|_, request| honest(request));
    error(
        &tried(&server, "methods \"PATCH\""),
        "no operation of which something can be sent",
    );
    assert_eq!(server.requests(), 0);
    let late = Server::new(|_| Answer::ok().trickling());
    error(&tried(&late, "timeout \"200ms\""), "no answer within 200ms");
}

#[test]
fn methods_that_change_something_are_sent_when_they_are_named() {
    let server = Server::reading(|_, request| match request.split(' ').next().unwrap() {
        "DELETE" => Answer::raw("HTTP/1.1 204 Gone\r\n\r\n"),
        _ => honest(request),
    });
    let report = tried(&server, "methods \"GET\" \"DELETE\"");
    assert_eq!(report.outcome("api"), "passed", "{}", report.reason("api"));
    assert_eq!(report.measured("api", "live.operations-untried"), Some(0.0));
}

#[test]
fn headers_and_the_token_are_sent_and_the_token_is_told_nobody() {
    let server = Server::reading(|_, request| {
        let sent = request.to_lowercase();
        assert!(sent.contains("\r\nx-own: 1\r\n"), "{request}");
        assert!(
            sent.contains("\r\nauthorization: bearer s3cr3t-token\r\n"),
            "{request}"
        );
        Answer::status(500)
    });
    let project = project(&server.url(), "headers { X-Own \"1\"; }\n token \"KEY\"");
    let output = project
        .command(&["run", "--format", "json"])
        .env("CONTRACT_TEST_KEY", "s3cr3t-token")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("Authorization: Bearer $KEY"), "{said}");
    assert!(!said.contains("s3cr3t"), "{said}");
}

#[test]
fn a_finding_on_the_service_is_lived_with_like_any_other() {
    let server = Server::reading(|_, request| {
        if request.contains("/health") {
            Answer::raw(HEALTHY)
        } else {
            Answer::json(500, "{}")
        }
    });
    let waive = "}\n waive \"live/undocumented-status GET /orders/{id} 500\" {\n until \"2999-01-01\"\n reason \"known\"\n";
    let report = tried(&server, waive);
    assert_eq!(report.outcome("api"), "passed", "{}", report.reason("api"));
    assert_eq!(rules(&report), ["live/undocumented-status"]);
}

#[test]
fn what_can_not_be_sent_is_refused_before_anything_runs() {
    for (url, fields) in [
        ("localhost", ""),
        ("http://127.0.0.1/", "methods \"FETCH\""),
        ("http://127.0.0.1/", "token \"OTHER\""),
        ("http://127.0.0.1/", "requests 0"),
    ] {
        let finished = project(url, fields).sdd(&["check"]);
        assert_eq!(finished.code(), Some(2), "{url} {fields}");
    }
}

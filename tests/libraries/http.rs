//! Servers at a URL that go wrong before the protocol begins.

use super::api::{Answer, Api};
use super::*;

fn at(url: &str, more: &str) -> Project {
    let pipeline = format!(
        "secrets {{ KEY env=\"TEST_KEY\" }}\nlibraries \"known\" {{\n    server {{ url \"{url}\"; {more} }}\n}}\n"
    );
    Project::with(&pipeline).file("requirements.txt", "flask==3.1.0\n")
}

fn run(project: &Project) -> Report {
    run_with(project, &[("TEST_KEY", "a-key-of-the-tests")])
}

fn answering(head: &'static str, body: &'static str) -> Report {
    let api = Api::serve(move |_| {
        Some(Answer {
            head,
            body: body.to_owned(),
        })
    });
    run(&at(&format!("http://{}/mcp", api.address), ""))
}

#[test]
fn b48_every_answer_that_is_not_of_the_protocol_is_an_error_of_its_own() {
    for (head, body, code) in [
        (
            "401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"x\"",
            "",
            "server-unauthorised",
        ),
        ("401 Unauthorized", "who are you", "server-unauthorised"),
        ("403 Forbidden", "not you", "server-unauthorised"),
        ("503 Service Unavailable", "", "server-unreachable"),
        ("429 Too Many Requests", "", "server-unreachable"),
        ("404 Not Found", "", "server-garbled"),
        (
            "302 Found\r\nLocation: http://127.0.0.1:1/",
            "",
            "server-garbled",
        ),
        (
            "200 OK\r\nContent-Type: text/html",
            "<html>",
            "server-garbled",
        ),
        (
            "200 OK\r\nContent-Type: application/json",
            "{\"a\":",
            "server-garbled",
        ),
        (
            "200 OK\r\nContent-Type: text/event-stream",
            "data: x\n\n",
            "server-garbled",
        ),
    ] {
        let report = answering(head, body);
        assert_eq!(
            told(&report),
            ("error", code),
            "{head}: {}",
            report.reason("known")
        );
    }
}

#[test]
fn a_url_where_nobody_listens_is_an_error_that_says_so() {
    let report = run(&at("http://127.0.0.1:1/mcp", ""));
    assert_eq!(told(&report), ("error", "server-unreachable"));
    assert!(
        report.reason("known").contains("refused"),
        "{}",
        report.reason("known")
    );
}

#[test]
fn a_url_that_does_not_answer_is_given_up_after_its_time() {
    let api = Api::serve(|_| None);
    let report = run(&at(
        &format!("http://{}/mcp", api.address),
        "start-timeout \"300ms\"",
    ));
    assert_eq!(told(&report), ("error", "server-silent"));
}

#[test]
fn a_token_is_sent_to_the_url_and_nowhere_in_the_clear() {
    let api = Api::serve(|_| {
        Some(Answer {
            head: "401 Unauthorized",
            body: "a-key-of-the-tests is not known".to_owned(),
        })
    });
    let project = at(&format!("http://{}/mcp", api.address), "token \"KEY\"");
    let report = run(&project);
    assert_eq!(told(&report), ("error", "server-unauthorised"));
    assert!(api.heads()[0].contains("Bearer a-key-of-the-tests"));
    assert!(!report.json.to_string().contains("a-key-of-the-tests"));

    let report = run(&at("http://server.invalid/mcp", "token \"KEY\""));
    assert_eq!(told(&report), ("error", "not-started"));
    assert!(
        report.reason("known").contains("use https"),
        "{}",
        report.reason("known")
    );
}

#[test]
fn a_token_that_has_no_value_is_an_error() {
    let project = at("http://127.0.0.1:1/mcp", "token \"KEY\"");
    assert_eq!(told(&run_with(&project, &[])), ("error", "not-started"));
}

#[test]
fn a_server_is_named_in_exactly_one_way_and_its_token_is_a_secret() {
    for (server, word) in [
        ("", "none of `run`, `url`"),
        ("run \"a\"; url \"http://a\"", "exclude each other"),
        ("url \"a.example\"", "takes a whole URL"),
        ("run \"a\"; token \"KEY\"", "is for a server at a `url`"),
        (
            "url \"http://a\"; token \"OTHER\"",
            "there is no secret `OTHER`",
        ),
    ] {
        let pipeline = format!(
            "secrets {{ KEY env=\"K\" }}\nlibraries \"known\" {{ server {{ {server} }} }}\n"
        );
        let checked = Project::with(&pipeline).sdd(&["check"]);
        let said = checked.stdout() + &checked.stderr();
        assert_eq!(checked.code(), Some(2), "{server}: {said}");
        assert!(said.contains(word), "{server}: {said}");
    }
}

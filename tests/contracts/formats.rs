//! What `sdd contract` prints, for people and for programs.

use serde_json::Value;

use super::server::{Answer, Server};
use super::support::{Finished, Project};
use super::{committed, git};

const OLD: &str = "openapi: 3.1.0
info: {title: Orders, version: '1.0.0'}
paths:
  /orders:
    post:
      parameters:
        - {name: dry, in: query, schema: {enum: [yes, no]}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [lines]
              properties:
                lines: {type: array, items: {$ref: '#/components/schemas/Line'}}
      responses:
        '201':
          description: taken
          content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}}
  /orders/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: an order}}
components:
  schemas:
    Line: {type: object, properties: {amount: {type: number}}}
";

fn new() -> String {
    OLD.replace("enum: [yes, no]", "enum: [yes]")
        .replace("amount: {type: number}", "amount: {type: integer}")
        .replace(
            "properties: {id: {type: integer}}",
            "properties: {id: {type: [integer, string]}}",
        )
        .replace("  /orders/{id}:\n    get:", "  /orders/{id}:\n    head:")
}

const WRONG: &str = "openapi: 3.1.0
info: {title: Orders, version: 1.0}
paths:
  /orders/{id}:
    get: {operationID: order, parameters: [{name: id, in: path, required: true, schema: {type: integer, example: a}}]}
";

fn diff(format: &str) -> Finished {
    let project = Project::new().file("old.yaml", OLD).file("new.yaml", new());
    let finished = project.sdd(&[
        "contract", "diff", "old.yaml", "new.yaml", "--format", format,
    ]);
    assert_eq!(finished.code(), Some(1), "{}", finished.stderr());
    finished
}

fn check(format: &str) -> Finished {
    let project = Project::new()
        .file("wrong.yaml", WRONG)
        .file("right.yaml", OLD);
    let args = [
        "contract",
        "check",
        "wrong.yaml",
        "right.yaml",
        "--format",
        format,
    ];
    let finished = project.sdd(&args);
    assert_eq!(finished.code(), Some(1), "{}", finished.stderr());
    finished
}

#[test]
fn changes_for_people_are_told_by_endpoint_with_the_request_and_both_places() {
    insta::assert_snapshot!("diff-human", diff("human").stdout());
}

#[test]
fn changes_in_markdown_are_a_changelog() {
    insta::assert_snapshot!("diff-markdown", diff("markdown").stdout());
}

#[test]
fn changes_in_sarif_have_their_place_and_what_was_there_before() {
    let text = diff("sarif")
        .stdout()
        .replace(env!("CARGO_PKG_VERSION"), "VERSION");
    insta::assert_snapshot!("diff-sarif", text);
}

#[test]
fn changes_in_json_have_the_documented_fields() {
    let told: Value = serde_json::from_str(&diff("json").stdout()).unwrap();
    assert_eq!(told["schema"], "sdd.contract/1");
    let findings = told["findings"].as_array().unwrap();
    assert_eq!(
        told["breaking"],
        findings
            .iter()
            .filter(|one| one["level"] == "error")
            .count()
    );
    for field in [
        "rule",
        "level",
        "method",
        "path",
        "location",
        "message",
        "old",
        "new",
        "witness",
        "operations",
    ] {
        assert!(
            findings.iter().all(|one| one.get(field).is_some()),
            "{field}"
        );
    }
}

#[test]
fn mistakes_for_people_are_told_on_the_stream_of_mistakes() {
    let finished = check("human");
    insta::assert_snapshot!("check-human", finished.stderr());
    assert_eq!(finished.stdout(), "right.yaml: 2 operations, no mistakes\n");
}

#[test]
fn mistakes_in_markdown_json_and_sarif_say_the_same() {
    insta::assert_snapshot!("check-markdown", check("markdown").stdout());
    insta::assert_snapshot!("check-json", check("json").stdout());
    let text = check("sarif")
        .stdout()
        .replace(env!("CARGO_PKG_VERSION"), "VERSION");
    insta::assert_snapshot!("check-sarif", text);
}

#[test]
fn a_file_that_can_not_be_read_is_told_in_every_format() {
    let project = Project::new();
    for format in ["human", "json", "sarif", "markdown"] {
        let finished = project.sdd(&["contract", "check", "none.yaml", "--format", format]);
        assert_eq!(finished.code(), Some(2), "{format}");
        let said = finished.stdout() + &finished.stderr();
        assert!(
            said.contains("`none.yaml` can't be read"),
            "{format} {said}"
        );
    }
}

/// What was found between two contracts that are written like that.
fn between(project: &Project, args: &[&str]) -> (Option<i32>, String) {
    let finished = project.sdd(&[&["contract", "diff"], args].concat());
    (finished.code(), finished.stdout() + &finished.stderr())
}

#[test]
fn contracts_are_read_from_a_commit_from_the_base_and_from_a_url() {
    let project = committed(Project::new().file("api/a.yaml", OLD));
    git(&project, &["tag", "v1"]);
    git(&project, &["checkout", "-q", "-b", "other"]);
    let project = project.file("api/a.yaml", new());
    for old in ["v1:api/a.yaml", "HEAD:api/a.yaml", "base:api/a.yaml"] {
        let (code, said) = between(&project, &[old, "api/a.yaml"]);
        assert_eq!(code, Some(1), "{said}");
        let (code, said) = between(&project, &[old, "v1:api/a.yaml"]);
        assert_eq!(code, Some(0), "{said}");
    }
    let server = Server::reading(|_, _| Answer::of_type(200, "application/yaml", OLD));
    let url = format!("{}a.yaml", server.url());
    let (code, said) = between(&project, &[&url, "api/a.yaml"]);
    assert_eq!(code, Some(1), "{said}");
    for (wrong, why) in [
        ("v2:api/a.yaml", "v2"),
        ("v1:api/b.yaml", "it was not there"),
        ("api/b.yaml", "No such file"),
    ] {
        let (code, said) = between(&project, &[wrong, "api/a.yaml"]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn days_of_notice_are_asked_for_on_the_command_line() {
    let deprecated = OLD.replace("    get:\n", "    get:\n      deprecated: true\n");
    let project = Project::new()
        .file("old.yaml", OLD)
        .file("new.yaml", &deprecated);
    let files = ["old.yaml", "new.yaml"];
    assert_eq!(between(&project, &files).0, Some(0));
    for days in ["30", "4294967295"] {
        let args = [&files[..], &["--deprecation-days-stable", days]].concat();
        let (code, said) = between(&project, &args);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("api-deprecated-sunset-missing"), "{said}");
    }
}

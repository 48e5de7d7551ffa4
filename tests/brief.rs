//! `sdd brief` and `sdd summary`, and the way of a work item from its creation to the end of its
//! session.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use serde_json::Value;
use support::Project;

const ORDERS: &str = include_str!("fixtures/specs/orders.md");
const ID: &str = "orders";

const PIPELINE: &str = r#"spec "spec" {
    when { work-item type="integration_test"; }
}
test "it" {
    when { work-item type="integration_test"; }
    shell "cp suite.xml $SDD_OUT/r.xml"
    results format="junit" path="{{out}}/r.xml"
    scenarios
}
docs "docs" {
    when { work-item type="integration_test"; }
    contracts
    integration-points
}
command "tool" { run "no-such-tool"; required #false; }
"#;

fn suite(second: &str) -> String {
    format!(
        "<testsuite><testcase name=\"test_happy_path\" time=\"0.5\"/><testcase name=\"test_payments_are_down\">{second}</testcase></testsuite>"
    )
}

fn create(project: &Project) -> support::Finished {
    project.sdd(&[
        "work-item",
        "new",
        "--type",
        "integration_test",
        "--title",
        "Orders and payments",
        "--id",
        ID,
        "--spec",
        "orders.md",
        "--status",
        "in_progress",
    ])
}

/// What people read, without what differs from run to run.
fn shown(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d{8}T\d{6}Z-[0-9a-f]{4}", "RUN");
    settings.add_filter(r"in \d+(\.\d+)? m?s\b", "in TIME");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_work_item_goes_its_way_from_creation_to_summary() {
    let project = Project::with(PIPELINE)
        .file(
            "orders.md",
            ORDERS.replace("**Services Required:**", "**Nothing:**"),
        )
        .file("suite.xml", suite(""));
    assert_eq!(create(&project).code(), Some(2));
    assert!(!project.exists(".session"));
    let project = project.file("orders.md", ORDERS);
    assert_eq!(create(&project).code(), Some(0));
    let brief = project.sdd(&["brief"]);
    assert_eq!(brief.code(), Some(0), "{}", brief.stderr());
    shown("brief", &brief.stdout());

    let report = project.run();
    assert_eq!(
        report.outcome("docs"),
        "failed",
        "the contract is not there"
    );
    let project = project
        .file("contracts/payments.yaml", "openapi: 3.1.0\n")
        .file("schemas/payments.sql", "create table payments (id int);\n")
        .file(
            "suite.xml",
            suite("<failure message=\"503 was not answered\"/>"),
        );
    let report = project.run_with(&["--checkpoint"]);
    assert_eq!(
        report.outcome("docs"),
        "passed",
        "{}",
        report.reason("docs")
    );
    shown("summary-failed", &project.sdd(&["summary"]).stdout());
    shown("brief-with-debt", &project.sdd(&["brief", ID]).stdout());

    let project = project.file("suite.xml", suite(""));
    assert_eq!(project.run().verdict(), "passed");
    shown("summary", &project.sdd(&["summary", "last"]).stdout());
    let summary: Value =
        serde_json::from_str(&project.sdd(&["summary", "--format", "json"]).stdout()).unwrap();
    assert_eq!(summary["schema"], "sdd.summary/1");
    assert_eq!(summary["tests"][0]["counts"]["tests.passed"], 2);
}

#[test]
fn a_brief_without_item_or_pipeline_says_so() {
    let project = Project::new();
    let told = project.sdd(&["brief"]);
    assert_eq!(told.code(), Some(2));
    assert!(
        told.stderr().contains("no work item is in progress"),
        "{}",
        told.stderr()
    );
    let project = project.file("orders.md", ORDERS);
    assert_eq!(create(&project).code(), Some(0));
    let brief: Value =
        serde_json::from_str(&project.sdd(&["brief", "--format", "json"]).stdout()).unwrap();
    assert_eq!(brief["schema"], "sdd.brief/1");
    assert_eq!(brief["spec"]["scenarios"][0]["name"], "Happy path");
    assert_eq!(brief["checks"][0]["ok"], false);
    assert_eq!(
        brief["checks"][0]["detail"],
        "there is no pipeline `end-of-session`"
    );
}

#[test]
fn b72_what_a_specification_needs_is_looked_up_and_its_services_are_named() {
    let project = Project::with("command \"a\" { run \"true\"; }\n").file("orders.md", ORDERS);
    assert_eq!(create(&project).code(), Some(0));
    let brief = |project: &Project| -> Value {
        serde_json::from_str(&project.sdd(&["brief", "--format", "json"]).stdout()).unwrap()
    };
    let state = |brief: &Value, name: &str| {
        let checks = brief["checks"].as_array().unwrap();
        let found = checks.iter().find(|check| check["name"] == name).unwrap();
        found["ok"].as_bool().unwrap()
    };
    let files = [
        "docker-compose.integration.yml",
        "config/integration/*.yaml",
    ];
    let before = brief(&project);
    assert_eq!(
        before["spec"]["services"],
        serde_json::json!(["postgres:16", "redis:7"])
    );
    assert!(state(&before, "true"), "a program that is there");
    assert_eq!(files.map(|file| state(&before, file)), [false, false]);
    let project = project
        .file("docker-compose.integration.yml", "services: {}\n")
        .file("config/integration/a.yaml", "a: 1\n");
    assert_eq!(
        files.map(|file| state(&brief(&project), file)),
        [true, true]
    );
}

#[test]
fn what_a_specification_needs_is_a_file_in_the_project() {
    let compose = "`docker-compose.integration.yml`";
    let named = |written: &str| {
        let project = Project::with("command \"a\" { run \"true\"; }\n")
            .file("orders.md", ORDERS.replace(compose, written))
            .file("folder/a.yml", "services: {}\n");
        assert_eq!(create(&project).code(), Some(0));
        let brief = project.sdd(&["brief", "--format", "json"]).stdout();
        let brief: Value = serde_json::from_str(&brief).unwrap();
        let checks = brief["checks"].as_array().unwrap().clone();
        let of_compose = |check: &&Value| {
            let detail = check["detail"].as_str().unwrap();
            detail.contains("the Compose file")
        };
        checks
            .iter()
            .find(of_compose)
            .map(|check| check["ok"] == true)
    };
    assert_eq!(named("./folder/a.yml"), Some(true));
    for other in ["folder", "../a.yml", "/etc/passwd"] {
        assert_eq!(named(other), Some(false), "{other}");
    }
    assert_eq!(named(""), None, "no file is named");
}

/// A record of a run with nodes of kinds whose results are told.
fn recorded(contract: &str) -> Project {
    let node = |id: &str, kind: &str| {
        format!(
            "{{\"id\":\"{id}\",\"kind\":\"{kind}\",\"required\":true,\"needs\":[],\"after\":[],\"finalises\":null}}"
        )
    };
    let nodes = [node("load", "benchmark"), node("api", "contract")].join(",");
    let begun = format!(
        "{{\"v\":1,\"seq\":0,\"at_ms\":0,\"type\":\"run-started\",\"run\":\"20261127T000000Z-0000\",\"pipeline\":\"end-of-session\",\"started_at\":\"2026-11-27T00:00:00Z\",\"jobs\":1,\"pid\":1,\"options\":[],\"nodes\":[{nodes}]}}"
    );
    let rest = "\
{\"v\":1,\"seq\":1,\"at_ms\":1,\"type\":\"node-started\",\"node\":\"load\",\"attempt\":1}
{\"v\":1,\"seq\":2,\"at_ms\":2,\"type\":\"measurement\",\"node\":\"load\",\"measurement\":{\"name\":\"latency.p95\",\"value\":612.5,\"unit\":\"ms\"}}
{\"v\":1,\"seq\":3,\"at_ms\":3,\"type\":\"finding\",\"node\":\"load\",\"finding\":{\"rule\":\"latency-regression\",\"severity\":\"high\",\"message\":\"p95 was 400 ms\",\"fixable\":false}}
{\"v\":1,\"seq\":4,\"at_ms\":4,\"type\":\"node-settled\",\"node\":\"load\",\"outcome\":\"failed\",\"reason\":\"p95 is 612.5 ms, at most 500 ms is allowed\",\"duration_ms\":3}
{\"v\":1,\"seq\":5,\"at_ms\":5,\"type\":\"node-started\",\"node\":\"api\",\"attempt\":1}
";
    let end = "{\"v\":1,\"seq\":9,\"at_ms\":9,\"type\":\"run-finished\",\"verdict\":\"failed\",\"exit_code\":1}\n";
    Project::with("command \"a\" { run \"true\"; }\n").file(
        ".session/runs/20261127T000000Z-0000/events.jsonl",
        format!("{begun}\n{rest}{contract}{end}"),
    )
}

fn settled(outcome: &str, reason: &str) -> String {
    format!(
        "{{\"v\":1,\"seq\":8,\"at_ms\":8,\"type\":\"node-settled\",\"node\":\"api\",\"outcome\":\"{outcome}\",\"reason\":{reason},\"duration_ms\":3}}\n"
    )
}

#[test]
fn b109_a_contract_that_could_not_be_read_is_never_said_to_be_sound() {
    for contract in [
        settled("error", "\"`a.yaml` can't be read\""),
        settled("timed-out", "null"),
        settled("skipped", "\"off\""),
        settled("cancelled", "null"),
        settled("failed", "\"it is no OpenAPI\""),
        String::new(),
    ] {
        let project = recorded(&contract);
        let told = project.sdd(&["summary"]).stdout();
        assert!(!told.contains("no breaking changes"), "{told}");
        assert!(
            told.contains("whether something breaks is not known"),
            "{told}"
        );
        let json = project.sdd(&["summary", "--format", "json"]).stdout();
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["contracts"][0]["contracts"], "unknown", "{contract}");
    }
    let told = recorded(&settled("passed", "null"))
        .sdd(&["summary"])
        .stdout();
    assert!(told.contains("no breaking changes"), "{told}");
}

#[test]
fn what_breaks_and_what_got_slower_stands_out() {
    let contract = format!(
        "{{\"v\":1,\"seq\":6,\"at_ms\":6,\"type\":\"finding\",\"node\":\"api\",\"finding\":{{\"rule\":\"response-property-removed\",\"severity\":\"high\",\"message\":\"`total` is gone\",\"path\":\"a.yaml\",\"line\":7,\"fixable\":false}}}}\n{}",
        settled("failed", "\"1 breaking change\"")
    );
    shown(
        "summary-broken",
        &recorded(&contract).sdd(&["summary"]).stdout(),
    );
}

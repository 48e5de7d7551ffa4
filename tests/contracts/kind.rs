//! Verdicts of the kind: nothing checked is never a pass, and no problem hides another.

use super::server::{Answer, Server};
use super::support::{Project, Report};
use super::{committed, git};

/// A contract of that version with a field of that type in the body of `POST /orders`.
fn contract(version: &str, kind: &str) -> String {
    format!(
        "openapi: 3.1.0
info: {{title: Orders, version: '{version}'}}
paths:
  /orders:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                amount: {{type: {kind}}}
      responses:
        '201': {{description: taken}}
"
    )
}

/// A project whose node `api` has these fields, beside `spec`.
fn node(fields: &str) -> Project {
    let node = format!("contract \"api\" {{\n spec \"api/*.yaml\"\n {fields}\n}}\n");
    Project::with(&node)
}

/// The same with a contract that was committed and then changed.
fn changed(fields: &str, old: &str, new: &str) -> Project {
    committed(node(fields).file("api/orders.yaml", old)).file("api/orders.yaml", new)
}

fn broken(fields: &str) -> Report {
    changed(
        fields,
        &contract("1.2.0", "number"),
        &contract("1.3.0", "integer"),
    )
    .run()
}

const BREAK: &str = "request-property-type-changed api/orders.yaml:12";

#[track_caller]
fn ends(report: &Report, outcome: &str, reason: &str) {
    let said = report.reason("api");
    assert_eq!(report.outcome("api"), outcome, "{said}");
    assert!(said.contains(reason), "{said}");
}

#[test]
fn a_notice_for_one_stability_is_enough() {
    for notice in ["stable=30", "beta=30"] {
        let finished = node(&format!("notice {notice}")).sdd(&["check"]);
        assert_eq!(finished.code(), Some(0), "{}", finished.stderr());
    }
}

#[test]
fn a_contract_that_keeps_what_it_promised_passes() {
    let old = contract("1.0.0", "integer");
    let report = changed("", &old, &contract("1.1.0", "number")).run();
    ends(&report, "passed", "");
    assert_eq!(report.measured("api", "contract.compared"), Some(1.0));
    assert_eq!(report.measured("api", "contract.breaking"), Some(0.0));
    assert_eq!(report.code, Some(0));
}

#[test]
fn a_break_fails_with_its_place_its_proof_and_what_to_do() {
    let report = broken("");
    ends(&report, "failed", "1 breaking change");
    assert_eq!(report.findings("api"), [BREAK]);
    assert_eq!(report.measured("api", "contract.breaking"), Some(1.0));
    let finding = &report.node("api")["findings"][0];
    assert_eq!(finding["severity"], "high");
    let message = finding["message"].as_str().unwrap();
    for part in [
        "POST /orders request.body.amount: ",
        "is valid in the old contract, not in the new one",
        "it was at base:api/orders.yaml:12",
    ] {
        assert!(message.contains(part), "{message}");
    }
    let remedy = report.node("api")["remedy"][0].as_str().unwrap();
    let id = "request-property-type-changed POST /orders request.body.amount";
    assert!(remedy.contains(id), "{remedy}");
}

#[test]
fn b103_a_previous_contract_that_can_not_be_read_is_an_error_whatever_is_allowed() {
    let valid = contract("1.0.0", "number");
    for breaking in ["forbid", "major", "allow"] {
        let fields = format!("breaking \"{breaking}\"");
        let report = changed(&fields, "openapi: [", &valid).run();
        ends(
            &report,
            "error",
            "could not be compared with `base:api/orders.yaml`",
        );
        assert!(report.reason("api").contains("api/orders.yaml:1:"));
        assert_eq!(report.measured("api", "contract.breaking"), None);
        assert_eq!(report.findings("api"), Vec::<String>::new());
        // Without a repository, nobody can tell what the contract was.
        let alone = node(&fields).file("api/orders.yaml", &valid).run();
        ends(&alone, "error", "could not be compared");
    }
}

#[test]
fn b104_nothing_checked_is_never_a_pass() {
    let valid = contract("1.0.0", "number");
    let nothing = committed(node("").file("a.txt", "")).run();
    ends(
        &nothing,
        "error",
        "nothing was checked: no file matches `api/*.yaml`",
    );
    let elsewhere = |against: &str| {
        let project = node(&format!("against \"{against}\""));
        committed(project.file("api/orders.yaml", &valid)).run()
    };
    for against in ["published/orders.yaml", "published/", "base:orders.yaml"] {
        ends(&elsewhere(against), "error", "could not be compared");
    }
    ends(&elsewhere("v1:"), "error", "there is no commit `v1`");
    ends(&elsewhere("HEAD:api/orders.yaml"), "passed", "");
    ends(&elsewhere("api/"), "error", "api/api/orders.yaml");
    let unwritten = Project::with("contract \"api\" {}").sdd(&["check"]);
    assert_eq!(unwritten.code(), Some(2));
    assert!(
        unwritten.stderr().contains("spec"),
        "{}",
        unwritten.stderr()
    );
}

#[test]
fn b104_one_bad_contract_hides_no_other() {
    let number = contract("1.0.0", "number");
    let project = node("")
        .file("api/broken.yaml", &number)
        .file("api/orders.yaml", &number);
    let report = committed(project)
        .file("api/broken.yaml", "openapi: 3.1.0\npaths: [\n")
        .file("api/orders.yaml", contract("1.0.0", "integer"))
        .run();
    ends(&report, "failed", "1 mistake, 1 breaking change");
    let findings = report.findings("api");
    assert!(
        findings[0].starts_with("openapi/unreadable api/broken.yaml:"),
        "{findings:?}"
    );
    assert!(findings.contains(&BREAK.to_owned()), "{findings:?}");
}

#[test]
fn a_contract_that_git_says_is_new_passes_and_is_told_to_be() {
    let project = committed(node("").file("a.txt", ""));
    let report = project
        .file("api/orders.yaml", contract("1.0.0", "number"))
        .run();
    ends(&report, "passed", "");
    assert_eq!(report.findings("api"), ["contract-new api/orders.yaml"]);
    assert_eq!(report.measured("api", "contract.compared"), Some(0.0));
    assert_eq!(report.measured("api", "contract.breaking"), None);
}

#[test]
fn a_contract_leaves_the_check_neither_by_another_name_nor_by_none() {
    let old = contract("1.0.0", "number");
    let project = committed(
        node("")
            .file("api/orders.yaml", &old)
            .file("api/b.yaml", &old),
    );
    git(&project, &["mv", "api/orders.yaml", "api/sales.yaml"]);
    let renamed = project
        .file("api/sales.yaml", contract("1.0.0", "integer"))
        .run();
    ends(&renamed, "failed", "1 breaking change");
    let project = committed(node("").file("api/orders.yaml", &old).file(
        "api/b.yaml",
        "openapi: 3.1.0\ninfo: {title: b, version: '1'}\npaths: {}\n",
    ));
    git(&project, &["rm", "-q", "api/orders.yaml"]);
    let removed = project.run();
    ends(&removed, "failed", "the contract `api/orders.yaml` is gone");
    assert_eq!(
        removed.findings("api"),
        ["contract-removed api/orders.yaml"]
    );
}

#[test]
fn a_contract_that_is_gone_is_let_through_where_every_break_is() {
    let old = contract("1.0.0", "number");
    let other = old
        .replace("title: Orders", "title: Other")
        .replace("number", "boolean");
    let project = node("breaking \"allow\"")
        .file("api/a.yaml", &old)
        .file("api/b.yaml", other);
    let project = committed(project);
    git(&project, &["rm", "-q", "api/a.yaml"]);
    let report = project.run();
    ends(&report, "passed", "");
    assert_eq!(report.findings("api"), ["contract-removed api/a.yaml"]);
}

#[test]
fn what_is_published_is_read_from_a_folder_or_a_url() {
    let (old, new) = (contract("1.0.0", "number"), contract("1.0.0", "integer"));
    let folder = node("against \"published/\"")
        .file("published/api/orders.yaml", &old)
        .file("api/orders.yaml", &new);
    ends(
        &folder.run(),
        "failed",
        "it was at published/api/orders.yaml:12",
    );
    let server = Server::reading(move |_, request| {
        if request.starts_with("GET /v1/orders.yaml ") {
            Answer::of_type(200, "application/yaml", &old)
        } else {
            Answer::status(404)
        }
    });
    let from = |path: &str| {
        let against = format!("against \"{}{path}\"", server.url());
        node(&against).file("api/orders.yaml", &new).run()
    };
    ends(&from("v1/orders.yaml"), "failed", "1 breaking change");
    ends(&from("v2/orders.yaml"), "error", "the answer was 404");
}

#[test]
fn b108_a_break_is_allowed_by_a_new_major_version_only() {
    let (number, integer) = ("number", "integer");
    let rises = |old: &str, new: &str| {
        let (old, new) = (contract(old, number), contract(new, integer));
        changed("breaking \"major\"", &old, &new).run()
    };
    for (old, new) in [("1.2.0", "2.0.0"), ("0.3.0", "0.4.0")] {
        let report = rises(old, new);
        ends(&report, "passed", "");
        let waiver = report.node("api")["findings"][0]["waiver"]
            .as_str()
            .unwrap();
        assert_eq!(waiver, format!("`info.version` rose from {old} to {new}"));
        assert_eq!(report.measured("api", "contract.breaking"), Some(0.0));
        assert_eq!(
            report.measured("api", "contract.breaking-waived"),
            Some(1.0)
        );
    }
    for (old, new, what) in [
        ("1.2.0", "1.3.0", "rise from 1.2.0 to 2.0.0"),
        ("1.2.0", "1.2.0", "rise from 1.2.0 to 2.0.0"),
        ("2.0.0", "1.0.0", "rise from 2.0.0 to 3.0.0"),
        ("0.3.0", "0.3.1", "rise from 0.3.0 to 0.4.0"),
        ("1.2.0", "two", "a semantic version"),
    ] {
        let report = rises(old, new);
        ends(&report, "failed", "1 breaking change");
        let remedy = report.node("api")["remedy"][0].as_str().unwrap();
        assert!(remedy.contains(what), "{old} {new}: {remedy}");
    }
    ends(
        &broken("breaking \"forbid\""),
        "failed",
        "1 breaking change",
    );
    let allowed = broken("breaking \"allow\"");
    ends(&allowed, "passed", "");
    assert_eq!(allowed.findings("api"), [BREAK]);
}

#[test]
fn b110_a_break_is_lived_with_by_its_id_and_until_a_day() {
    let waive = |id: &str, until: &str| {
        broken(&format!(
            "waive \"{id}\" until=\"{until}\" reason=\"nobody sends it\""
        ))
    };
    let rule = "request-property-type-changed";
    for id in [
        rule.to_owned(),
        format!("{rule} POST /orders"),
        format!("{rule} POST /orders request.body.amount"),
    ] {
        let report = waive(&id, "2999-12-31");
        ends(&report, "passed", "");
        let waiver = &report.node("api")["findings"][0]["waiver"];
        assert_eq!(waiver, "nobody sends it (until 2999-12-31)");
    }
    let ended = waive(rule, "2020-01-01");
    ends(&ended, "failed", "1 breaking change");
    assert!(ended.findings("api").contains(&"waive-ended".to_owned()));
    for other in ["request-property", &format!("{rule} POST /order")] {
        let report = waive(other, "2999-12-31");
        ends(&report, "failed", "1 breaking change");
        assert!(report.findings("api").contains(&"waive-unused".to_owned()));
    }
    for fields in [
        "waive \"a\" reason=\"b\"",
        "waive \"a\" until=\"2999-01-01\"",
        "waive \"a\" until=\"soon\" reason=\"b\"",
        "waive \"a\" until=\"2999-01-01\" reason=\" \"",
    ] {
        assert_eq!(node(fields).sdd(&["check"]).code(), Some(2), "{fields}");
    }
}

#[test]
fn what_nobody_can_decide_is_an_error_unless_it_is_lived_with() {
    let tried = |fields: &str| {
        let new = contract("1.0.0", "string, pattern: '^(?!a)'");
        changed(fields, &contract("1.0.0", "string"), &new).run()
    };
    ends(&tried(""), "error", "undecided");
    let waive = "waive \"request-property-pattern-changed\" until=\"2999-01-01\" reason=\"seen\"";
    ends(&tried(waive), "passed", "");
    ends(&tried("breaking \"allow\""), "passed", "");
}

#[test]
fn files_that_a_contract_refers_to_are_read_where_it_is_read() {
    let main = "openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: {$ref: 'parts/s.yaml#/S'}}}}
      responses: {'200': {description: d}}
";
    let project = Project::with("contract \"api\" { spec \"a.yaml\"; }")
        .file("a.yaml", main)
        .file("parts/s.yaml", "S: {type: number}\n");
    let project = committed(project).file("parts/s.yaml", "S: {type: integer}\n");
    let report = project.run();
    ends(&report, "failed", "1 breaking change");
    assert_eq!(
        report.findings("api"),
        ["request-body-type-changed parts/s.yaml:1"]
    );
}

#[test]
fn a_reference_over_the_network_is_followed_where_it_may_lead_only() {
    let server = Server::reading(move |_, request| {
        let kind = if request.starts_with("GET /s/a.yaml ") {
            "number"
        } else {
            "string"
        };
        Answer::of_type(200, "application/yaml", &format!("S: {{type: {kind}}}\n"))
    });
    let text = |file: &str| {
        let schema = format!("{{$ref: '{}s/{file}.yaml#/S'}}", server.url());
        format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n  /a:\n    post:\n      \
             requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}\n      \
             responses: {{'200': {{description: d}}}}\n"
        )
    };
    let run = |fields: &str| changed(fields, &text("a"), &text("b")).run();
    let remote = format!("remote \"{}s/\"", server.url());
    ends(&run(&remote), "failed", "1 breaking change");
    let elsewhere = format!("remote \"{}t/\"", server.url());
    for fields in ["", &elsewhere] {
        assert_ne!(run(fields).outcome("api"), "passed");
    }
}

#[test]
fn notice_is_owed_before_something_goes() {
    let text = |more: &str| {
        contract("1.0.0", "number").replace("    post:\n", &format!("    post:\n{more}"))
    };
    let soon = "      deprecated: true\n      x-sunset: '2020-01-01'\n";
    let run = |fields: &str, more: &str| changed(fields, &text(""), &text(more)).run();
    ends(&run("", soon), "passed", "");
    ends(
        &run("notice stable=30", soon),
        "failed",
        "1 breaking change",
    );
    let never = "      deprecated: true\n";
    ends(
        &run("notice stable=30", never),
        "failed",
        "1 breaking change",
    );
    let late = "      deprecated: true\n      x-sunset: '9999-01-01'\n";
    ends(&run("notice stable=30", late), "passed", "");
}

#[test]
fn several_contracts_can_not_all_have_been_one_file() {
    let one = contract("1.0.0", "number");
    let both = |fields: &str| {
        let project = node(fields)
            .file("api/a.yaml", &one)
            .file("api/b.yaml", &one);
        committed(project).run()
    };
    ends(&both("against \"base:api/a.yaml\""), "error", "2 contracts");
    ends(&both("against \"HEAD:\""), "passed", "");
}

#[test]
fn b109_the_summary_of_a_run_says_no_more_than_was_compared() {
    let summary = |project: &Project| {
        project.sdd(&["run"]);
        project.sdd(&["summary"]).stdout()
    };
    let valid = contract("1.0.0", "number");
    let kept = summary(&changed("", &valid, &contract("1.0.1", "number")));
    assert!(kept.contains("`api`: no breaking changes"), "{kept}");
    let cases = [
        changed("", &valid, "openapi: ["),
        changed("", "openapi: [", &valid),
        committed(node("")).file("api/orders.yaml", &valid),
        committed(node("against \"none\"").file("api/orders.yaml", &valid)),
        changed("breaking \"allow\"", &valid, &contract("1.0.0", "integer")),
    ];
    for project in cases {
        let said = summary(&project);
        assert!(!said.contains("no breaking changes"), "{said}");
    }
}

#[test]
fn what_the_specification_forbids_fails_with_its_place_and_what_it_warns_of_does_not() {
    let text = "openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a/{id}:
    get: {operationID: a}
    post:
      parameters: [{name: id, in: path, required: true, schema: {type: integer, example: x}}]
";
    let tried = |fields: &str| committed(node(fields).file("api/a.yaml", text)).run();
    let report = tried("");
    ends(&report, "failed", "2 mistakes");
    assert_eq!(
        report.findings("api"),
        [
            "openapi/undeclared-path-parameter api/a.yaml:5",
            "openapi/unknown-field api/a.yaml:5",
            "openapi/example-mismatch api/a.yaml:7",
        ]
    );
    let waive = |id: &str| format!("waive \"{id}\" until=\"2999-01-01\" reason=\"seen\"\n");
    let both = waive("openapi/unknown-field")
        + &waive("openapi/undeclared-path-parameter /paths/~1a~1{id}/get");
    ends(&tried(&both), "passed", "");
}

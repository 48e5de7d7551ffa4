//! Scanners: one model of findings, one scale of severities, and no silence.

use crate::support::{Project, Report};

/// A scanner that reports one finding of each of these severities.
fn scanned(severities: &[&str], fields: &str) -> Report {
    let findings: Vec<String> = severities
        .iter()
        .enumerate()
        .map(|(index, word)| {
            format!(
                r#"{{"id":"CVE-{index}","level":"{word}","text":"weak","package":"lib{index}"}}"#
            )
        })
        .collect();
    let exit = i32::from(!severities.is_empty());
    let script = format!(
        "#!/bin/sh\necho 'a banner'\necho '{{\"results\":[{}]}}'\nexit {exit}\n",
        findings.join(",")
    );
    project(fields).program("scanner", &script).run()
}

fn project(fields: &str) -> Project {
    Project::with(&format!(
        r#"security "scan" {{
    scan "own" {{
        run "scanner"
        findings format="json" {{
            expect "results"
            each "results[]" {{
                rule "id"
                severity "level"
                message "text"
                package "package"
            }}
            severity MODERATE="medium" UNDEFINED="low" CRITICAL="critical"
        }}
    }}
    {fields}
}}
"#
    ))
}

#[test]
fn every_severity_counts_from_the_limit_upwards() {
    let words = ["info", "low", "moderate", "high", "critical"];
    let limits = ["info", "low", "medium", "high", "critical"];
    for (found, word) in words.iter().enumerate() {
        for (least, limit) in limits.iter().enumerate() {
            let report = scanned(&[word], &format!("fail-on \"{limit}\""));
            let expected = if found >= least { "failed" } else { "passed" };
            assert_eq!(report.outcome("scan"), expected, "{word}, fail-on {limit}");
        }
    }
}

#[test]
fn b24_a_word_that_nobody_mapped_is_an_error_that_names_it() {
    let report = scanned(&["gruesome"], "");
    assert_eq!(report.outcome("scan"), "error");
    assert!(
        report.reason("scan").contains("gruesome"),
        "{}",
        report.reason("scan")
    );
    assert_eq!(scanned(&["UNDEFINED"], "").outcome("scan"), "passed");
}

#[test]
fn b25_a_misspelt_limit_is_refused_with_its_place() {
    let project = project("fail-on \"moderate\"");
    let checked = project.sdd(&["check"]);
    assert_eq!(checked.code(), Some(2));
    assert!(checked.stderr().contains("moderate") || checked.stdout().contains("moderate"));
}

#[test]
fn b27_a_banner_before_the_report_harms_nobody() {
    assert_eq!(scanned(&["high"], "").outcome("scan"), "failed");
}

#[test]
fn b29_an_error_document_is_not_a_clean_one() {
    let report = project("")
        .program(
            "scanner",
            "#!/bin/sh\necho '{\"error\":{\"code\":\"ENOLOCK\"}}'\nexit 0\n",
        )
        .run();
    assert_eq!(report.outcome("scan"), "error");
    assert_eq!(report.node("scan")["code"], "report-unreadable");
}

#[test]
fn b23_a_scanner_that_failed_is_not_judged_by_an_older_report() {
    let pipeline = r#"security "scan" {
    scan "own" {
        run "scanner"
        findings format="sarif" path="report.sarif"
    }
}
"#;
    let clean = r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"s"}},"results":[]}]}"#;
    let failing = Project::with(pipeline)
        .file("report.sarif", clean)
        .program("scanner", "#!/bin/sh\nexit 2\n")
        .run();
    assert_eq!(failing.node("scan")["code"], "tool-failed");
    let silent = Project::with(pipeline)
        .file("report.sarif", clean)
        .program("scanner", "#!/bin/sh\nexit 0\n")
        .run();
    assert_eq!(silent.node("scan")["code"], "report-stale");
}

#[test]
fn b32_without_any_scanner_nothing_was_scanned() {
    let project =
        Project::with("security \"scan\" {\n    scan \"gitleaks\"\n    scan \"bandit\"\n}\n");
    let mut command = project.command(&["run", "--format", "json"]);
    let finished = command.env("PATH", "/usr/bin:/bin").output().unwrap();
    let report = Report::of(&crate::support::Finished(finished));
    assert_eq!(report.node("scan")["code"], "tool-missing");
    assert_eq!(report.code, Some(1));
}

#[test]
fn b33_every_finding_is_counted_and_shown() {
    let report = scanned(&["high", "high", "low", "critical"], "");
    let measured = &report.node("scan")["measurements"];
    assert_eq!(measured["security.high"], 2.0);
    assert_eq!(measured["security.critical"], 1.0);
    assert_eq!(measured["security.packages"], 4.0);
    assert_eq!(report.node("scan")["findings"].as_array().unwrap().len(), 4);
}

#[test]
fn what_the_project_lives_with_is_shown_with_its_reason_and_fails_nothing() {
    let ignore = |more: &str| {
        let fields = format!(
            "ignore \"CVE-0\" {{\n        reason \"not reachable\"\n        {more}\n    }}"
        );
        scanned(&["critical"], &fields)
    };
    let report = ignore("");
    assert_eq!(report.outcome("scan"), "passed");
    assert_eq!(
        report.node("scan")["findings"][0]["waiver"],
        "not reachable"
    );
    assert_eq!(ignore("until \"2999-01-01\"").outcome("scan"), "passed");
    let ended = ignore("until \"2020-01-01\"");
    assert_eq!(ended.outcome("scan"), "failed");
    assert_eq!(ended.node("scan")["findings"][1]["rule"], "ignore-ended");
}

#[test]
fn scanners_run_at_the_same_time_and_one_that_fails_hides_no_finding() {
    let script = "#!/bin/sh\n: > \"$1.here\"\nfor i in $(seq 200); do [ -e \"$2.here\" ] && break; sleep 0.05; done\n[ -e \"$2.here\" ] || exit 9\n";
    let pipeline = r#"security "scan" {
    scan "one" {
        run "wait" "one" "two"
        findings format="regex" pattern="^(?<message>found .*)$"
        exit clean=0
    }
    scan "two" {
        run "wait" "two" "one"
        findings format="regex" pattern="^(?<message>found .*)$"
        exit clean=0
    }
}
"#;
    let report = Project::with(pipeline).program("wait", script).run();
    assert_eq!(
        report.outcome("scan"),
        "passed",
        "{}",
        report.reason("scan")
    );
}

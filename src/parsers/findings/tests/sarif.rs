//! `sarif`.

use serde_json::{Value, json};

use super::super::Report;
use super::{read, recorded, shown};

const SARIF: &str = "format \"sarif\"";

fn log(run: &Value) -> Result<Report, String> {
    read(
        SARIF,
        json!({"runs": [run], "version": "2.1.0"}).to_string(),
    )
}

#[test]
fn ruff_is_read() {
    let report = read(SARIF, recorded("ruff.sarif")).unwrap();
    let wanted = "high F401 /project/a.py:1:8 `os` imported";
    assert!(shown(&report).iter().any(|line| line.starts_with(wanted)));
}

#[test]
fn rules_may_stand_behind_the_results() {
    let text = r#"{"version": "2.1.0", "runs": [{"results": [
        {"ruleId": "A/1", "message": {"id": "say", "arguments": ["x", "{y}"]}},
        {"ruleIndex": 1, "message": {"text": "two"}},
        {"rule": {"index": 0, "toolComponent": {"index": 0}}, "message": {"text": "three"}},
        {"ruleId": "P", "message": {}},
        {"ruleId": "?", "level": "none", "message": {"markdown": "**m**"}}
    ], "tool": {
        "driver": {"name": "t", "rules": [
            {"id": "A", "messageStrings": {"say": {"text": "{{{1}}} and '{0}' {9}"}},
             "defaultConfiguration": {"level": "note"}},
            {"id": "B", "properties": {"security-severity": "9.8"}, "defaultConfiguration": {"level": "note"}}]},
        "extensions": [{"name": "plug", "rules": [
            {"id": "P", "shortDescription": {"text": "of a plug-in"}, "properties": {"security-severity": 5}}]}]
    }}]}"#;
    let report = read(SARIF, text).unwrap();
    assert_eq!(
        shown(&report),
        [
            "low A/1 - {{y}} and 'x' {9}",
            "critical B - two",
            "medium P - three",
            "medium P - of a plug-in",
            "info ? - **m**",
        ]
    );
    let mapped = read("format \"sarif\"; severity { note \"info\"; }", text).unwrap();
    assert!(
        shown(&mapped)[1].starts_with("info B"),
        "what the tool file says of a word counts first"
    );
}

#[test]
fn scores_are_divided_as_cvss_divides_them() {
    let grade = |score: &str| {
        let rule = json!({"id": "R", "properties": {"security-severity": score}});
        let run = json!({"tool": {"driver": {"rules": [rule]}}, "results": [{"ruleId": "R", "level": "error"}]});
        log(&run).unwrap().findings[0].severity.as_str()
    };
    let expected = [
        ("0.1", "low"),
        ("3.9", "low"),
        ("4.0", "medium"),
        ("6.9", "medium"),
        ("7.0", "high"),
        ("8.9", "high"),
        ("9.0", "critical"),
        ("10.0", "critical"),
        ("0.0", "info"),
        ("11", "high"),
        ("NaN", "high"),
        ("x", "high"),
    ];
    for (score, word) in expected {
        assert_eq!(grade(score), word, "{score}");
    }
}

#[test]
fn what_is_suppressed_is_waived_and_what_passes_is_no_finding() {
    let run = json!({"results": [
        {"ruleId": "a", "suppressions": [{"kind": "inSource", "justification": "known"}]},
        {"ruleId": "b", "suppressions": [{"kind": "external", "status": "accepted"}]},
        {"ruleId": "c", "suppressions": [{"kind": "external", "status": "underReview"}]},
        {"ruleId": "d", "suppressions": []},
        {"ruleId": "e", "kind": "pass"},
        {"ruleId": "f", "kind": "notApplicable"},
        {"ruleId": "g", "baselineState": "absent"},
        {"ruleId": "h", "kind": "fail", "fixes": [{"artifactChanges": []}]}
    ]});
    let report = log(&run).unwrap();
    let waived: Vec<_> = report
        .findings
        .iter()
        .map(|found| (found.rule.as_str(), found.waiver.as_deref()))
        .collect();
    assert_eq!(
        waived,
        [
            ("a", Some("known")),
            ("b", Some("suppressed")),
            ("c", None),
            ("d", None),
            ("h", None)
        ]
    );
    assert!(report.findings[4].fixable && !report.findings[3].fixable);
}

#[test]
fn only_the_first_place_counts_and_it_may_be_named_by_index() {
    let run = json!({
        "results": [
            {"ruleId": "a", "locations": [
                {"physicalLocation": {"artifactLocation": {"index": 0}, "region": {"startLine": 3, "startColumn": 2}}},
                {"physicalLocation": {"artifactLocation": {"uri": "other"}}}]},
            {"ruleId": "b", "locations": []},
            {"ruleId": "c", "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.py", "uriBaseId": "%SRCROOT%"}}}]}
        ],
        "artifacts": [{"location": {"uri": "sub/b.py", "uriBaseId": "%SRCROOT%"}}],
        "originalUriBaseIds": {"%SRCROOT%": {"uri": "file:///project/"}}
    });
    let places: Vec<_> = log(&run)
        .unwrap()
        .findings
        .iter()
        .map(crate::event::Finding::place)
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        places,
        [some("/project/sub/b.py:3:2"), None, some("/project/a.py")]
    );
}

#[test]
fn b39_what_the_tool_says_of_itself_is_a_problem() {
    let run = json!({"results": [], "invocations": [
        {"executionSuccessful": false, "exitCodeDescription": "out of memory"},
        {"executionSuccessful": false},
        {"executionSuccessful": true, "toolExecutionNotifications": [
            {"level": "error", "message": {"text": "a.py could not be parsed"}},
            {"level": "warning", "message": {"text": "slow"}}]},
        {"executionSuccessful": true}
    ]});
    let report = log(&run).unwrap();
    assert_eq!(
        report.problems,
        [
            "out of memory",
            "the tool says that it did not succeed",
            "a.py could not be parsed"
        ]
    );
    let run = json!({"results": null, "invocations": [{"executionSuccessful": false}]});
    assert_eq!(log(&run).unwrap().problems.len(), 1);
}

#[test]
fn b29_without_evidence_of_a_run_nothing_is_clean() {
    assert_eq!(log(&json!({"results": []})).unwrap(), Report::default());
    assert!(log(&json!({"tool": {}})).is_err(), "no results");
    assert!(log(&json!({"results": null})).is_err(), "null results");
    assert!(
        log(&json!({"results": {}})).is_err(),
        "results of another shape"
    );
    for text in [
        "",
        "null",
        "[]",
        "{}",
        "{\"version\": \"2.1.0\"}",
        "{\"version\": \"2.1.0\", \"runs\": []}",
        "{\"version\": \"1.0.0\", \"runs\": [{\"results\": []}]}",
        "{\"runs\": [{\"results\": []}]}",
        "{\"version\": \"2.1.0\", \"runs\": [{\"results\": []}]} {}",
    ] {
        assert!(read(SARIF, text).is_err(), "{text}");
    }
    let marked = "\u{feff}{\"version\": \"2.1.0\", \"runs\": [{\"results\": []}]}\n";
    assert!(read(SARIF, marked).is_ok());
}

#[test]
fn b24_an_unknown_level_is_named() {
    let run = json!({"results": [{"ruleId": "R1", "level": "fatal"}]});
    let problem = log(&run).unwrap_err();
    assert!(problem.contains("`fatal` of `R1`"), "{problem}");
}

//! `json` and `json-lines`, on recorded outputs and on their rules.

use super::{read, recorded, shown};

const BANDIT: &str = r#"
format "json"
expect "results[]"
each "results[]" {
    rule "test_id"
    severity "issue_severity"
    message "issue_text"
    path "filename"
    line "line_number"
    column "col_offset"
    column-from 0
    url "more_info"
}
each "errors[]" { problem; path "filename"; message "reason"; }
"#;

const NPM: &str = r#"
format "json"
expect "vulnerabilities.*"
each "vulnerabilities.*.via[]" {
    where "title"
    rule "source"
    severity "severity"
    message "{title} ({range})"
    package "name"
    fixed-in "fixAvailable.version"
    url "url"
    fixable "fixAvailable"
}
"#;

const CLIPPY: &str = r#"
format "json-lines"
expect "reason"
each "message" {
    where "reason" "compiler-message"
    where "message.level" "error" "warning"
    rule "code.code" "=rustc"
    severity "message.level"
    message "message"
    path "spans[is_primary].file_name"
    line "spans[is_primary].line_start"
    column "spans[is_primary].column_start"
    fixable "children[].spans[suggestion_applicability=MachineApplicable]"
}
"#;

#[test]
fn ruff_is_read() {
    let fields = r#"format "json"; expect "[]"; each "[]" { rule "code" "=syntax-error"; severity "=warning"; message "message"; path "filename"; line "location.row"; column "location.column"; fixable "fix"; }; severity { warning "medium"; }"#;
    let mut report = read(fields, recorded("ruff.json")).unwrap();
    super::super::relative_to(&mut report, "/project");
    assert!(shown(&report).contains(&"medium F401 a.py:1:8 `os` imported but unused".to_owned()));
    assert!(report.findings[0].fixable);
    assert!(
        report
            .findings
            .iter()
            .any(|found| found.path.as_deref() == Some("broken.py"))
    );
    assert_eq!(read(fields, "[]").unwrap().findings, []);
}

#[test]
fn bandit_is_read_and_what_it_could_not_parse_is_a_problem() {
    let report = read(BANDIT, recorded("bandit.json")).unwrap();
    assert_eq!(
        report.problems,
        ["./broken.py: syntax error while parsing AST from file"]
    );
    let shown = shown(&report);
    assert_eq!(shown.len(), 4);
    assert!(
        shown[0].starts_with("low B404 ./a.py:2:1 Consider"),
        "{shown:?}"
    );
}

#[test]
fn b24_an_unknown_severity_is_named() {
    let text = String::from_utf8(recorded("bandit.json")).unwrap();
    let text = text.replacen(
        "\"issue_severity\": \"LOW\"",
        "\"issue_severity\": \"UNDEFINED\"",
        1,
    );
    let problem = read(BANDIT, &text).unwrap_err();
    assert!(
        problem.contains("`UNDEFINED` of `B404` at `./a.py:2:1`"),
        "{problem}"
    );
    let known = format!("{BANDIT}\nseverity {{ undefined \"info\"; low \"high\"; }}");
    let report = read(&known, &text).unwrap();
    let grades: Vec<_> = report
        .findings
        .iter()
        .map(|found| found.severity.as_str())
        .collect();
    assert_eq!(grades, ["info", "high", "medium", "high"]);
}

#[test]
fn b24_moderate_and_info_are_words_that_are_known() {
    let fields = "format \"json\"; each \"[]\" { message \"m\"; severity \"s\"; }";
    let report = read(
        fields,
        r#"[{"m":1,"s":"MODERATE"},{"m":2,"s":"Info"},{"m":3}]"#,
    )
    .unwrap();
    assert_eq!(
        shown(&report),
        [
            "medium finding - 1",
            "info finding - 2",
            "medium finding - 3"
        ]
    );
}

#[test]
fn b26_a_score_decides_the_severity() {
    let report = read(SAFETY, recorded("safety.txt")).unwrap();
    assert_eq!(
        shown(&report),
        ["critical 39621 - Pyyaml before 5.4 runs code of untrusted YAML."]
    );
    let advisory = report.findings[0].advisory.as_ref().unwrap();
    assert_eq!(
        (advisory.package.as_str(), advisory.version.as_deref()),
        ("pyyaml", Some("5.1"))
    );
    assert_eq!(
        (advisory.fixed_in.as_slice(), advisory.aliases.as_slice()),
        (
            ["5.4".to_owned(), "6.0".to_owned()].as_slice(),
            ["CVE-2020-14343".to_owned()].as_slice()
        )
    );
}

const SAFETY: &str = r#"
format "json"
expect "vulnerabilities[]" "[]"
each "vulnerabilities[]" {
    rule "vulnerability_id"
    score "severity.cvssv3.base_score"
    message "advisory"
    package "package_name"
    version "analyzed_version"
    fixed-in "fixed_versions"
    aliases "CVE"
    url "more_info_url"
}
each "[]" { rule "[4]"; message "[3]"; package "[0]"; version "[2]"; }
"#;

#[test]
fn b27_both_layouts_of_safety_are_read() {
    let old = r#"[["pyyaml", "<5.4", "5.1", "Runs code.", "39621"]]"#;
    let report = read(SAFETY, old).unwrap();
    assert_eq!(shown(&report), ["medium 39621 - Runs code."]);
    assert_eq!(read(SAFETY, "[]").unwrap().findings, []);
    assert!(
        read(SAFETY, r#"{"vulnerabilities": {"a": 1}}"#).is_err(),
        "of another shape"
    );
}

#[test]
fn b29_a_document_that_is_not_the_expected_one_is_no_clean_one() {
    let problem = read(NPM, recorded("npm-nolock.json")).unwrap_err();
    assert!(
        problem.contains("requires an existing lockfile"),
        "{problem}"
    );
    assert!(
        read(NPM, recorded("npm-refused.json"))
            .unwrap_err()
            .contains("405")
    );
    let npm_6 = r#"{"actions": [], "advisories": {}, "metadata": {}}"#;
    assert!(
        read(NPM, npm_6)
            .unwrap_err()
            .contains("`vulnerabilities.*`")
    );
    for odd in [
        "{}",
        "[]",
        "null",
        "",
        "{\"vulnerabilities\": []}",
        "{\"vulnerabilities\": 7}",
    ] {
        assert!(read(NPM, odd).is_err(), "{odd}");
    }
    assert_eq!(read(NPM, "{\"vulnerabilities\": {}}").unwrap().findings, []);
}

#[test]
fn b33_advisories_are_counted_and_not_packages() {
    let report = read(NPM, recorded("npm-audit.json")).unwrap();
    assert_eq!(
        shown(&report),
        [
            "medium 1096466 - Prototype Pollution in minimist (<0.2.1)",
            "critical 1097678 - Prototype Pollution in minimist (<0.2.4)",
        ]
    );
    let advisory = report.findings[0].advisory.as_ref().unwrap();
    assert_eq!(
        (advisory.package.as_str(), advisory.fixed_in[0].as_str()),
        ("minimist", "1.2.8")
    );
    assert!(report.findings[0].fixable);
}

#[test]
fn b28_what_an_audit_skipped_is_a_problem() {
    let fields = r#"format "json"; expect "dependencies[]"; each "dependencies[].vulns[]" { rule "id"; package "name"; }; each "dependencies[]" { where "skip_reason"; problem; message "{name}: {skip_reason}"; }"#;
    let report = read(fields, recorded("pip-audit.json")).unwrap();
    assert!(report.findings.is_empty());
    assert!(
        report.problems[0].starts_with("jinja2: Dependency not found"),
        "{report:?}"
    );
}

#[test]
fn b35_messages_are_counted_and_a_crash_is_no_message() {
    let fields = r#"format "json"; expect "[]"; each "[].messages[]" { rule "ruleId" "=parse-error"; severity "severity"; message "message"; path "filePath"; line "line"; column "column"; fixable "fix"; }; severity { "2" "high"; "1" "medium"; }"#;
    let report = read(fields, recorded("eslint.json")).unwrap();
    let shown = shown(&report);
    assert_eq!(shown.len(), 5);
    assert_eq!(
        shown[0],
        "medium no-var /project/a.js:1:1 Unexpected var, use let or const instead."
    );
    assert!(
        shown[3].starts_with("high parse-error /project/bad.js:1:1"),
        "{shown:?}"
    );
    assert!(read(fields, "Oops! Something went wrong! :(\n\nESLint: 9.0.0\n").is_err());
}

#[test]
fn clippy_is_read_with_the_primary_place() {
    let report = read(CLIPPY, recorded("clippy.jsonl")).unwrap();
    let shown = shown(&report);
    assert_eq!(shown.len(), 4);
    assert_eq!(
        shown[0],
        "medium unused_variables src/main.rs:2:9 unused variable: `x`"
    );
    assert!(report.findings[0].fixable);
}

#[test]
fn mypy_counts_columns_from_zero() {
    let fields = r#"format "json-lines"; each "." { rule "code" "=mypy"; severity "severity"; message "message"; path "file"; line "line"; column "column"; column-from 0; }"#;
    let report = read(fields, recorded("mypy.jsonl")).unwrap();
    assert!(
        shown(&report)[0].starts_with("high return-value a.py:7:12 Incompatible"),
        "{report:?}"
    );
    assert!(read(fields, "").unwrap().findings.is_empty());
}

#[test]
fn shellcheck_is_read() {
    let fields = r#"format "json"; expect "comments[]"; each "comments[]" { rule "SC{code}"; severity "level"; message "message"; path "file"; line "line"; column "column"; fixable "fix"; }; severity { style "info"; }"#;
    let report = read(fields, recorded("shellcheck.json")).unwrap();
    assert_eq!(
        shown(&report)[1],
        "high SC2045 s.sh:3:10 Iterating over ls output is fragile. Use globs."
    );
    let fixable: Vec<_> = report.findings.iter().map(|found| found.fixable).collect();
    assert_eq!(fixable, [true, false, true]);
}

#[test]
fn lines_that_are_no_document_are_noise_unless_there_is_none() {
    let fields = "format \"json-lines\"; expect \"m\"; each \".\" { message \"m\"; }";
    let report = read(fields, "Checking\r\n\n{\"m\": \"a\"}\r\n✔\n{\"m\": \"b\"}").unwrap();
    assert_eq!(shown(&report), ["medium finding - a", "medium finding - b"]);
    assert!(read(fields, "Checking\nsegmentation fault\n").is_err());
    assert!(read(fields, "").is_err(), "nothing of what is expected");
    assert!(
        read(fields, "{\"m\": 1}\n{\"m\": ")
            .unwrap_err()
            .starts_with("line 2")
    );
    assert!(
        read(fields, "{\"message\": \"no such file\"}")
            .unwrap_err()
            .contains("no such file")
    );
}

#[test]
fn names_of_entries_enclosing_items_and_conditions() {
    let fields = r#"format "json"; each "files.*.found[]" { where "!off" "true"; where "kind" "a" "1"; rule "kind"; message "={@key}: {text}"; path "path" "@key"; line "line"; }"#;
    let text = r#"{"off": false, "files": {
        "x.py": {"found": [{"kind": "a", "text": "t", "line": "7"}, {"kind": "b", "text": "t"}]},
        "y.py": {"path": "z.py", "found": [{"kind": 1, "text": 2, "line": 0}, {"kind": "a", "text": "t", "off": true}]}}}"#;
    let report = read(fields, text).unwrap();
    assert_eq!(
        shown(&report),
        ["medium a x.py:7 x.py: t", "medium 1 z.py y.py: 2"]
    );
}

#[test]
fn an_item_without_anything_of_a_finding_is_refused() {
    let fields = r#"format "json"; each "a[]" { rule "code" "=fallback"; message "text"; }"#;
    assert!(read(fields, r#"{"a": [{"code": "x"}]}"#).is_ok());
    assert!(read(fields, r#"{"a": [{"kode": "x"}]}"#).is_err());
    assert!(read(fields, r#"{"a": {"code": "x"}}"#).is_err());
    assert!(read(fields, r#"{"b": []}"#).is_err());
}

#[test]
fn odd_bytes_are_read_as_such() {
    let fields = "format \"json\"; each \"[]\" { message \"m\"; }";
    let report = read(fields, b"[{\"m\": \"caf\xe9\"}]").unwrap();
    assert_eq!(shown(&report), ["medium finding - caf\u{fffd}"]);
}

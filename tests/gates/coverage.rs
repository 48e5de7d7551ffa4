//! Coverage: what was measured, and what counts when nothing was.

use crate::support::{Project, Report};
use crate::{committed, with_python};

/// A suite that passes and writes this coverage, or none.
fn covered(json: Option<&str>, demands: &str) -> Report {
    let write = json.map_or(String::new(), |_| {
        "cat c.json > $SDD_OUT/c.json; ".to_owned()
    });
    let pipeline = format!(
        r#"test "unit" {{
    shell "{write}printf '<testsuite><testcase name=\"a\"/></testsuite>' > $SDD_OUT/r.xml"
    results format="junit" path="{{{{out}}}}/r.xml"
    coverage format="istanbul-summary" path="{{{{out}}}}/c.json" {demands}
}}
"#
    );
    Project::with(&pipeline)
        .file("c.json", json.unwrap_or_default())
        .run()
}

fn summary(covered: u64, total: u64, percent: &str) -> String {
    let part = format!(r#"{{"total":{total},"covered":{covered},"skipped":0,"pct":{percent}}}"#);
    format!(
        r#"{{"total":{{"lines":{part},"statements":{part},"functions":{part},"branches":{part}}}}}"#
    )
}

#[test]
fn b01_nothing_covered_is_a_value_and_below_any_threshold() {
    let report = covered(Some(&summary(0, 100, "0")), "min=80");
    assert_eq!(report.outcome("unit"), "failed");
    assert_eq!(report.reason("unit"), "coverage 0 % is below 80 %");
    assert_eq!(report.node("unit")["measurements"]["coverage.lines"], 0.0);
}

#[test]
fn the_threshold_itself_is_enough_and_a_hair_below_is_not() {
    let judged = |covered_lines, demands: &str| {
        let report = covered(Some(&summary(covered_lines, 1000, "80")), demands);
        (
            report.outcome("unit").to_owned(),
            report.reason("unit").to_owned(),
        )
    };
    assert_eq!(judged(800, "min=80").0, "passed");
    assert_eq!(judged(801, "min=80").0, "passed");
    assert_eq!(judged(1000, "min=100").0, "passed");
    let (outcome, reason) = judged(799, "min=80");
    assert_eq!(
        (&*outcome, &*reason),
        ("failed", "coverage 79.9 % is below 80 %")
    );
}

#[test]
fn b02_a_threshold_without_data_can_not_be_judged() {
    let report = covered(None, "min=80");
    assert_eq!(report.outcome("unit"), "error");
    assert_eq!(report.node("unit")["code"], "coverage-missing");
    assert!(report.reason("unit").starts_with("no coverage data: `"));
    assert_eq!(covered(None, "").outcome("unit"), "passed");
}

#[test]
fn b03_coverage_of_an_earlier_run_is_no_evidence() {
    let pipeline = r#"test "unit" {
    shell "printf '<testsuite><testcase name=\"a\"/></testsuite>' > $SDD_OUT/r.xml"
    results format="junit" path="{{out}}/r.xml"
    coverage format="istanbul-summary" path="coverage.json" min=80
}
"#;
    let project = Project::with(pipeline).file("coverage.json", summary(95, 100, "95"));
    let report = project.run();
    assert_eq!(report.outcome("unit"), "error");
    let reason = report.reason("unit");
    assert!(
        reason.contains("`coverage.json` is older than this attempt, written "),
        "{reason}"
    );
}

#[test]
fn b04_an_unknown_percentage_is_no_data_and_no_crash() {
    let report = covered(Some(&summary(0, 0, "\"Unknown\"")), "min=80");
    assert_eq!(report.outcome("unit"), "error");
    assert!(
        report.reason("unit").starts_with("no coverage data"),
        "{}",
        report.reason("unit")
    );
    let cut = summary(80, 100, "80");
    let report = covered(Some(&cut[..cut.len() - 5]), "min=80");
    assert_eq!(report.node("unit")["code"], "coverage-unreadable");
}

const MEASURED: &str = r#"
test "unit" {
    tool "pytest"
    args "--cov=shop"
    coverage min=90 min-changed=100
}
"#;

#[test]
fn pytest_measures_coverage_and_changed_lines_are_judged_by_themselves() {
    let shop = "def used():\n    return 1\n\n\ndef unused():\n    return 2\n";
    let tests = "import shop\n\n\ndef test_used():\n    assert shop.used() == 1\n";
    let project = with_python(Project::with(&MEASURED.replace("min=90 ", "")))
        .file("shop.py", shop)
        .file("test_shop.py", tests);
    let project = committed(project);
    let report = project.run();
    assert_eq!(
        report.outcome("unit"),
        "passed",
        "{}",
        report.reason("unit")
    );
    let measured = report.node("unit")["measurements"]["coverage.lines"].as_f64();
    assert!(
        measured.is_some_and(|share| share > 85.0 && share < 86.0),
        "{measured:?}"
    );

    let project = project.file("shop.py", format!("{shop}\n\ndef new():\n    return 3\n"));
    let report = project.run();
    assert_eq!(report.outcome("unit"), "failed");
    assert_eq!(
        report.reason("unit"),
        "coverage of changed lines 50 % is below 100 %"
    );
    let finding = &report.node("unit")["findings"][0];
    assert_eq!(
        (&finding["path"], &finding["line"]),
        (&"shop.py".into(), &10.into())
    );
}

#[test]
fn the_whole_is_judged_before_the_changed_lines() {
    let project = with_python(Project::with(MEASURED))
        .file(
            "shop.py",
            "def used():\n    return 1\n\n\ndef unused():\n    return 2\n",
        )
        .file(
            "test_shop.py",
            "import shop\n\n\ndef test_used():\n    assert shop.used() == 1\n",
        );
    let report = project.run();
    assert_eq!(report.reason("unit"), "coverage 85.7 % is below 90 %");
}

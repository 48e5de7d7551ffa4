//! Linters and formatters: what they find, what they mend, and what they must not do.

use crate::support::Project;
use crate::with_python;

/// A linter whose findings are lines `path:line: message`, and which notes how it was called.
const LINTER: &str = "#!/bin/sh
echo \"$*\" >> calls.txt
case \"$1\" in
  fix) for f in src/*.txt; do sed -i 's/bad/good/' \"$f\"; done; exit 0 ;;
  crash) echo 'no configuration' >&2; exit 2 ;;
esac
if grep -Hn bad src/*.txt; then exit 1; fi
";

fn linted(fields: &str) -> Project {
    let pipeline = format!(
        r##"lint "words" {{
    {fields}
    findings format="regex" pattern=#"^(?<path>[^:]+):(?<line>\d+):(?<message>.*)$"#
    reads "src/**"
    writes "src/**"
}}
command "reader" {{
    shell "cat src/a.txt > $SDD_OUT/seen"
    reads "src/**"
}}
"##
    );
    Project::with(&pipeline)
        .program("linter", LINTER)
        .file("src/a.txt", "good\nbad word\n")
        .file("src/b.txt", "good\n")
}

#[test]
fn findings_have_places_and_the_verdict_follows_from_them() {
    let report = linted(r#"check "linter" "check""#).run();
    assert_eq!(report.outcome("words"), "failed");
    assert_eq!(report.reason("words"), "src/a.txt:2: bad word");
    let finding = &report.node("words")["findings"][0];
    assert_eq!(
        (&finding["path"], &finding["line"]),
        (&"src/a.txt".into(), &2.into())
    );
}

#[test]
fn b34_the_command_that_mends_is_one_of_its_own() {
    let project = linted(
        r#"check "linter" "check"
    fix "linter" "fix""#,
    );
    assert_eq!(project.run().outcome("words"), "failed");
    assert_eq!(project.lines("calls.txt"), ["check"]);
    let report = project.run_with(&["--fix"]);
    assert_eq!(
        report.outcome("words"),
        "passed",
        "{}",
        report.reason("words")
    );
    assert_eq!(project.lines("calls.txt"), ["check", "fix", "check"]);
}

#[test]
fn b36_what_mending_changed_is_told_and_only_that() {
    let project = linted(
        r#"check "linter" "check"
    fix "linter" "fix""#,
    );
    let report = project.run_with(&["--fix"]);
    let fixed: Vec<_> = report.node("words")["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == "fixed")
        .map(|finding| finding["path"].as_str().unwrap())
        .collect();
    assert_eq!(fixed, ["src/a.txt"]);
    assert_eq!(report.node("words")["measurements"]["files.fixed"], 1.0);

    let again = project.run_with(&["--fix"]);
    assert_eq!(again.node("words")["measurements"]["files.fixed"], 0.0);
}

#[test]
fn mending_must_not_write_what_the_node_does_not_name() {
    let project = linted(
        r#"check "linter" "check"
    fix "sh" "-c" "echo x > src/a.txt; echo x > src/new.txt; echo x > elsewhere.txt"
    reads "**""#,
    );
    let pipeline = project.read("pipelines/end-of-session.kdl");
    let first = pipeline.find("    reads \"src/**\"").unwrap();
    let pipeline = format!("{}{}", &pipeline[..first], &pipeline[first + 20..]);
    let pipeline = pipeline.split("command").next().unwrap().to_owned();
    let project = project.file("pipelines/end-of-session.kdl", pipeline);
    let report = project.run_with(&["--fix"]);
    assert_eq!(
        report.outcome("words"),
        "error",
        "{}",
        report.reason("words")
    );
    assert_eq!(report.node("words")["code"], "fixer-wrote-elsewhere");
    assert!(report.reason("words").contains("elsewhere.txt"));
}

#[test]
fn b37_what_reads_goes_after_what_mends_and_sees_the_tree_that_ends() {
    let project = linted(
        r#"check "linter" "check"
    fix "linter" "fix"
    timeout "1m""#,
    );
    let plan = project.sdd(&["plan", "--fix", "--format", "json"]);
    assert!(plan.stdout().contains("words"), "{}", plan.stderr());
    let report = project.run_with(&["--fix"]);
    assert_eq!(report.outcome("reader"), "passed");
    let seen = project.last_run().join("out/reader/1/seen");
    assert_eq!(std::fs::read_to_string(seen).unwrap(), "good\ngood word\n");
}

#[test]
fn b38_a_check_that_writes_can_not_be_trusted() {
    let project = Project::with(
        r#"format "layout" {
    check "sh" "-c" "echo laid out > src/a.txt"
    reads "src/**"
}
"#,
    )
    .file("src/a.txt", "as it was\n");
    let report = project.run();
    assert_eq!(report.outcome("layout"), "error");
    assert_eq!(report.node("layout")["code"], "check-wrote");
    assert!(report.reason("layout").contains("`src/a.txt`"));
}

#[test]
fn b38_a_check_leaves_the_tree_as_it_was() {
    let project = with_python(Project::with(
        "lint \"lint\" {\n    tool \"ruff\"\n}\nformat \"layout\" {\n    tool \"ruff-format\"\n}\n",
    ))
    .file("a.py", "import os\nx  =  1\n");
    let report = project.run();
    assert_eq!(report.outcome("lint"), "failed");
    assert_eq!(report.outcome("layout"), "failed");
    assert_eq!(project.read("a.py"), "import os\nx  =  1\n");

    let mended = project.run_with(&["--fix"]);
    assert_eq!(
        mended.outcome("lint"),
        "passed",
        "{}",
        mended.reason("lint")
    );
    assert_eq!(mended.outcome("layout"), "passed");
    assert_eq!(project.read("a.py"), "x = 1\n");
}

#[test]
fn b35_a_crash_is_an_error_and_not_two_findings() {
    let report = linted(r#"check "linter" "crash""#).run();
    assert_eq!(report.outcome("words"), "error");
    assert_eq!(report.node("words")["code"], "tool-failed");
    assert_eq!(report.node("words")["exit_code"], 2);
}

#[test]
fn b39_what_a_tool_says_on_standard_error_is_kept() {
    let project = linted(r#"check "linter" "crash""#);
    project.run();
    let log = std::fs::read_to_string(project.last_run().join("logs/words.1.log")).unwrap();
    assert!(log.contains("no configuration"), "{log}");
}

#[test]
fn a_tool_that_claims_findings_and_shows_none_can_not_be_judged() {
    let project = Project::with(
        r##"lint "x" {
    check "sh" "-c" "echo odd words; exit 1"
    findings format="regex" pattern=#"^(?<path>[^:]+):(?<line>\d+):(?<message>.*)$"#
}
"##,
    );
    assert_eq!(project.run().node("x")["code"], "findings-unread");
}

#[test]
fn ruff_finds_and_names_the_place() {
    let project = with_python(Project::with("lint \"ruff\" {\n    tool \"ruff\"\n}\n"))
        .file("src/a.py", "import os\n");
    let report = project.run();
    let finding = &report.node("ruff")["findings"][0];
    assert_eq!(finding["rule"], "F401");
    assert_eq!(finding["path"], "src/a.py");
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&1.into(), &8.into())
    );
    assert_eq!(finding["fixable"], true);
}

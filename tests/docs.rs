//! Documentation gates over real repositories.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use std::fs;

use support::installed::with_python;
use support::repository::git;
use support::{Project, Report};

const CHANGELOG: &str =
    "# Changelog\n\n## [Unreleased]\n\n- One\n\n## [1.0.0] - 2026-01-31\n\n- Start\n";

const GATE: &str = "docs \"docs\" { changelog when-changed=\"src/**\" }\n";

/// A project with a changelog and one file, committed on `main`; on the branch `work` of it.
fn branched(pipeline: &str) -> Project {
    let project = Project::with(pipeline)
        .file("CHANGELOG.md", CHANGELOG)
        .file("README.md", "# Read me\n")
        .file("src/a.py", "1\n")
        .file(".gitignore", ".session/\n");
    git(&project, &["init", "-q", "-b", "main"]);
    commit(&project);
    git(&project, &["checkout", "-q", "-b", "work"]);
    project
}

fn commit(project: &Project) {
    git(project, &["add", "-A"]);
    git(project, &["commit", "-q", "-m", "x"]);
}

/// The changelog with something put behind the entry `One`.
fn with_entry(text: &str) -> String {
    CHANGELOG.replace("- One\n", &format!("- One\n{text}"))
}

fn rules(report: &Report) -> Vec<&str> {
    let findings = report.node("docs")["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect()
}

fn measured(report: &Report, name: &str) -> Option<f64> {
    report.node("docs")["measurements"][name].as_f64()
}

#[test]
fn b41_an_entry_counts_committed_staged_or_not() {
    let project = branched(GATE).file("src/a.py", "2\n");
    let report = project.run();
    assert_eq!(report.outcome("docs"), "failed");
    assert_eq!(rules(&report), ["changelog-entry-missing"]);
    assert_eq!(
        report.reason("docs"),
        "`CHANGELOG.md` has no entry for `src/a.py`: nothing was added under `[Unreleased]`"
    );
    assert_eq!(report.node("docs")["findings"][0]["line"], 3);

    let project = project.file("CHANGELOG.md", with_entry("- Two\n"));
    let report = project.run();
    assert_eq!(report.outcome("docs"), "passed", "not committed");
    assert_eq!(measured(&report, "docs.changelog.entries"), Some(1.0));
    git(&project, &["add", "-A"]);
    assert_eq!(project.run().outcome("docs"), "passed", "staged");
    commit(&project);
    assert_eq!(project.run().outcome("docs"), "passed", "committed");
    let project = project.file("src/a.py", "3\n");
    commit(&project);
    assert_eq!(project.run().outcome("docs"), "passed", "the commit before");
}

#[test]
fn b41_before_the_first_commit_every_entry_is_new() {
    let project = Project::with(GATE)
        .file("CHANGELOG.md", CHANGELOG)
        .file("src/a.py", "1\n");
    git(&project, &["init", "-q", "-b", "main"]);
    assert_eq!(project.run().outcome("docs"), "passed");
    let project = project.file("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n");
    assert_eq!(project.run().outcome("docs"), "failed");
}

#[test]
fn b41_a_merge_from_main_brings_no_entry_of_ones_own() {
    let project = branched(GATE).file("src/a.py", "2\n");
    commit(&project);
    git(&project, &["checkout", "-q", "main"]);
    let project = project.file("CHANGELOG.md", with_entry("- Of others\n"));
    commit(&project);
    git(&project, &["checkout", "-q", "work"]);
    git(&project, &["merge", "-q", "--no-edit", "main"]);
    assert_eq!(project.run().outcome("docs"), "failed");
    let project = project.file("CHANGELOG.md", with_entry("- Of others\n- Mine\n"));
    assert_eq!(project.run().outcome("docs"), "passed");
}

#[test]
fn b41_a_renamed_changelog_is_compared_with_what_it_was() {
    let project =
        branched("docs \"docs\" { changelog path=\"CHANGES.md\" when-changed=\"src/**\" }");
    git(&project, &["mv", "CHANGELOG.md", "CHANGES.md"]);
    let project = project.file("src/a.py", "2\n");
    assert_eq!(project.run().outcome("docs"), "failed");
    let project = project.file("CHANGES.md", with_entry("- Two\n"));
    assert_eq!(project.run().outcome("docs"), "passed");
}

#[test]
fn b41_a_shallow_clone_is_an_error_that_says_how_to_deepen_it() {
    let project = branched(GATE).file("src/a.py", "2\n");
    commit(&project);
    git(&project, &["checkout", "-q", "main"]);
    let clone = Project::new();
    fs::remove_dir(clone.root().join("pipelines")).unwrap();
    let url = format!("file://{}", project.root().display());
    git(
        &clone,
        &["clone", "-q", "--depth=1", "--branch=work", &url, "."],
    );
    let report = clone.run();
    assert_eq!(report.outcome("docs"), "error");
    assert_eq!(report.node("docs")["code"], "changes-unknown");
    assert!(report.reason("docs").contains("git fetch --deepen"));
    git(
        &clone,
        &["fetch", "-q", "--unshallow", "origin", "main:main", "work"],
    );
    assert_eq!(clone.run().outcome("docs"), "failed");
}

#[test]
fn b42_only_new_text_under_the_right_heading_of_that_very_file_counts() {
    let cases = [
        ("a heading alone", with_entry("\n### Fixed\n")),
        ("a comment", with_entry("<!-- Two -->\n")),
        ("blanks", CHANGELOG.replace("- One\n", "-  One \n\n")),
        ("line ends", CHANGELOG.replace('\n', "\r\n")),
        (
            "an old version",
            CHANGELOG.replace("- Start\n", "- Start\n- Two\n"),
        ),
        ("less", CHANGELOG.replace("- One\n", "")),
    ];
    for (what, changelog) in cases {
        let project = branched(GATE)
            .file("src/changelog_parser.py", "- Two\n")
            .file("docs/CHANGELOG.md", with_entry("- Two\n"))
            .file("CHANGELOG.md", changelog);
        assert_eq!(project.run().outcome("docs"), "failed", "{what}");
    }
}

#[test]
fn b42_a_removed_changelog_is_no_entry() {
    let project = branched(GATE).file("src/a.py", "2\n");
    fs::remove_file(project.root().join("CHANGELOG.md")).unwrap();
    let report = project.run();
    assert_eq!(report.outcome("docs"), "failed");
    assert_eq!(
        report.reason("docs"),
        "`CHANGELOG.md` is not there, but `src/a.py` changed"
    );
}

#[test]
fn b42_a_removed_or_moved_source_asks_for_an_entry_too() {
    let project = branched(GATE);
    fs::remove_file(project.root().join("src/a.py")).unwrap();
    assert_eq!(project.run().outcome("docs"), "failed");
    let project = project.file("lib/a.py", "1\n");
    commit(&project);
    assert_eq!(project.run().outcome("docs"), "failed", "moved away");
}

#[test]
fn the_heading_can_be_said_and_a_new_version_counts_by_itself() {
    let released = with_entry("").replace("## [1.0.0]", "## v1.1.0\n\n- Two\n\n## [1.0.0]");
    let project = branched(GATE)
        .file("src/a.py", "2\n")
        .file("CHANGELOG.md", &released);
    assert_eq!(project.run().outcome("docs"), "passed");
    for (heading, outcome) in [
        ("1.1.0", "passed"),
        ("Unreleased", "failed"),
        ("1.1", "failed"),
    ] {
        let gate = format!("docs \"docs\" {{ changelog heading=\"{heading}\" }}");
        let project = branched(&gate)
            .file("src/a.py", "2\n")
            .file("CHANGELOG.md", &released);
        assert_eq!(project.run().outcome("docs"), outcome, "{heading}");
    }
}

#[test]
fn nothing_is_asked_if_nothing_that_matters_changed_and_that_is_said() {
    let project = branched(GATE).file("notes.txt", "x\n");
    let report = project.run();
    assert_eq!(report.outcome("docs"), "passed");
    let reason = report.reason("docs");
    assert!(
        reason.starts_with("nothing that concerns `CHANGELOG.md` changed since "),
        "{reason}"
    );
    assert_eq!(measured(&report, "docs.changed"), Some(0.0));
}

#[test]
fn a_pattern_that_matches_no_file_can_never_ask_and_is_an_error() {
    let project =
        branched("docs \"docs\" { changelog when-changed=\"scr/**\" }").file("src/a.py", "2\n");
    let report = project.run();
    assert_eq!(report.outcome("docs"), "error");
    assert_eq!(
        report.reason("docs"),
        "nothing was checked: no file matches `scr/**`"
    );
}

#[test]
fn a_changelog_that_git_ignores_is_an_error_since_it_would_always_look_new() {
    let project = branched("docs \"docs\" { changelog path=\"HIDDEN.md\" }")
        .file(".gitignore", ".session/\nHIDDEN.md\n")
        .file("HIDDEN.md", CHANGELOG);
    let report = project.run();
    assert_eq!(report.outcome("docs"), "error");
    assert_eq!(report.reason("docs"), "git ignores `HIDDEN.md`");
}

#[test]
fn b43_without_git_it_does_not_pass() {
    let project = Project::with(GATE).file("CHANGELOG.md", CHANGELOG);
    let report = project.run();
    assert_eq!(report.outcome("docs"), "error");
    assert_eq!(report.node("docs")["code"], "changes-unknown");
    assert!(report.reason("docs").contains("not a git repository"));
}

#[test]
fn b43_on_main_edits_count_and_the_base_can_be_said() {
    let project = branched(GATE);
    git(&project, &["checkout", "-q", "main"]);
    let project = project.file("src/a.py", "2\n");
    assert_eq!(project.run().outcome("docs"), "failed");
    commit(&project);
    assert_eq!(project.run().outcome("docs"), "passed", "all is committed");
    let pipeline = format!("base \"HEAD~1\"\n{GATE}");
    let project = project.file("pipelines/end-of-session.kdl", pipeline);
    assert_eq!(project.run().outcome("docs"), "failed");
}

#[test]
fn b45_a_readme_changes_with_what_it_describes() {
    let gate = "docs \"docs\" { readme when-changed=\"src/**\" }";
    let project = branched(gate).file("src/a.py", "2\n");
    let report = project.run();
    assert_eq!(report.outcome("docs"), "failed");
    assert_eq!(rules(&report), ["readme-not-updated"]);
    assert_eq!(
        report.reason("docs"),
        "`README.md` did not change, but `src/a.py` did"
    );
    let project = project.file("README.md", "#  Read me\n\n");
    assert_eq!(project.run().outcome("docs"), "failed", "only blanks");
    let project = project.file("README.md", "# Read me now\n");
    assert_eq!(project.run().outcome("docs"), "passed");
    fs::remove_file(project.root().join("README.md")).unwrap();
    assert_eq!(project.run().outcome("docs"), "failed", "removed");
}

#[test]
fn several_pages_each_have_their_subject() {
    let gate = "docs \"docs\" {\n readme path=\"README.md\" when-changed=\"src/**\"\n readme path=\"lib/README.md\" when-changed=\"lib/**\"\n}";
    let project = branched(gate)
        .file("lib/README.md", "# Library\n")
        .file("lib/b.py", "1\n")
        .file("src/a.py", "2\n");
    let report = project.run();
    assert_eq!(rules(&report), ["readme-not-updated"]);
    assert_eq!(report.node("docs")["findings"][0]["path"], "README.md");
}

const LINKS: &str = "docs \"docs\" { links \"**/*.md\" }";

#[test]
fn links_that_lead_somewhere_pass_without_any_repository() {
    let project = Project::with(LINKS)
        .file("logo.png", b"\x89PNG\0")
        .file("docs/guide one.md", "# The guide\n## Use\n## Use\n<a id=\"old\"></a>\n")
        .file(
            "README.md",
            "[a](docs/guide%20one.md#use-1) [b](<docs/guide one.md#old> \"title\") ![c](./logo.png)\n\
             [d](docs/) [e](/docs) [f][] [here](#here) <https://a.b> [g](mailto:a@b.c)\n\
             <img src=\"logo.png\"> `[x](gone.md)`\n\n\
             # Here\n\n```\n[x](gone.md)\n```\n\n[f]: docs/guide%20one.md\n",
        );
    let report = project.run();
    assert_eq!(
        report.outcome("docs"),
        "passed",
        "{}",
        report.reason("docs")
    );
    assert_eq!(measured(&report, "docs.links.files"), Some(2.0));
    assert_eq!(measured(&report, "docs.links.checked"), Some(8.0));
    assert_eq!(measured(&report, "docs.links.unchecked"), Some(2.0));
}

#[test]
fn links_that_lead_nowhere_are_findings_with_their_places() {
    let project = Project::with(LINKS)
        .file("Makefile", "")
        .file("docs/guide.md", "# The guide\n\n[up](../../etc/passwd)\n")
        .file(
            "README.md",
            "[a](docs/gone.md)\n[b](docs/Guide.md) [c](docs/guide.md#the-gide)\n\n<a href=\"gone/\">x</a>\n[d][e]\n",
        );
    let report = project.run();
    assert_eq!(report.outcome("docs"), "failed");
    let findings = report.node("docs")["findings"].as_array().unwrap();
    let shown: Vec<String> = findings
        .iter()
        .map(|finding| {
            let word = |key: &str| finding[key].as_str().unwrap_or_default();
            let (line, column) = (&finding["line"], &finding["column"]);
            format!(
                "{}:{line}:{column} {} {}",
                word("path"),
                word("rule"),
                word("message")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "README.md:1:1 link-broken `docs/gone.md` is not there, or git ignores it",
            "README.md:2:1 link-broken `docs/Guide.md` is not there, but `docs/guide.md` is",
            "README.md:2:20 anchor-broken `docs/guide.md` has no anchor `#the-gide`; did you mean `the-guide`?",
            "README.md:4:1 link-broken `gone` is not there, or git ignores it",
            "README.md:5:1 link-undefined `[e]` is defined nowhere on the page",
            "docs/guide.md:3:1 link-outside `../../etc/passwd` leads out of the project",
        ]
    );
    assert_eq!(
        report.reason("docs"),
        "`docs/gone.md` is not there, or git ignores it, and 5 more"
    );
}

#[test]
fn an_anchor_of_a_page_that_is_not_checked_itself_is_looked_up() {
    let project = Project::with("docs \"docs\" { links \"README.md\" }")
        .file("README.md", "[a](docs/a.md#one) [b](docs/a.md#two)\n")
        .file("docs/a.md", "# One\n[x](gone.md)\n");
    let report = project.run();
    assert_eq!(rules(&report), ["anchor-broken"]);
}

#[test]
fn no_page_to_look_at_is_an_error() {
    let project = Project::with("docs \"docs\" { links \"docs/**\" }").file("docs/a.txt", "x");
    let report = project.run();
    assert_eq!(report.outcome("docs"), "error");
    assert_eq!(
        report.reason("docs"),
        "nothing was checked: no page matches `docs/**`"
    );
}

#[test]
fn a_page_in_another_encoding_is_an_error() {
    let project = Project::with(LINKS).file("a.md", b"#\0 \0A\0\n\0");
    let report = project.run();
    assert_eq!(report.outcome("docs"), "error");
    assert_eq!(
        report.reason("docs"),
        "`a.md` can't be read: it is no text in UTF-8"
    );
}

#[test]
fn what_one_check_finds_is_reported_though_another_can_not_tell() {
    let gate = "docs \"docs\" { changelog; links \"README.md\" }";
    let project = Project::with(gate).file("README.md", "[a](gone.md)\n");
    let report = project.run();
    assert_eq!(report.outcome("docs"), "error");
    assert_eq!(rules(&report), ["link-broken"]);
}

#[test]
fn a_docs_node_that_checks_nothing_is_refused() {
    let finished = Project::with("docs \"docs\" { }").sdd(&["check"]);
    assert_eq!(finished.code(), Some(2));
    assert!(finished.stderr().contains("nothing would be checked"));
}

#[test]
fn b46_a_gate_that_is_off_says_by_which_line() {
    let gate =
        "docs \"docs\" {\n    links \"*.md\"\n    when {\n        os \"openbsd\"\n    }\n}\n";
    let report = Project::with(gate).run();
    assert_eq!(report.outcome("docs"), "skipped");
    assert_eq!(
        report.reason("docs"),
        "off: `when os \"openbsd\"` does not hold (pipelines/end-of-session.kdl:4)"
    );
}

const DOCUMENTED: &str =
    "\"\"\"Adds.\"\"\"\n\n\ndef add(a, b):\n    \"\"\"Give the sum.\"\"\"\n    return a + b\n";
const UNDOCUMENTED: &str =
    "\"\"\"Adds.\"\"\"\n\n\ndef add(a, b):\n    return a + b\n\n\ndef _helper():\n    return 1\n";

#[test]
fn b44_docstrings_are_looked_for_only_where_the_node_says() {
    let gate = "docs \"docs\" { docstrings paths=\"src/**/*.py\" }";
    let project = with_python(Project::with(gate))
        .file("src/a.py", DOCUMENTED)
        .file("scripts/b.py", UNDOCUMENTED);
    let report = project.run();
    assert_eq!(
        report.outcome("docs"),
        "passed",
        "{}",
        report.reason("docs")
    );
    assert_eq!(measured(&report, "docs.docstrings.findings"), Some(0.0));

    let project = project.file("src/a.py", UNDOCUMENTED);
    let report = project.run();
    assert_eq!(report.outcome("docs"), "failed");
    assert_eq!(report.findings("docs"), ["D103 src/a.py:4"]);
    assert_eq!(
        report.reason("docs"),
        "docstrings: src/a.py:4:5: D103: Missing docstring in public function"
    );
}

#[test]
fn b44_a_missing_tool_is_an_error_and_not_a_missing_docstring() {
    let gate = "docs \"docs\" { docstrings paths=\"src/**/*.py\" }";
    let project = Project::with(gate).file("src/a.py", UNDOCUMENTED);
    let mut command = project.command(&["run", "--format", "json"]);
    // Git is needed, and nothing else is to be found.
    let only_git = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/usr/bin/git", only_git.path().join("git")).unwrap();
    let output = command.env("PATH", only_git.path()).output().unwrap();
    let report = Report::of(&support::Finished(output));
    assert_eq!(report.outcome("docs"), "error");
    assert_eq!(report.node("docs")["code"], "tool-missing");
    assert_eq!(
        report.node("docs")["remedy"][0],
        "install it: pip install ruff"
    );
    assert_eq!(report.findings("docs"), Vec::<String>::new());
}

#[test]
fn b44_a_tool_that_can_not_work_is_an_error_and_not_a_missing_docstring() {
    let gate = "docs \"docs\" { docstrings paths=\"src/**/*.py\" }";
    let project = with_python(Project::with(gate))
        .file("src/a.py", UNDOCUMENTED)
        .file("ruff.toml", "line-length = \"long\"\n");
    let report = project.run();
    assert_eq!(report.outcome("docs"), "error", "{}", report.reason("docs"));
    assert_eq!(report.findings("docs"), Vec::<String>::new());
}

#[test]
fn only_docstrings_that_are_new_count_if_the_node_says_so() {
    let project = branched("docs \"docs\" { docstrings paths=\"src/**/*.py\" new-only=#true }")
        .file("src/a.py", UNDOCUMENTED);
    let project = with_python(project);
    git(&project, &["checkout", "-q", "main"]);
    commit(&project);
    git(&project, &["checkout", "-q", "-B", "work"]);
    let report = project.run();
    assert_eq!(
        report.outcome("docs"),
        "passed",
        "{}",
        report.reason("docs")
    );
    let project = project.file(
        "src/b.py",
        "\"\"\"New.\"\"\"\n\n\ndef new():\n    return 1\n",
    );
    assert_eq!(project.run().findings("docs"), ["D103 src/b.py:4"]);
}

#[test]
fn docstrings_of_everything_are_refused() {
    let finished = Project::with("docs \"docs\" { docstrings }").sdd(&["check"]);
    assert_eq!(finished.code(), Some(2));
    assert!(
        finished
            .stderr()
            .contains("`docstrings` does not say of which files")
    );
}

const ORDERS: &str = include_str!("fixtures/specs/orders.md");
const BASELINES: &str = ".session/tracking/performance_baselines.json";

/// A project whose current work item is the integration test `orders`.
fn integrated(gate: &str) -> Project {
    let list = "{\"work_items\": {\"orders\": {\"type\": \"integration_test\", \"status\": \"in_progress\"}}}";
    Project::with(&format!("docs \"docs\" {{\n{gate}\n}}\n"))
        .file(".session/tracking/work_items.json", list)
        .file(".session/specs/orders.md", ORDERS)
}

/// The second scenario of the specification with something under its heading.
fn with_block(block: &str) -> String {
    let heading = "### Scenario 2: Payments are down\n";
    ORDERS.replace(heading, &format!("{heading}\n{block}\n\n"))
}

const SEQUENCE: &str = "```mermaid\nsequenceDiagram\n  orders->>payments: POST\n```";

#[test]
fn b111_every_scenario_has_a_sequence_diagram_of_its_own() {
    let gate = "sequence-diagrams";
    let report = integrated(gate).run();
    assert_eq!(report.outcome("docs"), "failed");
    assert_eq!(rules(&report), ["sequence-diagram-missing"]);
    assert_eq!(
        report.reason("docs"),
        "1 of 2 documentation requirements met: the scenario `Payments are down` has no sequence diagram"
    );
    for other in [
        "```mermaid\ngraph TD\n  a-->b\n```",
        "```mermaid\nsequenceDiagram\n```",
    ] {
        let project = integrated(gate).file(".session/specs/orders.md", with_block(other));
        assert_eq!(project.run().outcome("docs"), "failed", "{other}");
    }
    let project = integrated(gate).file(".session/specs/orders.md", with_block(SEQUENCE));
    let report = project.run();
    assert_eq!(report.outcome("docs"), "passed");
    assert_eq!(
        report.reason("docs"),
        "2 of 2 documentation requirements met"
    );
}

#[test]
fn sequence_diagrams_may_stand_on_other_pages_under_the_name_of_the_scenario() {
    let gate = "sequence-diagrams in=\"docs/*.md\"";
    let page = format!("# Sequences\n\n## Payments are down\n\n{SEQUENCE}\n");
    let project = integrated(gate).file("docs/sequences.md", &page);
    assert_eq!(project.run().outcome("docs"), "passed");
    let project = project.file("docs/sequences.md", page.replace("are down", "are up"));
    assert_eq!(project.run().outcome("docs"), "failed");
}

#[test]
fn b112_nothing_to_check_is_no_evidence_and_a_missing_specification_neither() {
    let start = ORDERS.find("### Scenario 1").unwrap();
    let end = ORDERS.find("## Performance").unwrap();
    let without = format!("{}{}", &ORDERS[..start], &ORDERS[end..]);
    let project = integrated("sequence-diagrams").file(".session/specs/orders.md", without);
    let report = project.run();
    assert_eq!(report.outcome("docs"), "error");
    assert_eq!(report.node("docs")["code"], "nothing-checked");
    assert_eq!(measured(&report, "docs.requirements.total"), Some(0.0));
    fs::remove_file(project.root().join(".session/specs/orders.md")).unwrap();
    assert_eq!(project.run().outcome("docs"), "failed");
    let report = Project::with("docs \"docs\" { contracts; }\n").run();
    assert_eq!(report.outcome("docs"), "error");
    assert_eq!(report.reason("docs"), "no work item is in progress");
}

#[test]
fn b113_only_the_baseline_of_this_very_item_counts() {
    let project = integrated("baseline");
    let report = project.run();
    assert_eq!(rules(&report), ["baseline-missing"]);
    let other = "{\"other\": {\"latency\": {\"p50\": 1}}}";
    let project = project.file(BASELINES, other);
    let report = project.run();
    assert_eq!(report.outcome("docs"), "failed");
    assert!(
        report
            .reason("docs")
            .ends_with("no baseline of `orders` was recorded, only of other")
    );
    let project = project.file(BASELINES, "{\"orders\": {\"latency\": {}}}");
    assert_eq!(
        project.run().outcome("docs"),
        "failed",
        "an entry without numbers"
    );
    let project = project.file(BASELINES, "{\"orders\": {\"latency\": {\"p50\": 1.5}}}");
    assert_eq!(project.run().outcome("docs"), "passed");
    let project = project.file(BASELINES, "not JSON");
    assert_eq!(project.run().outcome("docs"), "error");
    let named = integrated("baseline entry=\"other\"").file(BASELINES, other);
    assert_eq!(named.run().outcome("docs"), "passed");
}

#[test]
fn b114_a_scope_given_as_text_lacks_its_integration_points() {
    let start = ORDERS.find("**Components").unwrap();
    let end = ORDERS.find("## Test Scenarios").unwrap();
    let text = format!("{}{}", &ORDERS[..start], &ORDERS[end..]);
    let project = integrated("integration-points").file(".session/specs/orders.md", text);
    let report = project.run();
    assert_eq!(report.outcome("docs"), "failed");
    assert_eq!(report.node("docs")["findings"][0]["line"], 3);
    assert_eq!(
        integrated("integration-points").run().outcome("docs"),
        "passed"
    );
    let json = r#"{"scope": "all of it"}"#;
    let list = "{\"work_items\": {\"orders\": {\"type\": \"integration_test\", \"status\": \"in_progress\", \"spec_file\": \"o.json\"}}}";
    let project = integrated("integration-points")
        .file("o.json", json)
        .file(".session/tracking/work_items.json", list);
    assert_eq!(project.run().outcome("docs"), "failed");
}

#[test]
fn untouched_text_of_the_template_documents_nothing() {
    let point = "[Where one calls the other: an endpoint, a queue, a database]";
    let start = ORDERS.find("- POST /payments").unwrap();
    let end = ORDERS.find("## Test Scenarios").unwrap();
    let text = format!("{}- {point}\n\n{}", &ORDERS[..start], &ORDERS[end..])
        .replace("Happy path", "[Happy path]")
        .replace(
            "Scenario 2: Payments are down\n",
            &format!("Scenario 2: Payments are down\n{SEQUENCE}\n"),
        );
    let project =
        integrated("sequence-diagrams\nintegration-points").file(".session/specs/orders.md", text);
    let report = project.run();
    assert_eq!(report.outcome("docs"), "failed");
    assert_eq!(
        rules(&report),
        ["integration-points-missing", "sequence-diagram-missing"]
    );
    assert_eq!(measured(&report, "docs.requirements.met"), Some(1.0));
}

#[test]
fn b115_empty_files_document_nothing() {
    let project = integrated("diagram \"docs/a.md\" \"docs/integration*.md\"\ncontracts");
    let report = project.run();
    assert_eq!(report.outcome("docs"), "failed");
    assert!(
        report
            .reason("docs")
            .starts_with("0 of 3 documentation requirements met: ")
    );
    assert_eq!(
        rules(&report),
        ["diagram-missing", "contract-missing", "contract-missing"]
    );
    let project = project
        .file("docs/integration-1.md", " \n")
        .file("contracts/payments.yaml", "\u{feff}\n")
        .file("schemas/payments.sql", "");
    let report = project.run();
    assert!(
        report.reason("docs").starts_with("0 of 3"),
        "{}",
        report.reason("docs")
    );
    let project = project
        .file("docs/integration-1.md", "# Architecture\n")
        .file("contracts/payments.yaml", "openapi: 3.1.0\n")
        .file("schemas/payments.sql", "create table a (b int);\n");
    let report = project.run();
    assert_eq!(
        report.reason("docs"),
        "3 of 3 documentation requirements met"
    );
}

#[test]
fn b115_b116_documentation_that_is_not_required_never_blocks() {
    let report = integrated("contracts\nrequired #false").run();
    assert_eq!(report.outcome("docs"), "failed");
    assert_eq!((report.verdict(), report.code), ("passed", Some(0)));
    let report = integrated("contracts").run();
    assert_eq!((report.verdict(), report.code), ("failed", Some(1)));
}

//! What a pipeline says and what then happens, from the file to the exit code.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use support::{Project, Report};

/// A program that appends its first argument to `log`, so that order and overlap can be seen.
const NOTE: &str = "#!/bin/sh\necho \"$1\" >> \"$(dirname \"$0\")/../../log\"\n";

fn noted(pipeline: &str) -> Project {
    Project::with(pipeline).program("note", NOTE)
}

fn position(lines: &[String], line: &str) -> usize {
    lines
        .iter()
        .position(|known| known == line)
        .unwrap_or_else(|| panic!("no {line} in {lines:?}"))
}

#[test]
fn needs_and_after_put_nodes_in_order() {
    let project = noted(
        r#"
        command "c" { run "note" "c"; needs "b" }
        command "b" { run "note" "b"; after "a" }
        command "a" { run "note" "a" }
        "#,
    );
    assert_eq!(project.run().verdict(), "passed");
    assert_eq!(project.lines("log"), ["a", "b", "c"]);
}

#[test]
fn a_failed_need_skips_and_a_failed_after_does_not() {
    let report = Project::with(
        r#"
        command "bad" { run "false" }
        command "needs-it" { run "true"; needs "bad" }
        command "goes-after" { run "true"; after "bad" }
        command "far" { run "true"; needs "needs-it" }
        "#,
    )
    .run();
    assert_eq!(report.code, Some(1));
    assert_eq!(report.outcome("bad"), "failed");
    assert_eq!(report.outcome("goes-after"), "passed");
    assert_eq!(report.outcome("needs-it"), "skipped");
    assert_eq!(report.reason("needs-it"), "needs `bad`, which failed");
    assert_eq!(report.reason("far"), "needs `needs-it`, which was not run");
}

/// Outcome × required → exit code: only what is required decides, and only a pass or a skip that
/// was asked for counts as one.
#[test]
fn the_exit_code_follows_from_outcome_and_required_alone() {
    let nodes = [
        ("passed", r#"run "true""#, 0),
        ("failed", r#"run "false""#, 1),
        ("error", r#"run "no-such-program""#, 1),
        ("timed-out", r#"run "sleep" 100; timeout "100ms""#, 1),
        ("skipped", r#"run "false"; when { os "openbsd" }"#, 0),
        ("skipped", r#"shell "exit 75"; skip-exit-codes 75"#, 0),
        ("skipped", r#"run "no-such-program"; on-missing "skip""#, 0),
    ];
    for (outcome, fields, code) in nodes {
        for (required, code) in [("#true", code), ("#false", 0)] {
            let report = Project::with(&format!(
                "command \"x\" {{ {fields}; required {required} }}"
            ))
            .run();
            assert_eq!(report.outcome("x"), outcome, "{fields}");
            assert_eq!(report.code, Some(code), "{fields} required={required}");
            let verdict = if code == 0 { "passed" } else { "failed" };
            assert_eq!(report.verdict(), verdict, "{fields} required={required}");
        }
    }
}

#[test]
fn a_required_node_behind_an_optional_one_that_failed_fails_the_run() {
    let report = Project::with(
        r#"
        command "optional" { run "false"; required #false }
        command "required" { run "true"; needs "optional" }
        "#,
    )
    .run();
    assert_eq!(report.outcome("required"), "skipped");
    assert_eq!(report.code, Some(1));
}

#[test]
fn a_skip_that_was_asked_for_reaches_those_who_need_the_node_and_fails_nothing() {
    let project = noted(
        r#"
        command "a" { run "note" "a" }
        command "b" { run "note" "b"; needs "a" }
        command "c" { run "note" "c" }
        "#,
    );
    let report = project.run_with(&["--skip", "a"]);
    assert_eq!(report.code, Some(0));
    assert_eq!(report.outcome("a"), "skipped");
    assert_eq!(report.reason("b"), "needs `a`, which is skipped");
    assert_eq!(project.lines("log"), ["c"]);
}

#[test]
fn only_runs_a_node_what_it_needs_and_the_teardown_of_what_that_brings_up() {
    let project = noted(
        r#"
        setup "world" { run "note" "up" }
        teardown "end" for="world" { run "note" "down" }
        command "use" { run "note" "use"; needs "world" }
        command "other" { run "note" "other" }
        "#,
    );
    let report = project.run_with(&["--only", "use"]);
    assert_eq!(report.code, Some(0));
    assert_eq!(project.lines("log"), ["up", "use", "down"]);
    assert_eq!(report.outcome("other"), "skipped");
    assert_eq!(report.node("other")["code"], "not-selected");
}

#[test]
fn failed_runs_what_did_not_pass_the_last_time() {
    let project = noted(
        r#"
        command "good" { run "note" "good" }
        command "bad" { shell "note bad; test -e mended" }
        "#,
    );
    assert_eq!(project.run().code, Some(1));
    std::fs::write(project.root().join("mended"), "").unwrap();
    std::fs::remove_file(project.root().join("log")).unwrap();
    assert_eq!(project.run_with(&["--failed"]).code, Some(0));
    assert_eq!(project.lines("log"), ["bad"]);
    let nothing = project.sdd(&["run", "--failed"]);
    assert_eq!(nothing.code(), Some(2), "{}", nothing.stderr());
}

#[test]
fn tags_select_and_an_unknown_one_is_refused() {
    let project = noted(
        r#"
        command "a" { run "note" "a"; tags "quick" }
        command "b" { run "note" "b" }
        "#,
    );
    assert_eq!(project.run_with(&["--tag", "quick"]).code, Some(0));
    assert_eq!(project.lines("log"), ["a"]);
    let refused = project.sdd(&["run", "--tag", "quik"]);
    assert_eq!(refused.code(), Some(2));
    assert!(
        refused.stderr().contains("did you mean `quick`"),
        "{}",
        refused.stderr()
    );
}

#[test]
fn stop_on_failure_starts_nothing_more_but_takes_down() {
    let pipeline = r#"
        on-failure "stop"
        jobs 1
        setup "world" { run "note" "up" }
        teardown "end" for="world" { run "note" "down" }
        command "bad" { run "false"; needs "world" }
        command "later" { run "note" "later"; after "bad" }
    "#;
    let project = noted(pipeline);
    let report = project.run();
    assert_eq!(report.code, Some(1));
    assert_eq!(project.lines("log"), ["up", "down"]);
    assert_eq!(report.outcome("later"), "skipped");
    assert_eq!(report.node("later")["code"], "run-stopped");
    let same = noted(&pipeline.replace("on-failure \"stop\"", "")).run_with(&["--fail-fast"]);
    assert_eq!(same.outcome("later"), "skipped");
}

#[test]
fn a_teardown_runs_even_if_its_setup_failed_half_way() {
    let project = noted(
        r#"
        setup "world" { shell "note up; exit 1" }
        teardown "end" for="world" { run "note" "down" }
        command "use" { run "note" "use"; needs "world" }
        "#,
    );
    let report = project.run();
    assert_eq!(report.code, Some(1));
    assert_eq!(project.lines("log"), ["up", "down"]);
    assert_eq!(report.outcome("end"), "passed");
}

#[test]
fn a_teardown_is_left_out_if_its_setup_never_started() {
    let report = Project::with(
        r#"
        command "bad" { run "false" }
        setup "world" { run "true"; needs "bad" }
        teardown "end" for="world" { run "true" }
        "#,
    )
    .run();
    assert_eq!(report.outcome("end"), "skipped");
    assert_eq!(report.node("end")["code"], "environment-not-started");
}

#[test]
fn nested_environments_are_taken_down_from_the_inside() {
    let project = noted(
        r#"
        setup "outer" { run "note" "outer up" }
        teardown "outer-end" for="outer" { run "note" "outer down" }
        setup "inner" { run "note" "inner up"; needs "outer" }
        teardown "inner-end" for="inner" { run "note" "inner down" }
        command "use" { run "note" "use"; needs "inner" }
        "#,
    );
    assert_eq!(project.run().code, Some(0));
    assert_eq!(
        project.lines("log"),
        ["outer up", "inner up", "use", "inner down", "outer down"]
    );
}

#[test]
fn a_setup_publishes_values_that_others_use() {
    let project = noted(
        r#"
        setup "world" { publish "url" "token"; shell "echo url=http://x/ >> $SDD_PUBLISH; echo token=a=b >> $SDD_PUBLISH" }
        command "use" { needs "world"; run "note" "{{node.world.url}} {{node.world.token}}" }
        "#,
    );
    assert_eq!(project.run().code, Some(0));
    assert_eq!(project.lines("log"), ["http://x/ a=b"]);
}

#[test]
fn a_setup_that_does_not_publish_what_it_promised_is_an_error() {
    let report = Project::with(r#"setup "world" { publish "url"; run "true" }"#).run();
    assert_eq!(report.outcome("world"), "error");
    assert!(report.reason("world").contains("did not publish `url`"));
}

#[test]
fn names_are_filled_in_before_and_during_the_run() {
    let project = noted(
        r#"
        var { greeting "hello"; unused "kept for --set" }
        env { SHARED "{{var.greeting}}" }
        command "names" { env { OWN "{{env.SDD_TEST_MARK}}" }; shell "note \"$SHARED {{var.unused}}\"; test \"$OWN\" = \"$SDD_TEST_MARK\"; test \"{{root}}\" = \"$PWD\"; test -d {{out}}; test {{run.id}} = $SDD_RUN; echo '{{{{kept}}'" }
        "#,
    );
    let report = project.run_with(&["--set", "unused=set"]);
    assert_eq!(report.code, Some(0), "{}", report.stderr);
    assert_eq!(project.lines("log"), ["hello set"]);
}

#[test]
fn a_value_that_is_not_there_is_an_error_of_the_node() {
    let report = Project::with(r#"command "x" { run "echo" "{{env.SDD_SURELY_NOT_SET}}" }"#).run();
    assert_eq!(report.outcome("x"), "error");
    assert!(
        report.reason("x").contains("{{env.SDD_SURELY_NOT_SET}}"),
        "{}",
        report.reason("x")
    );
}

#[test]
fn a_matrix_copies_the_node_and_its_plain_id_stands_for_all() {
    let project = noted(
        r#"
        command "build" { matrix { os "a" "b"; mode "x" "y" }; run "note" "{{matrix.os}}{{matrix.mode}}" }
        command "after-all" { needs "build"; run "note" "done" }
        command "one" { needs "build[os=a,mode=y]"; run "true" }
        "#,
    );
    let report = project.run();
    assert_eq!(report.code, Some(0));
    let mut lines = project.lines("log");
    assert_eq!(lines.pop().as_deref(), Some("done"));
    lines.sort();
    assert_eq!(lines, ["ax", "ay", "bx", "by"]);
    assert!(report.ids().contains("build[os=a,mode=x]"));
}

#[test]
fn an_included_file_brings_its_nodes_under_its_prefix() {
    let project = noted(
        r#"
        include "parts/py.kdl" as="py"
        command "all" { needs "py:unit"; run "note" "all" }
        "#,
    )
    .file(
        "pipelines/parts/py.kdl",
        r#"
        defaults { timeout "5s"; tags "python" }
        command "lint" { run "note" "lint" }
        command "unit" { needs "lint"; run "note" "unit" }
        "#,
    );
    let report = project.run();
    assert_eq!(report.code, Some(0), "{}", report.stderr);
    assert_eq!(project.lines("log"), ["lint", "unit", "all"]);
    assert!(report.ids().contains("py:lint"));
    assert_eq!(project.run_with(&["--tag", "python"]).code, Some(0));
}

#[test]
fn toml_says_the_same() {
    let project = Project::new().program("note", NOTE).file(
        "pipelines/end-of-session.toml",
        "jobs = 1\n[command.a]\nrun = [\"note\", \"a\"]\n[command.b]\nrun = \"note b\"\nneeds = \"a\"\nretry = { attempts = 2, delay = \"1ms\" }\n",
    );
    assert_eq!(project.run().code, Some(0));
    assert_eq!(project.lines("log"), ["a", "b"]);
}

/// Nodes that note their begin and end; none of a pair may begin while the other is under way.
fn never_overlap(fields: &str) {
    let script = "note begin; sleep 0.1; note end";
    let nodes = ["a", "b", "c"]
        .map(|node| format!("command \"{node}\" {{ shell \"{script}\"; {fields} }}"));
    let project = noted(&format!(
        "jobs 8\npool \"db\" depth=1\n{}",
        nodes.join("\n")
    ));
    assert_eq!(project.run().code, Some(0));
    let lines = project.lines("log");
    assert_eq!(lines, ["begin", "end"].repeat(3), "{fields}");
}

#[test]
fn pools_locks_and_exclusive_keep_nodes_apart() {
    never_overlap("pool \"db\"");
    never_overlap("locks \"port\"");
    never_overlap("exclusive");
}

#[test]
fn without_them_nodes_run_at_the_same_time() {
    let project = noted(
        r#"
        jobs 2
        command "a" { shell "touch a-begun; while [ ! -e b-begun ]; do sleep 0.01; done" ; timeout "20s" }
        command "b" { shell "touch b-begun; while [ ! -e a-begun ]; do sleep 0.01; done" ; timeout "20s" }
        "#,
    );
    assert_eq!(project.run().code, Some(0));
}

#[test]
fn what_writes_goes_before_what_reads() {
    let project = noted(
        r#"
        jobs 4
        command "reader" { run "note" "read"; reads "src/**" }
        command "elsewhere" { run "note" "elsewhere"; reads "docs/**" }
        command "writer" { shell "sleep 0.3; note write"; writes "src/*.rs" }
        "#,
    );
    let report = project.run();
    assert_eq!(report.code, Some(0));
    let lines = project.lines("log");
    assert!(position(&lines, "write") < position(&lines, "read"));
    assert_eq!(position(&lines, "elsewhere"), 0);
    let why = project.sdd(&["why", "reader"]).stdout();
    assert!(why.contains("src/*.rs"), "{why}");
}

const JUNIT: &str = "<testsuite name='s'><testcase name='a'/><testcase name='b'><failure message='1 != 2'/></testcase></testsuite>";
const GREEN: &str = "<testsuite name='s'><testcase name='a'/></testsuite>";

fn suite(shell: &str, results: &str) -> Report {
    let pipeline =
        format!("test \"unit\" {{ shell \"{shell}\"; results format=\"junit\" {results} }}");
    Project::with(&pipeline)
        .file("red.xml", JUNIT)
        .file("green.xml", GREEN)
        .file("none.xml", "<testsuite name='s'/>")
        .run()
}

#[test]
fn a_failing_test_is_a_finding_even_if_the_command_says_all_is_well() {
    let report = suite("cp red.xml {{out}}/r.xml", r#"path="{{out}}/r.xml""#);
    assert_eq!(report.outcome("unit"), "failed");
    assert_eq!(report.reason("unit"), "1 of 2 tests failed");
    assert_eq!(report.node("unit")["measurements"]["tests.passed"], 1.0);
    assert!(
        report.node("unit")["findings"][0]["message"]
            .as_str()
            .unwrap()
            .contains("1 != 2")
    );
}

#[test]
fn results_of_an_earlier_run_are_no_evidence() {
    let report = suite("true", r#"path="green.xml""#);
    assert_eq!(report.outcome("unit"), "error");
    assert!(
        report.reason("unit").contains("older than this attempt"),
        "{}",
        report.reason("unit")
    );
}

#[test]
fn results_that_were_written_again_are_evidence() {
    let report = suite("cp green.xml x && cat x > green.xml", r#"path="green.xml""#);
    assert_eq!(
        report.outcome("unit"),
        "passed",
        "{}",
        report.reason("unit")
    );
}

#[test]
fn missing_broken_and_contradicted_results_can_not_be_judged() {
    for (shell, words) in [
        ("true", "was not written"),
        (
            "echo '<testsuite><testcase' > {{out}}/r.xml",
            "can't be understood",
        ),
        (
            "cp green.xml {{out}}/r.xml; exit 3",
            "exited with 3 though none of 1 test failed",
        ),
    ] {
        let report = suite(shell, r#"path="{{out}}/r.xml""#);
        assert_eq!(report.outcome("unit"), "error", "{shell}");
        assert!(
            report.reason("unit").contains(words),
            "{shell}: {}",
            report.reason("unit")
        );
        assert_eq!(report.code, Some(1));
    }
}

#[test]
fn no_tests_is_a_skip_unless_a_number_is_asked_for() {
    let none = suite(
        "cp none.xml {{out}}/r.xml; exit 5",
        r#"path="{{out}}/r.xml""#,
    );
    assert_eq!(none.outcome("unit"), "skipped");
    assert_eq!(none.node("unit")["code"], "no-tests");
    assert_eq!(none.code, Some(0));
    let few = suite(
        "cp green.xml {{out}}/r.xml",
        r#"path="{{out}}/r.xml" min-tests=2"#,
    );
    assert_eq!(few.outcome("unit"), "failed");
    assert_eq!(few.reason("unit"), "1 test ran, of at least 2");
    let enough = suite(
        "cp green.xml {{out}}/r.xml",
        r#"path="{{out}}/r.xml" min-tests=1"#,
    );
    assert_eq!(enough.outcome("unit"), "passed");
}

#[test]
fn rules_hold_or_name_the_places_where_they_do_not() {
    let report = Project::with(
        r##"
        rule "no-print" { forbid #"^\s*print\("#; in "**/*.py"; except "tools/**" }
        rule "licence" { require "^# Licence" ; in "src/*.py" }
        rule "clean" { forbid "password"; in "src/*.py" }
        rule "readme" { exists "README.md" "docs/*.md" }
        rule "no-env" { absent "**/.env" }
        rule "typo" { forbid "x"; in "scr/*.py" }
        rule "by-command" { run "test" "-e" "README.md" }
        "##,
    )
    .file("src/a.py", b"# Licence MIT\nx = 1\n  print(\"\xff\")\n")
    .file("src/b.py", "x = 2\n")
    .file("tools/t.py", "print(1)\n")
    .file("ignored/c.py", "print(1)\n")
    .file(".gitignore", "ignored/\n")
    .file("README.md", "")
    .file("config/.env", "")
    .run();
    assert_eq!(report.outcome("no-print"), "failed");
    let finding = &report.node("no-print")["findings"][0];
    assert_eq!(
        (&finding["path"], &finding["line"]),
        (&"src/a.py".into(), &3.into())
    );
    assert_eq!(
        report.node("no-print")["findings"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(report.node("licence")["findings"][0]["path"], "src/b.py");
    assert_eq!(report.outcome("clean"), "passed");
    assert_eq!(report.reason("readme"), "no file matches `docs/*.md`");
    assert_eq!(report.node("no-env")["findings"][0]["path"], "config/.env");
    assert_eq!(report.outcome("typo"), "error");
    assert!(report.reason("typo").contains("nothing was checked"));
    assert_eq!(report.outcome("by-command"), "passed");
}

#[test]
fn conditions_are_joined_as_documented() {
    let project = Project::with(
        r#"
        command "both" { run "true"; when { file "a.txt"; env "SDD_TEST_SET" } }
        command "either-value" { run "true"; when { os "openbsd" "linux" "macos" } }
        command "either-block" { run "true"; when { os "openbsd" }; when { file "a.txt" } }
        command "one-line-fails" { run "true"; when { file "a.txt"; file "b.txt" } }
        command "unless" { run "true"; unless { file "a.txt" } }
        command "profile" { run "true"; when { profile "ci" } }
        "#,
    )
    .file("a.txt", "");
    let mut command = project.command(&["run", "--format", "json", "--profile", "ci"]);
    let finished = support::Finished(command.env("SDD_TEST_SET", "1").output().unwrap());
    let report = Report::of(&finished);
    assert_eq!(report.code, Some(0));
    for (node, outcome) in [
        ("both", "passed"),
        ("either-value", "passed"),
        ("either-block", "passed"),
        ("one-line-fails", "skipped"),
        ("unless", "skipped"),
        ("profile", "passed"),
    ] {
        assert_eq!(report.outcome(node), outcome, "{node}");
    }
    assert!(
        report
            .reason("one-line-fails")
            .contains("pipelines/end-of-session.kdl:5")
    );
}

fn git(project: &Project, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    support::repository::git(project, &words);
}

#[test]
fn changed_counts_commits_since_the_base_the_worktree_and_untracked_files() {
    let project = Project::with(
        r#"
        command "committed" { run "true"; when { changed "committed.txt" } }
        command "edited" { run "true"; when { changed "edited.txt" } }
        command "untracked" { run "true"; when { changed "new/*.txt" } }
        command "same" { run "true"; when { changed "same.txt" } }
        command "branch" { run "true"; when { branch "feature/*" } }
        "#,
    )
    .file("committed.txt", "1")
    .file("edited.txt", "1")
    .file("same.txt", "1");
    git(&project, "init -q -b main");
    git(&project, "add -A");
    git(&project, "commit -q -m one");
    git(&project, "checkout -q -b feature/x");
    let project = project.file("committed.txt", "2");
    git(&project, "add -A");
    git(&project, "commit -q -m two");
    let project = project.file("edited.txt", "2").file("new/ü.txt", "");
    let report = project.run();
    for (node, outcome) in [
        ("committed", "passed"),
        ("edited", "passed"),
        ("untracked", "passed"),
        ("same", "skipped"),
        ("branch", "passed"),
    ] {
        assert_eq!(
            report.outcome(node),
            outcome,
            "{node}: {}",
            report.reason(node)
        );
    }
}

#[test]
fn what_can_not_be_told_keeps_no_node_from_running() {
    let report = Project::with(r#"command "x" { run "true"; when { changed "a.txt" } }"#).run();
    assert_eq!(
        report.outcome("x"),
        "passed",
        "no repository: nothing is known of changes"
    );
}

#[test]
fn a_run_out_of_time_is_called_off_and_taken_down() {
    let project = noted(
        r#"
        timeout "400ms"
        setup "world" { run "note" "up" }
        teardown "end" for="world" { run "note" "down" }
        command "slow" { run "sleep" 1000; needs "world" }
        "#,
    );
    let report = project.run();
    assert_eq!(report.code, Some(1));
    assert_eq!(report.verdict(), "failed");
    assert_eq!(report.outcome("slow"), "cancelled");
    assert_eq!(project.lines("log"), ["up", "down"]);
}

#[test]
fn nothing_is_written_outside_of_the_state_folder() {
    let project = Project::with(r#"command "x" { run "true" }"#);
    assert_eq!(project.run().code, Some(0));
    let mut entries: Vec<_> = std::fs::read_dir(project.root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    entries.sort();
    assert_eq!(entries, [".session", "pipelines"]);
    assert_eq!(project.read(".session/runs/.gitignore"), "*\n");
}

#[test]
fn looking_runs_nothing_and_writes_nothing() {
    let project = Project::with(r#"command "x" { run "touch" "touched" }"#);
    for args in [
        &["check"][..],
        &["graph"],
        &["graph", "--format", "svg"],
        &["plan"],
        &["plan", "--format", "json"],
        &["why", "x"],
        &["list"],
        &["explain", "command"],
        &["schema", "pipeline"],
        &["fmt", "--check"],
        &["run", "--dry-run"],
        &["doctor"],
    ] {
        let finished = project.sdd(args);
        assert!(
            matches!(finished.code(), Some(0 | 1)),
            "{args:?}: {}",
            finished.stderr()
        );
        assert!(
            !finished.stdout().is_empty() || args[0] == "fmt",
            "{args:?} says nothing"
        );
    }
    assert!(!project.exists("touched") && !project.exists(".session"));
}

#[test]
fn the_report_of_a_run_can_be_had_again_later() {
    let project = Project::with(r#"command "x" { shell "echo seen; exit 1" }"#);
    let first = project.run_with(&["--report", "json=out/report.json"]);
    let again = project.sdd(&["report", "last", "--format", "json"]);
    let again: serde_json::Value = serde_json::from_str(&again.stdout()).unwrap();
    assert_eq!(again, first.json);
    let written: serde_json::Value =
        serde_json::from_str(&project.read("out/report.json")).unwrap();
    assert_eq!(written, first.json);
    assert_eq!(project.sdd(&["logs", "x"]).stdout(), "seen\n");
    assert!(project.sdd(&["runs"]).stdout().contains("failed"));
    assert!(project.sdd(&["show"]).stdout().contains("seen"));
}

#[test]
fn counts_equal_the_nodes_and_every_node_stands_once() {
    let report = Project::with(
        r#"
        command "a" { run "true" }
        command "b" { run "false" }
        command "c" { run "true"; needs "b" }
        service "d" { shell "echo up; exec sleep 100"; ready log="up" }
        "#,
    )
    .run();
    let nodes = report.json["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), report.ids().len());
    assert_eq!(report.ids().len(), 5);
    for (outcome, count) in report.json["counts"].as_object().unwrap() {
        let counted = nodes
            .iter()
            .filter(|node| node["outcome"] == *outcome)
            .count();
        assert_eq!(count.as_u64(), Some(counted as u64), "{outcome}");
    }
}

#[test]
fn wrong_use_exits_with_2_and_says_how_it_is_meant() {
    let project = Project::with(r#"command "unit" { run "true" }"#);
    for (args, words) in [
        (
            &["run", "end-of-sesion"][..],
            "did you mean `end-of-session`",
        ),
        (&["run", "--only", "unti"], "did you mean `unit`"),
        (&["run", "--set", "x=1"], "declare it in the header"),
        (&["run", "--set", "x"], "VAR=VALUE"),
        (&["run", "--report", "yaml=x"], "formats are"),
        (&["rnu"], "run"),
        (&["why", "unti"], "did you mean `unit`"),
        (&["logs", "unit"], "there are no runs yet"),
        (&["graph", "--run", "last"], "there are no runs yet"),
    ] {
        let finished = project.sdd(args);
        assert_eq!(finished.code(), Some(2), "{args:?}: {}", finished.stderr());
        assert!(
            finished.stderr().contains(words),
            "{args:?}: {}",
            finished.stderr()
        );
        assert_eq!(finished.stdout(), "", "{args:?}");
    }
    let empty = tempfile::tempdir().unwrap();
    let nowhere = std::process::Command::new(env!("CARGO_BIN_EXE_sdd"))
        .arg("run")
        .current_dir(empty.path())
        .output()
        .unwrap();
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("sdd init"));
}

#[test]
fn a_report_that_can_not_be_written_is_not_an_answer() {
    let project = Project::with(r#"command "x" { run "true" }"#);
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let status = project
        .command(&["run", "--format", "json"])
        .stdout(full)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(3));
}

#[test]
fn a_selection_of_which_nothing_runs_is_refused() {
    let project = Project::with(
        r#"
        command "off" { run "true"; when { os "openbsd" } }
        command "on" { run "true" }
        "#,
    );
    let refused = project.sdd(&["run", "--only", "off"]);
    assert_eq!(refused.code(), Some(2));
    assert!(
        refused
            .stderr()
            .contains("nothing of what was selected would run")
    );
    assert!(refused.stderr().contains("openbsd"), "{}", refused.stderr());
}

#[test]
fn selecting_a_teardown_brings_its_environment_up_first() {
    let project = noted(
        r#"
        setup "world" { run "note" "up" }
        teardown "end" for="world" { run "note" "down" }
        "#,
    );
    assert_eq!(project.run_with(&["--only", "end"]).code, Some(0));
    assert_eq!(project.lines("log"), ["up", "down"]);
}

#[test]
fn a_misspelt_profile_or_system_is_refused() {
    let profile = Project::with(r#"command "x" { run "true"; when { profile "full" } }"#);
    let refused = profile.sdd(&["run", "--profile", "ful"]);
    assert_eq!(refused.code(), Some(2));
    assert!(
        refused.stderr().contains("did you mean `full`"),
        "{}",
        refused.stderr()
    );
    let system = Project::with(r#"command "x" { run "true"; when { os "linus" } }"#);
    let refused = system.sdd(&["check"]);
    assert_eq!(refused.code(), Some(2));
    assert!(
        refused.stderr().contains("did you mean `linux`"),
        "{}",
        refused.stderr()
    );
}

#[test]
fn the_command_to_run_a_node_again_runs_it_in_the_same_way() {
    let project = noted(
        r#"
        var { what "default" }
        command "x" { matrix { a "1" "2"; b "3" }; shell "note {{var.what}}{{matrix.a}}; exit 1" }
        "#,
    );
    let report = project.run_with(&["--set", "what=set"]);
    let again = report.node("x[a=1,b=3]")["rerun"].as_str().unwrap();
    std::fs::remove_file(project.root().join("log")).unwrap();
    let line = again.replacen("sdd", env!("CARGO_BIN_EXE_sdd"), 1);
    let output = std::process::Command::new("sh")
        .args(["-c", &line])
        .current_dir(project.root())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{again}");
    assert_eq!(project.lines("log"), ["set1"], "{again}");
}

#[test]
fn failed_remembers_what_a_narrower_run_left_out() {
    let project = noted(
        r#"
        command "bad" { shell "note bad; false" }
        command "good" { run "true" }
        "#,
    );
    assert_eq!(project.run().code, Some(1));
    assert_eq!(project.run_with(&["--only", "good"]).code, Some(0));
    assert_eq!(project.run_with(&["--failed"]).code, Some(1));
    assert_eq!(project.lines("log"), ["bad", "bad"]);
}

#[test]
fn a_dry_run_as_data_is_data() {
    let project = Project::with(r#"command "x" { run "true" }"#);
    let plan = project
        .sdd(&["run", "--dry-run", "--format", "json"])
        .stdout();
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(plan["schema"], "sdd.plan/1");
    assert_eq!(plan["order"][0], "x");
}

#[test]
fn a_run_that_goes_on_is_not_called_cut_off() {
    let project = Project::with(r#"command "slow" { shell "touch begun; sleep 1000" }"#);
    let running = project.start(&["run"]);
    project.wait_for("begun");
    assert!(project.sdd(&["runs"]).stdout().contains("running"));
    assert!(project.sdd(&["show"]).stdout().contains("still running"));
    support::signal(running.pid(), "TERM");
    assert_eq!(running.finish().code(), Some(143));
    assert!(project.sdd(&["runs"]).stdout().contains("cancelled"));
}

#[test]
fn a_report_format_that_does_not_exist_is_a_mistake_of_the_file() {
    let project = Project::with("report { markdwon \"x.md\" }\ncommand \"x\" { run \"true\" }\n");
    let checked = project.sdd(&["check"]);
    assert_eq!(checked.code(), Some(2));
    assert!(
        checked.stderr().contains("did you mean `markdown`"),
        "{}",
        checked.stderr()
    );
}

#[test]
fn a_folder_named_like_a_pipeline_is_a_mistake_and_no_crash() {
    let project = Project::with(r#"command "x" { run "true" }"#).file("pipelines/x.kdl/inner", "");
    let checked = project.sdd(&["check"]);
    assert_eq!(checked.code(), Some(2));
    assert!(
        checked.stderr().contains("it is a folder"),
        "{}",
        checked.stderr()
    );
}

#[test]
fn a_suite_that_crashed_is_not_one_without_tests() {
    let crashed = suite(
        "cp none.xml {{out}}/r.xml; exit 3",
        r#"path="{{out}}/r.xml""#,
    );
    assert_eq!(crashed.outcome("unit"), "error");
    let script = "echo '<testsuite name=\\\"s\\\" tests=\\\"3\\\"/>' > {{out}}/r.xml";
    let hollow = suite(script, r#"path="{{out}}/r.xml""#);
    assert_eq!(hollow.outcome("unit"), "error", "{}", hollow.json);
    assert!(
        hollow.reason("unit").contains("claims tests"),
        "{}",
        hollow.reason("unit")
    );
}

#[test]
fn what_has_to_be_there_or_not_is_judged_by_its_path_alone() {
    let project = Project::with(
        r#"
        rule "built" { exists "dist/app.js" }
        rule "no-key" { absent "secret.key" }
        rule "no-link" { absent "dangling" }
        rule "no-folder" { absent "folder" }
        "#,
    )
    .file(".gitignore", "dist/\nsecret.key\n")
    .file("dist/app.js", "")
    .file("secret.key", "")
    .file("folder/x", "");
    std::os::unix::fs::symlink("nowhere", project.root().join("dangling")).unwrap();
    let report = project.run();
    assert_eq!(report.outcome("built"), "passed");
    for rule in ["no-key", "no-link", "no-folder"] {
        assert_eq!(report.outcome(rule), "failed", "{rule}");
    }
}

#[test]
fn a_named_pipe_among_the_files_keeps_nobody_waiting() {
    let project =
        Project::with(r#"rule "clean" { forbid "x"; in "src/**" }"#).file("src/a.txt", "");
    let made = std::process::Command::new("mkfifo")
        .arg(project.root().join("src/pipe"))
        .status();
    assert!(made.unwrap().success());
    std::os::unix::fs::symlink(".", project.root().join("src/loop")).unwrap();
    assert_eq!(project.run().outcome("clean"), "passed");
}

#[test]
fn a_published_secret_reaches_who_needs_it() {
    let project = Project::with(
        r#"
        secrets { TOKEN env="SDD_TEST_TOKEN" }
        setup "world" { secrets "TOKEN"; publish "url"; shell "echo url=http://u:$TOKEN@h >> $SDD_PUBLISH" }
        command "use" { needs "world"; env { URL "{{node.world.url}}" }; shell "test $URL = http://u:hunter2@h" }
        "#,
    );
    let mut command = project.command(&["run", "--format", "json"]);
    let finished = support::Finished(command.env("SDD_TEST_TOKEN", "hunter2").output().unwrap());
    let report = Report::of(&finished);
    assert_eq!(report.outcome("use"), "passed", "{}", report.json);
    let events = std::fs::read_to_string(project.last_run().join("events.jsonl")).unwrap();
    assert!(!events.contains("hunter2"));
}

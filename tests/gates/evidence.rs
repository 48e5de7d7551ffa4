//! What a tool prints and where it writes: nothing is lost, nothing is shared.

use crate::support::{Project, Report};

#[test]
fn b17_output_is_on_disk_while_the_node_runs_and_none_of_it_is_cut() {
    let project = Project::with(
        r#"command "slow" { shell "echo first; until test -e go; do sleep 0.02; done; seq 1 20000; exit 1" }"#,
    );
    let running = project.start(&["run", "--format", "json"]);
    let log = || {
        let runs = std::fs::read_dir(project.root().join(".session/runs"));
        let folders = runs.into_iter().flatten().flatten();
        let logs = folders.map(|run| run.path().join("logs/slow.1.log"));
        logs.filter_map(|path| std::fs::read_to_string(path).ok())
            .collect::<String>()
    };
    crate::support::wait_until("the first line can be read", || log() == "first\n");
    let project = project.file("go", "");
    let report = Report::of(&running.finish());
    assert_eq!(report.outcome("slow"), "failed");
    let log = project.last_run().join("logs/slow.1.log");
    let kept = std::fs::read_to_string(log).unwrap();
    assert_eq!(kept.lines().count(), 20_001);
    assert!(kept.ends_with("\n20000\n"));
}

#[test]
fn b19_moments_are_told_in_utc_wherever_the_machine_stands() {
    let project = Project::with("command \"a\" { run \"true\" }\n");
    let mut command = project.command(&["run", "--format", "json"]);
    let finished = command.env("TZ", "Pacific/Kiritimati").output().unwrap();
    let report = Report::of(&crate::support::Finished(finished));
    let told = report.json["started_at"].as_str().unwrap();
    let started: jiff::Timestamp = told.parse().unwrap();
    assert!(told.ends_with('Z'), "{told}");
    let apart = jiff::Timestamp::now().duration_since(started);
    assert!(apart.as_hours() == 0 && !apart.is_negative(), "{told}");
}

#[test]
fn b22_each_attempt_reports_into_a_folder_of_its_own() {
    let pipeline = r#"security "scan" {
    scan "own" {
        run "scanner"
        findings format="sarif" path="{{out}}/report.sarif"
    }
}
"#;
    let shared = tempfile::tempdir().unwrap();
    // Each waits for the other, so that both write at the same time.
    let start = |name: &str, other: &str, results: &str| {
        let script = format!(
            "#!/bin/sh\ntouch {shared}/{name}\nuntil test -e {shared}/{other}; do sleep 0.02; done\n\
             echo '{{\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{{\"name\":\"s\"}}}},\"results\":[{results}]}}]}}' > $SDD_OUT/report.sarif\n",
            shared = shared.path().display()
        );
        let project = Project::with(pipeline).program("scanner", &script);
        let running = project.start(&["run", "--format", "json"]);
        (project, running)
    };
    let weak = r#"{"ruleId":"X1","level":"error","message":{"text":"weak"}}"#;
    let (clean_project, clean) = start("clean", "weak", "");
    let (weak_project, weak) = start("weak", "clean", weak);
    let (clean, weak) = (Report::of(&clean.finish()), Report::of(&weak.finish()));
    assert_eq!(clean.outcome("scan"), "passed", "{}", clean.reason("scan"));
    assert_eq!(weak.outcome("scan"), "failed", "{}", weak.reason("scan"));
    for project in [clean_project, weak_project] {
        let own = project.last_run().join("out/scan/1/report.sarif");
        assert!(own.is_file(), "{}", own.display());
    }
    assert_eq!(std::fs::read_dir(shared.path()).unwrap().count(), 2);
}

#[test]
fn b30_findings_are_read_though_the_exit_code_is_not_that_of_success() {
    for (exit, outcome) in [(0, "failed"), (1, "failed"), (2, "error")] {
        let script = format!(
            "#!/bin/sh\necho '{{\"results\":[{{\"id\":\"CVE-1\",\"level\":\"high\",\"text\":\"weak\"}}]}}'\nexit {exit}\n"
        );
        let report = Project::with(
            r#"security "scan" {
    scan "own" {
        run "scanner"
        findings format="json" {
            expect "results"
            each "results[]" { rule "id"; severity "level"; message "text" }
        }
    }
}
"#,
        )
        .program("scanner", &script)
        .run();
        assert_eq!(report.outcome("scan"), outcome, "exit {exit}");
        let read = usize::from(outcome != "error");
        assert_eq!(report.findings("scan").len(), read, "exit {exit}");
    }
}

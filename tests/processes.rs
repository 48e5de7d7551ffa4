//! Nothing is left behind, nothing hangs, and every end is told from every other: with real
//! processes.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use std::fs;
use std::time::{Duration, Instant};

use support::{Project, Report, Running, signal, wait_until};

#[test]
fn a_grandchild_in_its_own_session_that_ignores_sigterm_is_ended_and_named() {
    let project = Project::with(
        r#"command "leaky" { shell "setsid sh -c 'trap \"\" TERM; echo up > up; sleep 1000' & while [ ! -e up ]; do sleep 0.01; done" }"#,
    );
    let report = project.run();
    assert_eq!(report.outcome("leaky"), "passed");
    project.assert_nothing_left();
    let findings = report.node("leaky")["findings"].to_string();
    assert!(findings.contains("leaked-process"), "{findings}");
    assert!(findings.contains("trap"), "{findings}");
}

#[test]
fn a_daemon_that_keeps_stdout_open_holds_up_nobody() {
    let project = Project::with(
        r#"
        command "starter" { shell "sleep 1000 & echo started" }
        command "next" { run "true"; needs "starter" }
        "#,
    );
    let begun = Instant::now();
    let report = project.run();
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(report.verdict(), "passed");
    assert!(
        report.node("starter")["findings"]
            .to_string()
            .contains("sleep 1000")
    );
    project.assert_nothing_left();
}

#[test]
fn two_hundred_megabytes_of_output_take_no_memory() {
    let project = Project::with(
        r#"command "loud" { shell "head -c 200000000 /dev/zero | tr '\\0' 'x'; exit 3" }"#,
    );
    let running = project.start(&["run"]);
    let pids = [running.pid(), running.worker()];
    let mut peak = 0;
    wait_until("the run is over", || {
        for pid in pids {
            let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib: u64 = line
                .and_then(|line| line.trim().split(' ').next()?.parse().ok())
                .unwrap_or(0);
            peak = peak.max(kib);
        }
        project.last_run_is_over()
    });
    assert_eq!(running.finish().code(), Some(1));
    assert!(peak > 0 && peak < 50_000, "{peak} KiB");
    let log = project.last_run().join("logs/loud.1.log");
    assert_eq!(fs::metadata(log).unwrap().len(), 200_000_000);
}

#[test]
fn fifty_nodes_that_print_at_once_are_never_mixed() {
    let printing = |node| {
        let script = format!("for i in 1 2 3 4 5 6 7 8 9 10; do echo n{node:02} $i; done; exit 1");
        format!("command \"n{node:02}\" {{ shell \"{script}\" }}")
    };
    let nodes: Vec<String> = (0..50).map(printing).collect();
    let project = Project::with(&format!("jobs 50\n{}", nodes.join("\n")));
    let finished = project.sdd(&["run"]);
    assert_eq!(finished.code(), Some(1));
    for node in 0..50 {
        let log = project.read_log(&format!("n{node:02}.1.log"));
        let lines: Vec<_> = (1..=10).map(|i| format!("n{node:02} {i}\n")).collect();
        let expected = lines.concat();
        assert_eq!(log, expected);
    }
    let shown = finished.stderr() + &finished.stdout();
    for line in shown.lines().filter(|line| line.contains(" 10")) {
        let words: Vec<_> = line
            .split_whitespace()
            .filter(|word| word.starts_with('n'))
            .collect();
        assert!(words.len() <= 1, "two nodes in a line: {line}");
    }
}

#[test]
fn b16_bytes_that_are_no_utf_8_are_kept_and_shown_without_harm() {
    let project = Project::with(
        r#"command "raw" { shell "printf 'caf\\351 \\033]0;title\\007end\\n'; exit 1" }"#,
    );
    let finished = project.sdd(&["run"]);
    assert_eq!(finished.code(), Some(1));
    let shown = finished.stderr() + &finished.stdout();
    assert!(shown.contains("caf\u{fffd} end"), "{shown}");
    let log = fs::read(project.last_run().join("logs/raw.1.log")).unwrap();
    assert!(log.starts_with(b"caf\xe9 \x1b]0;"));
}

#[test]
fn every_way_of_not_starting_is_an_error_that_names_its_mend() {
    let project = Project::with(
        r#"
        command "missing" { run "no-such-program-anywhere" }
        command "plain" { run "./plain.txt" }
        command "folder" { run "./pipelines" }
        command "nowhere" { run "true"; dir "not/there" }
        command "interpreter" { run "./orphan.sh" }
        command "skipped" { run "no-such-program-anywhere"; on-missing "skip" }
        "#,
    )
    .file("plain.txt", "echo hello\n")
    .program("unused", "#!/bin/sh\n")
    .file("orphan.sh", "#!/no/such/interpreter\n");
    make_executable(&project, "orphan.sh");
    let report = project.run();
    assert_eq!(report.code, Some(1));
    for (node, words) in [
        ("missing", "`no-such-program-anywhere` was not found"),
        ("plain", "`./plain.txt` is not executable"),
        ("folder", "`./pipelines` is a folder"),
        ("nowhere", "not/there` is not there"),
        ("interpreter", "can't be started"),
    ] {
        assert_eq!(report.outcome(node), "error", "{node}");
        assert!(
            report.reason(node).contains(words),
            "{node}: {}",
            report.reason(node)
        );
        assert!(
            !report.node(node)["remedy"].as_array().unwrap().is_empty(),
            "{node}"
        );
    }
    assert_eq!(report.outcome("skipped"), "skipped");
}

#[test]
fn b14_a_node_out_of_time_is_ended_with_all_its_processes() {
    let project = Project::with(
        r#"command "slow" { timeout "300ms"; shell "echo begun; setsid sleep 1000 & sh -c 'sleep 1000' & wait" }"#,
    );
    let report = project.run();
    assert_eq!(report.code, Some(1));
    assert_eq!(report.outcome("slow"), "timed-out");
    assert!(
        report.reason("slow").contains("300 ms"),
        "{}",
        report.reason("slow")
    );
    assert_eq!(project.read_log("slow.1.log"), "begun\n");
    project.assert_nothing_left();
}

#[test]
fn a_node_that_a_signal_ends_could_not_be_judged() {
    let project = Project::with(r#"command "crash" { shell "kill -SEGV $$" }"#);
    let report = project.run();
    assert_eq!(report.outcome("crash"), "error");
    assert!(report.reason("crash").contains("SIGSEGV"));
}

const ENVIRONMENT: &str = r#"
setup "world" { shell "echo up >> log; sleep 1000 & echo $! > world.pid" }
teardown "end" for="world" { shell "sleep 0.2; echo down >> log" }
command "use" { needs "world"; shell "echo used >> log; sleep 1000" }
command "never" { needs "use"; run "true" }
service "api" { needs "world"; shell "echo serving; echo api >> log; exec sleep 1000"; ready log="serving" }
"#;

#[test]
fn one_ctrl_c_ends_what_runs_and_takes_everything_down() {
    let project = Project::with(ENVIRONMENT);
    let running = project.start(&["run", "--format", "json"]);
    wait_until("it is in use", || {
        project.lines("log").contains(&"used".to_owned())
    });
    signal(running.pid(), "INT");
    let report = Report::of(&running.finish());
    assert_eq!(report.code, Some(130));
    assert_eq!(report.verdict(), "cancelled");
    assert_eq!(report.outcome("use"), "cancelled");
    assert_eq!(report.outcome("never"), "cancelled");
    assert_eq!(report.outcome("end"), "passed");
    assert_eq!(
        project
            .lines("log")
            .iter()
            .filter(|line| *line == "down")
            .count(),
        1
    );
    project.assert_nothing_left();
}

#[test]
fn a_second_ctrl_c_gives_up_on_teardowns_and_says_what_may_be_left() {
    let project = Project::with(
        r#"
        setup "world" { run "touch" "up" }
        teardown "end" for="world" { shell "touch tearing; sleep 1000" }
        command "use" { needs "world"; shell "touch used; sleep 1000" }
        "#,
    );
    let running = project.start(&["run"]);
    project.wait_for("used");
    signal(running.pid(), "INT");
    project.wait_for("tearing");
    signal(running.pid(), "INT");
    let finished = running.finish();
    assert_eq!(finished.code(), Some(130));
    let shown = finished.stderr() + &finished.stdout();
    assert!(
        shown.contains("world") && shown.contains("sdd recover"),
        "{shown}"
    );
    project.assert_nothing_left();
}

#[test]
fn sigterm_is_one_call_however_often_it_is_sent() {
    let project = Project::with(ENVIRONMENT);
    let running = project.start(&["run", "--format", "json"]);
    let worker = running.worker();
    wait_until("it is in use", || {
        project.lines("log").contains(&"used".to_owned())
    });
    for pid in [running.pid(), worker, running.pid()] {
        signal(pid, "TERM");
    }
    let report = Report::of(&running.finish());
    assert_eq!(report.code, Some(143));
    assert_eq!(report.outcome("end"), "passed");
    project.assert_nothing_left();
}

/// Kills one of the two processes of `sdd` in a phase, and looks at what is left.
fn killed_in(phase: &str, victim: fn(&support::Running) -> i32) {
    let project = Project::with(
        r#"
        setup "world" { shell "echo up >> log; touch phase-up; sleep 0.5" }
        teardown "end" for="world" { shell "touch phase-down; sleep 0.5; echo down >> log" }
        service "api" { needs "world"; shell "touch phase-ready; sleep 0.5; echo serving; exec sleep 1000"; ready log="serving" }
        command "use" { needs "api"; shell "touch phase-use; setsid sleep 1000 & sleep 0.5" }
        "#,
    );
    let running = project.start(&["run"]);
    project.wait_for(phase);
    signal(victim(&running), "KILL");
    let guardian = running.pid();
    let _ = running.finish();
    wait_until("both processes are gone", || {
        !project
            .processes()
            .iter()
            .any(|(pid, line)| *pid == guardian || line.contains(" run "))
    });
    project.assert_nothing_left();
    let log = project.lines("log");
    let downs = log.iter().filter(|line| *line == "down").count();
    assert_eq!(downs, 1, "{phase}: torn down {downs} times: {log:?}");
    let again = project.sdd(&["recover"]);
    assert_eq!(again.code(), Some(0), "{}", again.stderr());
    assert_eq!(
        project.lines("log"),
        log,
        "recovery found something to do: {}",
        again.stderr()
    );
}

#[test]
fn the_guardian_cleans_up_when_the_worker_is_killed_while_it_brings_up() {
    killed_in("phase-up", Running::worker);
}

#[test]
fn the_guardian_cleans_up_when_the_worker_is_killed_while_it_waits_for_readiness() {
    killed_in("phase-ready", Running::worker);
}

#[test]
fn the_guardian_cleans_up_when_the_worker_is_killed_while_nodes_run() {
    killed_in("phase-use", Running::worker);
}

#[test]
fn the_guardian_cleans_up_when_the_worker_is_killed_while_it_takes_down() {
    killed_in("phase-down", Running::worker);
}

#[test]
fn the_worker_takes_everything_down_when_the_guardian_is_killed_while_it_brings_up() {
    killed_in("phase-up", Running::pid);
}

#[test]
fn the_worker_takes_everything_down_when_the_guardian_is_killed_while_nodes_run() {
    killed_in("phase-use", Running::pid);
}

/// Starts a run and kills guardian and worker once its environment is in use. Both are stopped
/// first, so that neither cleans up after the other.
fn cut_off(project: &Project) {
    let running = project.start(&["run"]);
    let worker = running.worker();
    project.wait_for("used");
    for name in ["STOP", "KILL"] {
        signal(running.pid(), name);
        signal(worker, name);
    }
    let _ = running.finish();
}

#[test]
fn the_next_run_takes_down_what_was_left_when_both_are_killed() {
    let project = Project::with(
        r#"
        setup "world" { shell "echo up >> log" }
        teardown "end" for="world" { shell "echo down >> log" }
        command "use" { needs "world"; shell "if [ -e again ]; then exit 0; fi; touch used; setsid sleep 1000" }
        "#,
    );
    cut_off(&project);
    assert_eq!(project.lines("log"), ["up"]);
    fs::write(project.root().join("again"), "").unwrap();
    let report = project.run();
    assert_eq!(report.verdict(), "passed", "{}", report.stderr);
    assert_eq!(project.lines("log"), ["up", "down", "up", "down"]);
    project.assert_nothing_left();
}

/// What a run left that was cut off; its teardown takes for ever as long as there is no `quick`.
fn left_with_a_slow_teardown() -> Project {
    let project = Project::with(
        r#"
        setup "world" { shell "echo up >> log" }
        teardown "end" for="world" { shell "touch ending; if [ ! -e quick ]; then sleep 1000; fi; echo down >> log" }
        command "use" { needs "world"; shell "touch used; sleep 1000" }
        "#,
    );
    cut_off(&project);
    project
}

/// Calls off what takes the environment down, and does it anew.
fn call_off_and_recover(project: &Project, recovering: Running) {
    project.wait_for("ending");
    signal(recovering.pid(), "INT");
    let ended = recovering.finish();
    assert_eq!(ended.code(), Some(130), "{}", ended.stderr());
    assert!(
        ended.stderr().contains("`sdd recover` goes on"),
        "{}",
        ended.stderr()
    );
    project.assert_nothing_left();
    assert_eq!(project.lines("log"), ["up"]);

    fs::write(project.root().join("quick"), "").unwrap();
    let again = project.sdd(&["recover"]);
    assert_eq!(again.code(), Some(0), "{}", again.stderr());
    assert_eq!(project.lines("log"), ["up", "down"]);
}

#[test]
fn ctrl_c_ends_a_recovery_with_its_teardown_and_the_next_one_goes_on() {
    let project = left_with_a_slow_teardown();
    let recovering = project.start(&["recover"]);
    call_off_and_recover(&project, recovering);
}

#[test]
fn a_run_that_is_called_off_while_it_recovers_what_was_left_begins_nothing() {
    let project = left_with_a_slow_teardown();
    let runs = fs::read_dir(project.root().join(".session/runs"))
        .unwrap()
        .count();
    let recovering = project.start(&["run"]);
    call_off_and_recover(&project, recovering);
    let now = fs::read_dir(project.root().join(".session/runs"))
        .unwrap()
        .count();
    assert_eq!(now, runs);
}

#[test]
fn ctrl_c_does_not_wait_for_a_docker_that_does_not_answer() {
    let project = Project::with(r#"command "x" { run "true" }"#)
        .program("docker", "#!/bin/sh\necho $$ > asked; exec sleep 1000\n");
    let recovering = project.start_with_programs(&["recover"]);
    project.wait_for("asked");
    signal(recovering.pid(), "INT");
    let ended = recovering.finish();
    assert_eq!(ended.code(), Some(130), "{}", ended.stderr());
    project.assert_nothing_left();
}

#[test]
fn a_second_run_in_the_same_worktree_is_refused_with_the_owner_named() {
    let project = Project::with(r#"command "slow" { shell "touch begun; sleep 1000" }"#);
    let running = project.start(&["run"]);
    project.wait_for("begun");
    let second = project.sdd(&["run"]);
    assert_eq!(second.code(), Some(2));
    assert!(
        second
            .stderr()
            .contains(&format!("process {}", running.pid())),
        "{}",
        second.stderr()
    );
    signal(running.pid(), "TERM");
    assert_eq!(running.finish().code(), Some(143));
}

#[test]
fn a_service_that_dies_in_use_fails_its_teardown() {
    let project = Project::with(
        r#"
        service "api" { shell "echo serving; sleep 0.3; exit 7"; ready log="serving" }
        command "use" { needs "api"; run "sleep" "1" }
        "#,
    );
    let report = project.run();
    assert_eq!(report.code, Some(1));
    assert_eq!(report.outcome("api.down"), "failed");
    assert!(
        report.reason("api.down").contains("exited with 7"),
        "{}",
        report.reason("api.down")
    );
}

#[test]
fn a_service_that_ends_before_it_is_ready_ends_the_wait_at_once() {
    let project = Project::with(
        r#"
        service "api" { shell "echo no; exit 3"; ready tcp="127.0.0.1:{{node.api.port}}"; ready-timeout "50s" }
        command "use" { needs "api"; run "true" }
        "#,
    );
    let begun = Instant::now();
    let report = project.run();
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(report.outcome("api"), "failed");
    assert!(
        report.reason("api").contains("before it was ready"),
        "{}",
        report.reason("api")
    );
    assert_eq!(report.outcome("use"), "skipped");
    assert_eq!(report.verdict(), "failed");
}

#[test]
fn a_service_is_ended_by_the_signal_and_within_the_grace_that_it_names() {
    let project = Project::with(
        r#"
        service "polite" { shell "trap 'echo bye > bye; exit 0' INT; echo serving; while :; do sleep 0.05; done"; ready log="serving"; stop signal="INT" grace="20s" }
        service "stubborn" { shell "trap '' TERM; echo serving; while :; do sleep 0.05; done"; ready log="serving"; stop grace="200ms" }
        command "use" { needs "polite" "stubborn"; run "true" }
        "#,
    );
    let report = project.run();
    assert_eq!(report.verdict(), "passed");
    assert_eq!(project.read("bye"), "bye\n");
    project.assert_nothing_left();
}

#[test]
fn b15_a_node_sees_its_own_fresh_folder_closed_input_and_ci() {
    let project = Project::with(
        r#"command "look" { retry attempts=2 delay="10ms"; shell "echo $SDD_NODE $CI; ls -A $SDD_OUT; touch $SDD_OUT/x; read line && echo $line; test -e second || { touch second; exit 1; }" }"#,
    );
    let report = project.run();
    assert_eq!(report.outcome("look"), "passed");
    assert_eq!(report.node("look")["marks"][0], "flaky");
    assert_eq!(report.node("look")["attempts"], 2);
    assert_eq!(project.read_log("look.1.log"), "look 1\n");
    assert_eq!(project.read_log("look.2.log"), "look 1\n");
}

#[test]
fn a_secret_reaches_the_command_and_nothing_else() {
    let project = Project::with(
        r#"
        secrets { TOKEN env="SDD_TEST_TOKEN" }
        command "use" { secrets "TOKEN"; shell "test $TOKEN = hunter2-hunter2 && printf hunter2- && sleep 0.05 && echo hunter2 && exit 1" }
        command "other" { shell "test -z \"${TOKEN:-}${SDD_TEST_TOKEN:-}\"" }
        command "reader" { shell "echo read hunter2-hunter2" }
        "#,
    );
    let mut command = project.command(&["run", "--format", "json"]);
    let finished = support::Finished(
        command
            .env("SDD_TEST_TOKEN", "hunter2-hunter2")
            .output()
            .unwrap(),
    );
    let report = Report::of(&finished);
    assert_eq!(report.outcome("use"), "failed");
    assert_eq!(report.node("use")["exit_code"], 1);
    assert_eq!(report.outcome("other"), "passed");
    assert_eq!(project.read_log("use.1.log"), "***\n");
    assert_eq!(
        project.read_log("reader.1.log"),
        "read ***\n",
        "masked whoever prints it"
    );
    let events = fs::read_to_string(project.last_run().join("events.jsonl")).unwrap();
    for place in [events, finished.stdout(), finished.stderr()] {
        assert!(!place.contains("hunter2-hunter2"), "{place}");
    }
}

fn make_executable(project: &Project, path: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = project.root().join(path);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

impl Project {
    fn read_log(&self, name: &str) -> String {
        let path = self.last_run().join("logs").join(name);
        String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
    }

    fn last_run_is_over(&self) -> bool {
        if !self.exists(".session/runs/lock") {
            return false;
        }
        let events = fs::read_to_string(self.last_run().join("events.jsonl")).unwrap_or_default();
        events.contains("run-finished")
    }
}

#[test]
fn what_a_setup_leaves_running_is_kept_until_it_is_taken_down() {
    let project = Project::with(
        r#"
        setup "world" { shell "setsid sleep 1000 & echo $! > pid; sh -c 'sleep 1000' & sleep 0.3" }
        teardown "end" for="world" { shell "kill $(cat pid)" }
        command "use" { needs "world"; shell "sleep 1; kill -0 $(cat pid)" }
        "#,
    );
    let report = project.run();
    assert_eq!(report.verdict(), "passed", "{}", report.json);
    project.assert_nothing_left();
}

#[test]
fn recovery_takes_down_what_the_run_brought_up_and_not_what_the_defaults_name() {
    let project = Project::with(
        r#"
        var { name "production" }
        setup "db" { shell "touch db-{{var.name}}" }
        teardown "drop" for="db" { shell "rm -f db-{{var.name}}" }
        command "use" { needs "db"; shell "touch begun; sleep 1000" }
        "#,
    )
    .file("db-production", "");
    let running = project.start(&["run", "--set", "name=scratch"]);
    project.wait_for("begun");
    signal(running.worker(), "KILL");
    let _ = running.finish();
    project.assert_nothing_left();
    assert!(
        project.exists("db-production"),
        "the default was never brought up"
    );
    assert!(!project.exists("db-scratch"));
}

#[test]
fn processes_of_the_shell_that_sdd_replaced_are_left_alone() {
    let project = Project::with(r#"command "x" { run "true" }"#);
    let script = format!(
        "sleep 1000 & echo $! > foreign; exec {} run",
        env!("CARGO_BIN_EXE_sdd")
    );
    let status = std::process::Command::new("bash")
        .args(["-c", &script])
        .current_dir(project.root())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0));
    let foreign: i32 = project.read("foreign").trim().parse().unwrap();
    assert!(fs::exists(format!("/proc/{foreign}")).unwrap());
    signal(foreign, "KILL");
}

#[test]
fn the_guardian_is_there_however_the_folder_is_named() {
    let project = Project::with(r#"command "slow" { shell "touch begun; sleep 1000" }"#);
    let folder = project.root().to_string_lossy().into_owned();
    let running = project.start(&["-qC", &folder, "run"]);
    project.wait_for("begun");
    signal(running.worker(), "KILL");
    assert_eq!(running.finish().code(), Some(3));
    project.assert_nothing_left();
}

#[test]
fn the_guardian_cleans_up_though_nobody_listens() {
    let project = Project::with(
        r#"
        setup "world" { run "touch" "up" }
        teardown "end" for="world" { run "rm" "up" }
        command "use" { needs "world"; shell "touch begun; sleep 1000" }
        "#,
    );
    let mut running = project.start(&["run"]);
    project.wait_for("begun");
    drop(running.child.stderr.take());
    drop(running.child.stdout.take());
    signal(running.worker(), "KILL");
    assert_eq!(running.finish().code(), Some(3));
    assert!(!project.exists("up"));
    project.assert_nothing_left();
}

#[test]
fn a_probe_that_hangs_is_cut_at_the_limit_for_being_ready() {
    let project = Project::with(
        r#"
        service "api" { run "sleep" 1000; ready { exec "sleep" 2000 }; ready-timeout "500ms" }
        command "use" { needs "api"; run "true" }
        "#,
    );
    let report = project.run();
    assert_eq!(report.outcome("api"), "failed");
    assert!(
        report.reason("api").contains("the probe did not end"),
        "{}",
        report.reason("api")
    );
    assert_eq!(report.outcome("api.down"), "passed");
    project.assert_nothing_left();
}

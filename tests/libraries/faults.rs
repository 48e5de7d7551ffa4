//! A server that goes wrong is never a reason to pass.

use super::*;

fn one(server: &str) -> Project {
    project(server, "").file("requirements.txt", "flask==3.1.0\n")
}

fn shell(script: &str) -> String {
    format!("run \"sh\" \"-c\" #\"{script}\"#; start-timeout \"60s\"")
}

#[test]
fn b48_every_fault_of_a_server_is_an_error_of_its_own() {
    for (way, code, word) in [
        ("exits", "server-ended", "exited with 7"),
        ("refuses", "server-refused", "not like that"),
        ("fails", "answer-unreadable", "it broke"),
        ("limited", "server-limited", "Rate limited"),
        ("key-refused", "server-unauthorised", "Invalid API key"),
        ("nonsense", "answer-unreadable", "<html>"),
        ("nothing", "answer-unreadable", "nothing"),
        ("documentation-fails", "answer-unreadable", "Error fetching"),
        ("no-tools", "server-unsuitable", "but nothing"),
        ("other-tools", "server-unsuitable", "but `echo`"),
    ] {
        let project = one(&sdk_server());
        let report = run(&project, way);
        assert_eq!(
            told(&report),
            ("error", code),
            "{way}: {}",
            report.reason("known")
        );
        assert!(
            report.reason("known").contains(word),
            "{way}: {}",
            report.reason("known")
        );
        assert_eq!(report.code, Some(1), "{way}");
        assert!(report.node("known")["remedy"][0].is_string(), "{way}");
        project.assert_nothing_left();
    }
}

#[test]
fn a_server_that_does_not_answer_is_given_up_after_its_time() {
    let server = format!("{}; answer-timeout \"500ms\"", sdk_server());
    let project = one(&server);
    assert_eq!(told(&run(&project, "slow")), ("error", "server-silent"));
    project.assert_nothing_left();
    let project = one("run \"sleep\" \"1000\"; start-timeout \"300ms\"");
    let report = run(&project, "");
    assert_eq!(told(&report), ("error", "server-silent"));
    assert!(
        report.node("known")["remedy"][0]
            .as_str()
            .unwrap()
            .contains("start-timeout")
    );
    project.assert_nothing_left();
}

#[test]
fn a_server_that_writes_something_else_is_quoted() {
    let project =
        one("run \"sh\" \"-c\" \"echo hello there; exec sleep 1000\"; start-timeout \"4s\"");
    let report = run(&project, "");
    assert_eq!(told(&report), ("error", "server-garbled"));
    assert!(
        report.reason("known").contains("`hello there`"),
        "{}",
        report.reason("known")
    );
    project.assert_nothing_left();
}

#[test]
fn a_server_of_a_version_that_nobody_knows_is_refused() {
    let script = r#"read line; echo '{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"1999-01-01\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"a\",\"version\":\"1\"}}}'; exec sleep 1000"#;
    let project = one(&format!(
        "run \"sh\" \"-c\" \"{script}\"; start-timeout \"60s\""
    ));
    let report = run(&project, "");
    assert_eq!(
        told(&report),
        ("error", "server-garbled"),
        "{}",
        report.reason("known")
    );
    assert!(
        report.reason("known").contains("1999-01-01"),
        "{}",
        report.reason("known")
    );
    project.assert_nothing_left();
}

#[test]
fn a_server_that_is_missing_or_ends_at_once_is_an_error() {
    let report = run(&one("run \"no-such-server\""), "");
    assert_eq!(told(&report), ("error", "tool-missing"));
    let report = run(&one(&shell("exit 3")), "");
    assert_eq!(told(&report), ("error", "server-ended"));
    assert!(
        report.reason("known").contains("exited with 3"),
        "{}",
        report.reason("known")
    );
    let report = run(&one(&shell("exit 0")), "");
    assert_eq!(told(&report), ("error", "server-ended"));
}

#[test]
fn a_server_that_can_not_be_asked_is_skipped_only_where_the_file_says_so() {
    let missing = project("run \"no-such-server\"", "on-missing \"skip\"")
        .file("requirements.txt", "flask\n");
    assert_eq!(run(&missing, "").outcome("known"), "skipped");
    let amber =
        project("run \"no-such-server\"", "required #false").file("requirements.txt", "flask\n");
    let report = run(&amber, "");
    assert_eq!(
        (report.outcome("known"), report.verdict()),
        ("error", "passed")
    );
}

#[test]
fn nothing_that_a_server_started_is_left() {
    let project = one(&sdk_server());
    let report = run(&project, "leaves");
    assert_eq!(
        report.outcome("known"),
        "passed",
        "{}",
        report.reason("known")
    );
    project.assert_nothing_left();
}

#[test]
fn a_run_that_is_called_off_ends_the_server() {
    let project = one(&format!("{}; answer-timeout \"1h\"", sdk_server()));
    let mut command = project.command(&["run", "--format", "json"]);
    let child = command
        .env("SDD_TEST_WAY", "slow")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    project.wait_for("calls");
    support::signal(child.id().cast_signed(), "TERM");
    let report = Report::of(&Finished(child.wait_with_output().unwrap()));
    assert_eq!(report.outcome("known"), "cancelled");
    project.assert_nothing_left();
}

#[test]
fn a_node_whose_time_is_over_ends_the_server() {
    let project = project(&sdk_server(), "timeout \"3s\"").file("requirements.txt", "flask\n");
    assert_eq!(run(&project, "slow").outcome("known"), "timed-out");
    project.assert_nothing_left();
}

#[test]
fn what_was_answered_before_a_fault_or_beside_it_is_not_asked_again() {
    let project = project(&sdk_server(), "").file("requirements.txt", "attrs\nflask==3.1.0\n");
    let report = run(&project, "fails-at-attrs");
    assert_eq!(told(&report), ("error", "answer-unreadable"));
    let before = project.lines("calls").len();
    run(&project, "");
    let calls = project.lines("calls").split_off(before);
    assert!(calls.iter().any(|call| call.contains("attrs")), "{calls:?}");
    assert!(
        !calls.iter().any(|call| call.contains("flask")),
        "{calls:?}"
    );
}

#[test]
fn a_secret_that_a_quotation_would_cut_is_masked_before() {
    let script = "echo $(printf '%0113d' 0)$KEY; exec sleep 1000";
    let pipeline = format!(
        "secrets {{ KEY env=\"TEST_KEY\" }}\nlibraries \"known\" {{\n    secrets \"KEY\"\n    server {{ run \"sh\" \"-c\" \"{script}\"; start-timeout \"4s\"; }}\n}}\n"
    );
    let project = Project::with(&pipeline).file("requirements.txt", "flask\n");
    let report = run_with(&project, &[("TEST_KEY", "hunter2-of-the-tests")]);
    assert_eq!(told(&report), ("error", "server-garbled"));
    let reason = report.reason("known");
    assert!(reason.contains("000***`"), "{reason}");
    assert!(!report.json.to_string().contains("hunter2"), "{reason}");
}

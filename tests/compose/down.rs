//! Taking a stack down: all of it, and nothing else.

use std::process::Command;

use crate::support::Project;
use crate::{assert_nothing_left, docker, left, service, services, stack};

#[test]
fn after_a_failure_of_its_user_everything_is_removed_and_the_logs_are_kept() {
    let project = Project::with(
        "compose \"stack\" { file \"compose.yaml\"; }\ncommand \"use\" { needs \"stack\"; run \"false\"; }\n",
    )
    .file(
        "compose.yaml",
        services(&service("db", "echo hello; sleep 1000", ", volumes: [\"data:/data\"]"))
            + "volumes:\n  data:\n",
    );
    let report = project.run();
    assert_eq!(report.outcome("use"), "failed");
    assert_eq!(report.outcome("stack.down"), "passed");
    assert_nothing_left(&project);
    let log = project.last_run().join("out/stack.down/1/db.1.log");
    assert_eq!(std::fs::read_to_string(log).unwrap(), "hello\n");
}

#[test]
fn a_secret_that_a_container_prints_is_in_no_file() {
    let project = Project::with(
        "secrets { KEY env=\"COMPOSE_TEST_KEY\" }\n\
         compose \"stack\" { file \"compose.yaml\"; secrets \"KEY\"; service \"db\" until=\"exit-0\"; }\n",
    )
    .file(
        "compose.yaml",
        services(&service("db", "echo key $$KEY; exit 3", ", environment: {KEY: \"${KEY}\"}")),
    );
    let mut command = project.command(&["run", "--format", "json"]);
    let output = command
        .env("COMPOSE_TEST_KEY", "hush-hush-1234")
        .output()
        .unwrap();
    let report = crate::support::Report::of(&crate::support::Finished(output));
    assert_eq!(report.outcome("stack"), "failed");
    let log = project.read(report.node("stack")["log"].as_str().unwrap());
    let kept = project.last_run().join("out/stack.down/1/db.1.log");
    let kept = std::fs::read_to_string(kept).unwrap();
    assert!(
        log.contains("key ") && kept.starts_with("key "),
        "{log}{kept}"
    );
    let search = Command::new("grep")
        .args(["-r", "hush-hush-1234", ".session"])
        .current_dir(project.root())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&search.stdout), "");
    assert_nothing_left(&project);
}

#[test]
fn what_was_built_for_the_stack_goes_with_it() {
    let project = stack(
        "",
        "db: {build: ., stop_grace_period: 1s, command: [sleep, \"1000\"]}\n",
    )
    .file("Dockerfile", "FROM sdd-test/busybox:1\nRUN touch /built\n");
    let report = project.run();
    assert_eq!(report.outcome("stack"), "passed", "{}", report.json);
    assert_nothing_left(&project);
}

#[test]
fn b69_what_a_person_has_up_of_the_same_files_is_not_touched() {
    let compose = services(&service("db", "sleep 1000", ", volumes: [\"data:/data\"]"))
        + "volumes:\n  data:\n";
    let project = stack("", "").file("compose.yaml", &compose);
    let own = |args: &[&str]| {
        let output = Command::new("docker-compose")
            .args(args)
            .current_dir(project.root())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    own(&["up", "--detach"]);
    let folder = project.root().file_name().unwrap().to_string_lossy();
    let name: String = folder.chars().filter(char::is_ascii_alphanumeric).collect();
    let label = format!("label=com.docker.compose.project={}", name.to_lowercase());
    let mine = || {
        let containers = docker(&["ps", "-q", "--filter", &label]);
        let volumes = docker(&["volume", "ls", "-q", "--filter", &label]);
        [containers, volumes].concat()
    };
    let before = mine();
    assert_eq!(before.len(), 2, "{before:?}");
    let report = project.run();
    let recovered = project.sdd(&["recover"]);
    let after = mine();
    own(&["down", "--volumes"]);
    assert_eq!(report.verdict(), "passed", "{}", report.json);
    assert_eq!(recovered.code(), Some(0));
    assert_eq!(after, before);
    assert_nothing_left(&project);
}

#[test]
fn b68_a_stack_that_can_not_be_taken_down_fails_its_teardown_and_is_listed() {
    let stubborn = r#"#!/bin/sh
case "$1" in rm|compose) echo "refused" >&2; exit 1;; esac
exec /usr/bin/docker "$@"
"#;
    let project = stack("", &service("db", "sleep 1000", ""))
        .program("docker", stubborn)
        .program("docker-compose", "#!/bin/sh\ncase \"$*\" in *stop*) exit 1;; esac\nexec /usr/bin/docker-compose \"$@\"\n");
    let report = project.run();
    assert_eq!(report.outcome("stack.down"), "failed");
    assert!(
        report.reason("stack.down").contains("container "),
        "{}",
        report.json
    );
    assert_eq!(report.verdict(), "failed");
    assert_ne!(left(&project), Vec::<String>::new());

    for name in ["docker", "docker-compose"] {
        std::fs::remove_file(project.root().join(format!("node_modules/.bin/{name}"))).unwrap();
    }
    assert_eq!(project.sdd(&["recover"]).code(), Some(0));
    assert_nothing_left(&project);
}

#[test]
fn a_second_attempt_does_not_take_over_what_the_first_one_left() {
    let stubborn = "#!/bin/sh\n[ \"$1\" != rm ] || exit 1\nexec /usr/bin/docker \"$@\"\n";
    let project = stack(
        "retry attempts=2 delay=\"0s\"\nfixture \"data\" { run \"false\"; }",
        &service("db", "sleep 1000", ""),
    )
    .program("docker", stubborn);
    let report = project.run();
    assert_eq!(report.outcome("stack"), "error", "{}", report.json);
    assert_eq!(report.node("stack")["code"], "left-behind");
    std::fs::remove_file(project.root().join("node_modules/.bin/docker")).unwrap();
    assert_eq!(project.sdd(&["recover"]).code(), Some(0));
    assert_nothing_left(&project);
}

#[test]
fn b79_a_time_limit_in_the_middle_of_coming_up_leaves_nothing() {
    let lines = service("db", "sleep 1000", "");
    let project = Project::with(
        "compose \"stack\" { file \"compose.yaml\"; service \"db\" until=\"log\" pattern=\"never\"; timeout \"2s\"; }\n",
    )
    .file("compose.yaml", services(&lines));
    let report = project.run();
    assert_eq!(report.outcome("stack"), "timed-out");
    assert_eq!(report.outcome("stack.down"), "passed", "{}", report.json);
    assert_nothing_left(&project);
}

#[test]
fn a_kept_stack_stays_up_over_later_runs_until_it_is_recovered() {
    let project = stack("", &service("db", "sleep 1000", ""));
    let report = project.run_with(&["--keep"]);
    assert_eq!(report.verdict(), "passed", "{}", report.json);
    assert_eq!(report.node("stack.down")["code"], "kept");
    let kept = left(&project);
    assert!(!kept.is_empty());
    assert_eq!(project.run().verdict(), "passed");
    assert_eq!(left(&project), kept);
    assert_eq!(project.sdd(&["recover"]).code(), Some(0));
    assert_nothing_left(&project);
}

#[test]
fn a_guardian_that_cleans_up_leaves_what_was_kept() {
    let project = stack("", &service("db", "sleep 1000", ""));
    project.run_with(&["--keep"]);
    let kept = left(&project);
    assert!(!kept.is_empty());
    let running = project.start(&["run"]);
    crate::support::signal(running.worker(), "KILL");
    let _ = running.finish();
    assert_eq!(left(&project), kept);
    assert_eq!(project.sdd(&["recover"]).code(), Some(0));
    assert_nothing_left(&project);
}

#[test]
fn volumes_that_are_to_stay_stay_until_they_are_recovered() {
    let compose = services(&service("db", "sleep 1000", ", volumes: [\"data:/data\"]"))
        + "volumes:\n  data:\n";
    let project = stack("down volumes=#false", "").file("compose.yaml", compose);
    assert_eq!(project.run().verdict(), "passed");
    let first = left(&project);
    assert_eq!(first.len(), 1, "{first:?}");
    assert_eq!(project.run().verdict(), "passed");
    assert_eq!(left(&project).len(), 2);
    assert_eq!(project.sdd(&["recover"]).code(), Some(0));
    assert_nothing_left(&project);
}

#[test]
fn an_image_of_the_same_content_under_another_name_stays() {
    let own = format!("sdd-test/own-{}:1", std::process::id());
    let project = stack(
        "",
        "db: {build: ., stop_grace_period: 1s, command: [sleep, \"1000\"]}\n",
    )
    .file("Dockerfile", "FROM sdd-test/busybox:1\nRUN touch /same\n");
    let folder = project.root().to_string_lossy().into_owned();
    docker(&["build", "-q", "-t", &own, &folder]);
    let report = project.run();
    let images = docker(&["images", "-q", &own]);
    docker(&["rmi", &own]);
    assert_eq!(report.verdict(), "passed", "{}", report.json);
    assert_eq!(images.len(), 1);
    assert_nothing_left(&project);
}

#[test]
fn a_node_with_a_folder_of_its_own_finds_its_files_from_the_root() {
    let project = Project::with(
        "compose \"stack\" { file \"deploy/compose.yaml\"; dir \"deploy\"; fixture \"here\" { run \"test\" \"-e\" \"compose.yaml\"; } }\n",
    )
    .file("deploy/compose.yaml", services(&service("db", "sleep 1000", "")));
    let report = project.run();
    assert_eq!(report.verdict(), "passed", "{}", report.json);
    assert_nothing_left(&project);
}

#[test]
fn a_stack_of_which_no_record_is_left_is_found_by_its_mark() {
    let project = stack("", &service("db", "sleep 1000", ""));
    project.run_with(&["--keep"]);
    std::fs::remove_dir_all(project.root().join(".session")).unwrap();
    assert!(!left(&project).is_empty());
    assert_eq!(project.run().verdict(), "passed");
    assert_nothing_left(&project);
}

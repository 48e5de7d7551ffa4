//! The example with a database, a cache and two services.

use std::process::Command;

use crate::support::{Finished, Project, Report};

/// A copy of the example in a repository of its own.
fn orders() -> Project {
    let copy = Project::new();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/orders/.");
    let copied = Command::new("cp")
        .args(["-r", example])
        .arg(copy.root())
        .status();
    assert!(copied.unwrap().success());
    let _ = std::fs::remove_dir_all(copy.root().join(".session"));
    for words in [
        &["init", "-q", "-b", "main"][..],
        &["add", "-A"],
        &[
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.org",
            "commit",
            "-q",
            "-m",
            "x",
        ],
    ] {
        let done = Command::new("git")
            .args(words)
            .current_dir(copy.root())
            .status();
        assert!(done.unwrap().success(), "git {words:?}");
    }
    copy
}

fn run(project: &Project, args: &[&str]) -> Report {
    let words = [&["run", "--format", "json"], args].concat();
    Report::of(&Finished(project.command(&words).output().unwrap()))
}

#[test]
fn the_example_passes_fails_where_it_is_broken_and_leaves_nothing() {
    let project = orders();
    let report = run(&project, &[]);
    assert_eq!(report.verdict(), "passed", "{}", report.json);
    assert_eq!(
        report.node("integration")["measurements"]["tests.passed"],
        6.0
    );
    crate::assert_nothing_left(&project);

    for node in ["contracts", "orders-kept", "pricing-kept"] {
        assert_eq!(report.outcome(node), "passed", "{}", report.json);
    }

    let service = project.read("services/orders/order.py");
    let project = project.file(
        "services/orders/order.py",
        service.replace("price(sku) * amount", "price(sku)"),
    );
    let report = run(&project, &[]);
    assert_eq!(report.outcome("unit"), "failed");
    assert_eq!(report.outcome("changelog"), "failed", "{}", report.json);
    assert_eq!(report.outcome("stack.down"), "passed");
    assert_eq!(report.verdict(), "failed");
    crate::assert_nothing_left(&project);
}

#[test]
fn a_service_of_the_example_that_answers_otherwise_than_its_contract_says_fails() {
    let project = orders();
    let service = project.read("services/orders/__main__.py");
    let project = project.file(
        "services/orders/__main__.py",
        service.replace("\"cents\": row[1]", "\"cents\": str(row[1])"),
    );
    let report = run(&project, &["--only", "orders-kept"]);
    assert_eq!(report.outcome("orders-kept"), "failed", "{}", report.json);
    let findings = report.findings("orders-kept");
    let broken = "live/body-mismatch contracts/orders.yaml:44".to_owned();
    assert!(findings.contains(&broken), "{findings:?}");
    crate::assert_nothing_left(&project);
}

//! The real server of Context7, with a stand-in for the service that it asks itself.

use serde_json::json;

use super::api::{Answer, Api};
use super::*;

const SERVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/bin/context7-mcp");
const KEY: &str = "ctx7sk-0123456789-of-the-tests";

const PAGE: &str = "### Route\n\nSource: https://example.org\n\nIt routes.\n";

/// The service as it answers for two libraries.
fn service() -> Api {
    Api::serve(|head| {
        let body = if head.starts_with("GET /v2/context") {
            PAGE.to_owned()
        } else if head.contains("libraryName=flask ") || head.contains("libraryName=flask&") {
            json!({"results": [
                {"id": "/maxcountryman/flask-login", "title": "Flask Login", "description": "x", "totalSnippets": 1, "trustScore": 3},
                {"id": "/pallets/flask", "title": "Flask", "description": "A\nframework", "totalSnippets": 900,
                 "trustScore": 9, "benchmarkScore": 88.1, "versions": ["3.0.3", "v3.1.0"]}]})
            .to_string()
        } else {
            json!({"results": []}).to_string()
        };
        Some(Answer {
            head: "200 OK",
            body,
        })
    })
}

fn fails(head: &'static str) -> Api {
    Api::serve(move |_| {
        Some(Answer {
            head,
            body: "<html>".to_owned(),
        })
    })
}

const SECRETS: &str = "secrets { CONTEXT7_API_KEY env=\"TEST_KEY\" }\n";

/// The server as a program that the node starts.
fn stdio(api: &str, requirements: &str) -> Project {
    let pipeline = format!(
        r#"{SECRETS}
libraries "known" {{
    secrets "CONTEXT7_API_KEY"
    env {{ CONTEXT7_API_URL "http://{api}" }}
    server {{ run "{SERVER}" "--transport" "stdio"; start-timeout "60s" }}
}}
"#
    );
    Project::with(&pipeline).file("requirements.txt", requirements)
}

/// The server as a service beside the node.
fn http(api: &str, requirements: &str, path: &str) -> Project {
    let pipeline = format!(
        r#"{SECRETS}
service "context7" {{
    env {{ CONTEXT7_API_URL "http://{api}" }}
    run "{SERVER}" "--transport" "http" "--port" "{{{{node.context7.port}}}}"
    ready tcp="127.0.0.1:{{{{node.context7.port}}}}"
    ready-timeout "60s"
}}
libraries "known" {{
    needs "context7"
    server {{ url "http://127.0.0.1:{{{{node.context7.port}}}}/{path}"; token "CONTEXT7_API_KEY"; start-timeout "60s" }}
}}
"#
    );
    Project::with(&pipeline).file("requirements.txt", requirements)
}

fn run(project: &Project) -> Report {
    let report = run_with(project, &[("TEST_KEY", KEY)]);
    project.assert_nothing_left();
    report
}

/// Every file that the run left, as text.
fn left(project: &Project) -> String {
    let mut open = vec![project.root().join(".session")];
    let mut text = String::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                text += &String::from_utf8_lossy(&std::fs::read(path).unwrap());
            }
        }
    }
    text
}

#[test]
fn the_real_server_verifies_over_both_transports() {
    let requirements = "flask==3.1.0\nflask-logs==1.0\n";
    let api = service();
    for project in [
        stdio(&api.address, requirements),
        http(&api.address, requirements, "mcp"),
    ] {
        let report = run(&project);
        assert_eq!(
            told(&report),
            ("failed", "findings"),
            "{}",
            report.reason("known")
        );
        assert_eq!(rules(&report), ["medium library-unknown"]);
        assert_eq!(measured(&report, "libraries.known"), Some(1.0));
        assert_eq!(measured(&report, "libraries.listed"), Some(1.0));
        assert_eq!(measured(&report, "libraries.documented"), Some(1.0));

        let project = project.file("requirements.txt", "flask==3.1.0\n");
        assert_eq!(run(&project).outcome("known"), "passed");
        let project = project.file("requirements.txt", "flask==1.0\n");
        assert_eq!(rules(&run(&project)), ["low version-not-listed"]);
    }
}

#[test]
fn the_key_reaches_the_service_and_nothing_that_is_written() {
    let api = service();
    for project in [
        stdio(&api.address, "flask==3.1.0\n"),
        http(&api.address, "flask==3.1.0\n", "mcp"),
    ] {
        let before = api.heads().len();
        assert_eq!(run(&project).outcome("known"), "passed");
        let heads = api.heads();
        assert!(
            heads[before..].iter().all(|head| head.contains(KEY)),
            "{heads:?}"
        );
        assert!(heads.len() > before);
        assert!(!left(&project).contains(KEY));
    }
}

#[test]
fn b48_a_service_that_refuses_or_fails_is_never_passed() {
    for (head, code) in [
        ("401 Unauthorized", "server-unauthorised"),
        ("429 Too Many Requests", "server-limited"),
        ("500 Internal Server Error", "answer-unreadable"),
        ("200 OK", "answer-unreadable"),
    ] {
        let api = fails(head);
        let report = run(&stdio(&api.address, "flask\n"));
        assert_eq!(
            told(&report),
            ("error", code),
            "{head}: {}",
            report.reason("known")
        );
    }
    let report = run(&stdio("127.0.0.1:1", "flask\n"));
    assert_eq!(
        told(&report),
        ("error", "answer-unreadable"),
        "{}",
        report.reason("known")
    );
}

#[test]
fn another_path_of_the_real_server_is_no_server() {
    let api = service();
    let report = run(&http(&api.address, "flask\n", "nowhere"));
    assert_eq!(
        told(&report),
        ("error", "server-garbled"),
        "{}",
        report.reason("known")
    );
}

/// A certificate of `localhost` that nobody but the one who is told of it trusts.
fn with_certificate(project: Project) -> Project {
    let made = std::process::Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(project.root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(made.status.success(), "{said}");
    project
}

#[test]
fn https_is_spoken_with_a_server_whose_certificate_is_trusted_and_no_other() {
    let api = service();
    let project = http(&api.address, "flask==3.1.0\n", "mcp");
    let pipeline = project.read("pipelines/end-of-session.kdl");
    let pipeline = pipeline
        .replace("needs \"context7\"", "needs \"tls\"")
        .replace(
            "url \"http://127.0.0.1:{{node.context7.port}}",
            "url \"https://localhost:{{node.tls.port}}",
        );
    let tls = r#"service "tls" {
    needs "context7"
    run "python3" "tls.py" "certificate.pem" "key.pem" "{{node.tls.port}}" "{{node.context7.port}}"
    ready tcp="127.0.0.1:{{node.tls.port}}"
    ready-timeout "60s"
}
"#;
    let project = project
        .file("pipelines/end-of-session.kdl", pipeline + tls)
        .file("tls.py", include_str!("tls.py"));
    let project = with_certificate(project);

    let report = run(&project);
    assert_eq!(
        told(&report),
        ("error", "server-unreachable"),
        "{}",
        report.reason("known")
    );
    assert!(
        report.reason("known").contains("certificate"),
        "{}",
        report.reason("known")
    );
    assert_eq!(api.heads().len(), 0);

    let trusted = project.root().join("certificate.pem");
    let trusted = trusted.to_str().unwrap();
    let report = run_with(&project, &[("TEST_KEY", KEY), ("SSL_CERT_FILE", trusted)]);
    assert_eq!(
        report.outcome("known"),
        "passed",
        "{}",
        report.reason("known")
    );
    assert!(api.heads().iter().all(|head| head.contains(KEY)));
    project.assert_nothing_left();
}

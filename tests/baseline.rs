//! Benchmarks that are held against what was measured before, and `sdd baseline`.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod server;
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;
use server::{Answer, Server};
use support::repository::committed;
use support::{Project, Report};

const FILE: &str = ".session/tracking/performance_baselines.json";
const ENTRY: &str = "end-of-session/api";

/// A server whose answers take so many milliseconds, which can be changed.
struct Service {
    server: Server,
    delay: Arc<AtomicU64>,
}

impl Service {
    fn new() -> Self {
        let delay = Arc::new(AtomicU64::new(20));
        let of_server = Arc::clone(&delay);
        let server = Server::new(move |_| match of_server.load(Ordering::SeqCst) {
            0 => Answer::status(500),
            delay => Answer::ok().after(Duration::from_millis(delay)),
        });
        Self { server, delay }
    }

    fn takes(&self, milliseconds: u64) {
        self.delay.store(milliseconds, Ordering::SeqCst);
    }
}

fn pipeline(service: &Service, baseline: &str) -> String {
    format!(
        r#"benchmark "api" {{
            target url="{}"
            load connections=64 duration="1s"
            baseline {{ metrics "p50"; tolerance "50%"; {baseline} }}
        }}"#,
        service.server.url()
    )
}

fn project(service: &Service, baseline: &str) -> Project {
    Project::with(&pipeline(service, baseline))
}

fn ended(report: &Report) -> (String, String) {
    let code = report.node("api")["code"].as_str().unwrap_or_default();
    (report.outcome("api").to_owned(), code.to_owned())
}

fn is(report: &Report, outcome: &str, code: &str) {
    let reason = report.reason("api");
    assert_eq!(
        ended(report),
        (outcome.to_owned(), code.to_owned()),
        "{reason}"
    );
}

fn sdd(project: &Project, args: &[&str]) -> String {
    let finished = project.sdd(args);
    assert_eq!(finished.code(), Some(0), "{}", finished.stderr());
    finished.stdout()
}

fn stored(project: &Project) -> Value {
    serde_json::from_str(&project.read(FILE)).unwrap()
}

/// Changes the file of the baselines.
fn edit(project: Project, change: impl FnOnce(&mut Value)) -> Project {
    let mut file = stored(&project);
    change(&mut file);
    project.file(FILE, file.to_string())
}

/// The one stored run, once for each factor by which its latencies are multiplied.
fn as_if_measured(project: Project, factors: &[f64]) -> Project {
    edit(project, |file| {
        let runs = &mut file[ENTRY]["sets"][0]["runs"];
        let mut first = runs[0].clone();
        first.as_object_mut().unwrap().remove("yardstick");
        let of = |factor: &f64| {
            let mut run = first.clone();
            for window in run["windows"].as_array_mut().unwrap() {
                for step in window["latencies_ns"].as_array_mut().unwrap() {
                    let time = step[0].as_f64().unwrap() * factor;
                    let scaled = Duration::from_secs_f64(time / 1e9).as_nanos();
                    step[0] = Value::from(u64::try_from(scaled).unwrap());
                }
            }
            run
        };
        *runs = factors.iter().map(of).collect();
    })
}

/// A project with a stored run of a service that takes 20 ms, as if measured so often.
fn measured(service: &Service, baseline: &str, factors: &[f64]) -> Project {
    let project = project(service, baseline);
    let outcome = project.run().outcome("api").to_owned();
    assert_eq!(
        outcome == "passed",
        baseline.contains("update"),
        "{outcome}"
    );
    let said = sdd(&project, &["baseline", "accept", "api"]);
    assert!(
        said.contains("1 run accepted for end-of-session/api"),
        "{said}"
    );
    as_if_measured(project, factors)
}

const QUIET: [f64; 7] = [1.0, 1.01, 0.99, 1.005, 0.995, 1.008, 0.992];

fn finding(report: &Report, rule: &str) -> String {
    let findings = report.node("api")["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["rule"] == rule);
    let found = found.unwrap_or_else(|| panic!("{findings:?}"));
    format!(
        "{} {}",
        found["severity"].as_str().unwrap(),
        found["message"].as_str().unwrap()
    )
}

#[test]
fn without_a_baseline_nothing_can_be_told_and_the_node_says_how_to_store_one() {
    let service = Service::new();
    let report = project(&service, "").run();
    is(&report, "error", "no-baseline");
    let remedy = report.node("api")["remedy"][0].as_str().unwrap().to_owned();
    assert!(remedy.contains("`sdd baseline accept api`"), "{remedy}");
    let report = project(&service, "on-inconclusive \"pass\"").run();
    is(&report, "passed", "");
    let told = finding(&report, "no-baseline");
    assert_eq!(told, "medium no run is stored to compare with");
}

#[test]
fn what_is_as_fast_as_before_passes_and_says_what_could_have_been_shown() {
    let service = Service::new();
    let project = measured(&service, "", &QUIET);
    let report = project.run();
    is(&report, "passed", "");
    let told = finding(&report, "baseline.p50");
    assert!(told.starts_with("info p50 is "), "{told}");
    assert!(
        told.ends_with("a change of 50.0 % could have been shown"),
        "{told}"
    );
    let resolution = report.measured("api", "baseline.p50.resolution");
    assert!((resolution.unwrap() - 50.0).abs() < 1e-6);
}

#[test]
fn b84_b92_what_became_slower_is_measured_three_times_and_fails() {
    let service = Service::new();
    let project = measured(&service, "", &QUIET);
    service.takes(50);
    let before = service.server.connections();
    let report = project.run();
    is(&report, "failed", "regression");
    assert!(service.server.connections() >= before + 3 * 64);
    let told = finding(&report, "baseline.p50");
    assert!(
        told.contains("worse than that of 7 stored runs, by 3 runs"),
        "{told}"
    );
    assert!(told.ends_with("50.0 % are tolerated"), "{told}");

    // Whoever accepts it begins anew: runs of before and after are not alike.
    let said = sdd(&project, &["baseline", "accept", "api"]);
    assert!(said.contains("3 runs accepted"), "{said}");
    assert!(said.contains("the earlier ones are gone"), "{said}");
    let runs = stored(&project)[ENTRY]["sets"][0]["runs"].clone();
    assert_eq!(runs.as_array().unwrap().len(), 3);
}

#[test]
fn runs_that_differ_too_much_are_inconclusive_and_say_what_could_have_been_shown() {
    let service = Service::new();
    let noisy = [0.3, 0.5, 1.0, 2.0, 3.3, 0.4, 2.5];
    let project = measured(&service, "", &noisy);
    let report = project.run();
    is(&report, "error", "inconclusive");
    let reason = report.reason("api").to_owned();
    assert!(
        reason.contains("no number of such runs would settle it"),
        "{reason}"
    );
    assert!(reason.contains("only a change of "), "{reason}");
}

#[test]
fn b95_runs_of_another_machine_load_or_engine_are_not_compared() {
    let service = Service::new();
    let mut project = measured(&service, "", &QUIET);
    for key in ["machine", "engine", "load"] {
        let before = project.read(FILE);
        project = edit(project, |file| {
            file[ENTRY]["sets"][0][key] = Value::from("another");
        });
        let report = project.run();
        is(&report, "error", "not-comparable");
        let reason = report.reason("api").to_owned();
        assert_eq!(reason, format!("the stored runs differ in {key}"));
        project = project.file(FILE, before);
    }
}

#[test]
fn a_run_is_stored_once_however_often_it_is_accepted() {
    let service = Service::new();
    let project = project(&service, "");
    project.run();
    for _ in 0..3 {
        let said = sdd(&project, &["baseline", "accept", "api"]);
        assert!(said.contains("1 run stored, 4 more are needed"), "{said}");
    }
}

#[test]
fn b88_what_can_not_be_compared_or_differs_is_not_stored_by_itself() {
    let service = Service::new();
    let update = "update \"on-pass\"";
    let project = measured(&service, update, &QUIET);
    let before = project.read(FILE);
    let project = edit(project, |file| {
        file[ENTRY]["sets"][0]["machine"] = Value::from("another");
    });
    is(&project.run(), "error", "not-comparable");
    let project = project.file(FILE, &before);
    service.takes(5);
    let report = project.run();
    is(&report, "passed", "");
    assert!(finding(&report, "baseline.p50").contains("better than"));
    assert_eq!(
        project.read(FILE),
        before,
        "what is better is accepted by hand"
    );
}

#[test]
fn no_secret_of_a_request_reaches_the_baselines() {
    let service = Service::new();
    let text = pipeline(&service, "").replace(
        "/\"\n",
        "/\" { headers { Authorization \"Bearer {{var.token}}\" } }\n",
    );
    let project = Project::with(&format!("var {{ token \"x\" }}\n{text}"));
    project.sdd(&["run", "--set", "token=hunter2"]);
    sdd(&project, &["baseline", "accept", "api"]);
    let file = project.read(FILE);
    assert!(file.contains("header Authorization=#"), "{file}");
    assert!(!file.contains("hunter2"), "{file}");
}

#[test]
fn an_entry_of_the_older_form_is_read_and_not_compared() {
    let service = Service::new();
    let older = format!(r#"{{"{ENTRY}":{{"latency":{{"p50":1.5}},"session":3}}}}"#);
    let project = project(&service, "").file(FILE, &older);
    let report = project.run();
    is(&report, "error", "not-comparable");
    let said = sdd(&project, &["baseline", "list"]);
    assert!(said.contains("of an older form"), "{said}");
    assert_eq!(project.read(FILE), older);
}

#[test]
fn b88_nothing_is_stored_by_itself_unless_that_is_written() {
    let service = Service::new();
    let project = measured(&service, "", &QUIET);
    let before = project.read(FILE);
    is(&project.run(), "passed", "");
    assert_eq!(project.read(FILE), before);

    let text = pipeline(&service, "update \"on-pass\"");
    let project = project.file("pipelines/end-of-session.kdl", text);
    is(&project.run(), "passed", "");
    let runs = |project: &Project| {
        let runs = stored(project)[ENTRY]["sets"][0]["runs"].clone();
        runs.as_array().unwrap().len()
    };
    assert_eq!(runs(&project), 8);
    service.takes(50);
    is(&project.run(), "failed", "regression");
    assert_eq!(runs(&project), 8, "what failed is not stored");
}

#[test]
fn b86_b87_a_run_that_measured_nothing_is_neither_stored_nor_accepted() {
    let service = Service::new();
    service.takes(0);
    let project = project(&service, "update \"on-pass\"");
    is(&project.run(), "error", "not-measured");
    assert!(!project.exists(FILE));
    let finished = project.sdd(&["baseline", "accept", "api"]);
    assert_eq!(finished.code(), Some(2));
    assert!(
        finished.stderr().contains("measured nothing"),
        "{}",
        finished.stderr()
    );

    service.takes(20);
    let report = project.run();
    is(&report, "passed", "");
    assert!(finding(&report, "no-baseline").contains("no run is stored"));
    assert_eq!(
        stored(&project)[ENTRY]["sets"][0]["runs"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn more_failures_than_before_are_a_regression() {
    let service = Service::new();
    let text = pipeline(&service, "").replace("\"p50\"", "\"error-rate\"");
    let project = measured(&service, "", &QUIET);
    let limited = text.replace("load ", "limit \"error-rate\" max=\"10%\"\nload ");
    let failing = Server::new(|number| {
        if number % 20 == 0 {
            Answer::status(500)
        } else {
            Answer::ok().after(Duration::from_millis(20))
        }
    });
    // The load is the same as far as the file says: only the port is another.
    let port = |server: &Server| format!(":{}/", server.address().port());
    let limited = limited.replace(&port(&service.server), &port(&failing));
    let project = project.file("pipelines/end-of-session.kdl", limited);
    let project = edit(project, |file| {
        let load = file[ENTRY]["sets"][0]["load"].as_str().unwrap();
        let load = load.replace(&port(&service.server), &port(&failing));
        file[ENTRY]["sets"][0]["load"] = Value::from(load);
    });
    let report = project.run();
    is(&report, "failed", "regression");
    assert!(
        report
            .reason("api")
            .contains(" % of requests fail, and 0.00 % did before"),
        "{}",
        report.reason("api")
    );
}

#[test]
fn baselines_are_listed_shown_and_removed() {
    let service = Service::new();
    let project = project(&service, "");
    assert!(sdd(&project, &["baseline", "list"]).contains("no baselines are stored"));
    let project = measured(&service, "", &QUIET);
    let listed = sdd(&project, &["baseline", "list"]);
    assert!(listed.contains("end-of-session/api  p50 "), "{listed}");
    assert!(listed.contains("7 runs on "), "{listed}");
    let list: Value =
        serde_json::from_str(&sdd(&project, &["baseline", "list", "--format", "json"])).unwrap();
    assert_eq!(list["baselines"][0]["sets"][0]["runs"], 7);
    let shown = sdd(&project, &["baseline", "show", "api"]);
    assert_eq!(shown.matches("0 of ").count(), 7, "{shown}");
    let unknown = project.sdd(&["baseline", "remove", "apo"]);
    assert_eq!(unknown.code(), Some(2));
    sdd(&project, &["baseline", "remove", "api"]);
    assert_eq!(project.read(FILE), "{}\n");
}

#[test]
fn a_metric_that_there_is_not_is_refused() {
    let service = Service::new();
    let text = pipeline(&service, "").replace("\"p50\"", "\"p98\"");
    let finished = Project::with(&text).sdd(&["check"]);
    assert_eq!(finished.code(), Some(2));
    assert!(
        finished.stderr().contains("did you mean"),
        "{}",
        finished.stderr()
    );
}

/// A server in Python whose answers take so many milliseconds, each sent as a whole: a second
/// packet would wait for the first to be acknowledged.
fn app(milliseconds: u32) -> String {
    format!(
        "import http.server, os, time
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    wbufsize = -1
    def do_GET(self):
        time.sleep({milliseconds} / 1000)
        self.send_response(200)
        self.send_header('content-length', '2')
        self.end_headers()
        self.wfile.write(b'ok')
    def log_message(self, *args):
        pass
address = ('127.0.0.1', int(os.environ['SDD_PORT']))
http.server.ThreadingHTTPServer(address, Answer).serve_forever()
"
    )
}

/// A project whose base answers in 20 ms.
fn revisions(fields: &str) -> Project {
    let project = Project::with(&format!(
        r#"base "HEAD"
        benchmark "api" {{
            target url="/orders"
            load connections=4 duration="500ms"
            baseline against="base" pairs=7 {{
                metrics "throughput"
                tolerance "50%"
                serve "python3" "app.py"
                {fields}
            }}
        }}"#
    ))
    .file("app.py", app(20));
    committed(project)
}

#[test]
fn the_base_is_built_served_and_measured_in_turn_with_what_is_there_now() {
    let project = revisions(r#"build "touch" "built""#).file("app.py", app(50));
    let report = project.run();
    is(&report, "failed", "regression");
    let told = finding(&report, "baseline.throughput");
    let with = "worse than that of 7 runs of the earlier revision, by 7 runs";
    assert!(told.contains(with), "{told}");
    assert!(
        project.exists("built"),
        "what is there now was built where it is"
    );
    assert_eq!(report.measured("api", "requests.failed"), Some(0.0));
    project.assert_nothing_left();
}

#[test]
fn a_base_that_can_not_be_built_or_served_is_an_error_and_leaves_nothing() {
    let project = revisions(r#"build "sh" "-c" "exit 3""#);
    is(&project.run(), "error", "not-built");
    let text = project.read("pipelines/end-of-session.kdl");
    let text = text.replace("\"sh\" \"-c\" \"exit 3\"", "\"true\"");
    let project = project
        .file("pipelines/end-of-session.kdl", text)
        .file("app.py", "raise SystemExit(1)\n");
    let report = project.run();
    is(&report, "error", "not-ready");
    let reason = report.reason("api").to_owned();
    assert_eq!(
        reason,
        "what is served from what is there now ended by itself"
    );
    project.assert_nothing_left();
}

#[test]
fn what_does_not_fit_together_with_a_base_is_refused() {
    let service = Service::new();
    let with = |fields: &str| {
        let finished = project(&service, fields).sdd(&["check"]);
        assert_eq!(finished.code(), Some(2), "{fields}");
        finished.stderr()
    };
    assert!(with("serve \"x\"").contains("are for `against \"base\"`"));
    assert!(with("against \"base\"").contains("needs `serve`"));
    let said = with("against \"base\"; serve \"x\"; pairs 3; update \"on-pass\"");
    assert!(said.contains("`pairs` is at least 7"), "{said}");
    assert!(said.contains("nothing is stored"), "{said}");
    assert!(
        said.contains("takes a path of what `serve` serves"),
        "{said}"
    );
}

//! `sdd bench` against servers whose behaviour is known.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod server;
mod support;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::Value;
use server::nginx::Nginx;
use server::{Answer, Server, stall_left};
use support::{Finished, Project, signal};

const MOMENT: Duration = Duration::from_millis(1);

fn bench(url: &str, args: &[&str]) -> Finished {
    Project::new().sdd(&[&["bench", url, "--format", "json"], args].concat())
}

fn json(finished: &Finished) -> Value {
    serde_json::from_slice(&finished.0.stdout)
        .unwrap_or_else(|error| panic!("{error}\n{}", finished.stderr()))
}

fn measured(url: &str, args: &[&str]) -> Value {
    let finished = bench(url, args);
    assert_eq!(finished.code(), Some(0), "{}", finished.stdout());
    let json = json(&finished);
    assert_balance(&json);
    json
}

fn count(json: &Value, path: &str) -> u64 {
    json.pointer(path).and_then(Value::as_u64).unwrap()
}

fn ms(json: &Value, percentile: &str) -> f64 {
    json["latency_ms"][percentile].as_f64().unwrap()
}

/// What is due is sent or dropped, what is sent succeeds or fails.
fn assert_balance(json: &Value) {
    let requests = &json["requests"];
    let of = |path: &str| count(requests, path);
    let failed: u64 = ["status", "answer", "connect", "reset", "timeout"]
        .iter()
        .map(|way| of(&format!("/failed/{way}")))
        .sum();
    assert_eq!(of("/due"), of("/sent") + of("/dropped"), "{json}");
    assert_eq!(of("/sent"), of("/ok") + failed, "{json}");
}

fn has_no_latency(json: &Value) -> bool {
    let latency = json["latency_ms"].as_object().unwrap();
    latency.len() == 8 && latency.values().all(Value::is_null)
}

#[test]
fn the_document_has_the_fields_of_its_schema_and_no_others() {
    let server = Server::new(|_| Answer::ok());
    let json = measured(&server.url(), &["-n", "2000", "--rate", "4000/s"]);
    let names =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(
        names(&json),
        [
            "schema",
            "requests",
            "latency_ms",
            "throughput",
            "generator",
            "bytes",
            "elapsed_s",
            "series"
        ]
    );
    assert_eq!(json["schema"], "sdd.bench/1");
    assert_eq!(
        names(&json["requests"]),
        ["due", "sent", "dropped", "ok", "failed"]
    );
    assert_eq!(
        names(&json["requests"]["failed"]),
        ["status", "answer", "connect", "reset", "timeout"]
    );
    assert_eq!(
        names(&json["latency_ms"]),
        ["p50", "p75", "p90", "p95", "p99", "p99.9", "max", "mean"]
    );
    assert_eq!(
        names(&json["throughput"]),
        ["attempted_per_s", "successful_per_s"]
    );
    assert_eq!(names(&json["generator"]), ["lateness_ms", "saturated"]);
    assert_eq!(names(&json["generator"]["lateness_ms"]), ["p50", "p99"]);
    assert_eq!(count(&json, "/requests/due"), 2000);
}

#[test]
fn every_request_is_sent_once_and_over_connections_that_stay_open() {
    let server = Server::new(|_| Answer::ok());
    let json = measured(&server.url(), &["-n", "3000", "-c", "7"]);
    assert_eq!(count(&json, "/requests/ok"), 3000);
    assert_eq!(server.requests(), 3000);
    assert_eq!(server.connections(), 7);
}

#[test]
fn the_request_is_sent_as_it_was_written() {
    let server = Server::new(|_| Answer::ok());
    let words = [
        "-n",
        "1",
        "-c",
        "1",
        "-X",
        "PUT",
        "-H",
        "X-One: two: three",
        "--body",
        "{\"a\":1}",
    ];
    let finished = bench(&format!("{}a/b?c=d", server.url()), &words);
    assert_eq!(finished.code(), Some(0), "{}", finished.stderr());
    let text = server.last_request();
    assert!(text.starts_with("PUT /a/b?c=d HTTP/1.1\r\n"), "{text}");
    let lower = text.to_lowercase();
    assert!(lower.contains("\r\nx-one: two: three\r\n"), "{text}");
    assert!(lower.contains("\r\ncontent-length: 7\r\n"), "{text}");
    assert!(
        lower.contains(&format!("\r\nhost: {}\r\n", server.address())),
        "{text}"
    );
    assert!(text.ends_with("\r\n\r\n{\"a\":1}"), "{text}");
}

#[test]
fn a_fixed_delay_is_the_least_latency() {
    let server = Server::new(|_| Answer::ok().after(20 * MOMENT));
    let json = measured(&server.url(), &["-n", "200", "-c", "4"]);
    let median = ms(&json, "p50");
    assert!((20.0..1000.0).contains(&median), "{json}");
    assert!(ms(&json, "p90") >= 20.0);
    assert!(ms(&json, "mean") >= 20.0);
    assert!(ms(&json, "max") >= ms(&json, "p99"));
}

#[test]
fn b84_a_percentile_that_the_sample_can_not_support_is_null() {
    let server = Server::new(|_| Answer::ok());
    let few = measured(&server.url(), &["-n", "50"]);
    assert!(few["latency_ms"]["p95"].is_number(), "{few}");
    assert!(few["latency_ms"]["p99"].is_null(), "{few}");
    let enough = measured(&server.url(), &["-n", "100"]);
    assert!(enough["latency_ms"]["p99"].is_number(), "{enough}");
    assert!(enough["latency_ms"]["p99.9"].is_null(), "{enough}");
}

#[test]
fn b85_a_run_of_500s_is_no_measurement() {
    let server = Server::new(|_| Answer::status(500));
    let finished = bench(&server.url(), &["-n", "500"]);
    assert_eq!(finished.code(), Some(1));
    let json = json(&finished);
    assert_balance(&json);
    assert_eq!(count(&json, "/requests/failed/status"), 500);
    assert!(has_no_latency(&json), "{json}");
    assert_eq!(json["throughput"]["successful_per_s"], 0.0);
    assert!(json["throughput"]["attempted_per_s"].as_f64().unwrap() > 0.0);
}

#[test]
fn b85_failures_of_each_way_are_counted_exactly_and_apart() {
    let server = Server::new(|n| match n % 20 {
        0 => Answer::status(500),
        10 => Answer::reset(),
        _ => Answer::ok(),
    });
    let json = measured(&server.url(), &["-n", "2000", "-c", "5"]);
    assert_eq!(count(&json, "/requests/failed/status"), 100);
    assert_eq!(count(&json, "/requests/failed/reset"), 100);
    assert_eq!(count(&json, "/requests/ok"), 1800);
    // A request that failed is not sent again behind the back of the counts.
    assert_eq!(server.requests(), 2000);
}

#[test]
fn b86_a_host_that_refuses_is_no_measurement() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let finished = bench(
        &format!("http://127.0.0.1:{port}/"),
        &["-n", "20", "-c", "2"],
    );
    assert_eq!(finished.code(), Some(1));
    let json = json(&finished);
    assert_balance(&json);
    assert_eq!(count(&json, "/requests/failed/connect"), 20);
    assert!(has_no_latency(&json), "{json}");
}

#[test]
fn b87_what_is_no_http_is_no_measurement() {
    let server = Server::new(|_| Answer::raw("220 mail ready\r\n\r\n"));
    let finished = bench(&server.url(), &["-n", "10", "-c", "1"]);
    assert_eq!(finished.code(), Some(1));
    let json = json(&finished);
    assert_eq!(count(&json, "/requests/failed/reset"), 10, "{json}");
}

#[test]
fn b90_the_latency_is_that_of_successes_alone() {
    let server = Server::new(|n| match n % 5 {
        0 | 1 => Answer::status(503),
        _ => Answer::ok().after(30 * MOMENT),
    });
    let json = measured(&server.url(), &["-n", "200", "-c", "4"]);
    assert_eq!(count(&json, "/requests/failed/status"), 80);
    // Two of five answers come at once; the median of all would be the delay, the least not.
    assert!(ms(&json, "mean") >= 30.0, "{json}");
}

#[test]
fn b92_an_open_loop_shows_a_stall_to_every_request_that_it_delays() {
    let begun = Instant::now();
    let stalling = move |_| Answer::ok().after(stall_left(begun));
    let (open, closed) = (Server::new(stalling), Server::new(stalling));
    let (open, closed) = (open.url(), closed.url());
    let fixed =
        std::thread::spawn(move || measured(&open, &["--rate", "200/s", "-d", "5s", "-c", "300"]));
    let reacting = measured(&closed, &["-d", "5s", "-c", "2"]);
    let fixed = fixed.join().unwrap();
    // One fifth of the requests falls into the stall and waits half a second in the mean.
    assert_eq!(count(&fixed, "/requests/due"), 1000);
    assert!(ms(&fixed, "p90") > 250.0, "{fixed}");
    assert!(ms(&fixed, "p99") > 700.0, "{fixed}");
    // Two connections wait once each: the closed loop hides it.
    assert!(ms(&reacting, "p99") < ms(&fixed, "p90") / 2.0, "{reacting}");
    assert!(ms(&reacting, "max") > 500.0, "{reacting}");
}

#[test]
fn b92_what_waits_for_a_free_connection_counts_from_when_it_was_due() {
    // One connection serves 20 a second; 60 are due in one.
    let server = Server::new(|_| Answer::ok().after(50 * MOMENT));
    let finished = bench(&server.url(), &["--rate", "60/s", "-d", "1s", "-c", "1"]);
    assert_eq!(finished.code(), Some(1), "one connection can't send that");
    let json = json(&finished);
    assert_balance(&json);
    assert!(ms(&json, "p50") > 300.0, "{json}");
    assert_eq!(count(&json, "/requests/due"), 60);
}

#[test]
fn b92_the_warm_up_is_not_counted() {
    let server = Server::new(|n| Answer::ok().after(if n < 5 { 900 * MOMENT } else { MOMENT }));
    let words = ["--warmup", "1s", "-n", "100", "-c", "5"];
    let json = measured(&server.url(), &words);
    assert_eq!(count(&json, "/requests/due"), 100);
    assert!(ms(&json, "max") < 800.0, "{json}");
    assert!(server.requests() >= 105, "{}", server.requests());
}

#[test]
fn b93_a_time_or_a_rate_without_a_unit_is_refused() {
    for words in [
        ["--duration", "15"],
        ["--duration", "15 parsecs"],
        ["--duration", "0s"],
        ["--rate", "500"],
        ["--rate", "0/s"],
        ["--timeout", "soon"],
        ["--requests", "0"],
        ["--connections", "0"],
        ["--header", "no colon"],
    ] {
        let finished = bench("http://127.0.0.1:1/", &words);
        assert_eq!(finished.code(), Some(2), "{words:?}");
        assert_eq!(finished.stdout(), "");
    }
}

#[test]
fn b94_without_a_url_nothing_is_measured() {
    let finished = Project::new().sdd(&["bench"]);
    assert_eq!(finished.code(), Some(2));
    for url in ["127.0.0.1:8000", "ftp://127.0.0.1/", "http://"] {
        assert_eq!(bench(url, &[]).code(), Some(2), "{url}");
    }
}

#[test]
fn b96_a_rate_that_can_not_be_offered_is_said() {
    let server = Server::new(|_| Answer::ok());
    let words = ["--rate", "2000000/s", "-d", "500ms", "-c", "4"];
    let finished = bench(&server.url(), &words);
    assert_eq!(
        finished.code(),
        Some(1),
        "it is not the load that was asked for"
    );
    let json = json(&finished);
    assert_balance(&json);
    assert_eq!(count(&json, "/requests/due"), 1_000_000);
    assert!(count(&json, "/requests/dropped") > 10_000, "{json}");
    assert_eq!(json["generator"]["saturated"], true);
}

#[test]
fn an_answer_that_is_not_whole_in_time_is_a_timeout() {
    let server = Server::new(|n| match n % 4 {
        0 => Answer::ok().trickling(),
        _ => Answer::ok(),
    });
    let words = ["-n", "40", "-c", "4", "--timeout", "300ms"];
    let json = measured(&server.url(), &words);
    assert_eq!(count(&json, "/requests/failed/timeout"), 10);
    assert_eq!(count(&json, "/requests/ok"), 30);
}

#[test]
fn another_status_can_be_expected() {
    let server = Server::new(|n| Answer::status(if n % 2 == 0 { 404 } else { 201 }));
    let words = ["-n", "100", "--expect-status", "404,201"];
    assert_eq!(count(&measured(&server.url(), &words), "/requests/ok"), 100);
    let words = ["-n", "100", "--expect-status", "201"];
    let json = measured(&server.url(), &words);
    assert_eq!(count(&json, "/requests/failed/status"), 50);
}

#[test]
fn a_connection_that_the_server_closes_between_requests_is_made_anew() {
    let server = Server::new(|n| {
        if n % 10 == 9 {
            Answer::ok().closing()
        } else {
            Answer::ok()
        }
    });
    let json = measured(&server.url(), &["-n", "100", "-c", "1"]);
    assert_eq!(count(&json, "/requests/ok"), 100);
    assert!((10..=11).contains(&server.connections()));
}

#[test]
fn ctrl_c_ends_it_with_what_was_measured_so_far() {
    let server = Server::new(|_| Answer::ok().after(MOMENT));
    let project = Project::new();
    let begun = Instant::now();
    let words = ["bench", &server.url(), "-d", "10m", "--format", "json"];
    let running = project.start(&words);
    support::wait_until("some are answered", || server.requests() > 300);
    signal(running.pid(), "INT");
    let finished = running.finish();
    assert!(begun.elapsed() < support::PATIENCE);
    assert_eq!(finished.code(), Some(130));
    let json = json(&finished);
    assert_balance(&json);
    assert!(count(&json, "/requests/ok") > 200, "{json}");
    assert!(ms(&json, "p50") >= 1.0);
}

#[test]
fn people_see_the_counts_the_percentiles_and_a_histogram() {
    let server = Server::new(|n| match n % 10 {
        0 => Answer::status(500),
        _ => Answer::ok().after(2 * MOMENT),
    });
    let words = ["bench", &server.url(), "-n", "300"];
    let finished = Project::new().sdd(&words);
    let text = finished.stdout();
    assert_eq!(finished.code(), Some(0), "{text}");
    for part in [
        "requests  300 due, 300 sent, 0 dropped",
        "answers   270 ok, 30 failed (10.00 %)",
        "30 × status 500",
        "p99.9  not measured: too few requests",
        "█",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains('\x1b'));
}

fn all_by(nginx: &Nginx, protocol: &str) -> bool {
    let requests = nginx.requests();
    !requests.is_empty() && requests.iter().all(|line| line.starts_with(protocol))
}

#[test]
fn https_is_spoken_with_a_server_that_a_given_certificate_vouches_for_and_no_other() {
    let nginx = Nginx::new();
    let ca = nginx.certificate();
    let trusted = ["-n", "50", "--cacert", ca.to_str().unwrap()];
    let report = measured(&nginx.tls(), &trusted);
    assert_eq!(count(&report, "/requests/ok"), 50);

    let finished = bench(&nginx.tls(), &["-n", "50"]);
    assert_eq!(finished.code(), Some(1));
    let report = json(&finished);
    assert_balance(&report);
    assert_eq!(count(&report, "/requests/failed/connect"), 50);
    assert!(has_no_latency(&report));
    let human = Project::new().sdd(&["bench", &nginx.tls(), "-n", "5"]);
    assert!(
        human.stdout().contains("invalid peer certificate"),
        "{}",
        human.stdout()
    );
}

#[test]
fn http2_is_spoken_with_and_without_tls() {
    for with_tls in [false, true] {
        let nginx = Nginx::new();
        let ca = nginx.certificate();
        let mut args = vec!["--http2", "-n", "200", "-c", "4"];
        let url = if with_tls {
            args.extend(["--cacert", ca.to_str().unwrap()]);
            nginx.http2_with_tls()
        } else {
            nginx.http2()
        };
        let report = measured(&url, &args);
        assert_eq!(count(&report, "/requests/ok"), 200);
        assert_eq!(nginx.requests().len(), 200);
        assert!(all_by(&nginx, "HTTP/2.0"), "{:?}", nginx.requests());
    }
    let nginx = Nginx::new();
    measured(&nginx.plain(), &["-n", "20"]);
    assert!(all_by(&nginx, "HTTP/1.1"), "{:?}", nginx.requests());
}

#[test]
fn a_body_that_is_not_as_expected_is_a_failure_of_its_own_sort() {
    let server = Server::new(|number| {
        let body = if number % 10 == 9 { "other" } else { "hello" };
        Answer::raw(&format!(
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{body}"
        ))
    });
    let report = measured(&server.url(), &["-n", "200", "--expect-body", "ello"]);
    assert_eq!(count(&report, "/requests/failed/answer"), 20);
    assert_eq!(count(&report, "/requests/ok"), 180);
}

#[test]
fn parameters_are_added_to_the_query() {
    let server = Server::new(|_| Answer::ok());
    measured(&server.url(), &["-n", "1", "--query", "name=a b&c"]);
    let request = server.last_request();
    assert!(request.starts_with("GET /?name=a%20b%26c "), "{request}");
}

#[test]
fn while_the_load_rises_and_falls_nothing_is_counted() {
    let server = Server::new(|_| Answer::ok());
    let args = ["--rate", "400/s", "-d", "1s"];
    let ramps = ["--ramp-up", "1s", "--ramp-down", "1s"];
    let report = measured(&server.url(), &[args, ramps].concat());
    assert_eq!(count(&report, "/requests/due"), 400);
    // Half of the rate while it rises, and half while it falls.
    let sent = server.requests();
    assert!((780..=800).contains(&sent), "{sent}");
}

#[test]
fn in_a_closed_loop_connections_come_and_go_one_after_the_other() {
    let server = Server::new(|_| Answer::ok().after(Duration::from_millis(20)));
    let ramps = ["--ramp-up", "1s", "--ramp-down", "1s", "-c", "10"];
    let report = measured(&server.url(), &[&["-d", "500ms"], &ramps[..]].concat());
    let counted = count(&report, "/requests/sent");
    let all = server.requests();
    // All ten for half a second, and five of them in the mean for two more.
    assert!(all > 2 * counted && all < 4 * counted, "{counted} of {all}");
}

#[test]
fn the_time_series_shows_when_requests_failed_and_the_picture_draws_it() {
    let begun = Instant::now();
    let server = Server::new(move |_| {
        if begun.elapsed() < Duration::from_millis(700) {
            Answer::ok().after(MOMENT)
        } else {
            Answer::status(500).after(MOMENT)
        }
    });
    let project = Project::new();
    let args = ["-d", "1s", "--format", "json", "--svg", "load.svg"];
    let finished = project.sdd(&[&["bench", &server.url()], &args[..]].concat());
    let report = json(&finished);
    let series = report["series"].as_array().unwrap();
    assert_eq!(series.len(), 10, "{series:?}");
    let of = |step: &Value, field: &str| step[field].as_u64().unwrap();
    assert!(of(&series[0], "ok") > 0 && of(&series[0], "failed") == 0);
    assert!(of(&series[9], "ok") == 0 && of(&series[9], "failed") > 0);
    let ok: u64 = series.iter().map(|step| of(step, "ok")).sum();
    assert_eq!(ok, count(&report, "/requests/ok"));

    let drawn = std::process::Command::new("rsvg-convert")
        .args(["load.svg", "--output", "load.png"])
        .current_dir(project.root())
        .output()
        .unwrap();
    assert!(drawn.status.success(), "{:?}", drawn.stderr);
    let picture = project.read("load.svg");
    assert!(picture.contains("class=\"lost\""), "{picture}");
}

#[test]
fn an_answer_that_never_comes_does_not_slow_the_rate_of_all_others() {
    let begun = Instant::now();
    let server = Server::new(move |number| {
        if number == 0 || begun.elapsed() > Duration::from_millis(900) {
            Answer::ok().trickling()
        } else {
            Answer::ok().after(MOMENT)
        }
    });
    let words = ["-d", "1s", "-c", "4", "--timeout", "3s"];
    let json = measured(&server.url(), &words);
    let ok = count(&json, "/requests/ok");
    let rate = json["throughput"]["successful_per_s"].as_f64().unwrap();
    let all = f64::from(u32::try_from(ok).unwrap());
    assert!((rate - all).abs() < 1.0, "{rate} of {ok} in a second");
}

#[test]
fn a_call_off_is_heard_while_connections_are_made() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", silent.local_addr().unwrap());
    let project = Project::new();
    let running = project.start(&["bench", &url, "--timeout", "10m"]);
    silent.accept().unwrap();
    signal(running.pid(), "INT");
    assert_eq!(running.finish().code(), Some(130));
}

#[test]
fn answers_are_read_in_every_way_that_their_end_is_told() {
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
                           4;x=y\r\nwiki\r\nA\r\n0123456789\r\n0\r\nt: 1\r\n\r\n";
    const EARLY: &str = "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n\
                         HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    for (text, bytes) in [
        (CHUNKED, 14),
        (EARLY, 2),
        ("HTTP/1.1 204 No Content\r\n\r\n", 0),
    ] {
        let server = Server::new(move |_| Answer::raw(text));
        let json = measured(&server.url(), &["-n", "40", "-c", "2"]);
        assert_eq!(count(&json, "/requests/ok"), 40, "{text}");
        assert_eq!(count(&json, "/bytes"), 40 * bytes, "{text}");
        assert_eq!(server.connections(), 2, "{text}");
    }
    let server = Server::new(|_| Answer::raw("HTTP/1.1 200 OK\r\n\r\nhello").closed());
    let json = measured(&server.url(), &["-n", "20", "-c", "2"]);
    assert_eq!(count(&json, "/bytes"), 100);
    assert_eq!(server.connections(), 20);
    let server = Server::new(|_| Answer::raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"));
    let json = measured(&server.url(), &["-n", "20", "-c", "2", "-X", "HEAD"]);
    assert_eq!(
        (count(&json, "/requests/ok"), count(&json, "/bytes")),
        (20, 0)
    );
}

#[test]
fn what_is_no_http_is_told() {
    let server = Server::new(|_| Answer::raw("SSH-2.0-server\r\n\r\n"));
    let finished = Project::new().sdd(&["bench", &server.url(), "-n", "5"]);
    assert_eq!(finished.code(), Some(1));
    let said = finished.stdout();
    assert!(said.contains("what came is no HTTP"), "{said}");
}

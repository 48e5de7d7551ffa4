//! What holds for every format of a run that is over.

use std::collections::BTreeSet;

use super::*;
use crate::event::Verdict;
use crate::sched::Outcome;

/// The nodes that a report shows, in its order, each with the word for how it ended.
type Shown = fn(&str) -> Vec<(String, String)>;

const SHOWN: &[(&str, Shown)] = &[
    ("json", in_json),
    ("markdown", in_markdown),
    ("html", in_html),
    ("junit", in_junit),
    ("sarif", in_sarif),
];

fn of_document(nodes: &Value) -> Vec<(String, String)> {
    let nodes = nodes.as_array().expect("a list of nodes").iter();
    let text = |value: &Value| value.as_str().unwrap_or("unfinished").to_owned();
    nodes
        .map(|node| (text(&node["id"]), text(&node["outcome"])))
        .collect()
}

fn in_json(text: &str) -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(text).expect("it is JSON");
    of_document(&document["nodes"])
}

fn in_sarif(text: &str) -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(text).expect("it is JSON");
    of_document(&document["runs"][0]["properties"]["nodes"])
}

fn in_markdown(text: &str) -> Vec<(String, String)> {
    let rows = text.lines().filter(|line| line.starts_with("| ")).skip(1);
    let cells = rows.map(|row| row.split(" | ").collect::<Vec<_>>());
    let first = |text: &str| text.split(',').next().unwrap_or(text).to_owned();
    cells
        .map(|cells| (cells[1].trim_matches('`').to_owned(), first(cells[3])))
        .collect()
}

fn matches(text: &str, pattern: &str) -> Vec<(String, String)> {
    let pattern = regex::Regex::new(pattern).expect("a pattern");
    let found = pattern.captures_iter(text);
    found
        .map(|found| (found[1].to_owned(), found[2].to_owned()))
        .collect()
}

fn in_html(text: &str) -> Vec<(String, String)> {
    matches(
        text,
        r#"data-node="([^"]*)".*<span class="mark">.</span>([a-z-]*)</span>"#,
    )
}

/// `JUnit` has four words; the one that comes first inside a case is its colour.
fn in_junit(text: &str) -> Vec<(String, String)> {
    let cases = matches(
        text,
        r#"(?s)<testcase name="([^"]*)"[^>]*>(.*?)</testcase>"#,
    );
    let colour = |inside: &str| {
        let word = inside.trim().trim_start_matches('<').split(' ').next();
        match word {
            Some(word @ ("failure" | "error" | "skipped")) => word.to_owned(),
            _ => "passed".to_owned(),
        }
    };
    cases
        .into_iter()
        .map(|(id, inside)| (id, colour(&inside)))
        .collect()
}

fn runs() -> Vec<Vec<Event>> {
    let whole = [eventful(), happy(), amber(), checkpoint(), called_off()];
    let events = eventful();
    let broken = (1..events.len())
        .step_by(7)
        .map(|end| events[..end].to_vec());
    whole.into_iter().chain(broken).collect()
}

#[test]
fn b53_every_node_is_shown_exactly_once_in_every_report() {
    let rows: BTreeSet<&str> = SHOWN.iter().map(|(name, _)| *name).collect();
    let known: BTreeSet<&str> = REPORTS.iter().map(|report| report.name).collect();
    assert_eq!(rows, known);
    for events in runs() {
        let state = RunState::fold(&events);
        let planned: Vec<&str> = state.nodes.iter().map(NodeRecord::id).collect();
        for (name, shown) in SHOWN {
            let found = shown(&reported(name, &events));
            let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
            assert_eq!(ids, planned, "{name}");
        }
    }
}

#[test]
fn every_report_counts_what_the_fold_counts() {
    for events in runs() {
        let state = RunState::fold(&events);
        for (name, shown) in SHOWN.iter().filter(|(name, _)| *name != "junit") {
            let found = shown(&reported(name, &events));
            for (outcome, count) in state.counts().iter() {
                let same = found.iter().filter(|(_, word)| word == outcome.as_str());
                assert_eq!(same.count(), count, "{name}: {outcome}");
            }
        }
    }
}

#[test]
fn junit_is_red_if_and_only_if_the_run_did_not_pass() {
    for events in runs() {
        let state = RunState::fold(&events);
        let text = reported("junit", &events);
        let cases = in_junit(&text);
        let of = |word: &str| cases.iter().filter(|(_, colour)| colour == word).count();
        for word in ["failure", "error"] {
            let attribute = format!(" {word}s=\"{}\"", of(word));
            assert_eq!(text.matches(&attribute).count(), 2, "{attribute}\n{text}");
        }
        let is_red = of("failure") + of("error") > 0;
        assert_eq!(is_red, state.verdict() != Verdict::Passed, "{text}");
        for ((id, colour), node) in cases.iter().zip(&state.nodes) {
            let passed = node.outcome == Some(Outcome::Passed);
            assert_eq!(colour == "passed", passed, "{id}");
            let red = ["failure", "error"].contains(&colour.as_str());
            assert!(!red || node.plan.required, "{id}");
        }
    }
}

#[test]
fn weakened_gates_are_the_first_thing_that_is_said() {
    let events = eventful();
    for known in REPORTS {
        let text = reported(known.name, &events);
        let gate = text.find("results.min-tests").expect(known.name);
        let node = text.find("coverage 79.6").expect(known.name);
        // In SARIF the results are where the standard has them.
        assert!(gate < node || known.name == "sarif", "{}", known.name);
    }
    let firsts = [
        ("human", "✗ unit"),
        ("json", "\"nodes\""),
        ("agent", "FAIL unit"),
        ("github", "::error "),
    ];
    for (name, first) in firsts {
        let text = answer(name, &events);
        let gate = text.find("results.min-tests").expect(name);
        let node = text.find(first).expect(name);
        assert!(gate < node, "{name}: {text}");
    }
}

#[test]
fn every_finding_has_its_severity_id_subject_fix_and_waiver_on_one_line() {
    let events = eventful();
    let words = ["high", "GHSA-1", "requests 2.19.0", "fixed in 2.20.0"];
    let waived = [
        "critical",
        "GHSA-2",
        "chardet 2.19.0",
        "waived: only used in tests",
    ];
    for name in ["markdown", "html"] {
        let text = reported(name, &events);
        for wanted in [words, waived] {
            let mut lines = text.lines();
            assert!(
                lines.any(|line| wanted.iter().all(|word| line.contains(word))),
                "{name}: {wanted:?}\n{text}"
            );
        }
    }
    let text = answer("human", &events);
    for wanted in [words, waived] {
        let mut lines = text.lines();
        assert!(
            lines.any(|line| wanted.iter().all(|word| line.contains(word))),
            "{text}"
        );
    }
}

#[test]
fn b54_what_is_advised_comes_from_the_node() {
    let events = eventful();
    let state = RunState::fold(&events);
    for known in REPORTS {
        let text = reported(known.name, &events);
        for node in state
            .nodes
            .iter()
            .filter(|node| node.outcome.is_some_and(Outcome::is_failure))
        {
            let rerun = format!("sdd run end-of-session --only {}", node.id());
            assert!(text.contains(&rerun), "{}: {rerun}", known.name);
            // What is not required is only skipped in JUnit.
            if node.plan.required {
                let log = node.detail.log.as_deref().expect("the sample has logs");
                assert!(text.contains(log), "{}: {log}", known.name);
            }
        }
    }
}

#[test]
fn b55_what_is_drawn_is_no_broken_encoding_and_ascii_is_enough() {
    let style = Style {
        ascii: true,
        ..STYLE
    };
    for events in [eventful(), checkpoint()] {
        assert!(both(play("human", &events, style, None)).is_ascii());
        for known in REPORTS {
            let text = reported(known.name, &events);
            assert!(!text.contains(['â', 'Ã', '\u{fffd}']), "{}", known.name);
        }
    }
}

#[test]
fn a_page_asks_nobody_for_anything() {
    let text = reported("html", &hostile(&eventful()));
    for word in [
        "<script",
        "<link",
        "<img",
        "src=",
        "href=",
        "url(",
        "@import",
        "javascript:",
    ] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(text.contains("prefers-color-scheme: dark"));
    assert!(text.contains("<svg "));
}

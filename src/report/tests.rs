//! What every format makes of the same run.

mod formats;
mod published;
mod view;

use std::io::{Result, Write};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::sample::{amber, called_off, checkpoint, eventful, happy};
use super::*;
use crate::event::NodeRecord;

const STYLE: Style = Style {
    colour: false,
    ascii: false,
    size: Size {
        width: 80,
        height: 24,
    },
    verbosity: Verbosity::Normal,
};

/// Bytes that can be read while something else writes them.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no writer has panicked").clone())
            .expect("output is UTF-8")
    }

    fn stream(&self, style: Style) -> Stream {
        let writer = Box::new(self.clone());
        Stream { writer, style }
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().expect("no writer has panicked").write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// What a run leaves on standard output and on standard error.
fn play(name: &str, events: &[Event], style: Style, screen: Option<Screen>) -> (String, String) {
    let (answer, progress) = (Shared::default(), Shared::default());
    let output = Output {
        answer: answer.stream(style),
        progress: progress.stream(style),
        screen,
        step_summary: None,
    };
    let mut sink = (format(name).expect("the format exists").live)(output);
    let mut state = RunState::default();
    for event in events {
        state.apply(event);
        sink.on(event, &state).expect("a buffer takes everything");
        sink.tick(&state, event.at_ms)
            .expect("a buffer takes everything");
    }
    sink.finish(&state).expect("a buffer takes everything");
    (answer.text(), progress.text())
}

fn answer(name: &str, events: &[Event]) -> String {
    play(name, events, STYLE, None).0
}

fn reported(name: &str, events: &[Event]) -> String {
    let mut bytes = Vec::new();
    let write = report(name).expect("the format exists").write;
    write(&RunState::fold(events), &STYLE, &mut bytes).expect("a buffer takes everything");
    String::from_utf8(bytes).expect("output is UTF-8")
}

fn both((answer, progress): (String, String)) -> String {
    format!("{progress}======== stdout\n{answer}")
}

#[test]
fn people_are_told_of_everything_once() {
    insta::assert_snapshot!(both(play("human", &eventful(), STYLE, None)));
}

#[test]
fn ascii_says_the_same() {
    let style = Style {
        ascii: true,
        ..STYLE
    };
    let text = both(play("human", &eventful(), style, None));
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn verbose_cuts_nothing_short() {
    let style = Style {
        verbosity: Verbosity::Verbose,
        ..STYLE
    };
    insta::assert_snapshot!(both(play("human", &eventful(), style, None)));
}

#[test]
fn a_run_that_passed_is_told_in_few_words() {
    insta::assert_snapshot!(both(play("human", &happy(), STYLE, None)));
}

#[test]
fn quiet_leaves_the_verdict() {
    let style = Style {
        verbosity: Verbosity::Quiet,
        ..STYLE
    };
    let (answer, progress) = play("human", &happy(), style, Some(Box::new(|| None)));
    assert_eq!(progress, "");
    assert_eq!(
        answer,
        "✓ end-of-session passed · 3 passed, 1 skipped · 5.3 s\n"
    );
}

#[test]
fn what_is_not_required_is_amber_and_does_not_decide() {
    insta::assert_snapshot!(both(play("human", &amber(), STYLE, None)));
}

#[test]
fn colours_are_balanced() {
    let style = Style {
        colour: true,
        ..STYLE
    };
    insta::assert_snapshot!(both(play("human", &amber(), style, None)).replace('\x1b', "␛"));
}

#[test]
fn json_is_one_document() {
    insta::assert_snapshot!(answer("json", &eventful()));
}

#[test]
fn json_counts_what_the_fold_counts_and_has_every_node_once() {
    let events = eventful();
    let state = RunState::fold(&events);
    let document: Value = serde_json::from_str(&answer("json", &events)).expect("it is JSON");
    for (outcome, count) in state.counts().iter() {
        assert_eq!(document["counts"][outcome.as_str()], count);
        let nodes = document["nodes"].as_array().expect("nodes are a list");
        let same = nodes
            .iter()
            .filter(|node| node["outcome"] == outcome.as_str());
        assert_eq!(same.count(), count);
    }
    let nodes = document["nodes"].as_array().expect("nodes are a list");
    let ids: Vec<&str> = nodes
        .iter()
        .filter_map(|node| node["id"].as_str())
        .collect();
    let planned: Vec<&str> = state.nodes.iter().map(NodeRecord::id).collect();
    assert_eq!(ids, planned);
    assert_eq!(document["exit_code"], state.exit_code());
}

#[test]
fn jsonl_is_what_is_stored() {
    let events = eventful();
    let text = answer("jsonl", &events);
    let read: Vec<Event> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is an event"))
        .collect();
    assert_eq!(read, events);
}

#[test]
fn an_agent_reads_one_line_if_all_is_well() {
    let text = answer("agent", &happy());
    assert_eq!(
        text,
        "sdd: end-of-session passed · 4 nodes · 1 skipped · 5.3 s\n"
    );
}

#[test]
fn an_agent_reads_what_failed_and_how_to_go_on() {
    insta::assert_snapshot!(answer("agent", &eventful()));
}

#[test]
fn github_gets_annotations_and_folded_logs() {
    insta::assert_snapshot!(answer("github", &eventful()));
}

#[test]
fn github_obeys_nothing_that_a_tool_printed() {
    let text = answer("github", &eventful());
    let mut trusted = true;
    for line in text.lines() {
        if line.starts_with("::stop-commands::") {
            trusted = false;
        } else if line == "::sdd-20261122T163301Z-4f2a::" {
            trusted = true;
        } else if trusted && line.starts_with("::") {
            let known = ["::error ", "::warning ", "::group::", "::endgroup::"];
            assert!(known.iter().any(|name| line.starts_with(name)), "{line}");
        }
    }
    assert!(trusted);
}

#[test]
fn github_appends_its_summary_to_the_file_that_it_is_given() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("summary.md");
    std::fs::write(&path, "before\n").expect("it can be written");
    let shared = Shared::default();
    let output = Output {
        answer: shared.stream(STYLE),
        progress: shared.stream(STYLE),
        screen: None,
        step_summary: Some(path.clone()),
    };
    let events = happy();
    let mut sink = (format("github").expect("the format exists").live)(output);
    sink.finish(&RunState::fold(&events))
        .expect("it can be written");
    let text = std::fs::read_to_string(path).expect("it can be read");
    assert_eq!(text, format!("before\n{}", reported("markdown", &events)));
}

#[test]
fn markdown_has_a_table_and_what_failed() {
    insta::assert_snapshot!(reported("markdown", &eventful()));
}

#[test]
fn a_page_stands_alone_and_says_all() {
    insta::assert_snapshot!(reported("html", &eventful()));
}

#[test]
fn junit_has_a_case_for_every_node() {
    insta::assert_snapshot!(reported("junit", &eventful()));
}

#[test]
fn sarif_has_a_result_for_every_finding() {
    insta::assert_snapshot!(reported("sarif", &eventful()));
}

#[test]
fn a_checkpoint_says_that_it_is_one_and_what_it_lets_through() {
    let human = both(play("human", &checkpoint(), STYLE, None));
    let agent = answer("agent", &checkpoint());
    let markdown = reported("markdown", &checkpoint());
    insta::assert_snapshot!(format!(
        "{human}======== agent\n{agent}======== markdown\n{markdown}"
    ));
}

#[test]
fn a_run_that_broke_off_is_not_taken_for_one_that_ended() {
    let events = eventful();
    insta::assert_snapshot!(both(play("human", &events[..15], STYLE, None)));
}

/// Speaks to the clipboard, the screen, the title and the printer.
const HOSTILE: &str = "\x1b]52;c;aGk=\x07\x1b[2J\u{9b}2J\x1b]0;t\x1b\\\x1b[5i\x08";

/// The same events as a hostile tool would have them.
fn hostile(events: &[Event]) -> Vec<Event> {
    const WORDS: &[&str] = &["reason", "message", "text", "rule", "path", "log", "kind"];
    let poison = |value: &mut Value| {
        if let Value::String(text) = value {
            text.push_str(HOSTILE);
        }
    };
    let poisoned = |event: &Event| {
        let mut event = serde_json::to_value(event).expect("an event can be written");
        for word in WORDS {
            event.get_mut(*word).map(poison);
            event.pointer_mut(&format!("/finding/{word}")).map(poison);
        }
        for list in ["command", "remedy", "marks"] {
            let items = event.get_mut(list).and_then(Value::as_array_mut);
            items.into_iter().flatten().for_each(poison);
        }
        serde_json::from_value(event).expect("it is still an event")
    };
    events.iter().map(poisoned).collect()
}

#[test]
fn no_format_lets_a_tool_speak_to_the_terminal() {
    let events = hostile(&eventful());
    let style = Style {
        verbosity: Verbosity::Verbose,
        ..STYLE
    };
    for known in FORMATS {
        let (answer, progress) = play(known.name, &events, style, None);
        let text = answer + &progress;
        let spoken = text.contains(|heard: char| heard.is_control() && heard != '\n');
        let is_data = known.name.starts_with("json");
        assert!(!spoken || is_data, "{}: {text:?}", known.name);
        assert!(!text.contains('\x1b'), "{}: {text:?}", known.name);
    }
    // JSON is data: whoever shows its texts sees to their safety.
    for known in REPORTS.iter().filter(|known| known.name != "json") {
        let text = reported(known.name, &events);
        assert!(!text.contains(['\x1b', '\u{9b}', '\x07']), "{}", known.name);
    }
}

#[test]
fn names_are_unique() {
    let names = FORMATS.iter().map(|format| format.name);
    let unique: std::collections::BTreeSet<&str> = names.collect();
    assert_eq!(unique.len(), FORMATS.len());
    let names = REPORTS.iter().map(|report| report.name);
    let unique: std::collections::BTreeSet<&str> = names.collect();
    assert_eq!(unique.len(), REPORTS.len());
}

//! What the live view shows, and what it leaves on the terminal.

use unicode_width::UnicodeWidthStr;

use super::*;
use crate::report::sample::{Recorder, planned};
use crate::sched::Outcome;

fn shown(state: &RunState, now_ms: u64, width: usize, height: usize) -> String {
    let size = Size { width, height };
    frame(state, now_ms, &Style { size, ..STYLE }).join("\n")
}

#[test]
fn the_view_tells_what_runs_what_waits_and_how_long_it_takes() {
    let events = eventful();
    let early = RunState::fold(&events[..6]);
    let later = RunState::fold(&events[..29]);
    insta::assert_snapshot!(format!(
        "{}\n\n{}\n\n{}\n\n{}",
        shown(&early, 300, 80, 24),
        shown(&later, 5000, 80, 24),
        shown(&later, 65_000, 80, 7),
        shown(&later, 5000, 30, 4),
    ));
}

#[test]
fn the_view_is_never_larger_than_the_terminal() {
    let events = eventful();
    for taken in 0..=events.len() {
        let state = RunState::fold(&events[..taken]);
        for (width, height) in [(1, 1), (1, 2), (7, 3), (20, 5), (80, 24), (300, 4)] {
            for (colour, ascii) in [(false, false), (true, true)] {
                let size = Size { width, height };
                let style = Style {
                    colour,
                    ascii,
                    size,
                    ..STYLE
                };
                let lines = frame(&state, 7000, &style);
                assert!(lines.is_empty() || lines.len() < height, "{lines:?}");
                for line in &lines {
                    assert!(plain(line).width() < width.max(2), "{width}: {line:?}");
                }
            }
        }
    }
}

/// A terminal that knows as much as the live view asks of it.
#[derive(Default)]
struct Terminal {
    rows: Vec<String>,
    row: usize,
}

impl Terminal {
    fn take(&mut self, bytes: &str) {
        let mut rest = bytes;
        while let Some(character) = rest.chars().next() {
            rest = &rest[character.len_utf8()..];
            match character {
                '\x1b' => {
                    let end = rest.find(|end: char| end.is_ascii_alphabetic());
                    let end = end.expect("a sequence ends");
                    self.obey(&rest[1..end], &rest[end..=end]);
                    rest = &rest[end + 1..];
                }
                '\r' => {}
                '\n' => self.row += 1,
                _ => {
                    self.rows
                        .resize(self.rows.len().max(self.row + 1), String::new());
                    self.rows[self.row].push(character);
                }
            }
        }
    }

    fn obey(&mut self, parameter: &str, end: &str) {
        match end {
            "A" => {
                self.row -= parameter.parse::<usize>().expect("a number");
                // What follows overwrites: the view begins each line anew.
                self.rows[self.row..].iter_mut().for_each(String::clear);
            }
            "J" => self.rows.truncate(self.row),
            "K" | "h" | "l" => {}
            other => panic!("{other} is not known here"),
        }
    }
}

#[test]
fn the_view_leaves_only_the_lines_that_stay() {
    let screen: Screen = Box::new(|| None);
    let (_, progress) = play("human", &eventful(), STYLE, Some(screen));
    let mut terminal = Terminal::default();
    terminal.take(&progress);
    let (_, expected) = play("human", &eventful(), STYLE, None);
    let cut: Vec<String> = terminal.rows;
    let full: Vec<&str> = expected.lines().collect();
    assert_eq!(cut.len(), full.len(), "{cut:#?}");
    for (cut, full) in cut.iter().zip(full) {
        assert!(
            full.starts_with(cut.trim_end_matches('…')),
            "{cut} / {full}"
        );
    }
    assert!(
        !progress.contains("\x1b[?25l"),
        "the cursor is never hidden"
    );
}

#[test]
fn the_view_is_painted_ten_times_a_second_at_most() {
    let shared = Shared::default();
    let output = Output {
        answer: Shared::default().stream(STYLE),
        progress: shared.stream(STYLE),
        screen: Some(Box::new(|| None)),
        step_summary: None,
    };
    let mut run = Recorder::begin(vec![planned("unit", "test", &[])]);
    run.start("unit", 1);
    let state = RunState::fold(&run.events);
    let mut sink = (FORMATS[0].live)(output);
    for now_ms in 0..1000 {
        sink.tick(&state, now_ms)
            .expect("a buffer takes everything");
    }
    let paintings = shared.text().matches("\x1b[?2026h").count();
    assert!((8..=13).contains(&paintings), "{paintings}");
}

#[test]
fn the_forecast_is_the_longest_path_or_the_work_shared_out() {
    let mut nodes = vec![
        planned("a", "test", &[]),
        planned("b", "test", &["a"]),
        planned("c", "test", &[]),
    ];
    for node in &mut nodes {
        node.expected_ms = Some(10_000);
    }
    let mut run = Recorder::begin(nodes);
    run.start("a", 1).start("c", 1);
    let state = RunState::fold(&run.events);
    assert!(shown(&state, 4000, 80, 24).contains("about 16 s left"));
    let detail = crate::event::Detail::default();
    run.at(5000)
        .settle("a", Outcome::Passed, detail)
        .start("b", 1);
    let state = RunState::fold(&run.events);
    assert!(shown(&state, 5000, 80, 24).contains("about 10 s left"));
}

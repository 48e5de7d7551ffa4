//! What is advised is understood.

use std::io::{Result, Write};
use std::sync::{Arc, Mutex};

use clap::Parser;
use regex::Regex;

use super::args::Cli;
use crate::event::{Event, RunState};
use crate::report::sample::{amber, called_off, checkpoint, eventful, happy};
use crate::report::{FORMATS, Output, REPORTS, Size, Stream, Style, Verbosity};
use crate::spec::split_words;

const STYLE: Style = Style {
    colour: false,
    ascii: false,
    size: Size {
        width: 80,
        height: 24,
    },
    verbosity: Verbosity::Verbose,
};

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().expect("no writer has panicked").write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// What every format makes of a run.
fn texts(events: &[Event]) -> Vec<String> {
    let state = RunState::fold(events);
    let mut texts = Vec::new();
    for report in REPORTS {
        let mut bytes = Vec::new();
        (report.write)(&state, &STYLE, &mut bytes).expect("memory takes everything");
        texts.push(bytes);
    }
    for format in FORMATS {
        let shared = Shared::default();
        let stream = || Stream {
            writer: Box::new(shared.clone()),
            style: STYLE,
        };
        let mut sink = (format.live)(Output {
            answer: stream(),
            progress: stream(),
            screen: None,
            step_summary: None,
        });
        sink.finish(&state).expect("memory takes everything");
        drop(sink);
        let written = shared.0.lock().expect("no writer has panicked");
        texts.push(written.clone());
    }
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    texts.into_iter().map(text).collect()
}

#[test]
fn b54_every_command_line_of_this_program_that_is_printed_is_understood() {
    let command = Regex::new(r#"\bsdd [a-z][^\n`<"\\]*"#).expect("a pattern");
    let mut seen = 0;
    for events in [eventful(), amber(), happy(), checkpoint(), called_off()] {
        for text in texts(&events) {
            for found in command.find_iter(&text) {
                let line = found.as_str().replace("&#39;", "'").replace("&apos;", "'");
                let words = split_words(&line).expect("words of a shell");
                let parsed = Cli::try_parse_from(&words);
                assert!(parsed.is_ok(), "{words:?}\n{:?}", parsed.err());
                seen += 1;
            }
        }
    }
    assert!(seen > 40, "only {seen} were found");
}

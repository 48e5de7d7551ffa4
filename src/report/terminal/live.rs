//! A view that is repainted in place below lines that stay.
//!
//! The cursor always rests at the start of the line below the view and is never hidden: killed at
//! any moment, a run leaves a terminal behind that needs no mending.

use std::io::{Result, Write};

use unicode_width::UnicodeWidthStr;

use super::frame::frame;
use super::ink::Ink;
use super::news;
use crate::event::{Event, RunState};
use crate::report::{Screen, Sink, Size, Stream, Verbosity, sanitise};

/// Two paintings are at least so many milliseconds apart.
const PAUSE_MS: u64 = 80;

/// The terminal shows nothing of what is between these before it has all of it.
const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";
const TO_LINE_END: &str = "\x1b[K";
const TO_SCREEN_END: &str = "\x1b[J";

/// The view and what it showed last.
pub(super) struct Live {
    out: Stream,
    screen: Screen,
    /// The view as it stands on the screen.
    painted: Vec<String>,
    painted_ms: Option<u64>,
    /// Lines that stay and are not on the screen yet.
    news: Vec<String>,
    /// Whether the terminal has another size than it had when the view was painted.
    resized: bool,
}

impl Live {
    pub(super) fn new(out: Stream, screen: Screen) -> Self {
        Self {
            out,
            screen,
            painted: Vec::new(),
            painted_ms: None,
            news: Vec::new(),
            resized: false,
        }
    }

    fn paint_in_time(&mut self, state: &RunState, now_ms: u64) -> Result<()> {
        let is_early = |last: u64| now_ms < last + PAUSE_MS;
        if self.painted_ms.is_some_and(is_early) {
            return Ok(());
        }
        self.painted_ms = Some(now_ms);
        let lines = match self.out.style.verbosity {
            Verbosity::Quiet => Vec::new(),
            _ => frame(state, now_ms, &self.out.style),
        };
        self.paint(lines)
    }

    fn paint(&mut self, lines: Vec<String>) -> Result<()> {
        if self.news.is_empty() && lines == self.painted {
            return Ok(());
        }
        let mut bytes = format!("{BEGIN}\r");
        let rows = rows(&self.painted, self.out.style.size);
        if rows > 0 {
            bytes = format!("{bytes}\x1b[{rows}A");
        }
        if std::mem::take(&mut self.resized) {
            // Rows that the terminal wrapped would be joined again with whatever stands there.
            bytes.push_str(TO_SCREEN_END);
        }
        for line in self.news.drain(..).chain(lines.iter().cloned()) {
            bytes.push_str(&line);
            bytes.push_str(TO_LINE_END);
            bytes.push('\n');
        }
        bytes.push_str(TO_SCREEN_END);
        bytes.push_str(END);
        self.painted = lines;
        // In one write, so that a run that is killed leaves a whole view.
        self.out.writer.write_all(bytes.as_bytes())?;
        self.out.writer.flush()
    }

    fn measure(&mut self) {
        if let Some(size) = (self.screen)() {
            self.resized |= size != self.out.style.size;
            self.out.style.size = size;
        }
    }
}

/// Rows that the lines take now; a terminal that became narrower has wrapped them.
fn rows(lines: &[String], size: Size) -> usize {
    let width = size.width.max(1);
    let row = |line: &String| sanitise::plain(line).width().div_ceil(width).max(1);
    lines.iter().map(row).sum::<usize>().min(size.height)
}

impl Sink for Live {
    fn on(&mut self, event: &Event, state: &RunState) -> Result<()> {
        self.measure();
        let style = &self.out.style;
        let ink = Ink::new(style, style.size.width.saturating_sub(1).max(1));
        let line = news::line(event, state, style.verbosity, &ink);
        self.news.extend(line.map(|line| ink.text(line)));
        self.paint_in_time(state, event.at_ms)
    }

    fn tick(&mut self, state: &RunState, now_ms: u64) -> Result<()> {
        self.measure();
        self.paint_in_time(state, now_ms)
    }

    fn finish(&mut self, _state: &RunState) -> Result<()> {
        self.measure();
        self.paint(Vec::new())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        // Whoever drops it before it is finished has worse to tell than that this failed.
        let _ = self.paint(Vec::new());
    }
}

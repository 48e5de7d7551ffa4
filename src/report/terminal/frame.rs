//! What a terminal shows of a run at one moment.
//!
//! ```text
//! ⠹ unit       12 s  ━━━━━━──── of 20 s
//! ⠹ audit       3 s
//! · bench            waits for unit, stack
//! ◆ up: stack
//! ━━━━━━━━━━━━──────── 5 of 12 · 1 failed · 14 s · about 40 s left
//! ```

use super::forecast::{Forecast, forecast, waits_for};
use super::ink::{Ink, growing, names, push_duration};
use crate::event::{NodeRecord, RunState};
use crate::graph::render::mark::{Tone, duration};
use crate::graph::render::text::line::Line;
use crate::graph::render::text::paint;
use crate::report::{Style, digest};
use crate::sched::Outcome;

/// How many nodes that wait are worth a line.
const MOST_WAITING: usize = 5;
const BAR: usize = 10;
const LONG_BAR: usize = 24;
/// How long a picture of the spinner stays.
const SPIN_MS: u64 = 100;

/// The lines, each less wide than the terminal and together less high. Empty before a run
/// begins and after it ended.
pub fn frame(state: &RunState, now_ms: u64, style: &Style) -> Vec<String> {
    let size = style.size;
    if state.finished || state.nodes.iter().all(|node| node.outcome.is_some()) || size.height < 2 {
        return Vec::new();
    }
    let ink = Ink::new(style, size.width.saturating_sub(1).max(1));
    let view = View { state, now_ms, ink };
    // The cursor stands on a line of its own below.
    let room = size.height - 2;
    let mut lines = view.running(room);
    if lines.len() < room {
        lines.extend(view.up());
    }
    lines.extend(view.waiting(room - lines.len()));
    lines.push(view.whole());
    lines.into_iter().map(|line| view.ink.text(line)).collect()
}

struct View<'s> {
    state: &'s RunState,
    now_ms: u64,
    ink: Ink,
}

impl View<'_> {
    fn running(&self, room: usize) -> Vec<Line> {
        let running = self.state.nodes.iter().filter(|node| node.is_running());
        let lines = running.map(|node| self.runs(node));
        self.cut(lines.collect(), room, "run")
    }

    fn runs(&self, node: &NodeRecord) -> Line {
        let spinner = self.ink.signs.spinner;
        let turn = usize::try_from(self.now_ms / SPIN_MS).unwrap_or(0);
        let spin = spinner[turn % spinner.len()];
        let mut line = self.ink.begin(spin, paint::tone(Tone::Good));
        self.ink.name(&mut line, self.state, node.id(), paint::BOLD);
        let start = node.started_ms.unwrap_or(self.now_ms);
        let elapsed = self.now_ms.saturating_sub(start);
        push_duration(&mut line, &growing(elapsed));
        if let Some(expected) = node.plan.expected_ms {
            line.push("  ", paint::PLAIN);
            self.against(&mut line, elapsed, expected);
        }
        if node.attempts > 1 {
            let text = format!("  attempt {}", node.attempts);
            line.push(text, paint::tone(Tone::Amber));
        }
        line
    }

    /// How long it runs compared with how long it usually takes.
    fn against(&self, line: &mut Line, elapsed: u64, expected: u64) {
        let usual = duration(expected);
        if elapsed > expected + expected / 2 + 1000 {
            line.push(format!("usually {usual}"), paint::tone(Tone::Amber));
        } else {
            self.ink.bar(line, share(elapsed, expected), BAR);
            line.push(format!(" of {usual}"), paint::DIM);
        }
    }

    fn up(&self) -> Option<Line> {
        let up = self.state.nodes.iter().filter(|node| node.up);
        let ids: Vec<&str> = up.map(NodeRecord::id).collect();
        if ids.is_empty() {
            return None;
        }
        let sign = self.ink.glyphs.environment;
        let mut line = self.ink.begin(sign, paint::tone(Tone::Good));
        line.push(format!("up: {}", ids.join(", ")), paint::DIM);
        Some(line)
    }

    fn waiting(&self, room: usize) -> Vec<Line> {
        let is_waiting = |node: &&NodeRecord| node.outcome.is_none() && node.started_ms.is_none();
        let waiting = self.state.nodes.iter().filter(is_waiting);
        let mut waiting: Vec<(&NodeRecord, Vec<&str>)> =
            waiting.map(|node| (node, self.obstacles(node))).collect();
        // Those that come next come first.
        waiting.sort_by_key(|(_, obstacles)| obstacles.len());
        let lines = waiting
            .iter()
            .map(|(node, obstacles)| self.waits(node, obstacles));
        self.cut(lines.collect(), room.min(MOST_WAITING), "wait")
    }

    fn obstacles(&self, node: &NodeRecord) -> Vec<&str> {
        let mut positions: Vec<usize> = waits_for(self.state, node).collect();
        positions.sort_unstable();
        positions.dedup();
        let ids = positions.into_iter();
        ids.map(|position| self.state.nodes[position].id())
            .collect()
    }

    fn waits(&self, node: &NodeRecord, obstacles: &[&str]) -> Line {
        let mut line = self.ink.begin(self.ink.signs.waiting, paint::DIM);
        self.ink.name(&mut line, self.state, node.id(), paint::DIM);
        push_duration(&mut line, "");
        let text = match obstacles {
            [] => "comes next".to_owned(),
            some => format!("waits for {}", names(some, 40)),
        };
        line.push(format!("  {text}"), paint::DIM);
        line
    }

    /// The last line gives way to the number of those that have no room.
    fn cut(&self, mut lines: Vec<Line>, room: usize, verb: &str) -> Vec<Line> {
        if lines.len() > room {
            let hidden = lines.len() - room.saturating_sub(1);
            lines.truncate(room.saturating_sub(1));
            if room > 0 {
                let mut line = self.ink.begin(self.ink.signs.waiting, paint::DIM);
                line.push(format!("{hidden} more {verb}"), paint::DIM);
                lines.push(line);
            }
        }
        lines
    }

    fn whole(&self) -> Line {
        let forecast = forecast(self.state, self.now_ms);
        let done: usize = self.state.counts().iter().map(|(_, count)| count).sum();
        let total = self.state.nodes.len();
        let share = match forecast {
            Some(known) if known.is_complete => share(self.now_ms, self.now_ms + known.left_ms),
            _ => share(count(done), count(total)),
        };
        let mut line = Line::default();
        // The numbers behind it count for more than the bar.
        self.ink
            .bar(&mut line, share, LONG_BAR.min(self.ink.width() / 2));
        line.push(format!(" {done} of {total}"), paint::BOLD);
        let separator = self.ink.glyphs.separator;
        for (outcome, text) in digest::counts(self.state) {
            if !matches!(outcome, Outcome::Passed | Outcome::Skipped) {
                line.push(separator, paint::DIM);
                line.push(text, paint::tone(Tone::Bad));
            }
        }
        line.push(separator, paint::DIM);
        line.push(growing(self.now_ms), paint::PLAIN);
        if let Some(left) = forecast.and_then(left) {
            line.push(separator, paint::DIM);
            line.push(left, paint::DIM);
        }
        line
    }
}

fn left(forecast: Forecast) -> Option<String> {
    let left = growing(forecast.left_ms.next_multiple_of(1000));
    match (forecast.left_ms, forecast.is_complete) {
        (0, true) => Some("any moment now".to_owned()),
        (0, false) => None,
        (_, true) => Some(format!("about {left} left")),
        (_, false) => Some(format!("at least {left} left")),
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "it is drawn with a few dozen columns"
)]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

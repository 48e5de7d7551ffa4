//! The characters and colours of what a terminal shows, and lines made of them.

use unicode_width::UnicodeWidthStr;

use crate::event::{NodeRecord, RunState};
use crate::graph::render;
use crate::graph::render::mark::{OUTCOME_MARKS, Tone, duration, truncate};
use crate::graph::render::text::glyph::{self, Glyphs};
use crate::graph::render::text::line::Line;
use crate::graph::render::text::paint;
use crate::report::{Style, plain, sanitise};
use crate::sched::Outcome;

/// Wider names are cut in columns.
const WIDEST_NAME: usize = 28;
/// Columns of a duration, as in `59 m 59 s`.
const DURATION: usize = 9;

/// Signs that only views of a run need.
pub(super) struct Signs {
    pub(super) spinner: &'static [char],
    pub(super) waiting: char,
    pub(super) again: char,
    pub(super) alert: char,
    pub(super) log: char,
    /// Of a bar: what is done, and what is not.
    pub(super) bar: [char; 2],
}

const UNICODE: Signs = Signs {
    spinner: &['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
    waiting: '·',
    again: '↻',
    alert: '!',
    log: '│',
    bar: ['━', '─'],
};

const ASCII: Signs = Signs {
    spinner: &['|', '/', '-', '\\'],
    waiting: '.',
    again: '~',
    alert: '!',
    log: '|',
    bar: ['#', '-'],
};

/// What to draw with.
pub(super) struct Ink {
    pub(super) signs: &'static Signs,
    pub(super) glyphs: &'static Glyphs,
    style: render::Style,
}

impl Ink {
    /// For lines of at most `width` columns; 0 means as many as it takes.
    pub(super) fn new(style: &Style, width: usize) -> Self {
        let (signs, glyphs) = if style.ascii {
            (&ASCII, &glyph::ASCII)
        } else {
            (&UNICODE, &glyph::UNICODE)
        };
        Self {
            signs,
            glyphs,
            style: render::Style {
                colour: style.colour,
                ascii: style.ascii,
                width,
            },
        }
    }

    /// Columns that a line may have.
    pub(super) fn width(&self) -> usize {
        match self.style.width {
            0 => usize::MAX,
            width => width,
        }
    }

    /// The line as text, without a newline.
    pub(super) fn text(&self, line: Line) -> String {
        let mut bytes = Vec::new();
        line.write(&self.style, self.glyphs, &mut bytes)
            .expect("a Vec takes everything");
        let text = String::from_utf8(bytes).expect("a line is made of strings");
        // The last gate: whatever a name or a message holds, it can't speak to the terminal.
        let clean = if self.style.colour { sanitise } else { plain };
        clean(text.trim_end_matches('\n'))
    }

    /// What stands for how a node ended.
    pub(super) fn mark(&self, outcome: Option<Outcome>) -> String {
        let found = OUTCOME_MARKS
            .iter()
            .find(|mark| Some(mark.outcome) == outcome);
        match found {
            Some(mark) if self.style.ascii => mark.word.to_owned(),
            Some(mark) => mark.glyph.to_string(),
            None => self.signs.waiting.to_string(),
        }
    }

    /// Begins a line with a sign, in a column of its own.
    pub(super) fn begin(&self, sign: impl Into<String>, style: anstyle::Style) -> Line {
        let mut line = Line::default();
        line.push(sign, style);
        line.pad(self.margin());
        line
    }

    /// Columns before a name.
    pub(super) fn margin(&self) -> usize {
        let widest = OUTCOME_MARKS.iter().map(|mark| mark.word.len()).max();
        if self.style.ascii {
            widest.unwrap_or(0) + 1
        } else {
            2
        }
    }

    /// Adds a name, in a column as wide as the names of that run need.
    pub(super) fn name(&self, line: &mut Line, state: &RunState, id: &str, style: anstyle::Style) {
        let column = state.longest_id.min(WIDEST_NAME);
        let end = line.width() + column + 1;
        line.push(truncate(id, column, self.glyphs.ellipsis), style);
        line.pad(end);
    }

    /// A bar of `columns`, so much of it done; at least nothing and at most all.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of the columns of a terminal"
    )]
    pub(super) fn bar(&self, line: &mut Line, share: f64, columns: usize) {
        let filled = (share.clamp(0.0, 1.0) * columns as f64) as usize;
        let [done, open] = self.signs.bar.map(String::from);
        line.push(done.repeat(filled), paint::tone(Tone::Good));
        line.push(open.repeat(columns - filled), paint::DIM);
    }
}

/// Names one after the other, as far as they fit into `columns`.
pub(super) fn names(ids: &[&str], columns: usize) -> String {
    let mut text = String::new();
    for (index, id) in ids.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        if index > 0 && text.width() + separator.len() + id.width() > columns {
            return format!("{text} and {} more", ids.len() - index);
        }
        text.push_str(separator);
        text.push_str(id);
    }
    text
}

/// Adds a duration, right-aligned in a column.
pub(super) fn push_duration(line: &mut Line, text: &str) {
    line.push(format!("{text:>DURATION$}"), paint::DIM);
}

/// A duration that still grows: it shows whole seconds, so that it can be read.
pub(super) fn growing(milliseconds: u64) -> String {
    match milliseconds {
        0..60_000 => format!("{} s", milliseconds / 1000),
        _ => duration(milliseconds),
    }
}

/// How good the news about a node is.
pub(super) fn tone(node: &NodeRecord) -> Tone {
    match node.outcome {
        None => Tone::Plain,
        Some(Outcome::Passed) => Tone::Good,
        Some(Outcome::Skipped) => Tone::Muted,
        Some(Outcome::Cancelled) => Tone::Amber,
        Some(_) if node.plan.required => Tone::Bad,
        Some(_) => Tone::Amber,
    }
}

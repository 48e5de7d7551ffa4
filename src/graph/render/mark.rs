//! What the renderers agree on: tones, marks and how a duration reads.

use super::picture::{Picture, Vertex};
use crate::sched::Outcome;

/// How good the news about a vertex is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tone {
    /// Nothing is known yet.
    Plain,
    /// It passed.
    Good,
    /// It is why the run failed.
    Bad,
    /// It did not pass, and that is worth a look.
    Amber,
    /// It did not run.
    Muted,
}

/// One row for each outcome: how it is drawn.
pub(crate) struct OutcomeMark {
    pub(crate) outcome: Outcome,
    pub(crate) glyph: char,
    pub(crate) word: &'static str,
}

/// The marks of all outcomes, in the order of a legend. The glyphs are one column
/// wide in every terminal, which clocks and crosses among the emoji are not.
pub(crate) const OUTCOME_MARKS: &[OutcomeMark] = &[
    mark(Outcome::Passed, '✓', "ok"),
    mark(Outcome::Failed, '✗', "FAIL"),
    mark(Outcome::Error, '!', "ERROR"),
    mark(Outcome::TimedOut, '◷', "TIME"),
    mark(Outcome::Skipped, '○', "skip"),
    mark(Outcome::Cancelled, '⊘', "STOP"),
];

const fn mark(outcome: Outcome, glyph: char, word: &'static str) -> OutcomeMark {
    OutcomeMark {
        outcome,
        glyph,
        word,
    }
}

impl Vertex {
    /// How it ended; a vertex that the plan leaves out counts as skipped.
    pub(super) fn ending(&self) -> Option<Outcome> {
        let planned = self.skipped.as_ref().map(|_| Outcome::Skipped);
        self.outcome.or(planned)
    }

    /// How its ending is drawn.
    pub(super) fn outcome_mark(&self) -> Option<&'static OutcomeMark> {
        let ending = self.ending()?;
        OUTCOME_MARKS.iter().find(|mark| mark.outcome == ending)
    }

    pub(super) fn tone(&self) -> Tone {
        match self.ending() {
            None => Tone::Plain,
            Some(Outcome::Passed) => Tone::Good,
            Some(Outcome::Skipped) => Tone::Muted,
            Some(_) if self.required => Tone::Bad,
            Some(_) => Tone::Amber,
        }
    }
}

/// Which vertices and links are on the critical path.
pub(super) struct CriticalPath {
    next: Vec<Option<usize>>,
    on: Vec<bool>,
}

impl CriticalPath {
    pub(super) fn of(picture: &Picture) -> Self {
        let path = picture.sound_critical_path();
        let mut next = vec![None; picture.vertices.len()];
        let mut on = vec![false; picture.vertices.len()];
        for &vertex in &path {
            on[vertex] = true;
        }
        for pair in path.windows(2) {
            next[pair[0]] = Some(pair[1]);
        }
        Self { next, on }
    }

    pub(super) fn has(&self, vertex: usize) -> bool {
        self.on[vertex]
    }

    pub(super) fn joins(&self, from: usize, to: usize) -> bool {
        self.next[from] == Some(to)
    }
}

/// A duration as a person says it: `412 ms`, `5.3 s`, `2 m 05 s`, `1 h 02 m`.
pub(crate) fn duration(milliseconds: u64) -> String {
    let tenths = (milliseconds + 50) / 100;
    let seconds = (milliseconds + 500) / 1000;
    let minutes = (seconds + 30) / 60;
    if milliseconds < 1000 {
        format!("{milliseconds} ms")
    } else if tenths < 600 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else if seconds < 3600 {
        format!("{} m {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{} h {:02} m", minutes / 60, minutes % 60)
    }
}

/// `1 node`, `2 nodes`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// The text on one line, with nothing in it that a terminal or a parser obeys.
pub(crate) fn plain(text: &str) -> String {
    let shown = |character: char| match character {
        '\n' | '\r' | '\t' => ' ',
        hidden if is_unprintable(hidden) => '\u{fffd}',
        other => other,
    };
    text.chars().map(shown).collect()
}

/// Control characters, direction overrides, and what XML 1.0 has no place for.
fn is_unprintable(character: char) -> bool {
    let overrides = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || overrides || matches!(character, '\u{fffe}' | '\u{ffff}')
}

/// `text` in at most `columns` of a terminal; what is cut off leaves `ellipsis` behind.
pub(crate) fn truncate(text: &str, columns: usize, ellipsis: &str) -> String {
    use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
    if text.width() <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(ellipsis.width());
    let mut used = 0;
    let kept = text.chars().take_while(|character| {
        used += character.width().unwrap_or(0);
        used <= room
    });
    let mut kept: String = kept.collect();
    if columns >= ellipsis.width() {
        kept.push_str(ellipsis);
    }
    kept
}

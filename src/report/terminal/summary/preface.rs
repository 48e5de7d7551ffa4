//! What a run is to be seen with: gates that were changed, and debt.

use std::io::Result;

use unicode_width::UnicodeWidthStr;

use super::{INDENT, Page};
use crate::event::RunState;
use crate::graph::render::mark::Tone;
use crate::graph::render::text::line::Line;
use crate::graph::render::text::paint;
use crate::report::{Verbosity, digest};

/// A place that is wider than this moves what stands behind it.
const WIDEST_PLACE: usize = 40;
/// Columns of the words `owed`, `paid` and `gone`.
const WORD: usize = 6;

impl Page<'_> {
    /// The gates that were weakened: before all else, since all else is judged by them.
    pub(super) fn gates(&mut self, state: &RunState) -> Result<()> {
        let gates = digest::gates(state);
        let places = gates.iter().map(|(place, _)| place.width() + 2);
        let column = INDENT + places.max().unwrap_or(0).min(WIDEST_PLACE);
        if !gates.is_empty() {
            self.gap()?;
            self.alert("gates changed", Tone::Amber)?;
        }
        for (place, message) in gates {
            let mut line = Line::default();
            line.pad(INDENT);
            line.push(format!("{place}  "), paint::BOLD);
            line.pad(column);
            line.push(message, paint::PLAIN);
            self.write(line)?;
        }
        match digest::gates_unknown(state) {
            Some(unknown) if self.verbosity > Verbosity::Quiet => {
                self.gap()?;
                self.alert(&unknown, Tone::Muted)
            }
            _ => Ok(()),
        }
    }

    /// What checkpoints let through, and whether it is paid now.
    pub(super) fn debt(&mut self, state: &RunState) -> Result<()> {
        let debt = state.debt();
        if debt.is_empty() {
            return Ok(());
        }
        self.gap()?;
        self.alert("debt that checkpoints let through", Tone::Amber)?;
        for (word, said) in debt.iter().map(digest::owing) {
            let tone = match word {
                "paid" => Tone::Good,
                "owed" => Tone::Amber,
                _ => Tone::Muted,
            };
            let mut line = Line::default();
            line.pad(INDENT);
            line.push(word, paint::tone(tone));
            line.pad(INDENT + WORD);
            line.push(said, paint::PLAIN);
            self.write(line)?;
        }
        self.gap()
    }

    fn alert(&mut self, text: &str, tone: Tone) -> Result<()> {
        let style = paint::tone(tone);
        let mut line = self.ink.begin(self.ink.signs.alert, style);
        line.push(text, style.bold());
        self.write(line)
    }
}

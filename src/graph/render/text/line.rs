//! One line of terminal text, made of styled pieces.

use std::io::{Result, Write};

use unicode_width::UnicodeWidthStr;

use super::super::Style;
use super::super::mark::truncate;
use super::glyph::Glyphs;

/// A line that knows how wide it is.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pieces: Vec<(String, anstyle::Style)>,
    width: usize,
}

impl Line {
    /// Adds `text`, which is one line without control characters.
    pub(crate) fn push(&mut self, text: impl Into<String>, style: anstyle::Style) {
        let text = text.into();
        self.width += text.width();
        self.pieces.push((text, style));
    }

    /// Adds spaces up to `column`.
    pub(crate) fn pad(&mut self, column: usize) {
        let missing = column.saturating_sub(self.width);
        self.push(" ".repeat(missing), anstyle::Style::new());
    }

    /// Columns used so far.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Writes the line, cut to the width of `style` and without spaces at its end.
    pub(crate) fn write(
        mut self,
        style: &Style,
        glyphs: &Glyphs,
        out: &mut dyn Write,
    ) -> Result<()> {
        self.trim();
        if style.width > 0 && self.width > style.width {
            self.cut(style.width, glyphs.ellipsis);
        }
        for (text, paint) in &self.pieces {
            if style.colour && !paint.is_plain() && !text.trim().is_empty() {
                write!(out, "{paint}{text}{paint:#}")?;
            } else {
                write!(out, "{text}")?;
            }
        }
        writeln!(out)
    }

    fn cut(&mut self, columns: usize, ellipsis: &str) {
        let mut used = 0;
        for (index, (text, _)) in self.pieces.iter_mut().enumerate() {
            if used + text.width() > columns.saturating_sub(ellipsis.width()) {
                let room = columns - used;
                // One column more than there is room for, so that the mark of the cut shows.
                let longer = format!("{text}{}", " ".repeat(room + 1));
                *text = truncate(&longer, room, ellipsis);
                self.pieces.truncate(index + 1);
                return;
            }
            used += text.width();
        }
    }

    fn trim(&mut self) {
        while let Some((text, _)) = self.pieces.last_mut() {
            let kept = text.trim_end_matches(' ').len();
            self.width -= text.len() - kept;
            text.truncate(kept);
            if !text.is_empty() {
                return;
            }
            self.pieces.pop();
        }
    }
}

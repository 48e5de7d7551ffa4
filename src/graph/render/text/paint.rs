//! The colours of the text drawing.

use anstyle::{AnsiColor, Color, Style};

use super::super::mark::Tone;

/// Colours of rails and brackets, in turn; green, red and yellow are left to outcomes.
const RAILS: [AnsiColor; 5] = [
    AnsiColor::Cyan,
    AnsiColor::Magenta,
    AnsiColor::Blue,
    AnsiColor::BrightCyan,
    AnsiColor::BrightMagenta,
];

pub(crate) const PLAIN: Style = Style::new();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const CRITICAL: Style = ansi(AnsiColor::Yellow).bold();

const fn ansi(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(colour)))
}

/// The colour of the rail in a column.
pub(crate) fn rail(column: usize) -> Style {
    ansi(RAILS[column % RAILS.len()])
}

/// The colour of the bracket in a lane, other than that of the rail beside it.
pub(crate) fn bracket(lane: usize) -> Style {
    ansi(RAILS[(lane + 2) % RAILS.len()]).bold()
}

/// The colour of news.
pub(crate) fn tone(tone: Tone) -> Style {
    match tone {
        Tone::Plain => PLAIN,
        Tone::Good => ansi(AnsiColor::Green),
        Tone::Bad => ansi(AnsiColor::Red).bold(),
        Tone::Amber => ansi(AnsiColor::Yellow),
        Tone::Muted => DIM,
    }
}

//! Placed atoms → text.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use super::layout::{Gap, Placed};
use super::lexer::Kind;
use super::wording;

const INDENT: &str = "    ";
const WIDTH: usize = 80;

/// Writes the atoms with their gaps; every line ends with `\n`.
pub(super) fn print(placed: &[Placed<'_>]) -> String {
    let mut printer = Printer {
        placed,
        out: String::new(),
        one_line: 0..0,
    };
    for at in 0..placed.len() {
        printer.write(at);
    }
    if !printer.out.is_empty() {
        printer.out.push('\n');
    }
    printer.out
}

struct Printer<'a> {
    placed: &'a [Placed<'a>],
    out: String,
    /// Indices of the atoms of a block that stands on one line.
    one_line: Range<usize>,
}

impl Printer<'_> {
    fn write(&mut self, at: usize) {
        let placed = &self.placed[at];
        match placed.gap {
            Gap::None => {}
            Gap::Line { level, blank } if !self.one_line.contains(&at) => {
                self.out.push_str(if blank { "\n\n" } else { "\n" });
                self.out.extend(std::iter::repeat_n(INDENT, level));
            }
            Gap::Space | Gap::Line { .. } => self.out.push(' '),
        }
        let indent = INDENT.repeat(placed.level + 1);
        self.out.push_str(&written(placed, &indent));
        if let Some(end) = placed.one_line_to
            && self.fits(at + 1..=end)
        {
            self.one_line = at + 1..end + 1;
        }
    }

    /// Whether these atoms fit what is left of the current line.
    fn fits(&self, range: RangeInclusive<usize>) -> bool {
        let Some(mut width) = self.column() else {
            return false;
        };
        for placed in &self.placed[range] {
            width += usize::from(placed.gap != Gap::None) + placed.text.chars().count();
            if width > WIDTH {
                return false;
            }
        }
        true
    }

    /// Characters on the current line; `None` when they are certainly too many.
    fn column(&self) -> Option<usize> {
        let bytes = self.out.as_bytes();
        let recent = bytes.len().saturating_sub(WIDTH * 4 + 1);
        let newline = bytes[recent..].iter().rposition(|byte| *byte == b'\n');
        let start = match newline {
            Some(at) => recent + at + 1,
            None if recent == 0 => 0,
            None => return None,
        };
        Some(self.out[start..].chars().count())
    }
}

/// The text of an atom; the lines of a string begin with `indent`.
pub(super) fn written<'a>(placed: &Placed<'a>, indent: &str) -> Cow<'a, str> {
    match placed.kind {
        Kind::Word => wording::string(placed.text, indent),
        kind if kind.is_comment() => wording::comment(placed.text),
        _ => Cow::Borrowed(placed.text),
    }
}

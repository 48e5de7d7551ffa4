//! The characters of the text drawing, in Unicode and in ASCII.

use super::super::mark::OutcomeMark;
use super::super::picture::Vertex;
use super::rail::{Cell, Stroke};

/// A set of characters to draw with.
pub(crate) struct Glyphs {
    /// By the sides that a line touches: north 1, south 2, east 4, west 8.
    lines: [char; 16],
    dashed_vertical: char,
    dashed_horizontal: char,
    /// Into a rail on the west, and on the east.
    arrows: [char; 2],
    pub(super) node: char,
    pub(crate) environment: char,
    pub(super) teardown: char,
    /// Whether the mark of an outcome stands on the rail; else its word has a column.
    pub(super) outcome_on_rail: bool,
    /// The bracket of an environment: opens, a user, passes by, closes, all in one.
    pub(super) bracket: [char; 5],
    pub(super) critical: char,
    pub(super) optional: char,
    pub(super) needs: &'static str,
    pub(crate) then: &'static str,
    pub(crate) separator: &'static str,
    pub(crate) ellipsis: &'static str,
}

/// For terminals that speak UTF-8. Each character is one column wide.
pub(crate) const UNICODE: Glyphs = Glyphs {
    lines: [
        ' ', '╵', '╷', '│', '╶', '╰', '╭', '├', '╴', '╯', '╮', '┤', '─', '┴', '┬', '┼',
    ],
    dashed_vertical: '┊',
    dashed_horizontal: '╌',
    arrows: ['◂', '▸'],
    node: '●',
    environment: '◆',
    teardown: '◇',
    outcome_on_rail: true,
    bracket: ['┏', '┣', '┃', '┗', '╺'],
    critical: '★',
    optional: '?',
    needs: "←",
    then: " → ",
    separator: " · ",
    ellipsis: "…",
};

/// For everything else.
pub(crate) const ASCII: Glyphs = Glyphs {
    lines: [
        ' ', '\'', '.', '|', '-', '`', '.', '+', '-', '\'', '.', '+', '-', '+', '+', '+',
    ],
    dashed_vertical: ':',
    dashed_horizontal: '.',
    arrows: ['<', '>'],
    node: 'o',
    environment: 'O',
    teardown: 'x',
    outcome_on_rail: false,
    bracket: ['/', '}', '|', '\\', '['],
    critical: '*',
    optional: '?',
    needs: "<-",
    then: " -> ",
    separator: ", ",
    ellipsis: "...",
};

impl Glyphs {
    /// The character that joins the lines of a cell, which stands before the vertex of
    /// its row or after it.
    pub(super) fn line(&self, cell: &Cell, is_after: bool) -> char {
        if cell.arrow {
            return self.arrows[usize::from(is_after)];
        }
        let sides = [cell.north, cell.south, cell.east, cell.west];
        let bits = sides
            .iter()
            .enumerate()
            .filter(|(_, side)| **side != Stroke::None);
        let index: usize = bits.map(|(bit, _)| 1 << bit).sum();
        let dashed = sides.iter().all(|side| *side != Stroke::Solid);
        match index {
            3 if dashed => self.dashed_vertical,
            12 if dashed => self.dashed_horizontal,
            _ => self.lines[index],
        }
    }

    /// What stands for a vertex on its rail.
    pub(super) fn vertex(&self, vertex: &Vertex) -> char {
        let outcome = vertex.outcome_mark().filter(|_| self.outcome_on_rail);
        match outcome {
            Some(mark) => mark.glyph,
            None if vertex.environment => self.environment,
            None if vertex.teardown_of.is_some() => self.teardown,
            None => self.node,
        }
    }

    /// How the legend shows a dashed rail.
    pub(super) fn dashed(&self) -> char {
        self.dashed_vertical
    }

    /// How the legend shows an outcome.
    pub(super) fn outcome(&self, mark: &OutcomeMark) -> String {
        if self.outcome_on_rail {
            mark.glyph.to_string()
        } else {
            mark.word.to_owned()
        }
    }
}

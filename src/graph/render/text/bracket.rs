//! The brackets at the left of the text drawing: which environments are up at which row.

use super::super::order::Order;
use super::super::picture::{Picture, Scope};

/// What the bracket of an environment does in a row; the value is its place in
/// [`super::glyph::Glyphs::bracket`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The environment comes up.
    Opens = 0,
    /// The row is a user's.
    Holds = 1,
    /// The row has nothing to do with it.
    Passes = 2,
    /// The environment goes down, or its last user is here.
    Closes = 3,
    /// Nobody uses it and nothing takes it down.
    Lone = 4,
}

/// The bracket of one environment, in the lane that it has for itself meanwhile.
pub(super) struct Bracket {
    pub(super) lane: usize,
    first: usize,
    last: usize,
    /// Rows of its members, ascending.
    rows: Vec<usize>,
}

impl Bracket {
    /// What it does in `row`, if it reaches there.
    pub(super) fn part(&self, row: usize) -> Option<Part> {
        if row < self.first || row > self.last {
            return None;
        }
        Some(if self.first == self.last {
            Part::Lone
        } else if row == self.first {
            Part::Opens
        } else if row == self.last {
            Part::Closes
        } else if self.rows.binary_search(&row).is_ok() {
            Part::Holds
        } else {
            Part::Passes
        })
    }
}

/// Brackets for all scopes, in the order in which they open; the longer one outside
/// where two open together.
pub(super) fn brackets(picture: &Picture, order: &Order) -> Vec<Bracket> {
    let scopes = picture.sound_scopes();
    let mut brackets: Vec<Bracket> = scopes.iter().map(|scope| span(scope, order)).collect();
    brackets.sort_by_key(|bracket| (bracket.first, std::cmp::Reverse(bracket.last)));
    let mut free_from: Vec<usize> = Vec::new();
    for bracket in &mut brackets {
        let free = free_from.iter().position(|&row| row <= bracket.first);
        bracket.lane = free.unwrap_or(free_from.len());
        free_from.resize(free_from.len().max(bracket.lane + 1), 0);
        free_from[bracket.lane] = bracket.last + 1;
    }
    brackets
}

fn span(scope: &Scope, order: &Order) -> Bracket {
    let mut rows: Vec<usize> = scope.members().map(|it| order.position[it]).collect();
    rows.sort_unstable();
    Bracket {
        lane: 0,
        first: rows[0],
        last: rows[rows.len() - 1],
        rows,
    }
}

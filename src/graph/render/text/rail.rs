//! The rails of the text drawing: which columns hold a line from a vertex that others
//! still wait for, and how the line of each vertex ties into them.
//!
//! A vertex that somebody waits for opens one rail. Each row below shows whom it
//! feeds, and it ends at the last of them. Vertices that lead to the same others share
//! a rail beside them, so that thirty tests before a report take two columns. There is
//! one row for each vertex, so the drawing is as long as the graph has vertices, and as
//! wide as rails are open at once; past `limit` columns a rail is not drawn (the list
//! of needs at the end of the line says it anyway).

use std::cmp::Reverse;

/// How a line is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stroke {
    /// Not at all.
    #[default]
    None,
    /// Dashed: only order.
    Dashed,
    /// Solid: a need.
    Solid,
}

/// A vertex, by its position, that waits for the owner of a rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    pub(super) position: usize,
    pub(super) stroke: Stroke,
}

/// One place of a row, with a line to each side that it touches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) north: Stroke,
    pub(super) south: Stroke,
    pub(super) west: Stroke,
    pub(super) east: Stroke,
    /// The column whose colour it has.
    pub(super) colour: Option<usize>,
    /// Whether the line points east or west here, into a rail that it joins.
    pub(super) arrow: bool,
}

/// One row of the drawing. Column `n` stands at cell `2 * n`; between columns there
/// is one cell for what runs across.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    /// The column of the vertex.
    pub(super) vertex: usize,
}

/// Where the line of a vertex leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Leads {
    /// Who waits for it, in the order of their positions.
    pub(super) targets: Vec<Target>,
    /// The number of the rail that it shares, if it does.
    pub(super) shared: Option<usize>,
}

struct Rail {
    shared: Option<usize>,
    /// Who still waits, the next one last.
    targets: Vec<Target>,
    /// How many of them wait on a solid line.
    solid: usize,
}

struct Feed {
    column: usize,
    ends: bool,
    stroke: Stroke,
}

/// The rails that are open between two rows.
pub(super) struct Rails {
    columns: Vec<Option<Rail>>,
    limit: usize,
    /// How many links have no line because the drawing is full.
    pub(super) undrawn: usize,
}

impl Rails {
    /// No rails yet, and never more than `limit` of them.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            columns: Vec::new(),
            limit,
            undrawn: 0,
        }
    }

    /// The row of the vertex at `position`.
    pub(super) fn place(&mut self, position: usize, leads: &Leads) -> Row {
        let mut row = self.verticals();
        let feeds = self.arrive(position);
        row.vertex = self.column_for(&feeds);
        self.tie(&mut row, &feeds);
        if !leads.targets.is_empty() && !self.share(&mut row, leads) {
            self.open(row.vertex, leads);
        }
        row
    }

    fn verticals(&self) -> Row {
        let mut row = Row::default();
        for (column, rail) in self.columns.iter().enumerate() {
            if let Some(rail) = rail {
                let stroke = rail.stroke();
                let cell = row.cell(column);
                (cell.north, cell.south, cell.colour) = (stroke, stroke, Some(column));
            }
        }
        row
    }

    /// Takes the vertex off the rails that feed it, and ends those that fed it last.
    fn arrive(&mut self, position: usize) -> Vec<Feed> {
        let mut feeds = Vec::new();
        for (column, slot) in self.columns.iter_mut().enumerate() {
            let Some(rail) = slot else { continue };
            let Some(target) = rail.targets.pop_if(|next| next.position == position) else {
                continue;
            };
            rail.solid -= usize::from(target.stroke == Stroke::Solid);
            let ends = rail.targets.is_empty();
            if ends {
                *slot = None;
            }
            feeds.push(Feed {
                column,
                ends,
                stroke: target.stroke,
            });
        }
        feeds
    }

    /// The column of a rail that ends here, a solid one if possible, else the free
    /// column nearest to what feeds it.
    fn column_for(&self, feeds: &[Feed]) -> usize {
        let ends = feeds.iter().filter(|feed| feed.ends);
        if let Some(feed) = ends.min_by_key(|feed| Reverse(feed.stroke)) {
            return feed.column;
        }
        let near = feeds.last().map_or(0, |feed| feed.column);
        let free = |&column: &usize| self.columns.get(column).is_none_or(Option::is_none);
        (0..=self.columns.len())
            .filter(free)
            .min_by_key(|&column| (column.abs_diff(near), column < near))
            .unwrap_or(0)
    }

    fn tie(&self, row: &mut Row, feeds: &[Feed]) {
        let column = row.vertex;
        for feed in feeds {
            let still = self.columns[feed.column].as_ref();
            row.cell(feed.column).south = still.map_or(Stroke::None, Rail::stroke);
        }
        // The nearest first: a farther line passes through its tie, and keeps its colour.
        let mut others: Vec<&Feed> = feeds.iter().filter(|it| it.column != column).collect();
        others.sort_by_key(|feed| feed.column.abs_diff(column));
        for feed in others {
            row.run(feed.column, column, feed.stroke);
        }
    }

    /// Ties the vertex to the rail that it shares, and opens that if it is the first.
    /// Says whether there was a way from one to the other.
    fn share(&mut self, row: &mut Row, leads: &Leads) -> bool {
        if leads.shared.is_none() {
            return false;
        }
        let is_it = |slot: &Option<Rail>| slot.as_ref().is_some_and(|it| it.shared == leads.shared);
        let stroke = Rail::to(leads).stroke();
        if let Some(column) = self.columns.iter().position(is_it) {
            let is_clear = row.is_clear(column);
            if is_clear {
                row.join(column, stroke);
            }
            return is_clear;
        }
        let free = |&column: &usize| self.columns.get(column).is_none_or(Option::is_none);
        let beside = (row.vertex + 1..self.limit).find(free);
        let Some(column) = beside.filter(|&column| row.is_clear(column)) else {
            return false;
        };
        row.run(column, row.vertex, stroke);
        row.cell(column).south = stroke;
        row.cell(column).colour = Some(column);
        self.open(column, leads);
        true
    }

    fn open(&mut self, column: usize, leads: &Leads) {
        if column >= self.limit {
            self.undrawn += leads.targets.len();
            return;
        }
        if column >= self.columns.len() {
            self.columns.resize_with(column + 1, || None);
        }
        self.columns[column] = Some(Rail::to(leads));
    }
}

impl Rail {
    fn to(leads: &Leads) -> Self {
        let solid = |target: &&Target| target.stroke == Stroke::Solid;
        Self {
            shared: leads.shared,
            solid: leads.targets.iter().filter(solid).count(),
            targets: leads.targets.iter().rev().copied().collect(),
        }
    }

    fn stroke(&self) -> Stroke {
        if self.solid > 0 {
            Stroke::Solid
        } else {
            Stroke::Dashed
        }
    }
}

impl Row {
    fn cell(&mut self, column: usize) -> &mut Cell {
        self.at(2 * column)
    }

    fn at(&mut self, index: usize) -> &mut Cell {
        if self.cells.len() <= index {
            self.cells.resize(index + 1, Cell::default());
        }
        &mut self.cells[index]
    }

    /// Whether nothing runs across between the vertex and the rail at `column`.
    fn is_clear(&self, column: usize) -> bool {
        let (left, right) = (column.min(self.vertex), column.max(self.vertex));
        let cells = self.cells.iter().take(2 * right).skip(2 * left + 1);
        let mut across = cells.map(|cell| cell.west.max(cell.east));
        across.all(|stroke| stroke == Stroke::None)
    }

    /// A line from the vertex into the rail at `column`.
    fn join(&mut self, column: usize, stroke: Stroke) {
        self.run(column, self.vertex, stroke);
        let beside = if column < self.vertex {
            2 * column + 1
        } else {
            2 * column - 1
        };
        self.at(beside).arrow = true;
    }

    /// A line from the rail at `from` to the vertex at `to`. It passes behind the
    /// rails in between, so that a crossing never looks like a tie.
    fn run(&mut self, from: usize, to: usize, stroke: Stroke) {
        let (left, right) = (from.min(to), from.max(to));
        let start = self.cell(from);
        if from < to {
            start.east = start.east.max(stroke);
        } else {
            start.west = start.west.max(stroke);
        }
        for index in 2 * left + 1..2 * right {
            let cell = self.at(index);
            let crossed = cell.north != Stroke::None || cell.south != Stroke::None;
            let tied = crossed && (cell.west != Stroke::None || cell.east != Stroke::None);
            if !crossed || tied {
                cell.west = cell.west.max(stroke);
                cell.east = cell.east.max(stroke);
            }
            cell.colour.get_or_insert(from);
        }
        let end = self.cell(to);
        if from < to {
            end.west = end.west.max(stroke);
        } else {
            end.east = end.east.max(stroke);
        }
    }
}

//! The lines of the text drawing: what stands beside the rails, and in which column.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::super::mark::{CriticalPath, duration, plain, truncate};
use super::super::order::Order;
use super::super::picture::{Link, LinkKind, Picture, Vertex};
use super::bracket::{Bracket, brackets};
use super::glyph::Glyphs;
use super::line::Line;
use super::paint;
use super::rail::Row;

/// Columns between two parts of a line.
const GAP: usize = 2;
/// A name is never cut below this.
const SHORTEST_ID: usize = 8;
/// With less room than this the list of needs says nothing.
const SHORTEST_NOTE: usize = 10;

/// Everything that a line is made from.
pub(super) struct Sheet<'a> {
    picture: &'a Picture,
    order: &'a Order,
    glyphs: &'a Glyphs,
    critical: CriticalPath,
    brackets: Vec<Bracket>,
    waits: Vec<Vec<&'a Link>>,
    columns: Columns,
}

/// How wide each part of a line is; what is not shown is 0.
#[derive(Debug, Clone, Copy, Default)]
struct Columns {
    wave: usize,
    lanes: usize,
    rails: usize,
    status: usize,
    id: usize,
    kind: usize,
    time: usize,
    note: usize,
}

impl<'a> Sheet<'a> {
    /// The lines of `picture`, as wide as they like.
    pub(super) fn of(picture: &'a Picture, order: &'a Order, glyphs: &'a Glyphs) -> Self {
        let mut waits = vec![Vec::new(); picture.vertices.len()];
        for link in picture.sound_links() {
            waits[link.to].push(link);
        }
        Self {
            picture,
            order,
            glyphs,
            critical: CriticalPath::of(picture),
            brackets: brackets(picture, order),
            waits,
            columns: Columns::default(),
        }
    }

    /// Finds room for each part beside `rows` in `width` columns. The list of needs
    /// goes first, then the kind; names are cut last.
    pub(super) fn fit(mut self, rows: &[Row], width: usize) -> Self {
        let vertices = &self.picture.vertices;
        let last_wave = self.order.wave.iter().max().copied().unwrap_or(0);
        let lanes = self.brackets.iter().map(|it| it.lane + 1).max();
        let status = |it: &Vertex| it.outcome_mark().map_or(0, |mark| mark.word.len());
        let widest = |part: &dyn Fn(usize) -> usize| (0..vertices.len()).map(part).max();
        let mut columns = Columns {
            wave: if last_wave == 0 {
                0
            } else {
                digits(last_wave + 1)
            },
            lanes: lanes.unwrap_or(0),
            rails: rows.iter().map(Row::width).max().unwrap_or(0),
            status: widest(&|it| status(&vertices[it])).unwrap_or(0),
            id: widest(&|it| self.id(it).width() + self.badges(it).width()).unwrap_or(0),
            kind: widest(&|it| plain(&vertices[it].kind).width()).unwrap_or(0),
            time: widest(&|it| time(&vertices[it]).width()).unwrap_or(0),
            note: usize::MAX,
        };
        if self.glyphs.outcome_on_rail {
            columns.status = 0;
        }
        if width > 0 {
            columns.shrink(width);
        }
        self.columns = columns;
        self
    }

    /// The line of a vertex, beside its rails.
    pub(super) fn line(&self, row: &Row, vertex: usize) -> Line {
        let mut line = Line::default();
        self.wave(&mut line, vertex);
        self.lanes(&mut line, vertex);
        self.rails(&mut line, row, vertex);
        self.words(&mut line, vertex);
        line
    }

    fn wave(&self, line: &mut Line, vertex: usize) {
        let width = self.columns.wave;
        if width > 0 {
            let number = self.order.wave[vertex] + 1;
            line.push(format!("{number:>width$} "), paint::DIM);
        }
    }

    fn lanes(&self, line: &mut Line, vertex: usize) {
        if self.columns.lanes == 0 {
            return;
        }
        let mut lanes = vec![' '; self.columns.lanes];
        for bracket in &self.brackets {
            if let Some(part) = bracket.part(self.order.position[vertex]) {
                lanes[bracket.lane] = self.glyphs.bracket[part as usize];
            }
        }
        for (lane, glyph) in lanes.into_iter().enumerate() {
            line.push(glyph, paint::bracket(lane));
        }
        line.push(" ", paint::PLAIN);
    }

    fn rails(&self, line: &mut Line, row: &Row, vertex: usize) {
        let start = line.width();
        let own = 2 * row.vertex;
        for index in 0..row.width() {
            let cell = row.cells.get(index).copied().unwrap_or_default();
            if index == own {
                let vertex = &self.picture.vertices[vertex];
                line.push(self.glyphs.vertex(vertex), paint::tone(vertex.tone()));
            } else {
                let style = cell.colour.map_or(paint::PLAIN, paint::rail);
                line.push(self.glyphs.line(&cell, index > own), style);
            }
        }
        line.pad(start + self.columns.rails + GAP);
    }

    fn words(&self, line: &mut Line, index: usize) {
        let vertex = &self.picture.vertices[index];
        let tone = paint::tone(vertex.tone());
        let columns = &self.columns;
        let mut edge = line.width();
        let mut part = |line: &mut Line, width: usize, fill: &dyn Fn(&mut Line)| {
            if width > 0 {
                fill(line);
                edge += width + GAP;
                line.pad(edge);
            }
        };
        let word = vertex.outcome_mark().map_or("", |mark| mark.word);
        let time = time(vertex);
        part(line, columns.status, &|line| line.push(word, tone));
        part(line, columns.id, &|line| self.name(line, index, tone));
        part(line, columns.kind, &|line| {
            line.push(plain(&vertex.kind), paint::DIM);
        });
        part(line, columns.time, &|line| {
            line.push(format!("{time:>0$}", columns.time), paint::PLAIN);
        });
        if columns.note >= SHORTEST_NOTE {
            let note = truncate(&self.note(index), columns.note, self.glyphs.ellipsis);
            line.push(note, paint::DIM);
        }
    }

    fn name(&self, line: &mut Line, index: usize, tone: Style) {
        let badges = self.badges(index);
        let room = self.columns.id.saturating_sub(badges.width());
        let bold = if self.critical.has(index) {
            tone.bold()
        } else {
            tone
        };
        line.push(truncate(&self.id(index), room, self.glyphs.ellipsis), bold);
        line.push(badges, paint::CRITICAL);
    }

    fn id(&self, index: usize) -> String {
        plain(&self.picture.vertices[index].id)
    }

    fn badges(&self, index: usize) -> String {
        let optional = !self.picture.vertices[index].required;
        let shown = [
            (optional, self.glyphs.optional),
            (self.critical.has(index), self.glyphs.critical),
        ];
        let shown = shown.into_iter().filter(|(shown, _)| *shown);
        shown.flat_map(|(_, badge)| [' ', badge]).collect()
    }

    /// Why it is left out, what it takes down, and what it waits for.
    fn note(&self, index: usize) -> String {
        let vertex = &self.picture.vertices[index];
        let reason = vertex.skipped.as_ref();
        let ends = vertex
            .teardown_of
            .filter(|&it| it < self.picture.vertices.len());
        let waits: Vec<String> = self.waits[index]
            .iter()
            .filter(|link| ends.is_none() || link.kind != LinkKind::Finalises)
            .map(|link| self.wait(link))
            .collect();
        let list = format!("{} {}", self.glyphs.needs, waits.join(", "));
        let parts = [
            reason.map(|reason| format!("skipped: {}", plain(reason))),
            ends.map(|environment| format!("takes down {}", self.id(environment))),
            (!waits.is_empty()).then_some(list),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join("  ")
    }

    fn wait(&self, link: &Link) -> String {
        let from = self.id(link.from);
        match &link.kind {
            LinkKind::Needs | LinkKind::Finalises => from,
            LinkKind::After => format!("after {from}"),
            LinkKind::Conflict { glob } => format!("after {from} ({})", plain(glob)),
        }
    }
}

impl Columns {
    fn shrink(&mut self, width: usize) {
        let fixed = [self.wave, self.lanes]
            .map(with_space)
            .iter()
            .sum::<usize>();
        let room = width.saturating_sub(fixed + self.rails + GAP);
        let words = |columns: &Self| {
            let parts = [columns.status, columns.kind, columns.time];
            parts.into_iter().map(with_gap).sum::<usize>()
        };
        if self.id + words(self) > room {
            self.kind = 0;
        }
        let left = room.saturating_sub(words(self));
        self.id = self.id.min(left.max(SHORTEST_ID));
        self.note = left.saturating_sub(self.id + GAP);
    }
}

impl Row {
    fn width(&self) -> usize {
        self.cells.len().max(2 * self.vertex + 1)
    }
}

fn time(vertex: &Vertex) -> String {
    vertex.duration_ms.map_or(String::new(), duration)
}

fn digits(number: usize) -> usize {
    number.to_string().len()
}

fn with_space(width: usize) -> usize {
    if width > 0 { width + 1 } else { 0 }
}

fn with_gap(width: usize) -> usize {
    if width > 0 { width + GAP } else { 0 }
}

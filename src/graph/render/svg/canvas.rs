//! The layout of the SVG in pixels: boxes, the curves between them, and the legend's room.

use unicode_width::UnicodeWidthStr;

use super::super::mark::{duration, plain, truncate};
use super::super::order::Order;
use super::super::picture::{Link, LinkKind, Picture, Vertex};
use super::layout::{Layout, Place, layout};

/// Space around the drawing.
pub(super) const MARGIN: f64 = 24.0;
/// The title's share of the top.
pub(super) const HEAD: f64 = 52.0;
pub(super) const BOX_HEIGHT: f64 = 46.0;
/// From the left side of a box to its text.
pub(super) const INSET: f64 = 14.0;
/// The widths of a character: a monospaced one is 0.6 em wide, or a little less.
pub(super) const WIDE_CHARACTER: f64 = 13.0 * 0.61;
pub(super) const SMALL_CHARACTER: f64 = 11.0 * 0.61;
const LABEL_CHARACTER: f64 = 10.0 * 0.61;

/// Between two columns, where no label asks for more.
const GAP: f64 = 60.0;
/// For the mark at the right of a box.
const MARK: f64 = 24.0;
/// Longer names are cut; pointing at the box tells them in full.
const LONGEST_ID: usize = 30;
const LONGEST_GLOB: usize = 24;

/// One box.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Frame {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
}

/// Where everything is, in pixels.
pub(super) struct Canvas {
    pub(super) frames: Vec<Frame>,
    /// For each link, where its curve passes.
    pub(super) curves: Vec<Vec<(f64, f64)>>,
    pub(super) width: f64,
    /// Down to the lowest box.
    pub(super) height: f64,
}

impl Canvas {
    pub(super) fn of(picture: &Picture, order: &Order, links: &[&Link]) -> Self {
        let layout = layout(picture, order, links, BOX_HEIGHT);
        let columns = Columns::of(picture, order, links);
        let frame = |place: &Place| Frame {
            x: columns.left(place.column),
            y: HEAD + place.y - BOX_HEIGHT / 2.0,
            width: columns.widths[place.column],
        };
        let frames: Vec<Frame> = layout.places.iter().map(frame).collect();
        let curves = links.iter().zip(&layout.routes);
        let curves = curves.map(|(link, route)| columns.curve(&layout, link, route));
        Self {
            curves: curves.collect(),
            frames,
            width: columns.end(),
            height: HEAD + layout.height,
        }
    }
}

struct Columns {
    lefts: Vec<f64>,
    widths: Vec<f64>,
}

impl Columns {
    fn of(picture: &Picture, order: &Order, links: &[&Link]) -> Self {
        let count = order.wave.iter().max().map_or(0, |last| last + 1);
        let mut widths = vec![0.0_f64; count];
        for (vertex, &column) in picture.vertices.iter().zip(&order.wave) {
            widths[column] = widths[column].max(box_width(vertex));
        }
        let mut gaps = vec![GAP; count];
        for link in links {
            if let Some(glob) = glob(link) {
                let gap = &mut gaps[order.wave[link.to] - 1];
                *gap = gap.max(pixels(glob.width()) * LABEL_CHARACTER + 2.0 * INSET);
            }
        }
        let mut next = MARGIN;
        let left = |(width, gap): (&f64, &f64)| {
            let left = next;
            next += width + gap;
            left
        };
        Self {
            lefts: widths.iter().zip(&gaps).map(left).collect(),
            widths,
        }
    }

    fn left(&self, column: usize) -> f64 {
        self.lefts[column]
    }

    fn right(&self, column: usize) -> f64 {
        self.lefts[column] + self.widths[column]
    }

    fn end(&self) -> f64 {
        self.lefts
            .len()
            .checked_sub(1)
            .map_or(MARGIN, |last| self.right(last))
            + MARGIN
    }

    /// Level where it passes a column, free to bend between two.
    fn curve(&self, layout: &Layout, link: &Link, route: &[Place]) -> Vec<(f64, f64)> {
        let (from, to) = (layout.places[link.from], layout.places[link.to]);
        let passes = route.iter().flat_map(|place| {
            let sides = [self.left(place.column), self.right(place.column)];
            sides.map(|x| (x, HEAD + place.y))
        });
        std::iter::once((self.right(from.column), HEAD + from.y))
            .chain(passes)
            .chain([(self.left(to.column), HEAD + to.y)])
            .collect()
    }
}

fn box_width(vertex: &Vertex) -> f64 {
    let id = pixels(shown_id(vertex).width()) * WIDE_CHARACTER;
    let below = pixels(subtitle(vertex).width()) * SMALL_CHARACTER;
    INSET + id.max(below) + MARK
}

/// The name as it stands in the box.
pub(super) fn shown_id(vertex: &Vertex) -> String {
    truncate(&plain(&vertex.id), LONGEST_ID, "…")
}

/// What stands below the name.
pub(super) fn subtitle(vertex: &Vertex) -> String {
    let shape = match (vertex.environment, vertex.teardown_of) {
        (true, _) => "◆ ",
        (_, Some(_)) => "◇ ",
        _ => "",
    };
    let time = vertex
        .duration_ms
        .map(|time| format!(" · {}", duration(time)));
    let kind = format!("{shape}{}{}", plain(&vertex.kind), time.unwrap_or_default());
    truncate(&kind, LONGEST_ID, "…")
}

/// The label of a conflict.
pub(super) fn glob(link: &Link) -> Option<String> {
    match &link.kind {
        LinkKind::Conflict { glob } => Some(truncate(&plain(glob), LONGEST_GLOB, "…")),
        _ => None,
    }
}

/// A count of columns of text as a number to multiply.
pub(super) fn pixels(columns: usize) -> f64 {
    f64::from(u32::try_from(columns).unwrap_or(u32::MAX))
}

//! The drawing for the terminal: a line for each node, in an order in which they could
//! run one by one.
//!
//! ```text
//! 1   ✓      format     format   412 ms
//! 2   ├─✗    unit       test      5.3 s  ← format
//! 1 ┏ │ │ ✓  db ★       setup     1.9 s
//! 2 ┣ │ │ ✓  migrate ★  command  700 ms  ← db
//! │ │ │      │          │        │       what it waits for
//! │ │ rails  name       kind     time
//! │ environments that are up
//! wave
//! ```

use std::collections::BTreeMap;
use std::io::{Result, Write};

mod bracket;
mod caption;
pub(crate) mod glyph;
pub(crate) mod line;
pub(crate) mod paint;
mod rail;
mod sheet;

use self::glyph::{ASCII, UNICODE};
use self::rail::{Leads, Rails, Row, Stroke, Target};
use self::sheet::Sheet;
use super::Style;
use super::order::Order;
use super::picture::Picture;
use super::reduction::essential_links;

/// As many vertices that lead to the same others share one rail.
const CROWD: usize = 4;

/// Draws `picture` with rails, as wide as `style` says.
pub(super) fn render(picture: &Picture, style: &Style, out: &mut dyn Write) -> Result<()> {
    let glyphs = if style.ascii { &ASCII } else { &UNICODE };
    let order = Order::of(picture);
    let drawing = Drawing::of(picture, &order, style.width);
    let sheet = Sheet::of(picture, &order, glyphs).fit(&drawing.rows, style.width);
    caption::title(picture, &order, glyphs).write(style, glyphs, out)?;
    writeln!(out)?;
    for (row, &vertex) in drawing.rows.iter().zip(&order.sequence) {
        sheet.line(row, vertex).write(style, glyphs, out)?;
    }
    for line in caption::legend(picture, glyphs, style.width) {
        line.write(style, glyphs, out)?;
    }
    if drawing.undrawn > 0 {
        caption::undrawn(drawing.undrawn, glyphs).write(style, glyphs, out)?;
    }
    Ok(())
}

/// The rows of rails.
struct Drawing {
    rows: Vec<Row>,
    undrawn: usize,
}

impl Drawing {
    fn of(picture: &Picture, order: &Order, width: usize) -> Self {
        let leads = leads(picture, order);
        let mut rails = Rails::new(rail_limit(width));
        let vertices = order.sequence.iter().enumerate();
        let rows = vertices.map(|(position, &vertex)| rails.place(position, &leads[vertex]));
        Self {
            rows: rows.collect(),
            undrawn: rails.undrawn,
        }
    }
}

/// Where the line of each vertex leads; a rail is shared from [`CROWD`] vertices on.
fn leads(picture: &Picture, order: &Order) -> Vec<Leads> {
    let mut leads = vec![Leads::default(); picture.vertices.len()];
    for link in essential_links(picture, order) {
        leads[link.from].targets.push(Target {
            position: order.position[link.to],
            stroke: if link.kind.only_orders() {
                Stroke::Dashed
            } else {
                Stroke::Solid
            },
        });
    }
    let mut alike: BTreeMap<&[Target], Vec<usize>> = BTreeMap::new();
    for (vertex, leads) in leads.iter().enumerate() {
        alike.entry(&leads.targets).or_default().push(vertex);
    }
    let crowds = alike.into_values().filter(|alike| alike.len() >= CROWD);
    let crowds: Vec<Vec<usize>> = crowds.collect();
    for (number, crowd) in crowds.into_iter().enumerate() {
        for vertex in crowd {
            leads[vertex].shared = Some(number);
        }
    }
    leads
}

/// A third of the line at most is for rails, two columns each.
fn rail_limit(width: usize) -> usize {
    match width {
        0 => 40,
        _ => (width / 6).clamp(2, 40),
    }
}

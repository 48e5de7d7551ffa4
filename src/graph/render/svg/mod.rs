//! A picture that stands alone: no script, no font, no file beside it. It follows the
//! reader's choice of light or dark, and each box says more when pointed at.

use std::io::{Result, Write};

use unicode_width::UnicodeWidthStr;

mod canvas;
mod lattice;
mod layout;
mod legend;
mod link;
mod node;
mod xml;

use self::canvas::{Canvas, MARGIN, SMALL_CHARACTER, pixels};
use self::legend::Legend;
use self::xml::escaped;
use super::Style;
use super::mark::{CriticalPath, counted, duration, plain};
use super::order::Order;
use super::picture::Picture;
use super::reduction::essential_links;

/// Looks for light pages, then for dark ones. Only plain properties: several viewers
/// know no CSS variables.
const LOOKS: &str = include_str!("looks.css");
/// How many looks there are for the background of an environment.
const ZONES: usize = 4;
const TITLE_CHARACTER: f64 = 11.0;

/// Writes one `<svg>` element.
pub(super) fn render(picture: &Picture, _style: &Style, out: &mut dyn Write) -> Result<()> {
    let order = Order::of(picture);
    let links = essential_links(picture, &order);
    let canvas = Canvas::of(picture, &order, &links);
    let critical = CriticalPath::of(picture);
    let head = Head::of(picture, &order);
    let width = canvas.width.max(head.width()).ceil();
    let legend = Legend::of(picture, width);
    let below = canvas.height + MARGIN;
    head.draw((width, below + legend.height() + MARGIN / 2.0), out)?;
    link::draw_zones(picture, &links, &canvas, out)?;
    link::draw(&links, &critical, &canvas, out)?;
    node::draw(picture, &critical, &canvas.frames, out)?;
    legend.draw(below, out)?;
    writeln!(out, "</svg>")
}

/// What stands above the drawing.
struct Head {
    title: String,
    facts: String,
}

impl Head {
    fn of(picture: &Picture, order: &Order) -> Self {
        let waves = order.wave.iter().max().map_or(0, |last| last + 1);
        let (nodes, waves) = (
            counted(picture.vertices.len(), "node"),
            counted(waves, "wave"),
        );
        let run = picture.run.as_ref().map(|run| {
            let time = duration(run.duration_ms);
            format!(" · run {} {} in {time}", run.id, run.verdict)
        });
        Self {
            title: plain(&picture.title),
            facts: plain(&format!("{nodes} · {waves}{}", run.unwrap_or_default())),
        }
    }

    fn width(&self) -> f64 {
        let title = pixels(self.title.width()) * TITLE_CHARACTER;
        let facts = pixels(self.facts.width()) * SMALL_CHARACTER;
        title.max(facts) + 2.0 * MARGIN
    }

    /// Opens the element and draws the page and the head on it.
    fn draw(&self, (width, height): (f64, f64), out: &mut dyn Write) -> Result<()> {
        let (title, facts) = (escaped(&self.title), escaped(&self.facts));
        writeln!(
            out,
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="sdd-graph" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}">
<title>{title}</title>
<style>
{LOOKS}</style>
<rect class="page" width="{width}" height="{height}"/>
<text class="title" x="{MARGIN}" y="26">{title}</text>
<text class="fact" x="{MARGIN}" y="43">{facts}</text>"#
        )
    }
}

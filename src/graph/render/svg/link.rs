//! Lines between boxes, and the backgrounds of environments, which follow them.

use std::fmt::Write as _;
use std::io::{Result, Write};

use super::super::mark::CriticalPath;
use super::super::picture::{Link, LinkKind, Picture};
use super::canvas::{BOX_HEIGHT, Canvas, Frame, glob};
use super::xml::escaped;

/// How far the background of an environment reaches beyond its boxes.
const HALO: f64 = 7.0;

/// Draws the background of each environment: a halo around the boxes and lines of its
/// members. A group is made translucent as a whole, so that overlaps in it don't show.
pub(super) fn draw_zones(
    picture: &Picture,
    links: &[&Link],
    canvas: &Canvas,
    out: &mut dyn Write,
) -> Result<()> {
    for (index, scope) in picture.sound_scopes().iter().enumerate() {
        let id = escaped(&picture.vertices[scope.environment].id);
        let zone = index % super::ZONES;
        writeln!(
            out,
            r#"<g class="zone zone-{zone}"><title>{id} is up</title>"#
        )?;
        let mut is_member = vec![false; picture.vertices.len()];
        for member in scope.members() {
            is_member[member] = true;
            draw_halo(&canvas.frames[member], out)?;
        }
        for (link, curve) in links.iter().zip(&canvas.curves) {
            if is_member[link.from] && is_member[link.to] {
                writeln!(out, r#"<path d="{}"/>"#, path(curve))?;
            }
        }
        writeln!(out, "</g>")?;
    }
    Ok(())
}

fn draw_halo(frame: &Frame, out: &mut dyn Write) -> Result<()> {
    let (x, y) = (frame.x - HALO, frame.y - HALO);
    let (width, height) = (frame.width + 2.0 * HALO, BOX_HEIGHT + 2.0 * HALO);
    writeln!(
        out,
        r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="14"/>"#
    )
}

/// Draws all lines, those of the critical path above the others.
pub(super) fn draw(
    links: &[&Link],
    critical: &CriticalPath,
    canvas: &Canvas,
    out: &mut dyn Write,
) -> Result<()> {
    let drawn = || links.iter().zip(&canvas.curves);
    for decisive in [false, true] {
        for (link, curve) in drawn().filter(|(it, _)| critical.joins(it.from, it.to) == decisive) {
            draw_link(link, curve, if decisive { " decisive" } else { "" }, out)?;
        }
    }
    drawn().try_for_each(|(link, curve)| draw_glob(link, curve, out))
}

fn draw_link(link: &Link, curve: &[(f64, f64)], extra: &str, out: &mut dyn Write) -> Result<()> {
    let class = match &link.kind {
        LinkKind::Needs | LinkKind::Finalises => "link",
        LinkKind::After => "link after",
        LinkKind::Conflict { .. } => "link conflict",
    };
    writeln!(out, r#"<path class="{class}{extra}" d="{}"/>"#, path(curve))?;
    let &(x, y) = curve.last().expect("a curve has two ends");
    let (back, top, bottom) = (x - 7.0, y - 4.0, y + 4.0);
    writeln!(
        out,
        r#"<path class="tip" d="M{x:.1} {y:.1}L{back:.1} {top:.1}L{back:.1} {bottom:.1}Z"/>"#
    )
}

/// The glob of a conflict stands on the last stretch of its line.
fn draw_glob(link: &Link, curve: &[(f64, f64)], out: &mut dyn Write) -> Result<()> {
    let (Some(glob), &[.., from, to]) = (glob(link), curve) else {
        return Ok(());
    };
    let (x, y) = (
        f64::midpoint(from.0, to.0),
        f64::midpoint(from.1, to.1) - 4.0,
    );
    let glob = escaped(&glob);
    writeln!(
        out,
        r#"<text class="glob" text-anchor="middle" x="{x:.1}" y="{y:.1}">{glob}</text>"#
    )
}

/// Smooth between columns, level where it meets one.
fn path(curve: &[(f64, f64)]) -> String {
    let (x, y) = curve[0];
    let mut path = format!("M{x:.1} {y:.1}");
    for pair in curve.windows(2) {
        let ((from_x, from_y), (x, y)) = (pair[0], pair[1]);
        let bend = f64::midpoint(from_x, x);
        let drawn = if (from_y - y).abs() < 0.05 {
            write!(path, "H{x:.1}")
        } else {
            write!(
                path,
                "C{bend:.1} {from_y:.1} {bend:.1} {y:.1} {x:.1} {y:.1}"
            )
        };
        drawn.expect("a string takes all that is written to it");
    }
    path
}

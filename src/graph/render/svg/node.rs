//! The box of a vertex, and what it says when pointed at.

use std::io::{Result, Write};

use super::super::mark::{CriticalPath, Tone};
use super::super::picture::{Picture, Vertex};
use super::canvas::{BOX_HEIGHT, Frame, INSET, shown_id, subtitle};
use super::xml::{escaped, escaped_lines};

/// Draws all boxes.
pub(super) fn draw(
    picture: &Picture,
    critical: &CriticalPath,
    frames: &[Frame],
    out: &mut dyn Write,
) -> Result<()> {
    let mut waits_for = vec![Vec::new(); picture.vertices.len()];
    for link in picture.sound_links() {
        waits_for[link.to].push(picture.vertices[link.from].id.as_str());
    }
    for (index, vertex) in picture.vertices.iter().enumerate() {
        let decisive = if critical.has(index) { " critical" } else { "" };
        let optional = if vertex.required { "" } else { " optional" };
        let tone = class(vertex.tone());
        let tip = escaped_lines(&tooltip(vertex, &waits_for[index]));
        writeln!(
            out,
            r#"<g class="node {tone}{optional}{decisive}"><title>{tip}</title>"#
        )?;
        content(vertex, &frames[index], out)?;
        writeln!(out, "</g>")?;
    }
    Ok(())
}

fn content(vertex: &Vertex, frame: &Frame, out: &mut dyn Write) -> Result<()> {
    let Frame { x, y, width } = *frame;
    writeln!(
        out,
        r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{BOX_HEIGHT}" rx="8"/>"#
    )?;
    let (bar, top, length) = (x + 5.0, y + 8.0, BOX_HEIGHT - 16.0);
    writeln!(
        out,
        r#"<path class="bar" d="M{bar:.1} {top:.1}h3v{length:.1}h-3Z"/>"#
    )?;
    let (left, first, second) = (x + INSET, y + 20.0, y + 36.0);
    let (id, below) = (escaped(&shown_id(vertex)), escaped(&subtitle(vertex)));
    writeln!(
        out,
        r#"<text class="id" x="{left:.1}" y="{first:.1}">{id}</text>"#
    )?;
    writeln!(
        out,
        r#"<text class="fact" x="{left:.1}" y="{second:.1}">{below}</text>"#
    )?;
    let Some(mark) = vertex.outcome_mark() else {
        return Ok(());
    };
    let (right, glyph) = (x + width - 8.0, mark.glyph);
    writeln!(
        out,
        r#"<text class="mark" text-anchor="end" x="{right:.1}" y="{first:.1}">{glyph}</text>"#
    )
}

/// The class of a tone in `looks.css`.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Amber => "amber",
        Tone::Muted => "muted",
    }
}

fn tooltip(vertex: &Vertex, waits_for: &[&str]) -> Vec<String> {
    let required = if vertex.required {
        ""
    } else {
        ", not required"
    };
    let reason = vertex.skipped.as_ref();
    let parts = [
        Some(format!("{} ({}{required})", vertex.id, vertex.kind)),
        vertex.description.clone(),
        vertex.outcome.map(|outcome| outcome.as_str().to_owned()),
        reason.map(|reason| format!("skipped: {reason}")),
        (!waits_for.is_empty()).then(|| format!("waits for {}", waits_for.join(", "))),
    ];
    parts.into_iter().flatten().collect()
}

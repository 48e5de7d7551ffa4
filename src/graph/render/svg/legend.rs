//! The line below the drawing: what each colour and line means, if it occurs.

use std::io::{Result, Write};

use unicode_width::UnicodeWidthStr;

use super::super::mark::{OUTCOME_MARKS, Tone};
use super::super::picture::{LinkKind, Picture, Vertex};
use super::canvas::{MARGIN, SMALL_CHARACTER, pixels};
use super::node::class;
use super::xml::escaped;

const LINE_HEIGHT: f64 = 20.0;
/// A sample and the space after it; the space after its meaning.
const SAMPLE: f64 = 32.0;
const GAP: f64 = 20.0;

enum Sample {
    /// A bar as boxes have it.
    Bar(Tone),
    /// A line of this class.
    Line(&'static str),
    /// A box of this class.
    Box(&'static str),
    /// The background of an environment, by its number.
    Zone(usize),
}

struct Entry {
    sample: Sample,
    meaning: String,
    /// The place of its left end.
    x: f64,
    line: usize,
}

/// A legend that fits a width.
pub(super) struct Legend(Vec<Entry>);

impl Legend {
    /// Everything that occurs in `picture`, in lines of at most `width`.
    pub(super) fn of(picture: &Picture, width: f64) -> Self {
        let mut entries = Vec::new();
        let (mut x, mut line) = (MARGIN, 0);
        for (sample, meaning) in occurring(picture) {
            let room = SAMPLE + pixels(meaning.width()) * SMALL_CHARACTER;
            if x > MARGIN && x + room > width - MARGIN {
                (x, line) = (MARGIN, line + 1);
            }
            entries.push(Entry {
                sample,
                meaning,
                x,
                line,
            });
            x += room + GAP;
        }
        Self(entries)
    }

    /// The height that it takes.
    pub(super) fn height(&self) -> f64 {
        let lines = self.0.last().map_or(0, |last| last.line + 1);
        pixels(lines) * LINE_HEIGHT
    }

    /// Draws it below `top`.
    pub(super) fn draw(&self, top: f64, out: &mut dyn Write) -> Result<()> {
        for entry in &self.0 {
            let x = entry.x;
            let middle = top + pixels(entry.line) * LINE_HEIGHT + LINE_HEIGHT / 2.0;
            writeln!(out, "{}", entry.sample.drawn(x, middle))?;
            let (x, base) = (x + SAMPLE, middle + 4.0);
            let meaning = escaped(&entry.meaning);
            writeln!(
                out,
                r#"<text class="fact" x="{x:.1}" y="{base:.1}">{meaning}</text>"#
            )?;
        }
        Ok(())
    }
}

impl Sample {
    fn drawn(&self, x: f64, y: f64) -> String {
        let (top, right) = (y - 6.0, x + 24.0);
        match self {
            Self::Bar(tone) => format!(
                r#"<g class="{}"><path class="bar" d="M{x:.1} {top:.1}h24v12h-24Z"/></g>"#,
                class(*tone)
            ),
            Self::Line(class) => {
                format!(r#"<path class="{class}" d="M{x:.1} {y:.1}H{right:.1}"/>"#)
            }
            Self::Box(class) => format!(
                r#"<g class="node {class}"><rect x="{x:.1}" y="{top:.1}" width="24" height="12" rx="3"/></g>"#
            ),
            Self::Zone(number) => format!(
                r#"<g class="zone zone-{number}"><rect x="{x:.1}" y="{top:.1}" width="24" height="12" rx="4"/></g>"#
            ),
        }
    }
}

fn occurring(picture: &Picture) -> Vec<(Sample, String)> {
    let outcomes = OUTCOME_MARKS.iter().filter_map(|mark| {
        let same = |it: &&Vertex| it.ending() == Some(mark.outcome);
        let first = picture.vertices.iter().find(same)?;
        let meaning = format!("{} {}", mark.glyph, mark.outcome.as_str());
        Some((Sample::Bar(first.tone()), meaning))
    });
    let zones = picture.sound_scopes().into_iter().enumerate();
    let zones = zones.map(|(index, scope)| {
        let id = super::canvas::shown_id(&picture.vertices[scope.environment]);
        (Sample::Zone(index % super::ZONES), format!("{id} is up"))
    });
    outcomes.chain(signs(picture)).chain(zones).collect()
}

fn signs(picture: &Picture) -> impl Iterator<Item = (Sample, String)> {
    let has = |wanted: fn(&LinkKind) -> bool| {
        let mut links = picture.sound_links();
        links.any(|link| wanted(&link.kind))
    };
    let rows = [
        (
            !picture.sound_critical_path().is_empty(),
            Sample::Box("critical"),
            "critical path",
        ),
        (
            picture.vertices.iter().any(|it| !it.required),
            Sample::Box("optional"),
            "not required",
        ),
        (
            has(|kind| matches!(kind, LinkKind::After)),
            Sample::Line("link after"),
            "only after",
        ),
        (
            has(|kind| matches!(kind, LinkKind::Conflict { .. })),
            Sample::Line("link conflict"),
            "same files",
        ),
    ];
    let occurring = rows.into_iter().filter(|(occurs, ..)| *occurs);
    occurring.map(|(_, sample, meaning)| (sample, meaning.to_owned()))
}

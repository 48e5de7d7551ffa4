//! Findings below each other, what is alike in the same column.

use unicode_width::UnicodeWidthStr;

use super::summary::INDENT;
use crate::event::Finding;
use crate::graph::render::mark::Tone;
use crate::graph::render::text::line::Line;
use crate::graph::render::text::paint;
use crate::report::digest;
use crate::report::sanitise::one_line;

/// How wide the columns of some findings are.
pub(super) struct Columns {
    place: usize,
    grade: usize,
}

impl Columns {
    /// A place that is wider than this moves what stands behind it.
    const WIDEST: usize = 40;

    pub(super) fn of(findings: &[&Finding]) -> Self {
        let places = findings
            .iter()
            .filter_map(|finding| digest::subject(finding));
        let grades = findings
            .iter()
            .map(|finding| finding.severity.as_str().len());
        let place = places.map(|place| place.width()).max();
        Self {
            place: place.map_or(0, |place| place.min(Self::WIDEST) + 2),
            grade: grades.max().unwrap_or(0) + 2,
        }
    }

    /// The line of one of them, its message cut to so many columns.
    pub(super) fn line(&self, finding: &Finding, columns: usize) -> Line {
        let mut line = Line::default();
        line.pad(INDENT);
        if let Some(place) = digest::subject(finding) {
            line.push(format!("{place}  "), paint::BOLD);
        }
        line.pad(INDENT + self.place);
        let column = line.width() + self.grade;
        let tone = match finding.waiver {
            Some(_) => Tone::Muted,
            None => Tone::Amber,
        };
        line.push(finding.severity.as_str(), paint::tone(tone));
        line.pad(column);
        line.push(digest::message(finding, columns), paint::PLAIN);
        if !finding.rule.is_empty() {
            line.push(format!("  {}", one_line(&finding.rule)), paint::DIM);
        }
        let remarks = digest::remarks(finding);
        if !remarks.is_empty() {
            line.push(format!("  ({})", remarks.join("; ")), paint::DIM);
        }
        line
    }
}

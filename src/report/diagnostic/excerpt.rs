//! The lines round the labels of a diagnostic, as a text of its own.
//!
//! One text holds the pieces of all files that are labelled, so that one report shows them all.
//! Its lines fit the terminal and hold no control characters.

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthChar;

use super::place::Places;
use crate::diag::{Diagnostic, Label};
use crate::span::{SourceId, Span, floor_boundary};

/// Columns that line numbers and frame take.
const FRAME: usize = 10;
/// Narrowest window of a line.
const LEAST_ROOM: usize = 30;
/// Columns of a tab, as the report draws it.
const TAB: usize = 4;

/// A text made of pieces, with the labels on it.
#[derive(Debug)]
pub(super) struct Excerpt {
    text: String,
    pieces: Vec<Piece>,
    pub(super) labels: Vec<LabeledSpan>,
}

/// Consecutive lines of one file.
#[derive(Debug)]
struct Piece {
    path: String,
    start: usize,
    end: usize,
    first_line: usize,
    lines: usize,
    /// Where labels begin in the text: line and column in the file, from 0.
    marks: Vec<(usize, usize, usize)>,
}

/// Labels of one file that stand so near to each other that they share a piece.
struct Cluster<'d> {
    source: SourceId,
    labels: Vec<(usize, &'d Label)>,
    first_line: usize,
    last_line: usize,
}

impl Excerpt {
    /// The lines that the labels of a diagnostic are on, one more on each side.
    pub(super) fn of(diagnostic: &Diagnostic, places: &Places<'_>, width: usize) -> Self {
        let room = width.saturating_sub(FRAME).max(LEAST_ROOM);
        let mut excerpt = Self {
            text: String::new(),
            pieces: Vec::new(),
            labels: Vec::new(),
        };
        for cluster in clusters(diagnostic, places, room) {
            excerpt.add(&cluster, places, room);
        }
        excerpt
    }

    fn add(&mut self, cluster: &Cluster<'_>, places: &Places<'_>, room: usize) {
        let Some(source) = places.source(cluster.source) else {
            return;
        };
        let first_line = cluster.first_line.saturating_sub(1);
        let mut piece = Piece {
            path: visible(&source.path),
            start: self.text.len(),
            end: self.text.len(),
            first_line,
            lines: 0,
            marks: Vec::new(),
        };
        for line in first_line..=cluster.last_line + 1 {
            let behind = line > cluster.last_line;
            let Some(range) = places
                .line_range(cluster.source, line)
                .filter(|range| !behind || range.start < source.text.len())
            else {
                break;
            };
            let labels = cluster
                .labels
                .iter()
                .filter(|(_, label)| places.line(cluster.source, start(label)) == line);
            let mut drawn = Line::of(&source.text, range, labels.clone().next(), room);
            for (index, label) in labels {
                let (offset, length) = drawn.place(&source.text, label.span);
                let offset = self.text.len() + offset;
                let position = places.position(cluster.source, start(label));
                piece.marks.push((offset, line, position.column - 1));
                self.labels.push(drawn_label(label, *index, offset, length));
            }
            self.text.push_str(&drawn.text);
            self.text.push('\n');
            piece.lines += 1;
        }
        piece.end = self.text.len();
        self.pieces.push(piece);
    }
}

fn drawn_label(label: &Label, index: usize, offset: usize, length: usize) -> LabeledSpan {
    let text = (!label.text.is_empty()).then(|| visible(&label.text));
    let span = SourceSpan::new(offset.into(), length);
    match index {
        0 => LabeledSpan::new_primary_with_span(text, span),
        _ => LabeledSpan::new_with_span(text, span),
    }
}

/// Where a label begins; beyond the end of the text it is brought back by the places.
fn start(label: &Label) -> usize {
    label.span.start as usize
}

/// The labels in pieces, that of the first label first.
fn clusters<'d>(diagnostic: &'d Diagnostic, places: &Places<'_>, room: usize) -> Vec<Cluster<'d>> {
    let mut labels: Vec<(usize, &Label)> = diagnostic.labels.iter().enumerate().collect();
    labels.retain(|(_, label)| places.source(label.span.source).is_some());
    labels.sort_by_key(|(_, label)| label.span);
    let mut clusters: Vec<Cluster<'d>> = Vec::new();
    for (index, label) in labels {
        let source = label.span.source;
        let line = places.line(source, start(label));
        match clusters.last_mut() {
            Some(last) if last.source == source && joins(last, line, places, room) => {
                last.labels.push((index, label));
                last.last_line = line;
            }
            _ => clusters.push(Cluster {
                source,
                labels: vec![(index, label)],
                first_line: line,
                last_line: line,
            }),
        }
    }
    clusters.sort_by_key(|cluster| cluster.labels.iter().map(|(index, _)| *index).min());
    clusters
}

/// Whether a label on that line is shown with those before it: a long line is cut round one label
/// only.
fn joins(cluster: &Cluster<'_>, line: usize, places: &Places<'_>, room: usize) -> bool {
    let fits = || {
        let range = places.line_range(cluster.source, line).unwrap_or_default();
        let text = places.source(cluster.source).map_or("", |s| &s.text[range]);
        columns(text) <= room
    };
    line <= cluster.last_line + 3 && (line != cluster.last_line || fits())
}

/// A line as it is drawn.
struct Line {
    text: String,
    /// The bytes of the file that are drawn.
    kept: std::ops::Range<usize>,
    /// Bytes before the first of them.
    lead: usize,
}

impl Line {
    /// Cuts a line of `text` to `room` columns round a label.
    fn of(
        text: &str,
        range: std::ops::Range<usize>,
        label: Option<&(usize, &Label)>,
        room: usize,
    ) -> Self {
        let line = &text[range.clone()];
        let focus = label.map_or(0, |(_, label)| {
            floor_boundary(line, start(label).saturating_sub(range.start))
        });
        let cut = window(line, focus, room);
        let (before, behind) = (cut.start > 0, cut.end < line.len());
        let mut drawn = String::with_capacity(cut.len());
        drawn.push_str(if before { "…" } else { "" });
        let lead = drawn.len();
        drawn.push_str(&visible(&line[cut.clone()]));
        drawn.push_str(if behind { "…" } else { "" });
        Self {
            text: drawn,
            kept: range.start + cut.start..range.start + cut.end,
            lead,
        }
    }

    /// Offset and length of a span in the drawn line. What begins on the line and ends on another
    /// is marked to the end of the line; what is empty is marked by a column of its own.
    fn place(&mut self, text: &str, span: Span) -> (usize, usize) {
        let bound =
            |offset: usize| floor_boundary(text, offset).clamp(self.kept.start, self.kept.end);
        let (from, to) = (bound(span.start as usize), bound(span.end as usize));
        let drawn = |range: std::ops::Range<usize>| visible(&text[range]).len();
        let offset = self.lead + drawn(self.kept.start..from);
        let length = drawn(from..to.max(from));
        if length > 0 {
            return (offset, length);
        }
        let next = self.text[offset..].chars().next();
        if next.is_none() {
            self.text.push(' ');
        }
        (offset, next.map_or(1, char::len_utf8))
    }
}

/// The bytes of a line that are shown: `room` columns, the focus in their first third.
fn window(line: &str, focus: usize, room: usize) -> std::ops::Range<usize> {
    if columns(line) <= room {
        return 0..line.len();
    }
    let start = back(line, focus, room / 3);
    let end = start + fitting(line[start..].chars(), room);
    if end == line.len() {
        back(line, end, room)..end
    } else {
        start..end
    }
}

fn back(line: &str, from: usize, room: usize) -> usize {
    from - fitting(line[..from].chars().rev(), room)
}

/// Bytes of the characters that fit into `room` columns.
fn fitting(characters: impl Iterator<Item = char>, room: usize) -> usize {
    let mut used = 0;
    characters
        .take_while(|c| {
            used += column_width(*c);
            used <= room
        })
        .map(char::len_utf8)
        .sum()
}

/// The columns that a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(column_width).sum()
}

fn column_width(c: char) -> usize {
    if c == '\t' {
        TAB
    } else {
        c.width().unwrap_or(1)
    }
}

/// The text with a picture in place of each character that would steer the terminal or turn the
/// direction of writing.
pub(super) fn visible(text: &str) -> String {
    let picture = |c: char| match c {
        '\t' => c,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => c,
    };
    text.chars().map(picture).collect()
}

impl SourceCode for Excerpt {
    /// The piece that a span is in. Asked without lines round it, for the head of a piece, it
    /// tells the place of the label in the file.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _behind: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let piece = self
            .pieces
            .iter()
            .find(|piece| piece.start <= span.offset() && end <= piece.end)
            .ok_or(MietteError::OutOfBounds)?;
        let mark = piece
            .marks
            .iter()
            .find(|(offset, ..)| before == 0 && *offset == span.offset());
        let (line, column) =
            mark.map_or((piece.first_line, 0), |(_, line, column)| (*line, *column));
        Ok(Box::new(MietteSpanContents::new_named(
            piece.path.clone(),
            &self.text.as_bytes()[piece.start..piece.end],
            (piece.start, piece.end - piece.start).into(),
            line,
            column,
            piece.lines,
        )))
    }
}

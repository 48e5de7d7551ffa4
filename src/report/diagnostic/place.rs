//! Offsets in bytes → lines and columns as people and editors count them.

use std::collections::BTreeMap;

use crate::span::{Position, Source, SourceId, Sources, Span, floor_boundary};

/// Where the lines of every source begin, so that looking a place up costs no pass over the text.
pub(super) struct Places<'a> {
    sources: &'a Sources,
    lines: BTreeMap<SourceId, Vec<usize>>,
}

/// A range of a file, its end excluded.
pub(super) struct Region<'a> {
    pub(super) path: &'a str,
    pub(super) start: Position,
    pub(super) end: Position,
}

impl<'a> Places<'a> {
    pub(super) fn of(sources: &'a Sources) -> Self {
        let lines = sources
            .iter()
            .map(|(id, source)| (id, line_starts(&source.text)))
            .collect();
        Self { sources, lines }
    }

    pub(super) fn source(&self, id: SourceId) -> Option<&'a Source> {
        self.sources.get(id)
    }

    /// The line, from 0, that an offset is on.
    pub(super) fn line(&self, id: SourceId, offset: usize) -> usize {
        let starts = self.starts(id);
        starts.partition_point(|start| *start <= offset).max(1) - 1
    }

    /// The bytes of a line, counted from 0, without its line break.
    pub(super) fn line_range(&self, id: SourceId, line: usize) -> Option<std::ops::Range<usize>> {
        let text = &self.source(id)?.text;
        let starts = self.starts(id);
        let start = *starts.get(line)?;
        let end = starts.get(line + 1).copied().unwrap_or(text.len());
        Some(start..start + text[start..end].trim_end_matches(['\n', '\r']).len())
    }

    /// Line and column of an offset; the nearest character where it is none.
    pub(super) fn position(&self, id: SourceId, offset: usize) -> Position {
        let text = self.source(id).map_or("", |source| &source.text);
        let offset = floor_boundary(text, offset);
        let line = self.line(id, offset);
        let start = self.starts(id).get(line).copied().unwrap_or(0);
        Position {
            line: line + 1,
            column: text[start..offset].chars().count() + 1,
        }
    }

    /// What a span covers, if it is of these sources.
    pub(super) fn region(&self, span: Span) -> Option<Region<'a>> {
        let source = self.source(span.source)?;
        Some(Region {
            path: &source.path,
            start: self.position(span.source, span.start as usize),
            end: self.position(span.source, span.end as usize),
        })
    }

    fn starts(&self, id: SourceId) -> &[usize] {
        self.lines.get(&id).map_or(&[0], Vec::as_slice)
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let behind_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(behind_breaks).collect()
}

//! Lines of places in large texts, without reading the text anew for each.

use std::collections::HashMap;

use crate::span::{SourceId, Sources, Span};

pub(super) struct Places<'s> {
    sources: &'s Sources,
    lines: HashMap<SourceId, Vec<usize>>,
}

impl<'s> Places<'s> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        let ends = |text: &str| {
            let letters = text.bytes().enumerate();
            letters
                .filter(|(_, letter)| *letter == b'\n')
                .map(|(at, _)| at)
                .collect()
        };
        let lines = sources
            .iter()
            .map(|(id, source)| (id, ends(&source.text)))
            .collect();
        Self { sources, lines }
    }

    /// The file and the line, from 1.
    pub(super) fn of(&self, span: Span) -> Option<(&'s str, usize)> {
        let source = self.sources.get(span.source)?;
        let ends = self.lines.get(&span.source)?;
        let line = ends.partition_point(|end| *end < span.range().start) + 1;
        Some((&source.path, line))
    }
}

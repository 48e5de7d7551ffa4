//! Places in large texts, without reading the text anew for each.

use std::collections::HashMap;

use crate::span::{Position, SourceId, Sources, Span, floor_boundary};

/// Where the lines of all texts end.
pub struct Places<'s> {
    sources: &'s Sources,
    lines: HashMap<SourceId, Vec<usize>>,
}

impl<'s> Places<'s> {
    /// Those of these texts.
    pub fn new(sources: &'s Sources) -> Self {
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

    /// The file, and the line and the column in it.
    pub fn of(&self, span: Span) -> Option<(&'s str, Position)> {
        let source = self.sources.get(span.source)?;
        let ends = self.lines.get(&span.source)?;
        let start = floor_boundary(&source.text, span.range().start);
        let before = ends.partition_point(|end| *end < start);
        let line_start = before.checked_sub(1).map_or(0, |last| ends[last] + 1);
        let column = source.text[line_start..start].chars().count() + 1;
        let line = before + 1;
        Some((&source.path, Position { line, column }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_that_the_text_itself_tells() {
        let mut sources = Sources::default();
        let text = "aé\n\nb\u{1f600}c";
        let id = sources.add("a", text);
        let places = Places::new(&sources);
        for (at, _) in text.char_indices() {
            let span = Span::new(id, at..at);
            assert_eq!(places.of(span), Some(("a", sources.position(span))), "{at}");
        }
    }
}

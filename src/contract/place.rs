//! Places in large texts, without reading the text anew for each.

use std::collections::HashMap;

use crate::span::{Position, SourceId, Sources, Span, floor_boundary};

/// Bytes from one count of the characters to the next: a document may be one line.
const STEP: usize = 4096;

/// Where the lines of all texts end.
pub struct Places<'s> {
    sources: &'s Sources,
    marks: HashMap<SourceId, Marks<'s>>,
}

/// A text with what is known of places in it.
struct Marks<'s> {
    text: &'s str,
    /// Where lines end.
    ends: Vec<usize>,
    /// How many characters begin before each step.
    counts: Vec<usize>,
}

impl<'s> Marks<'s> {
    fn new(text: &'s str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        let mut own = Self {
            text,
            ends,
            counts: vec![0],
        };
        for step in 1..=text.len() / STEP {
            own.counts.push(own.characters(step * STEP));
        }
        own
    }

    /// How many characters begin before a place, from the last step before it that is counted.
    fn characters(&self, place: usize) -> usize {
        let step = (place / STEP).min(self.counts.len() - 1);
        let from = floor_boundary(self.text, step * STEP);
        let to = floor_boundary(self.text, place);
        self.counts[step] + self.text[from..to].chars().count()
    }

    fn position(&self, at: usize) -> Position {
        let start = floor_boundary(self.text, at);
        let before = self.ends.partition_point(|end| *end < start);
        let line = before.checked_sub(1).map_or(0, |last| self.ends[last] + 1);
        Position {
            line: before + 1,
            column: self.characters(start) - self.characters(line) + 1,
        }
    }
}

impl<'s> Places<'s> {
    /// Those of these texts.
    pub fn new(sources: &'s Sources) -> Self {
        let marks = sources
            .iter()
            .map(|(id, source)| (id, Marks::new(&source.text)))
            .collect();
        Self { sources, marks }
    }

    /// The file, and the line and the column in it.
    pub fn of(&self, span: Span) -> Option<(&'s str, Position)> {
        let source = self.sources.get(span.source)?;
        let marks = self.marks.get(&span.source)?;
        Some((&source.path, marks.position(span.range().start)))
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

    #[test]
    fn places_far_in_a_long_line_are_those_as_well() {
        let mut sources = Sources::default();
        let text = format!("a\n{}\n{}", "é1\u{1f600}".repeat(3000), "ü".repeat(5000));
        let id = sources.add("a", text.as_str());
        let places = Places::new(&sources);
        for (at, _) in text.char_indices().step_by(97) {
            let span = Span::new(id, at..at);
            assert_eq!(places.of(span), Some(("a", sources.position(span))), "{at}");
        }
    }
}

//! A Markdown page by its headings: what stands under each, in lists and blocks of code.

mod reader;

use crate::rules::without_front_matter;
use crate::span::{SourceId, Spanned};

/// A page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outline {
    /// Its headings with what stands under each, in the order of the text.
    pub sections: Vec<Section>,
}

/// A heading and what stands under it, up to the next heading of any level.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Section {
    /// How deep it is, from 1.
    pub level: u8,
    /// The heading.
    pub title: Spanned<String>,
    /// The lists under it, each with the label before it.
    pub groups: Vec<Group>,
}

/// A label such as `**Setup:**` and what stands behind it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    /// The label; empty for what stands before any.
    pub label: Spanned<String>,
    /// Items of lists, and rows of tables.
    pub items: Vec<Spanned<String>>,
    /// Paragraphs.
    pub prose: Vec<Spanned<String>>,
    /// Blocks of code.
    pub code: Vec<Code>,
    /// The lines of items and paragraphs.
    lines: Vec<Line>,
}

/// A line, as it is broken in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it says.
    pub text: Spanned<String>,
    /// Whether it is of an item of a list, or of a row.
    pub is_item: bool,
    /// Whether an item of a list began on a line before.
    pub is_further: bool,
}

/// A block of code.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Code {
    /// The word behind its fence.
    pub language: String,
    /// What is in it.
    pub text: Spanned<String>,
}

impl Group {
    /// Everything in it but code.
    pub fn texts(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.items.iter().chain(&self.prose)
    }

    /// Everything in it, each block of code as one text. A diagram shows what is said elsewhere.
    pub fn contents(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.texts().chain(self.said_in_code())
    }

    /// Everything in it line by line: each may hold a value of its own.
    pub fn lines(&self) -> impl Iterator<Item = Line> {
        let code = self.said_in_code().flat_map(|text| {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.map(|line| Line {
                text: Spanned::new(line.to_owned(), text.span),
                is_item: false,
                is_further: false,
            })
        });
        self.lines.iter().cloned().chain(code)
    }

    /// Every item as a whole, and every line of what stands in no list.
    pub fn entries(&self) -> impl Iterator<Item = Spanned<String>> {
        let others = self.lines().filter(|line| !line.is_item);
        let items = self.items.iter().cloned();
        items.chain(others.map(|line| line.text))
    }

    fn said_in_code(&self) -> impl Iterator<Item = &Spanned<String>> {
        let said = self.code.iter().filter(|code| code.language != "mermaid");
        said.map(|code| &code.text)
    }
}

impl Section {
    /// Whether anything but comments stands under it.
    pub fn is_empty(&self) -> bool {
        let mut groups = self.groups.iter();
        groups.all(|group| group.code.is_empty() && group.texts().next().is_none())
    }

    /// Blocks of code.
    pub fn code(&self) -> impl Iterator<Item = &Code> {
        self.groups.iter().flat_map(|group| &group.code)
    }
}

impl Outline {
    /// The sections below the one at that index, and itself.
    pub fn below(&self, index: usize) -> &[Section] {
        let Some(own) = self.sections.get(index) else {
            return &[];
        };
        let deeper = self.sections[index + 1..].iter();
        let count = deeper.take_while(|other| other.level > own.level).count();
        &self.sections[index..=index + count]
    }
}

/// Reads a page.
pub fn outline(text: &str, source: SourceId) -> Outline {
    let mut sections = reader::read(&without_front_matter(text), source);
    if sections.first().is_some_and(Section::is_empty) {
        sections.remove(0);
    }
    Outline { sections }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_found_by_heading_and_label_with_their_places() {
        let text = "# A\n\n<!-- no -->\n## B\nfree\n\n**One:**\n- x `y`\n  - deep\n- [ ] z\n\n**Two**: at once\n\n```mermaid\nq\n```\n### C\n1. first\n";
        let page = outline(text, SourceId::default());
        let titles: Vec<&str> = page.sections.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, ["A", "B", "C"]);
        assert!(page.sections[0].is_empty());
        assert_eq!(page.below(0).len(), 3);
        let b = &page.sections[1];
        let labels: Vec<&str> = b.groups.iter().map(|group| group.label.as_str()).collect();
        assert_eq!(labels, ["", "One", "Two"]);
        let items: Vec<&str> = b.groups[1].items.iter().map(|item| item.as_str()).collect();
        assert_eq!(items, ["x y", "deep", "z"]);
        assert_eq!(&text[b.groups[1].items[0].span.range()], "x `y`");
        assert_eq!(b.groups[2].prose[0].value, "at once");
        let code: Vec<&Code> = b.code().collect();
        assert_eq!(
            (code[0].language.as_str(), code[0].text.as_str()),
            ("mermaid", "q\n")
        );
        assert_eq!(page.sections[2].groups[0].items[0].value, "first");
    }

    /// The groups of a page with one heading: the label of each and its lines, with a `+` before
    /// what continues an item.
    fn lines(text: &str) -> Vec<(String, Vec<String>)> {
        let page = outline(&format!("# A\n\n{text}"), SourceId::default());
        let groups = page.sections.into_iter().flat_map(|section| section.groups);
        let line = |line: Line| {
            let mark = if line.is_further { "+" } else { "" };
            format!("{mark}{}", *line.text)
        };
        let read =
            groups.map(|group| (group.label.value.clone(), group.lines().map(line).collect()));
        read.collect()
    }

    fn group(label: &str, lines: &[&str]) -> (String, Vec<String>) {
        let lines = lines.iter().map(|line| (*line).to_owned());
        (label.to_owned(), lines.collect())
    }

    #[test]
    fn every_line_of_a_paragraph_may_begin_with_a_label() {
        let text = "**One:** a: 1\n**Two:**\nb: 2\nc: 3\nsee **this:** d\n";
        assert_eq!(
            lines(text),
            [
                group("One", &["a: 1"]),
                group("Two", &["b: 2", "c: 3", "see this: d"])
            ]
        );
    }

    #[test]
    fn a_line_ends_where_it_is_broken_though_its_item_goes_on() {
        let text = "- a: 1\n  b: 2\n- c\n";
        assert_eq!(lines(text), [group("", &["a: 1", "+b: 2", "c"])]);
        let page = outline(text, SourceId::default());
        let items = &page.sections[0].groups[0].items;
        assert_eq!(items[0].value, "a: 1 b: 2");
        assert_eq!(&text[items[0].span.range()], "a: 1\n  b: 2");
    }

    #[test]
    fn a_row_is_one_item_and_the_head_of_a_table_is_none() {
        let text = "| name | limit | why |\n|---|---|---|\n| p50 | < 1ms | a |\n| p95 | | |\n";
        assert_eq!(lines(text), [group("", &["p50: < 1ms a", "p95"])]);
    }

    #[test]
    fn code_belongs_to_the_label_before_it_and_a_diagram_says_nothing() {
        let text = "**One:**\n```\na: 1\n\nb: 2\n```\n\n**Two:**\n```mermaid\nc: 3\n```\n";
        assert_eq!(
            lines(text),
            [group("One", &["a: 1", "b: 2"]), group("Two", &[])]
        );
    }

    #[test]
    fn sections_between_two_rules_are_read() {
        let page = outline("# A\n\n---\n## B\n- b\n---\n", SourceId::default());
        let titles: Vec<&str> = page.sections.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, ["A", "B"]);
    }
}

//! A Markdown page by its headings: what stands under each, in lists and blocks of code.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::span::{SourceId, Span, Spanned};

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
    /// Blocks of code.
    pub code: Vec<Code>,
}

/// A label such as `**Setup:**` and what stands behind it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    /// The label; empty for what stands before any.
    pub label: Spanned<String>,
    /// Items of lists.
    pub items: Vec<Spanned<String>>,
    /// Paragraphs.
    pub prose: Vec<Spanned<String>>,
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
    /// Everything in it.
    pub fn texts(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.items.iter().chain(&self.prose)
    }
}

impl Section {
    /// Whether anything but comments stands under it.
    pub fn is_empty(&self) -> bool {
        self.code.is_empty()
            && self
                .groups
                .iter()
                .all(|group| group.texts().next().is_none())
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
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader {
        source,
        sections: vec![Section::default()],
        line: None,
        code: None,
        items: 0,
        strong: 0,
        label_ends: None,
        skip: false,
    };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.take(event, range);
    }
    let mut sections = reader.sections;
    if sections.first().is_some_and(Section::is_empty) {
        sections.remove(0);
    }
    Outline { sections }
}

struct Reader {
    source: SourceId,
    sections: Vec<Section>,
    /// The heading, item or paragraph that is being read, and the bytes that it takes.
    line: Option<(String, std::ops::Range<usize>)>,
    code: Option<Code>,
    items: usize,
    strong: usize,
    /// Where the bold text ends with which a paragraph begins.
    label_ends: Option<usize>,
    /// Whether this is the head matter of the page.
    skip: bool,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, range: std::ops::Range<usize>) {
        match event {
            Event::Start(Tag::MetadataBlock(_)) => self.skip = true,
            Event::End(TagEnd::MetadataBlock(_)) => self.skip = false,
            Event::Start(Tag::Heading { level, .. }) => {
                self.flush();
                self.sections.push(Section {
                    level: depth(level),
                    ..Section::default()
                });
            }
            Event::End(TagEnd::Heading(_)) => self.heading(),
            Event::Start(Tag::Item) => {
                self.flush();
                self.items += 1;
            }
            Event::End(TagEnd::Item) => {
                self.flush();
                self.items = self.items.saturating_sub(1);
            }
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph | TagEnd::TableCell) => {
                self.flush();
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                self.flush();
                self.open(&kind, range);
            }
            Event::End(TagEnd::CodeBlock) => {
                let code = self.code.take();
                self.section().code.extend(code);
            }
            Event::Start(Tag::Strong) => self.strong += 1,
            Event::End(TagEnd::Strong) => self.strong_ends(),
            Event::Text(text) | Event::Code(text) => self.text(&text, range),
            Event::SoftBreak | Event::HardBreak => self.text(" ", range),
            _ => {}
        }
    }

    fn section(&mut self) -> &mut Section {
        if self.sections.is_empty() {
            self.sections.push(Section::default());
        }
        let last = self.sections.len() - 1;
        &mut self.sections[last]
    }

    fn open(&mut self, kind: &CodeBlockKind<'_>, range: std::ops::Range<usize>) {
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        self.code = Some(Code {
            language: language.to_lowercase(),
            text: Spanned::new(String::new(), Span::new(self.source, range)),
        });
    }

    fn text(&mut self, text: &str, range: std::ops::Range<usize>) {
        if self.skip {
            return;
        }
        if let Some(code) = &mut self.code {
            code.text.value.push_str(text);
            return;
        }
        match &mut self.line {
            Some((line, bytes)) => {
                line.push_str(text);
                bytes.end = range.end;
            }
            None => self.line = Some((text.to_owned(), range)),
        }
    }

    /// Bold text with which a paragraph begins may be a label.
    fn strong_ends(&mut self) {
        self.strong = self.strong.saturating_sub(1);
        let outside = self.items == 0 && self.strong == 0 && self.label_ends.is_none();
        if outside && let Some((line, _)) = &self.line {
            self.label_ends = Some(line.len());
        }
    }

    fn heading(&mut self) {
        let title = self.taken();
        self.section().title = title.unwrap_or_default();
    }

    fn taken(&mut self) -> Option<Spanned<String>> {
        self.label_ends = None;
        let (line, bytes) = self.line.take()?;
        let span = Span::new(self.source, bytes);
        Some(Spanned::new(line.trim().to_owned(), span))
    }

    /// Files what was read: as an item, a paragraph, or a label and what stands behind it.
    fn flush(&mut self) {
        let label_ends = self.label_ends;
        let Some(mut line) = self.taken().filter(|line| !line.value.is_empty()) else {
            return;
        };
        let in_list = self.items > 0;
        let label = label_ends
            .filter(|_| !in_list)
            .and_then(|end| split(&line, end));
        if let Some((label, rest)) = label {
            self.section().groups.push(Group {
                label,
                ..Group::default()
            });
            line = rest;
        }
        if line.value.is_empty() {
            return;
        }
        let section = self.section();
        if section.groups.is_empty() {
            section.groups.push(Group::default());
        }
        let group = section.groups.last_mut();
        let Some(group) = group else { return };
        if in_list {
            group.items.push(line);
        } else {
            group.prose.push(line);
        }
    }
}

/// A label and what stands behind it, if a colon ends the bold text or follows it, or if nothing else
/// stands there.
fn split(line: &Spanned<String>, end: usize) -> Option<(Spanned<String>, Spanned<String>)> {
    let (bold, rest) = line.value.split_at_checked(end)?;
    let (label, rest) = match bold.trim_end().strip_suffix(':') {
        Some(label) => (label, rest),
        None if rest.trim().is_empty() => (bold, rest),
        None => (bold, rest.trim_start().strip_prefix(':')?),
    };
    let part = |text: &str| Spanned::new(text.trim().to_owned(), line.span);
    Some((part(label), part(rest)))
}

fn depth(level: HeadingLevel) -> u8 {
    level as u8
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
        assert_eq!(
            (b.code[0].language.as_str(), b.code[0].text.as_str()),
            ("mermaid", "q\n")
        );
        assert_eq!(page.sections[2].groups[0].items[0].value, "first");
    }
}

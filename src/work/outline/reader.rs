//! Reading the outline of a page, event by event.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{Code, Group, Line, Section};
use crate::span::{SourceId, Span, Spanned};

/// The sections of a page; the first is what stands before any heading.
pub(super) fn read(text: &str, source: SourceId) -> Vec<Section> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader {
        source,
        sections: vec![Section::default()],
        open: Vec::new(),
        code: None,
        row: None,
        items: 0,
        strong: 0,
        is_label: false,
    };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.take(event, range);
    }
    reader.sections
}

/// A line that is being read.
#[derive(Default)]
struct OpenLine {
    text: String,
    /// The bytes that it takes; none before its first text.
    bytes: Option<Range<usize>>,
    /// Where the bold text ends with which it begins.
    label_ends: Option<usize>,
}

struct Reader {
    source: SourceId,
    sections: Vec<Section>,
    /// The heading, item or paragraph that is being read.
    open: Vec<OpenLine>,
    code: Option<Code>,
    /// The cells of the row that is being read.
    row: Option<Vec<Spanned<String>>>,
    items: usize,
    strong: usize,
    /// Whether the bold text that is being read begins a line.
    is_label: bool,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.flush();
                self.sections.push(Section {
                    level: depth(level),
                    ..Section::default()
                });
            }
            Event::End(TagEnd::Heading(_)) => {
                let title = self.taken().into_iter().next();
                self.section().title = title.map(|(line, _)| line).unwrap_or_default();
            }
            Event::Start(Tag::Item) => {
                self.flush();
                self.items += 1;
            }
            Event::End(TagEnd::Item) => {
                self.flush();
                self.items = self.items.saturating_sub(1);
            }
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => self.flush(),
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                self.flush();
                self.row = Some(Vec::new());
            }
            Event::End(TagEnd::TableCell) => self.cell(),
            // What a column is called says nothing of its own.
            Event::End(TagEnd::TableHead) => self.row = None,
            Event::End(TagEnd::TableRow) => self.row_ends(),
            Event::Start(Tag::CodeBlock(kind)) => {
                self.flush();
                self.begin(&kind, range);
            }
            Event::End(TagEnd::CodeBlock) => {
                let code = self.code.take();
                self.group().code.extend(code);
            }
            Event::Start(Tag::Strong) => self.strong_begins(),
            Event::End(TagEnd::Strong) => self.strong_ends(),
            Event::Text(text) | Event::Code(text) => self.text(&text, range),
            Event::SoftBreak | Event::HardBreak => {
                self.is_label = false;
                self.open.push(OpenLine::default());
            }
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

    fn group(&mut self) -> &mut Group {
        let groups = &mut self.section().groups;
        if groups.is_empty() {
            groups.push(Group::default());
        }
        let last = groups.len() - 1;
        &mut groups[last]
    }

    fn begin(&mut self, kind: &CodeBlockKind<'_>, range: Range<usize>) {
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        self.code = Some(Code {
            language: language.to_lowercase(),
            text: Spanned::new(String::new(), Span::new(self.source, range)),
        });
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        if let Some(code) = &mut self.code {
            code.text.value.push_str(text);
            return;
        }
        if self.open.is_empty() {
            self.open.push(OpenLine::default());
        }
        if let Some(line) = self.open.last_mut() {
            line.text.push_str(text);
            let start = line.bytes.as_ref().map_or(range.start, |bytes| bytes.start);
            line.bytes = Some(start..range.end);
        }
    }

    /// Bold text with which a line begins may be a label.
    fn strong_begins(&mut self) {
        let begins = self
            .open
            .last()
            .is_none_or(|line| line.text.trim().is_empty());
        if self.strong == 0 {
            self.is_label = begins && self.items == 0;
        }
        self.strong += 1;
    }

    fn strong_ends(&mut self) {
        self.strong = self.strong.saturating_sub(1);
        if self.strong == 0
            && std::mem::take(&mut self.is_label)
            && let Some(line) = self.open.last_mut()
        {
            line.label_ends = Some(line.text.len());
        }
    }

    /// The lines that were read, and where the label of each ends.
    fn taken(&mut self) -> Vec<(Spanned<String>, Option<usize>)> {
        let open = std::mem::take(&mut self.open).into_iter();
        let lines = open.filter_map(|line| {
            let span = Span::new(self.source, line.bytes?);
            let indent = line.text.len() - line.text.trim_start().len();
            let label_ends = line.label_ends.map(|end| end.saturating_sub(indent));
            let text = line.text.trim().to_owned();
            (!text.is_empty()).then(|| (Spanned::new(text, span), label_ends))
        });
        lines.collect()
    }

    /// Files what was read: as an item, a paragraph, or labels and what stands behind each.
    fn flush(&mut self) {
        let in_list = self.items > 0;
        let mut lines = Vec::new();
        for (line, label_ends) in self.taken() {
            let label = label_ends.filter(|_| !in_list);
            let Some((label, rest)) = label.and_then(|end| split(&line, end)) else {
                lines.push(line);
                continue;
            };
            self.file(std::mem::take(&mut lines), in_list);
            self.section().groups.push(Group {
                label,
                ..Group::default()
            });
            lines.extend(Some(rest).filter(|rest| !rest.value.is_empty()));
        }
        self.file(lines, in_list);
    }

    fn file(&mut self, lines: Vec<Spanned<String>>, is_item: bool) {
        let Some(whole) = joined(&lines, " ") else {
            return;
        };
        let group = self.group();
        if is_item {
            group.items.push(whole);
        } else {
            group.prose.push(whole);
        }
        let lines = lines.into_iter().enumerate();
        group.lines.extend(lines.map(|(index, text)| Line {
            text,
            is_item,
            is_further: is_item && index > 0,
        }));
    }

    fn cell(&mut self) {
        let lines: Vec<_> = self.taken().into_iter().map(|(line, _)| line).collect();
        let cell = joined(&lines, " ");
        if let Some(row) = &mut self.row {
            row.extend(cell);
        }
    }

    /// A row says of its first cell what the others hold.
    fn row_ends(&mut self) {
        let cells = self.row.take().unwrap_or_default();
        let row = match cells.split_first() {
            Some((name, values)) => match joined(values, " ") {
                Some(values) => joined(&[name.clone(), values], ": "),
                None => Some(name.clone()),
            },
            None => None,
        };
        self.file(row.into_iter().collect(), true);
    }
}

/// Several texts as one, from the first to the last; `None` if there are none.
fn joined(texts: &[Spanned<String>], between: &str) -> Option<Spanned<String>> {
    let (first, last) = (texts.first()?, texts.last()?);
    let values: Vec<&str> = texts.iter().map(|text| text.as_str()).collect();
    Some(Spanned::new(values.join(between), first.span.to(last.span)))
}

/// A label and what stands behind it, if a colon ends the bold text or follows it, or if nothing else
/// stands there.
fn split(line: &Spanned<String>, end: usize) -> Option<(Spanned<String>, Spanned<String>)> {
    let (bold, rest) = line.value.split_at_checked(end.min(line.value.len()))?;
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

//! From events to the tree: aliases are followed, names that stand twice are refused.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span};

use super::{Entry, Mistake, Value, Yaml};

/// Most nodes that a text may come to. Aliases of aliases make a small text endless.
const MOST_NODES: usize = 4_000_000;

/// Reads the first document of a text, as YAML whatever it is.
pub(super) fn parse(text: &str) -> Result<Yaml, Mistake> {
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        end: text.len(),
        anchors: HashMap::new(),
        nodes: 0,
    };
    loop {
        match reader.next()? {
            (Event::StreamEnd, _) => {
                return Err(Mistake {
                    message: "the text is empty".to_owned(),
                    range: 0..0,
                });
            }
            (Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _) => {}
            (event, range) => return reader.node(event, range),
        }
    }
}

struct Reader<'t> {
    events: Parser<'t, granit_parser::StrInput<'t>>,
    end: usize,
    anchors: HashMap<usize, Yaml>,
    nodes: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Range<usize>), Mistake> {
        loop {
            match self.events.next_event() {
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok((event, span))) => return Ok((event, self.range(&span))),
                Some(Err(error)) => {
                    let at = error.marker().byte_offset().unwrap_or(self.end);
                    let at = at.min(self.end);
                    return Err(mistake(error.kind().to_string(), at..at));
                }
                None => return Ok((Event::StreamEnd, self.end..self.end)),
            }
        }
    }

    fn range(&self, span: &Span) -> Range<usize> {
        span.byte_range().unwrap_or(self.end..self.end)
    }

    /// The node that begins with an event. The parser limits how deep nodes stand in each other.
    fn node(&mut self, event: Event<'t>, range: Range<usize>) -> Result<Yaml, Mistake> {
        self.count(1, &range)?;
        let (anchor, node) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let forced = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                let value = Value::Scalar {
                    text: text.into_owned(),
                    plain: style == ScalarStyle::Plain && !forced,
                };
                (anchor, Yaml { value, range })
            }
            Event::SequenceStart(_, anchor, _) => (anchor, self.sequence(range)?),
            Event::MappingStart(_, anchor, _) => (anchor, self.mapping(range)?),
            Event::Alias(anchor) => return self.alias(anchor, range),
            _ => return Err(mistake("a value is missing", range)),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) -> Result<Yaml, Mistake> {
        let Some(target) = self.anchors.get(&anchor).cloned() else {
            return Err(mistake("an alias stands inside of what it names", range));
        };
        self.count(size(&target), &range)?;
        Ok(target)
    }

    fn count(&mut self, nodes: usize, range: &Range<usize>) -> Result<(), Mistake> {
        self.nodes += nodes;
        if self.nodes > MOST_NODES {
            return Err(mistake(
                "the aliases of the text make it too large",
                range.clone(),
            ));
        }
        Ok(())
    }

    fn sequence(&mut self, start: Range<usize>) -> Result<Yaml, Mistake> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, end) => {
                    return Ok(Yaml {
                        value: Value::Sequence(items),
                        range: start.start..end.end.max(start.end),
                    });
                }
                (event, range) => items.push(self.node(event, range)?),
            }
        }
    }

    fn mapping(&mut self, start: Range<usize>) -> Result<Yaml, Mistake> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut known = HashSet::new();
        loop {
            let (event, range) = self.next()?;
            let key = match event {
                Event::MappingEnd => {
                    return Ok(Yaml {
                        value: Value::Mapping(entries),
                        range: start.start..range.end.max(start.end),
                    });
                }
                Event::Scalar(text, ..) => text.into_owned(),
                Event::Alias(anchor) => match self.anchors.get(&anchor).and_then(Yaml::text) {
                    Some(text) => text.to_owned(),
                    None => return Err(mistake("a name has to be a text", range)),
                },
                _ => return Err(mistake("a name has to be a text", range)),
            };
            if !known.insert(key.clone()) {
                return Err(mistake(format!("`{key}` stands here twice"), range));
            }
            let (event, at) = self.next()?;
            entries.push(Entry {
                key,
                range,
                value: self.node(event, at)?,
            });
        }
    }
}

fn mistake(message: impl Into<String>, range: Range<usize>) -> Mistake {
    Mistake {
        message: message.into(),
        range,
    }
}

/// How many nodes a tree has.
fn size(node: &Yaml) -> usize {
    let mut open = vec![node];
    let mut count = 0;
    while let Some(node) = open.pop() {
        count += 1;
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.value));
    }
    count
}

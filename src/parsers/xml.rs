//! One XML document, read event by event.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::lossy::Lossy;

/// What is told of a document, in its order.
pub(super) trait Visitor {
    /// An element begins.
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), String>;

    /// A piece of text, unescaped. One text may come in several pieces.
    fn text(&mut self, _piece: &str) {}

    /// An element ends.
    fn close(&mut self, name: &str) -> Result<(), String>;
}

/// Tells a visitor of the whole document; the error says where it is none.
pub(super) fn walk(input: &mut dyn BufRead, visitor: &mut impl Visitor) -> Result<(), String> {
    let mut reader = Reader::from_reader(Lossy::new(input));
    let mut buffer = Vec::new();
    let mut depth = 0usize;
    loop {
        buffer.clear();
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|error| format!("at byte {}: {error}", reader.error_position()))?;
        match event {
            Event::Start(tag) => {
                depth += 1;
                visitor.open(&tag)?;
            }
            Event::Empty(tag) => {
                visitor.open(&tag)?;
                visitor.close(tag.name().as_ref())?;
            }
            Event::End(tag) => {
                depth -= 1;
                visitor.close(tag.name().as_ref())?;
            }
            Event::Text(text) => visitor.text(text.as_ref()),
            Event::CData(text) => visitor.text(text.as_ref()),
            Event::GeneralRef(entity) => refer(&entity, visitor),
            Event::Eof if depth > 0 => return Err("it ends in the middle".to_owned()),
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// Entities that the document itself defines are not expanded, so it can't be a bomb.
fn refer(entity: &BytesRef<'_>, visitor: &mut impl Visitor) {
    let name: &str = entity.as_ref();
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        visitor.text(character.encode_utf8(&mut [0; 4]));
    } else if let Some(text) = resolve_predefined_entity(name) {
        visitor.text(text);
    }
}

/// The value of an attribute, unescaped if that can be done.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    match tag.try_get_attribute(name) {
        Ok(Some(attribute)) => {
            let value = match unescape(&attribute.value) {
                Ok(value) => value.into_owned(),
                Err(_) => attribute.value.into_owned(),
            };
            Ok(Some(value))
        }
        Ok(None) => Ok(None),
        Err(error) => Err(format!("an attribute can't be read: {error}")),
    }
}

/// The number that an attribute holds, if it is there and one.
pub(super) fn number<T: std::str::FromStr>(
    tag: &BytesStart<'_>,
    name: &str,
) -> Result<Option<T>, String> {
    Ok(attribute(tag, name)?.and_then(|text| text.trim().parse().ok()))
}

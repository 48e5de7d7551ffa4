//! Contents of bodies, and the headers of answers and of parts.

use std::collections::{BTreeMap, BTreeSet};

use super::operation::media_type;
use super::style::style;
use super::{Document, Version};
use crate::contract::load::At;
use crate::contract::model::{Encoding, Header, Media};
use crate::contract::schema::{Keywords, SchemaId, Type};

/// The form that is no sequence of parts.
pub(super) const URLENCODED: &str = "application/x-www-form-urlencoded";

/// What says that a field of a form is written as a parameter is.
const STYLED: &[&str] = &["style", "explode", "allowReserved"];

impl<'a> Document<'a, '_> {
    pub(super) fn media(&mut self, at: At<'a>) -> BTreeMap<String, Media> {
        let mut all = BTreeMap::new();
        for (name, content) in at.each("content") {
            let Some(content) = self.follow(content) else {
                continue;
            };
            let kind = media_type(name);
            let media = Media {
                schema: self.content(content),
                encoding: self.encodings(&kind, content),
                span: self.library.span(content),
            };
            all.insert(kind, media);
        }
        all
    }

    /// What the whole content may be: from 3.2 on, a sequence can be told of by its items.
    fn content(&mut self, at: At<'a>) -> Option<SchemaId> {
        let whole = at.get("schema").map(|at| self.reader.schema(at));
        let Some(item) = at.get("itemSchema") else {
            return whole;
        };
        let sequence = Keywords {
            types: Some(BTreeSet::from([Type::Array])),
            items: Some(self.reader.schema(item)),
            all_of: whole.into_iter().collect(),
            ..Keywords::default()
        };
        let span = self.library.span(item);
        Some(self.reader.graph.add(sequence, span))
    }

    fn encodings(&mut self, kind: &str, content: At<'a>) -> BTreeMap<String, Encoding> {
        if !is_form(kind) {
            return BTreeMap::new();
        }
        let fields = content.each("encoding");
        fields
            .map(|(name, at)| (name.to_owned(), self.encoding(kind, at)))
            .collect()
    }

    fn encoding(&mut self, kind: &str, at: At<'a>) -> Encoding {
        let one_part = kind.starts_with(URLENCODED);
        // 3.0 has styles in no other form.
        let styled = one_part || self.version == Version::Three;
        let said = STYLED.iter().any(|key| at.get(key).is_some());
        let kinds = at.text("contentType").unwrap_or_default().split(',');
        let kinds = kinds.map(media_type).filter(|kind| !kind.is_empty());
        Encoding {
            style: (styled && said).then(|| style(at, "form")),
            kinds: kinds.collect(),
            headers: if one_part {
                BTreeMap::new()
            } else {
                self.headers(at)
            },
        }
    }

    pub(super) fn headers(&mut self, at: At<'a>) -> BTreeMap<String, Header> {
        let mut headers = BTreeMap::new();
        for (name, header) in at.each("headers") {
            // From 3.0 on, it is the content that says this.
            if self.version != Version::Two && name.eq_ignore_ascii_case("content-type") {
                continue;
            }
            let Some(header) = self.follow(header) else {
                continue;
            };
            let (style, schema) = self.written(header, "simple");
            let header = Header {
                required: header.flag("required"),
                style,
                schema,
                span: self.library.span(header),
            };
            headers.insert(name.to_lowercase(), header);
        }
        headers
    }
}

/// Whether what comes in that media type has named fields that are written one by one.
pub(super) fn is_form(kind: &str) -> bool {
    kind.starts_with(URLENCODED) || kind.starts_with("multipart/")
}

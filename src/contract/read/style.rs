//! How values outside of bodies are written.

use super::operation::media_type;
use super::{Document, Version};
use crate::contract::load::At;
use crate::contract::model::Style;
use crate::contract::schema::SchemaId;

impl<'a> Document<'a, '_> {
    /// How a parameter or header is written, and what it may be.
    pub(super) fn written(&mut self, at: At<'a>, default: &str) -> (Style, Option<SchemaId>) {
        if self.version == Version::Two {
            return (old_style(at, default), Some(self.reader.schema(at)));
        }
        // What is written as a document of its own is not written as a list.
        let content = at.each("content").next();
        let style = content.map_or_else(
            || style(at, default),
            |(kind, _)| Style::new(media_type(kind), false),
        );
        let content = content.and_then(|(_, content)| self.follow(content));
        let schema = at.get("schema").or_else(|| content?.get("schema"));
        (style, schema.map(|at| self.reader.schema(at)))
    }
}

pub(super) fn style(at: At<'_>, default: &str) -> Style {
    let style = at.text("style").unwrap_or(default);
    let explode = at.get("explode").and_then(|at| at.node.truth());
    // There is only one way to write deep objects.
    let explode = style == "deepObject" || explode.unwrap_or(style == "form");
    Style::new(style, explode)
}

/// `collectionFormat` of Swagger 2.0 in the words of `OpenAPI` 3, which has none for lists in
/// lists.
pub(super) fn old_style(at: At<'_>, default: &str) -> Style {
    let format = at.text("collectionFormat").unwrap_or("csv");
    let known = FORMATS.iter().find(|(known, _)| *known == format);
    let mut style = known.map_or(default, |(_, style)| style).to_owned();
    let mut items = at.get("items");
    while let Some(inner) = items {
        let format = inner.text("collectionFormat").unwrap_or("csv");
        if inner.text("type") == Some("array") && format != "csv" {
            style = format!("{style} of {format}");
        }
        items = inner.get("items");
    }
    Style::new(style, format == "multi")
}

const FORMATS: &[(&str, &str)] = &[
    ("ssv", "spaceDelimited"),
    ("tsv", "tabDelimited"),
    ("pipes", "pipeDelimited"),
];

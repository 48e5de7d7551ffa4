//! What Swagger 2.0 spells otherwise: body and form parameters, `consumes`, `produces`.

use std::collections::{BTreeMap, BTreeSet};

use super::Document;
use super::media::{URLENCODED, is_form};
use super::operation::media_type;
use super::style::old_style;
use crate::contract::load::At;
use crate::contract::model::{Body, Encoding, Media};
use crate::contract::schema::{Keywords, Type};

impl<'a> Document<'a, '_> {
    pub(super) fn old_body(&mut self, parameters: &[At<'a>], operation: At<'a>) -> Option<Body> {
        let of = |place: &'static str| {
            let all = parameters.iter().copied();
            all.filter(move |at| at.text("in") == Some(place))
        };
        if let Some(body) = of("body").next() {
            let schema = body.get("schema").map(|at| self.reader.schema(at));
            let span = self.library.span(body);
            let kinds = self.kinds("consumes", operation, "application/json");
            let content = Media {
                schema,
                encoding: BTreeMap::new(),
                span,
            };
            return Some(Body {
                required: body.flag("required"),
                media: each(kinds, &content),
                span,
            });
        }
        self.form(&of("formData").collect::<Vec<_>>(), operation)
    }

    fn form(&mut self, fields: &[At<'a>], operation: At<'a>) -> Option<Body> {
        let first = *fields.first()?;
        let span = self.library.span(first);
        let mut form = Keywords {
            types: Some(BTreeSet::from([Type::Object])),
            ..Keywords::default()
        };
        let mut encoding = BTreeMap::new();
        for field in fields {
            let name = field.text("name").unwrap_or_default().to_owned();
            if field.flag("required") {
                form.required.insert(name.clone());
            }
            if field.text("type") == Some("array") {
                let style = Some(old_style(*field, "form"));
                let own = Encoding {
                    style,
                    ..Encoding::default()
                };
                encoding.insert(name.clone(), own);
            }
            form.properties.insert(name, self.reader.schema(*field));
        }
        let required = !form.required.is_empty();
        let schema = Some(self.reader.graph.add(form, span));
        let file = fields.iter().any(|at| at.text("type") == Some("file"));
        let usual = if file {
            "multipart/form-data"
        } else {
            URLENCODED
        };
        let mut kinds = self.kinds("consumes", operation, usual);
        // Fields are sent as a form, whatever bodies elsewhere are.
        kinds.retain(|kind| is_form(kind));
        if kinds.is_empty() {
            kinds.push(usual.to_owned());
        }
        let content = Media {
            schema,
            encoding,
            span,
        };
        Some(Body {
            required,
            media: each(kinds, &content),
            span,
        })
    }

    pub(super) fn old_media(
        &mut self,
        response: At<'a>,
        operation: At<'a>,
    ) -> BTreeMap<String, Media> {
        let Some(schema) = response.get("schema") else {
            return BTreeMap::new();
        };
        let span = self.library.span(schema);
        let schema = Some(self.reader.schema(schema));
        let kinds = self.kinds("produces", operation, "application/json");
        let content = Media {
            schema,
            encoding: BTreeMap::new(),
            span,
        };
        each(kinds, &content)
    }

    fn kinds(&self, key: &str, operation: At<'a>, usual: &str) -> Vec<String> {
        let written = operation.get(key).or_else(|| self.root.get(key));
        let items = written.map_or(&[][..], |at| at.node.items());
        let kinds: Vec<String> = items
            .iter()
            .filter_map(|at| at.text())
            .map(media_type)
            .collect();
        if kinds.is_empty() {
            vec![usual.to_owned()]
        } else {
            kinds
        }
    }
}

/// The same content in each of the media types.
fn each(kinds: Vec<String>, content: &Media) -> BTreeMap<String, Media> {
    let kinds = kinds.into_iter();
    kinds.map(|kind| (kind, content.clone())).collect()
}

//! One operation, in the spelling of `OpenAPI` 3.

use std::collections::{BTreeMap, BTreeSet};

use super::{Document, Version};
use crate::contract::load::At;
use crate::contract::model::{Body, Header, Media, Operation, Parameter, Response};

/// How values are written where nothing else is said, by the place of the parameter.
const STYLES: &[(&str, &str)] = &[
    ("query", "form"),
    ("cookie", "form"),
    ("path", "simple"),
    ("header", "simple"),
];

/// Headers that are no parameters, by the word of the specification.
const NO_PARAMETERS: &[&str] = &["accept", "content-type", "authorization"];

impl<'a> Document<'a, '_> {
    pub(super) fn operation(
        &mut self,
        method: &str,
        path: &str,
        item: At<'a>,
        at: At<'a>,
    ) -> Operation {
        let parameters = self.parameters(item, at);
        let two = self.version == Version::Two;
        let body = if two {
            self.old_body(&parameters, at)
        } else {
            self.body(at)
        };
        let parameters = parameters
            .into_iter()
            .filter_map(|at| self.parameter(at))
            .collect();
        let responses = at
            .each("responses")
            .filter(|(status, _)| !status.starts_with("x-"));
        let responses = responses
            .filter_map(|(status, answer)| {
                let answer = self.follow(answer)?;
                Some((status.to_lowercase(), self.response(answer, at)))
            })
            .collect();
        Operation {
            method: method.to_uppercase(),
            path: path.to_owned(),
            span: self.library.span(at),
            name: at.text("operationId").map(str::to_owned),
            deprecated: at.flag("deprecated"),
            parameters,
            body,
            responses,
            security: self.security(at),
        }
    }

    /// Those of the operation, and those of the path that it does not replace.
    fn parameters(&mut self, item: At<'a>, at: At<'a>) -> Vec<At<'a>> {
        let key = |at: At<'a>| (at.text("in"), at.text("name"));
        let own: Vec<At<'a>> = at
            .list("parameters")
            .filter_map(|at| self.follow(at))
            .collect();
        let shared = item.list("parameters").filter_map(|at| self.follow(at));
        let shared: Vec<At<'a>> = shared
            .filter(|at| own.iter().all(|own| key(*own) != key(*at)))
            .collect();
        [own, shared].concat()
    }

    fn parameter(&mut self, at: At<'a>) -> Option<Parameter> {
        let (Some(name), Some(place)) = (at.text("name"), at.text("in")) else {
            self.wrong(at, "a parameter needs `name` and `in`");
            return None;
        };
        if ["body", "formData"].contains(&place) {
            return None;
        }
        if place == "header" && NO_PARAMETERS.contains(&name.to_lowercase().as_str()) {
            return None;
        }
        let default = STYLES.iter().find(|(known, _)| *known == place);
        let style = at.text("style").or(default.map(|(_, style)| *style));
        let style = style.unwrap_or_default().to_owned();
        let explode = at.get("explode").and_then(|at| at.node.truth());
        let explode = explode.unwrap_or(style == "form");
        let (style, schema) = if self.version == Version::Two {
            (old_style(at, style), Some(self.reader.schema(at)))
        } else {
            let content = at.each("content").next();
            let schema = at.get("schema").or_else(|| content?.1.get("schema"));
            // What is written as a document of its own is not written as a list.
            let style = content.map_or((style, explode), |(kind, _)| (media_type(kind), false));
            (style, schema.map(|at| self.reader.schema(at)))
        };
        Some(Parameter {
            name: name.to_owned(),
            place: place.to_owned(),
            required: place == "path" || at.flag("required"),
            style,
            schema,
            span: self.library.span(at),
        })
    }

    fn body(&mut self, at: At<'a>) -> Option<Body> {
        let body = self.follow(at.get("requestBody")?)?;
        Some(Body {
            required: body.flag("required"),
            media: self.media(body),
            span: self.library.span(body),
        })
    }

    fn media(&mut self, at: At<'a>) -> BTreeMap<String, Media> {
        let mut all = BTreeMap::new();
        for (name, content) in at.each("content") {
            let Some(content) = self.follow(content) else {
                continue;
            };
            let schema = content.get("schema").map(|at| self.reader.schema(at));
            let span = self.library.span(content);
            all.insert(media_type(name), Media { schema, span });
        }
        all
    }

    fn response(&mut self, at: At<'a>, operation: At<'a>) -> Response {
        let two = self.version == Version::Two;
        let media = if two {
            self.old_media(at, operation)
        } else {
            self.media(at)
        };
        let mut headers = BTreeMap::new();
        for (name, header) in at.each("headers") {
            let Some(header) = self.follow(header) else {
                continue;
            };
            let schema = if two {
                Some(header)
            } else {
                header.get("schema")
            };
            let header = Header {
                required: header.flag("required"),
                schema: schema.map(|at| self.reader.schema(at)),
                span: self.library.span(header),
            };
            headers.insert(name.to_lowercase(), header);
        }
        Response {
            media,
            headers,
            span: self.library.span(at),
        }
    }

    fn security(&self, at: At<'a>) -> Vec<BTreeMap<String, BTreeSet<String>>> {
        let written = at.get("security").or_else(|| self.root.get("security"));
        let ways = written.map_or(&[][..], |at| at.node.items());
        ways.iter()
            .map(|way| {
                let schemes = way.entries().iter().map(|scheme| {
                    let scopes = scheme.value.items().iter();
                    let scopes = scopes.filter_map(|scope| scope.text().map(str::to_owned));
                    (scheme.key.clone(), scopes.collect())
                });
                schemes.collect()
            })
            .collect()
    }
}

/// `collectionFormat` of Swagger 2.0 in the words of `OpenAPI` 3.
fn old_style(at: At<'_>, default: String) -> (String, bool) {
    match at.text("collectionFormat") {
        Some("multi") => (default, true),
        Some("ssv") => ("spaceDelimited".to_owned(), false),
        Some("tsv") => ("tabDelimited".to_owned(), false),
        Some("pipes") => ("pipeDelimited".to_owned(), false),
        _ => (default, false),
    }
}

/// A media type without the blanks and capitals that do not count.
pub(super) fn media_type(name: &str) -> String {
    name.to_lowercase().replace(' ', "")
}

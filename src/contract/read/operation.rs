//! One operation, in the spelling of `OpenAPI` 3.

use std::collections::BTreeMap;

use super::{Document, Version};
use crate::contract::load::At;
use crate::contract::model::{Body, Caller, Header, Media, Operation, Parameter, Response};
use crate::contract::scalar::json;

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
        (method, path): (&str, &str),
        caller: Caller,
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
            caller,
            deprecated: at.flag("deprecated"),
            sunset: at.text("x-sunset").map(str::to_owned),
            stability: at.text("x-stability-level").map(str::to_owned),
            servers: self.servers(item, at),
            parameters,
            body,
            responses,
            security: self.security(at),
        }
    }

    /// Those of the operation, and those of the path that it does not replace.
    fn parameters(&mut self, item: At<'a>, at: At<'a>) -> Vec<At<'a>> {
        // Names of headers do not depend on case.
        let key = |at: At<'a>| match (at.text("in"), at.text("name")) {
            (Some("header"), name) => (Some("header"), name.map(str::to_lowercase)),
            (place, name) => (place, name.map(str::to_owned)),
        };
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
            reserved: at.flag("allowReserved"),
            empty: at.flag("allowEmptyValue"),
            deprecated: at.flag("deprecated"),
            sunset: at.text("x-sunset").map(str::to_owned),
            stability: at.text("x-stability-level").map(str::to_owned),
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
        let mut links = BTreeMap::new();
        for (name, link) in at.each("links") {
            if let Some(link) = self.follow(link) {
                links.insert(name.to_owned(), target(link));
            }
        }
        Response {
            media,
            headers,
            links,
            span: self.library.span(at),
        }
    }
}

/// Where a link leads, and what it hands over.
fn target(link: At<'_>) -> String {
    let parts = ["operationId", "operationRef", "parameters", "requestBody"];
    let parts = parts.map(|key| link.get(key).map(|at| json(at.node)));
    parts
        .iter()
        .flatten()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
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

//! One operation, in the spelling of `OpenAPI` 3.

use std::collections::BTreeMap;

use super::{Document, Version};
use crate::contract::load::At;
use crate::contract::model::{Body, Caller, Operation, Parameter, Response};
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
    /// A method of a path that is written in these layers.
    pub(super) fn operation(
        &mut self,
        (method, path): (&str, &str),
        caller: Caller,
        layers: &[At<'a>],
        at: At<'a>,
    ) -> Operation {
        let parameters = self.parameters(layers, at);
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
            method: method.to_owned(),
            path: path.to_owned(),
            span: self.library.span(at),
            name: at.text("operationId").map(str::to_owned),
            caller,
            deprecated: at.flag("deprecated"),
            sunset: at.text("x-sunset").map(str::to_owned),
            stability: at.text("x-stability-level").map(str::to_owned),
            servers: self.servers(layers, at),
            parameters,
            body,
            responses,
            security: self.security(at),
        }
    }

    /// Those of the operation, and those of the path that it does not replace.
    fn parameters(&mut self, layers: &[At<'a>], at: At<'a>) -> Vec<At<'a>> {
        // Names of headers do not depend on case.
        let key = |at: At<'a>| match (at.text("in"), at.text("name")) {
            (Some("header"), name) => (Some("header"), name.map(str::to_lowercase)),
            (place, name) => (place, name.map(str::to_owned)),
        };
        let mut all: Vec<At<'a>> = Vec::new();
        for place in [at].iter().chain(layers) {
            let written = place.list("parameters").filter_map(|at| self.follow(at));
            let own = written.filter(|at| all.iter().all(|known| key(*known) != key(*at)));
            let own: Vec<At<'a>> = own.collect();
            all.extend(own);
        }
        all
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
        let (style, schema) = self.written(at, default.map_or("", |(_, style)| style));
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

    fn response(&mut self, at: At<'a>, operation: At<'a>) -> Response {
        let two = self.version == Version::Two;
        let media = if two {
            self.old_media(at, operation)
        } else {
            self.media(at)
        };
        let mut links = BTreeMap::new();
        for (name, link) in at.each("links") {
            if let Some(link) = self.follow(link) {
                links.insert(name.to_owned(), target(link));
            }
        }
        Response {
            media,
            headers: self.headers(at),
            links,
            span: self.library.span(at),
        }
    }
}

/// Where a link leads, and what it hands over.
fn target(link: At<'_>) -> String {
    let parts = [
        "operationId",
        "operationRef",
        "parameters",
        "requestBody",
        "server",
    ];
    let parts = parts.map(|key| link.get(key).map(|at| json(at.node)));
    parts
        .iter()
        .flatten()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A media type without the blanks and capitals that do not count.
pub(super) fn media_type(name: &str) -> String {
    name.to_lowercase().replace(' ', "")
}

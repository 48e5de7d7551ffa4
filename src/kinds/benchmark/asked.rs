//! What is asked, and of whom.

use std::num::NonZeroU32;

use serde_json::Value;

use crate::bench::{self, Expect, Target, TargetBuilder};
use crate::diag::Diagnostic;
use crate::host::{Host, Missing};
use crate::id::fingerprint;
use crate::span::{Span, Spanned};
use crate::spec::{Decoder, Map, ProjectPath, Template};

crate::spec! {
    /// A request, which is sent again and again. When there are several, each is sent as often as its `weight` says.
    pub struct Asked = "target" {
        /// The URL, beginning with `http://` or `https://`.
        "url" url: Template,
        /// How often it is sent, in comparison with the other targets.
        "weight" weight: u32 = "1",
        /// The method.
        "method" method: Spanned<String> = "GET",
        /// Parameters added to the query of the URL, as names with values.
        "query" query: Map<Template>,
        /// Headers, as names with values.
        "headers" headers: Map<Template>,
        /// The body.
        "body" body: Option<Template>,
        /// The file that holds the body.
        "body-file" body_file: Option<ProjectPath>,
        /// Statuses that are a success; by default 200 to 299.
        "expect" expect: Vec<u32>,
        /// A text that the body of a success holds.
        "expect-body" expect_body: Option<Template>,
        /// Values in the JSON of a success, as JSON pointers with values: `"/items/0/id" "7"`. What is no JSON is meant as a text.
        "expect-json" expect_json: Map<Template>,
    }
}

impl Asked {
    /// Reports what can't be sent. What the node serves itself is asked by paths.
    pub(super) fn check(&self, serves: bool, owner: Span, decoder: &mut Decoder<'_>) {
        let url = self.url.source();
        if serves && !url.starts_with('/') {
            decoder.diags.push(
                Diagnostic::new("wrong-type", "`url` takes a path of what `serve` serves")
                    .at(self.url.span, "does not begin with `/`")
                    .help("for instance \"/orders\""),
            );
        }
        let begins = ["http://", "https://", "{{"];
        if !serves && !begins.iter().any(|start| url.starts_with(start)) {
            decoder.diags.push(
                Diagnostic::new("wrong-type", "`url` takes a whole URL")
                    .at(self.url.span, "does not begin with `http://` or `https://`")
                    .help("for instance \"http://127.0.0.1:{{node.ID.port}}/orders\""),
            );
        }
        let probe = Target::of("http://localhost/").method(&self.method);
        if probe.build().is_err() {
            decoder.diags.push(
                Diagnostic::new("wrong-type", "`method` takes the name of a method")
                    .at(self.method.span, "no method"),
            );
        }
        let is_status = |status: &u32| (100..=999).contains(status);
        let pointers = self.expect_json.0.iter();
        let mut pointers = pointers.map(|(pointer, _)| pointer.as_str());
        let wrong = [
            (self.weight == 0, "`weight` is at least 1", "is never sent"),
            (
                !self.expect.iter().all(is_status),
                "`expect` takes statuses from 100 to 999",
                "expects what is no status",
            ),
            (
                self.body.is_some() && self.body_file.is_some(),
                "a request has one body: `body` or `body-file`",
                "has two bodies",
            ),
            (
                pointers.any(|pointer| !pointer.is_empty() && !pointer.starts_with('/')),
                "`expect-json` takes JSON pointers, which begin with `/`",
                "names no place in JSON",
            ),
        ];
        for (_, message, label) in wrong.into_iter().filter(|(is_wrong, ..)| *is_wrong) {
            decoder
                .diags
                .push(Diagnostic::new("out-of-range", message).at(owner, label));
        }
    }

    /// The request as it is sent, to what listens on `port` if the URL is a path; the error says
    /// what is wrong with it.
    pub(super) fn target(&self, host: &impl Host, port: Option<u16>) -> Result<Target, String> {
        let expand = |template| host.expand(template).map_err(|missing| told(&missing));
        let mut url = expand(&self.url)?;
        if let Some(port) = port {
            url.insert_str(0, &format!("http://127.0.0.1:{port}"));
        }
        let mut target = bench::Target::of(&url)
            .method(&self.method)
            .weight(NonZeroU32::new(self.weight).unwrap_or(NonZeroU32::MIN))
            .expect(self.expected(host)?);
        for (name, value) in &self.query.0 {
            target = target.query([(name.as_str(), expand(value)?.as_str())]);
        }
        for (name, value) in &self.headers.0 {
            target = target.header(name, &expand(value)?);
        }
        self.with_body(target, host)?.build()
    }

    /// The request as the file says it, without anything that may be a secret: of values and bodies,
    /// a hash tells whether they are the same.
    pub(super) fn description(&self, host: &impl Host) -> String {
        let mut parts = vec![format!("{} {}", *self.method, self.url.source())];
        // Where the whole host is in a variable, it is another load on another host.
        if self.url.source().starts_with("{{env.") {
            let url = host.expand(&self.url).unwrap_or_default();
            parts.push(digest(url.as_bytes()));
        }
        let pairs = [
            ("query", &self.query),
            ("header", &self.headers),
            ("expects", &self.expect_json),
        ];
        for (what, pairs) in pairs {
            for (name, value) in &pairs.0 {
                let value = digest(value.source().as_bytes());
                parts.push(format!("{what} {}={value}", **name));
            }
        }
        for (what, text) in [("body", &self.body), ("expects", &self.expect_body)] {
            let digest = text.as_ref().map(|text| digest(text.source().as_bytes()));
            parts.extend(digest.map(|digest| format!("{what} {digest}")));
        }
        if let Some(file) = &self.body_file {
            let bytes = host.read(&file.path).unwrap_or_default();
            parts.push(format!("body {}", digest(&bytes)));
        }
        parts.extend(self.expect.iter().map(|status| format!("expects {status}")));
        if self.weight != 1 {
            parts.push(format!("weight {}", self.weight));
        }
        parts.join(" ")
    }

    fn with_body(&self, target: TargetBuilder, host: &impl Host) -> Result<TargetBuilder, String> {
        if let Some(body) = &self.body {
            let body = host.expand(body).map_err(|missing| told(&missing))?;
            return Ok(target.body(body));
        }
        let Some(file) = &self.body_file else {
            return Ok(target);
        };
        let bytes = host
            .read(&file.path)
            .map_err(|error| format!("`{}` can't be read: {error}", file.path))?;
        Ok(target.body(bytes))
    }

    fn expected(&self, host: &impl Host) -> Result<Expect, String> {
        let expand = |template| host.expand(template).map_err(|missing| told(&missing));
        let statuses = self.expect.iter();
        let values = self.expect_json.0.iter().map(|(pointer, value)| {
            let text = expand(value)?;
            let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
            Ok((pointer.to_string(), value))
        });
        Ok(Expect {
            statuses: statuses
                .filter_map(|status| u16::try_from(*status).ok())
                .collect(),
            text: self.expect_body.as_ref().map(expand).transpose()?,
            values: values.collect::<Result<_, String>>()?,
        })
    }
}

fn digest(bytes: &[u8]) -> String {
    format!("#{:016x}", fingerprint(bytes))
}

fn told(missing: &Missing) -> String {
    format!("{} has no value: {}", missing.name, missing.reason)
}

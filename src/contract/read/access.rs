//! Where operations are, and who is let in.

use std::collections::BTreeMap;

use super::{Document, Version};
use crate::contract::load::At;
use crate::contract::model::{Servers, Way};
use crate::contract::scalar::json;
use crate::span::Span;

impl<'a> Document<'a, '_> {
    /// Those of the operation, of its path, or of the document.
    pub(super) fn servers(&self, item: At<'a>, at: At<'a>) -> Servers {
        if self.version == Version::Two {
            return self.old_servers(at);
        }
        let some = |at: At<'a>| {
            let own = at.get("servers");
            own.filter(|own| !own.node.items().is_empty())
        };
        let Some(written) = some(at).or_else(|| some(item)).or_else(|| some(self.root)) else {
            return servers(vec![String::new()], None);
        };
        let each = written.node.items().iter().map(|node| written.with(node));
        let urls = each.filter_map(url).collect();
        servers(urls, Some(self.library.span(written)))
    }

    /// `schemes`, `host` and `basePath`.
    fn old_servers(&self, at: At<'a>) -> Servers {
        let base = self.root.text("basePath").unwrap_or_default();
        let base = base.trim_end_matches('/');
        let place = self.root.get("basePath").or(self.root.get("host"));
        let span = place.map(|at| self.library.span(at));
        let Some(host) = self.root.text("host") else {
            return servers(vec![base.to_owned()], span);
        };
        let written = at.get("schemes").or_else(|| self.root.get("schemes"));
        let items = written.map_or(&[][..], |at| at.node.items());
        let schemes: Vec<&str> = items.iter().filter_map(|item| item.text()).collect();
        let urls = if schemes.is_empty() {
            vec![format!("//{host}{base}")]
        } else {
            let each = schemes.iter();
            each.map(|scheme| format!("{scheme}://{host}{base}"))
                .collect()
        };
        servers(urls, span)
    }

    /// The ways to be let in. A scheme is known by what it is, since its name is nobody's business.
    pub(super) fn security(&self, at: At<'a>) -> Vec<Way> {
        let written = at.get("security").or_else(|| self.root.get("security"));
        let ways = written.map_or(&[][..], |at| at.node.items());
        let scheme = |entry: &crate::yaml::Entry| {
            let scopes = entry.value.items().iter();
            let scopes = scopes.filter_map(|scope| scope.text().map(str::to_owned));
            (
                self.scheme(&entry.key),
                (entry.key.clone(), scopes.collect()),
            )
        };
        let each = ways.iter();
        each.map(|way| way.entries().iter().map(scheme).collect())
            .collect()
    }

    fn scheme(&self, name: &str) -> String {
        let known = if self.version == Version::Two {
            self.root.get("securityDefinitions")
        } else {
            let components = self.root.get("components");
            components.and_then(|at| at.get("securitySchemes"))
        };
        let written = known.and_then(|known| known.get(name));
        let Some(at) = written.and_then(|at| self.library.follow(at).ok()) else {
            return name.to_owned();
        };
        let text = |key: &str| at.text(key).unwrap_or_default().to_lowercase();
        match text("type").as_str() {
            "basic" => "http basic".to_owned(),
            "http" => format!("http {}", text("scheme")),
            "apikey" => format!(
                "apiKey {} {}",
                text("in"),
                at.text("name").unwrap_or_default()
            ),
            "openidconnect" => format!("openIdConnect {}", text("openidconnecturl")),
            "oauth2" => format!("oauth2 {}", flows(at)),
            other => format!("{other} {name}"),
        }
    }
}

fn servers(urls: Vec<String>, span: Option<Span>) -> Servers {
    Servers {
        first: urls.first().cloned(),
        urls: urls.into_iter().collect(),
        span,
    }
}

/// Where tokens come from, whatever the version calls the flow.
fn flows(at: At<'_>) -> String {
    let mut all = BTreeMap::new();
    let urls = |at: At<'_>| {
        let urls = ["authorizationUrl", "tokenUrl"].map(|key| at.text(key).unwrap_or_default());
        urls.join(" ")
    };
    for (name, flow) in at.each("flows") {
        all.insert(name.to_owned(), urls(flow));
    }
    if let Some(flow) = at.text("flow") {
        let name = match flow {
            "application" => "clientCredentials",
            "accessCode" => "authorizationCode",
            other => other,
        };
        all.insert(name.to_owned(), urls(at));
    }
    format!("{all:?}")
}

/// An address with the defaults of its variables.
fn url(server: At<'_>) -> Option<String> {
    let mut url = server.text("url")?.to_owned();
    for (name, variable) in server.each("variables") {
        let default = variable.get("default").map(|at| json(at.node));
        let default = default.map(|value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        });
        url = url.replace(&format!("{{{name}}}"), &default.unwrap_or_default());
    }
    Some(url.trim_end_matches('/').to_owned())
}

//! Where operations are.

use std::collections::{BTreeMap, BTreeSet};

use super::url::plain;
use super::{Document, Version};
use crate::contract::load::At;
use crate::contract::model::{FREE, Servers};

/// Most addresses that the listed values of one server's variables are written out as.
const MOST_URLS: usize = 100;

impl<'a> Document<'a, '_> {
    /// Those of the operation, of its path, or of the document.
    pub(super) fn servers(&self, items: &[At<'a>], at: At<'a>) -> Servers {
        if self.version == Version::Two {
            return self.old_servers(at);
        }
        let places = [at].into_iter().chain(items.iter().copied());
        let mut lists = places.chain([self.root]).filter_map(|at| at.get("servers"));
        let Some(written) = lists.find(|list| !list.node.items().is_empty()) else {
            return Servers {
                first: Some(String::new()),
                urls: BTreeSet::from([String::new()]),
                ..Servers::default()
            };
        };
        let mut servers = Servers {
            span: Some(self.library.span(written)),
            ..Servers::default()
        };
        for node in written.node.items() {
            for server in expanded(written.with(node)) {
                if server.pattern != server.url {
                    servers.free.insert(server.pattern, server.url.clone());
                }
                servers.first.get_or_insert_with(|| server.url.clone());
                servers.urls.insert(server.url);
            }
        }
        servers
    }

    /// `schemes`, `host` and `basePath`. Without a host, it is the one of the document.
    fn old_servers(&self, at: At<'a>) -> Servers {
        let base = self.root.text("basePath").unwrap_or_default();
        let host = self.root.text("host");
        let written = at.get("schemes").or_else(|| self.root.get("schemes"));
        let own = || written.filter(|_| host.is_none());
        let place = self.root.get("basePath").or(self.root.get("host"));
        let items = written.map_or(&[][..], |at| at.node.items());
        let schemes: Vec<&str> = items.iter().filter_map(|item| item.text()).collect();
        let place_of = |scheme: &str| format!("{scheme}//{}{base}", host.unwrap_or_default());
        let urls: Vec<String> = match (schemes.as_slice(), host) {
            ([], None) => vec![plain(base)],
            ([], Some(_)) => vec![plain(&place_of(""))],
            (schemes, _) => {
                let each = schemes.iter();
                each.map(|scheme| plain(&place_of(&format!("{scheme}:"))))
                    .collect()
            }
        };
        Servers {
            first: urls.first().cloned(),
            urls: urls.into_iter().collect(),
            free: BTreeMap::new(),
            span: own().or(place).map(|at| self.library.span(at)),
        }
    }
}

/// A server with some of its variables filled in.
#[derive(Clone)]
struct Server {
    /// With the defaults of those that may be anything.
    url: String,
    /// With [`FREE`] in their places.
    pattern: String,
}

/// A server for each of the values that its variables list.
fn expanded(server: At<'_>) -> Vec<Server> {
    let Some(url) = server.text("url") else {
        return Vec::new();
    };
    let mut all = vec![Server {
        url: url.to_owned(),
        pattern: url.to_owned(),
    }];
    for (name, variable) in server.each("variables") {
        let hole = format!("{{{name}}}");
        if !url.contains(&hole) {
            continue;
        }
        let listed: Vec<&str> = variable
            .list("enum")
            .filter_map(|at| at.node.text())
            .collect();
        let default = variable.text("default").unwrap_or_default();
        let filled = |server: &Server, value: &str, pattern: &str| Server {
            url: server.url.replace(&hole, value),
            pattern: server.pattern.replace(&hole, pattern),
        };
        let few = listed.len().saturating_mul(all.len()) <= MOST_URLS;
        let each = all.iter().flat_map(|server| {
            let values = if few { listed.as_slice() } else { &[] };
            let values = values.iter().map(|value| filled(server, value, value));
            let free = listed.is_empty() || !few;
            values.chain(free.then(|| filled(server, default, FREE)))
        });
        all = each.collect();
    }
    let plainly = all.into_iter().map(|server| Server {
        url: plain(&server.url),
        pattern: plain(&server.pattern),
    });
    plainly.collect()
}
